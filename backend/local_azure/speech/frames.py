"""What crosses the pipe between the service and its workers: frames of a small JSON head and raw bytes, each with its length in front.

Knows nothing of processes. Both ends use it; a frame that breaks a bound means that the other end is not one of ours.
"""

from __future__ import annotations

import asyncio
import json
import struct
from dataclasses import dataclass
from typing import IO, Any

MAX_HEAD_BYTES = 1 << 20
"""The largest head is the list of words whose pronunciation is asked for: some ten thousand of at most 40 letters."""

MAX_BODY_BYTES = 32 << 20
"""The largest body is the text that a language model is built from (see `documents_model.MAX_TEXT_CHARS`, four bytes each)."""

_LENGTHS = struct.Struct("!II")


class BrokenFrame(Exception):  # noqa: N818 - it names what came, as the errors of the pipe's readers do
    """What came out of the pipe is not a frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`head` says what it is; `body` is audio or text."""

    head: dict[str, Any]
    body: bytes = b""


def encode(frame: Frame) -> bytes:
    """The frame as bytes. Raises `BrokenFrame` when it is larger than the other end would take."""
    head = json.dumps(frame.head, separators=(",", ":")).encode()
    _check(len(head), len(frame.body))
    return _LENGTHS.pack(len(head), len(frame.body)) + head + frame.body


def _check(head_bytes: int, body_bytes: int) -> None:
    if head_bytes > MAX_HEAD_BYTES or body_bytes > MAX_BODY_BYTES:
        raise BrokenFrame(f"a frame of {head_bytes} + {body_bytes} bytes is larger than any of ours")


def _decode(head: bytes, body: bytes) -> Frame:
    try:
        decoded = json.loads(head)
    except ValueError as wrong:
        raise BrokenFrame("the head of a frame is not JSON") from wrong
    if not isinstance(decoded, dict):
        raise BrokenFrame("the head of a frame is not an object")
    return Frame(decoded, body)


async def read(stream: asyncio.StreamReader) -> Frame | None:
    """The next frame, or None when the pipe has closed, in the middle of a frame too. Raises `BrokenFrame`."""
    try:
        head_bytes, body_bytes = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
        _check(head_bytes, body_bytes)
        return _decode(await stream.readexactly(head_bytes), await stream.readexactly(body_bytes))
    except asyncio.IncompleteReadError:
        return None


def read_blocking(stream: IO[bytes]) -> Frame | None:
    """The same for an end without an event loop; `stream` is buffered, so that a read gives all that was asked unless the pipe closed."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_bytes, body_bytes = _LENGTHS.unpack(lengths)
    _check(head_bytes, body_bytes)
    head, body = stream.read(head_bytes), stream.read(body_bytes)
    if len(head) < head_bytes or len(body) < body_bytes:
        return None
    return _decode(head, body)

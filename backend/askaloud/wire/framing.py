"""The everyday case of WebSocket framing, quickly: whole, unfragmented text frames. Everything else is left to the library.

A relay's frames are nearly all of this kind, and the `websockets` library, being general, spends ten times as long on each as the few lines
here. `Splitter` never interprets what it does not know for certain: control frames, fragments, large or malformed frames go to the library
byte for byte, so closing, pings, limits and protocol errors stay the library's. Source: RFC 6455, 5.2.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled part
    from websockets.utils import apply_mask

TEXT = 0x81
"""FIN and the opcode of text, no reserved bit."""
CONTROL = 0x08
"""Opcodes from here on are control frames; they may stand between the fragments of a message."""
MASKED = 0x80
SHORT = 126
"""Lengths below stand in the second byte; 126 announces two more bytes, 127 eight."""
QUICK_MAX_BYTES = 0xFFFF
"""Longer frames are rare, and the library bounds them."""
MASK_BYTES = 4


class Splitter:
    """Cuts one direction of a connection, from a frame's boundary on, into texts and the rest."""

    def __init__(self, *, masked: bool) -> None:
        self._mask_bit = MASKED if masked else 0
        self._held = b""
        """The beginning of a header whose end has not come."""
        self._owed = 0
        """Bytes that belong to a frame of which the library has had the beginning."""
        self._fragmented = False

    def feed(self, data: bytes) -> Iterator[tuple[bytes | None, bytes]]:
        """Pairs of a text's payload and nothing, or None and bytes for the library; in order."""
        if self._held:
            data, self._held = self._held + data, b""
        at, end = 0, len(data)
        if self._owed:
            at = min(self._owed, end)
            self._owed -= at
            yield None, data[:at]
        while at < end:
            header = self._header(data, at)
            if header is None:
                self._held = data[at:]
                return
            begin, size = header
            if data[at] == TEXT and begin + size <= end and self._quick(data[at + 1], size):
                payload = data[begin : begin + size]
                yield (apply_mask(payload, data[begin - MASK_BYTES : begin]) if self._mask_bit else payload), b""
            else:
                self._note(data[at])
                self._owed = max(0, begin + size - end)
                yield None, data[at : begin + size]
            at = begin + size

    def rest(self) -> bytes:
        """What is held when the connection ends; for the library."""
        held, self._held = self._held, b""
        return held

    def _quick(self, second: int, size: int) -> bool:
        """Whether mask and length are written as they should be; the library says what is wrong where they are not."""
        written = second & ~MASKED
        return not self._fragmented and second & MASKED == self._mask_bit and (written == size or (written == SHORT <= size))

    def _note(self, first: int) -> None:
        opcode = first & 0x0F
        if opcode < CONTROL:
            self._fragmented = not first & 0x80

    def _header(self, data: bytes, at: int) -> tuple[int, int] | None:
        """Where the payload begins and how long it is; None while the header is not all there."""
        if len(data) - at < 2:
            return None
        size = data[at + 1] & ~MASKED
        begin = at + 2 + (MASK_BYTES if data[at + 1] & MASKED else 0)
        if size >= SHORT:
            wide = 2 if size == SHORT else 8
            if len(data) - at < 2 + wide:
                return None
            size = int.from_bytes(data[at + 2 : at + 2 + wide], "big")
            begin += wide
        return (begin, size) if len(data) >= begin else None


def text_frame(payload: bytes, *, masked: bool) -> bytes | None:
    """A whole text frame, or None where the payload is so long that the library shall make it."""
    size = len(payload)
    if size > QUICK_MAX_BYTES:
        return None
    bit = MASKED if masked else 0
    head = bytes((TEXT, bit | size)) if size < SHORT else bytes((TEXT, bit | SHORT, size >> 8, size & 0xFF))
    if not masked:
        return head + payload
    mask = os.urandom(MASK_BYTES)
    return head + mask + apply_mask(payload, mask)

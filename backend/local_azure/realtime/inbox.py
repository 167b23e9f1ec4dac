"""What a client has sent and nobody has handled yet: bounded by bytes, because the web framework's own queue is not bounded at all."""

from __future__ import annotations

import asyncio
from collections import deque

MESSAGE_MAX_BYTES = 21 * 1024 * 1024
"""One `append` of 15 MiB of audio, the service's limit, in base64 and its event. The server in front may allow less."""
WAITING_MAX_BYTES = 64 * 1024 * 1024
"""SDKs send whole files at once: nearly 17 minutes of audio. What waits beyond that is a flood."""


class FloodError(Exception):
    """More waits than may wait."""


class MessageTooLargeError(Exception):
    """One message is larger than any message may be."""


class Inbox:
    """Frames of one client, in order."""

    def __init__(self) -> None:
        self._frames: deque[str | bytes] = deque()
        self._bytes = 0
        self._something = asyncio.Event()

    def put(self, frame: str | bytes) -> None:
        """Take one frame. Raises `MessageTooLargeError` or `FloodError`."""
        if len(frame) > MESSAGE_MAX_BYTES:
            raise MessageTooLargeError
        self._frames.append(frame)
        self._bytes += len(frame)
        if self._bytes > WAITING_MAX_BYTES:
            raise FloodError
        self._something.set()

    async def next(self) -> str | bytes:
        """The oldest frame, taken out."""
        while not self._frames:
            self._something.clear()
            await self._something.wait()
        frame = self._frames.popleft()
        self._bytes -= len(frame)
        return frame

"""What waits to be sent to one client: in order, bounded, and never the reason that a decision waits.

Putting never blocks, so that events keep the order in which things were decided; whoever makes many of them asks for `room` in between.
"""

from __future__ import annotations

import asyncio
from collections import deque

from .wire import Event, encode

ROOM_BYTES = 2 * 1024 * 1024
"""About 30 s of audio in base64; a client that reads never lets it come so far."""
ROOM_EVENTS = 1_000
STALLED_S = 30.0
"""How long a client may leave us without room before it counts as gone."""


class SocketEnded(Exception):  # noqa: N818 - an end, not a fault
    """There is nobody to send to any more; whatever works for this client stops."""


class ClientStalled(SocketEnded):
    """The client has not read for so long that waiting on makes no sense."""


class Outbox:
    """Events for one client."""

    def __init__(self, stalled_s: float = STALLED_S) -> None:
        self._stalled_s = stalled_s
        self._frames: deque[str] = deque()
        self._bytes = 0
        self._something = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._ending: SocketEnded | None = None

    def put(self, event: Event) -> None:
        """Add one event. After `end` it is dropped."""
        if self._ending is not None:
            return
        frame = encode(event)
        self._frames.append(frame)
        self._bytes += len(frame)
        self._something.set()
        if self._bytes > ROOM_BYTES or len(self._frames) > ROOM_EVENTS:
            self._room.clear()

    def end(self, ending: SocketEnded) -> None:
        """Nothing comes after what waits now: `next` raises this once all of it has gone."""
        self._ending = self._ending or ending
        self._something.set()

    async def room(self) -> None:
        """Wait until there is room. Raises `ClientStalled` when there is none for too long."""
        if self._room.is_set():
            return
        try:
            async with asyncio.timeout(self._stalled_s):
                await self._room.wait()
        except TimeoutError:
            raise ClientStalled from None

    async def next(self) -> str:
        """The oldest frame; it stays until `sent` is called. Raises what `end` was given."""
        while not self._frames:
            if self._ending is not None:
                raise self._ending
            self._something.clear()
            await self._something.wait()
        return self._frames[0]

    def sent(self) -> None:
        """The oldest frame has gone."""
        self._bytes -= len(self._frames.popleft())
        if self._bytes <= ROOM_BYTES and len(self._frames) <= ROOM_EVENTS:
            self._room.set()

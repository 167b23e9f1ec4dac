"""One browser's stay at a conversation: what it says is handed on, what it is told is written by one writer.

Holds the browser's socket and nothing of the model's. A conversation may have several visits, one after the other: a page that comes back
after a lost network, or opens a second socket before we know that the first is dead, takes its conversation over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from .actions import ToBrowser
from .outbox import Outbox
from .replay import Replay
from .sockets import BrowserSocket


class Left(Enum):
    """How a visit came to its end."""

    GOODBYE = "goodbye"
    """The browser said so, or the conversation is over."""
    LOST = "lost"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Return:
    """A page comes back: the token that let it in, and the last event that it has heard, if it knows."""

    token: str = field(repr=False)
    last_event_id: str | None = None


class Visit:
    """Owned by whoever serves the browser."""

    def __init__(self, browser: BrowserSocket, outbox: Outbox, replay: Replay) -> None:
        self.browser = browser
        self._outbox = outbox
        self._replay = replay
        self._introduced = False
        self._replaced = asyncio.Event()
        self.writer: asyncio.Task[None] | None = None

    def send_now(self, action: ToBrowser) -> bool:
        """Past the queue where nothing waits in it: that saves a task switch a frame."""
        if not self._introduced or not self._outbox.empty or not self.browser.send_now(action.payload.decode()):
            return False
        self._replay.record(action)
        return True

    def replace(self) -> None:
        """Another visit takes over, and with it all that waits: nothing more is said to this one."""
        self._replaced.set()
        if self.writer is not None:
            self.writer.cancel()

    async def stay(self, first: Sequence[bytes], hear: Callable[[str | bytes], None], ending: asyncio.Event) -> Left:
        """Tell it `first`, then serve it until it leaves or the conversation ends. Raises what `hear` raises."""
        for payload in first:
            await self.browser.send(payload.decode())
        self._introduced = True
        reader = asyncio.create_task(self._read(hear))
        writer = self.writer = asyncio.create_task(self._write())
        over = asyncio.create_task(ending.wait())
        replaced = asyncio.create_task(self._replaced.wait())
        try:
            await asyncio.wait((reader, writer, over, replaced), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._introduced = False
            broken = reader.done() and not reader.cancelled() and reader.exception() is not None
            last_words = ending.is_set() or broken
            for task in (reader, over, replaced) if last_words else (reader, over, replaced, writer):
                task.cancel()
            await asyncio.gather(over, replaced, return_exceptions=True)
            await asyncio.wait((reader,))
        if not reader.cancelled() and (wrong := reader.exception()) is not None:
            raise wrong
        if ending.is_set():
            return Left.GOODBYE
        if self._replaced.is_set():
            return Left.REPLACED
        return Left.LOST if self.browser.lost else Left.GOODBYE

    async def _read(self, hear: Callable[[str | bytes], None]) -> None:
        while (frame := await self.browser.receive()) is not None:
            hear(frame)

    async def _write(self) -> None:
        """The one writer to the browser; ends when everything was said."""
        while (action := await self._outbox.take()) is not None:
            self._replay.record(action)
            await self.browser.send(action.payload.decode())

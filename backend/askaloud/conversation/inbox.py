"""What waits for the model: behind a gate until the model has taken instructions and tools, bounded, its sound joined.

Joining keeps a backlog small: a hundred frames that waited for the model to wake go up as a few events instead of a hundred.
"""

from __future__ import annotations

import asyncio
from collections import deque

from .actions import Configure, Sound, ToModel
from .unheard import joined

BYTES_MAX = 16 * 1024 * 1024
"""All that may wait: twice the base64 of 120 s of sound, which is all that a client's allowance lets through at once."""
ACTIONS_MAX = 16_000
"""A little more than the events that the allowance lets through at once."""
JOINED_MAX_BYTES = 48_000
"""A second of sound in one event: small enough that the model starts to listen at once."""


class Inbox:
    """One model's queue. `put` never waits; `take` waits for something that may be sent."""

    def __init__(self) -> None:
        self._first: deque[Configure] = deque()
        self._waiting: deque[ToModel | Sound] = deque()
        self._bytes = 0
        self._open = False
        self._something = asyncio.Event()

    def put(self, action: ToModel | Sound) -> bool:
        """Keep it for the model. False where the bound is reached: the model does not take what it is sent."""
        size = _size(action)
        if len(self._waiting) >= ACTIONS_MAX or self._bytes + size > BYTES_MAX:
            return False
        self._bytes += size
        self._waiting.append(action)
        self._something.set()
        return True

    @property
    def empty(self) -> bool:
        """The gate is open and nothing waits: the next may go past the queue."""
        return self._open and not self._waiting and not self._first

    def configure(self, action: Configure) -> None:
        """This goes first, gate or no gate."""
        self._first.append(action)
        self._something.set()

    def shut(self) -> None:
        """The line is gone: the session knows what to tell the next one, so nothing of this is kept."""
        self._first.clear()
        self._waiting.clear()
        self._bytes, self._open = 0, False

    def open(self) -> None:
        """What waits may go."""
        self._open = True
        self._something.set()

    async def take(self) -> bytes:
        """The next event to send, encoded; waits for it."""
        while True:
            if self._first:
                return self._first.popleft().payload
            if self._open and self._waiting:
                return self._next()
            self._something.clear()
            await self._something.wait()

    def _next(self) -> bytes:
        action = self._waiting.popleft()
        self._bytes -= _size(action)
        if isinstance(action, ToModel):
            return action.payload
        if not self._waiting or not isinstance(self._waiting[0], Sound):
            return append(action.audio)
        return append(joined(self._run(action)))

    def _run(self, first: Sound) -> list[Sound]:
        """The sound that waits in a row, up to a second of it."""
        run, size = [first], first.size
        while self._waiting:
            following = self._waiting[0]
            if not isinstance(following, Sound) or size + following.size > JOINED_MAX_BYTES:
                break
            self._waiting.popleft()
            self._bytes -= _size(following)
            run.append(following)
            size += following.size
        return run


def append(audio: str) -> bytes:
    """The event that carries this sound. It was checked to be base64, so nothing in it needs escaping: joining is cheaper than encoding."""
    return b'{"type":"input_audio_buffer.append","audio":"%b"}' % audio.encode("ascii")


def _size(action: ToModel | Sound) -> int:
    return len(action.audio) if isinstance(action, Sound) else len(action.payload)

"""What waits for a browser: bounded in sound and in number, with a way to overtake and a way to forget.

The model is always read, or the service would hang up for a missed pong; so what a slow browser does not take has to be bounded here.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import takewhile

from .actions import ToBrowser

AUDIO_MAX_MS = 60_000.0
"""A minute of sound that nobody has heard: longer than any answer we ask for."""
EVENTS_MAX = 2_000
"""An answer makes a few hundred; a browser that is this far behind does not read."""


class Outbox:
    """One browser's queue. `put` never waits; `take` waits for something to send."""

    def __init__(self) -> None:
        self._waiting: deque[ToBrowser] = deque()
        self._audio_ms = 0.0
        self._in_hand = False
        self._closed = False
        self._something = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def empty(self) -> bool:
        """Nothing waits and nothing that was taken is still to be sent: the next may go past the queue."""
        return not self._waiting and not self._in_hand

    def put(self, action: ToBrowser) -> bool:
        """Keep it for the browser. False where the bound is reached: the browser is too slow."""
        if len(self._waiting) >= EVENTS_MAX or self._audio_ms + action.audio_ms > AUDIO_MAX_MS:
            return False
        self._audio_ms += action.audio_ms
        if action.urgent:
            ahead = sum(1 for _ in takewhile(lambda waiting: waiting.urgent, self._waiting))
            self._waiting.insert(ahead, action)
        else:
            self._waiting.append(action)
        self._something.set()
        return True

    def drop_audio(self) -> None:
        """Forget all sound; words and ends stay, in their order."""
        if self._audio_ms:
            self._waiting = deque(action for action in self._waiting if not action.audio_ms)
            self._audio_ms = 0.0

    def last_words(self, actions: list[ToBrowser]) -> None:
        """The conversation ends: no sound any more, and these go out after what waits, whatever the bound says."""
        self.drop_audio()
        while len(self._waiting) + len(actions) > EVENTS_MAX:
            self._waiting.popleft()
        self._waiting.extend(actions)
        self._something.set()

    def close(self) -> None:
        """Nothing more will come: `take` gives what is left, then None."""
        self._closed = True
        self._something.set()

    async def take(self) -> ToBrowser | None:
        """The next one; waits for it. None at the end. Who takes again has sent what was taken before."""
        self._in_hand = False
        while not self._waiting:
            if self._closed:
                return None
            self._something.clear()
            await self._something.wait()
        action = self._waiting.popleft()
        self._in_hand = True
        self._audio_ms = self._audio_ms - action.audio_ms if self._waiting else 0.0
        return action

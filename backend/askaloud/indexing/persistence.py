"""Asks a service again while it is busy or away, and counts each time; whoever wants to stop need not wait.

Slows the pace of all batches where a service asks for patience. What is asked is the caller's.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..errors import KnowledgeError
from .pace import Pace
from .trouble import trouble_of

ATTEMPTS = 9
"""Times that one batch is tried, over some four minutes: a service that is away longer needs a person."""

PAUSE_S = 1.0
"""Seconds before the second attempt where the service names none; doubled each time."""

PAUSE_MAX_S = 60.0

LAST_ATTEMPTS = 2
"""More attempts, without a pause, for what is in hand when somebody wants to stop: a connection that was lost is there again at once."""

Answer = TypeVar("Answer")


class Persistence:
    """The patience of one run. `retries`: how often each trouble passed, by its reason."""

    def __init__(self, stop: asyncio.Event | None = None, *, pause_s: float = PAUSE_S) -> None:
        self.retries: Counter[str] = Counter()
        self.pace = Pace()
        self._stop = stop or asyncio.Event()
        self._pause_s = pause_s

    @property
    def stopped(self) -> bool:
        """Whether no more shall be begun."""
        return self._stop.is_set()

    async def patiently(self, ask: Callable[[], Awaitable[Answer]], attempts: int = ATTEMPTS) -> Answer:
        """Await `ask()`, again while a service is busy or away. Raises `KnowledgeError` where that lasts, or is no matter of time."""
        pause_s = self._pause_s
        last = LAST_ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                answer = await ask()
            except KnowledgeError as failure:
                trouble = trouble_of(failure)
                last -= self.stopped
                if trouble is None or trouble.too_large or attempt == attempts or last < 0:
                    raise
                self.paused(trouble.reason)
                await self._wait(pause_s if trouble.wait_s is None else trouble.wait_s)
                pause_s = min(2 * pause_s, PAUSE_MAX_S)
            else:
                if attempt == 1:
                    self.pace.went_well()
                return answer
        raise AssertionError("the last attempt returns or raises")

    def paused(self, reason: str) -> None:
        """A service asked for patience, or was away."""
        self.retries[reason] += 1
        self.pace.was_busy()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return

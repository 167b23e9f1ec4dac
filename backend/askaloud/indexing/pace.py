"""How many batches are on their way at a time: more while the services take them, half as many when one is busy.

Knows no service; it is told how each batch went.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE_MAX = 8
"""Batches on their way at most: with one second for each, five hundred passages a second, which no quota allows."""

AT_FIRST = 2.0

SLOWER = 0.5
"""What a busy service leaves of the number; each batch that went well adds one for a whole round of them."""


class Pace:
    """Lets batches go, as many at a time as are taken."""

    def __init__(self, most: int = AT_ONCE_MAX) -> None:
        self._most = most
        self._allowed = min(AT_FIRST, float(most))
        self._away = 0
        self._changed = asyncio.Condition()

    @property
    def at_once(self) -> int:
        """How many may be on their way now."""
        return int(self._allowed)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until one more may go; it is on its way until the context ends."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._away < self.at_once)
            self._away += 1
        try:
            yield
        finally:
            async with self._changed:
                self._away -= 1
                self._changed.notify_all()

    def went_well(self) -> None:
        """A batch was taken at once."""
        self._allowed = min(float(self._most), self._allowed + 1 / self._allowed)

    def was_busy(self) -> None:
        """A service asked for patience."""
        self._allowed = max(1.0, self._allowed * SLOWER)

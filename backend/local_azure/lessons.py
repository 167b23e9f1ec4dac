"""Carries the documents' words to the ears: after every change of an index, once it has been quiet for a moment, and at the start.

Owns when, and how much at most; where the words come from and what is done with them are two functions. It knows no index and no ear.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

QUIET_S = 1.0
"""Seconds without a change before the words are carried over: indexing comes in batches, and learning takes seconds of a core."""

LONGEST_UNREST_S = 30.0
"""An index that is written to all the time is learned as often as this: words of half a minute ago are better than those of yesterday."""

_log = logging.getLogger(__name__)


class Lessons:
    """`begin` on the event loop, tell it of changes, `end` when the server goes."""

    def __init__(
        self,
        texts: Callable[[], Awaitable[Sequence[str]]],
        learn: Callable[[Sequence[str]], Awaitable[None]],
        *,
        quiet_s: float = QUIET_S,
        unrest_s: float = LONGEST_UNREST_S,
    ) -> None:
        self._texts, self._learn, self._quiet_s, self._unrest_s = texts, learn, quiet_s, unrest_s
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start, as if something had just changed: documents may be there from last time."""
        self._changed.set()
        self._task = asyncio.create_task(self._run())

    def changed(self, _index: str) -> None:
        """An index's documents changed."""
        self._changed.set()

    async def end(self) -> None:
        """Stop at once. What was not learned is learned at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            await self._quiet()
            try:
                texts = await self._texts()
                await self._learn(texts)  # none at all too: what the ears learned of deleted documents is to go with them
                if texts:
                    _log.info("%d %s given to the ears to learn from", len(texts), "text was" if len(texts) == 1 else "texts were")
            except Exception:  # the conversation goes on with what the ears knew before
                _log.exception("the ears could not learn the documents' words")

    async def _quiet(self) -> None:
        """Return when nothing has changed for `quiet_s`, or something has for `unrest_s`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._unrest_s):
                while self._changed.is_set():
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), self._quiet_s)

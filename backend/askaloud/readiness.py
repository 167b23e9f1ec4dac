"""Whether the doors are open: can the model and the index be reached, and is there something to search.

Asks at most every ten seconds and opens no Realtime session, for that would cost money each time a load balancer looks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .errors import KnowledgeError, UpstreamError
from .knowledge.base import KnowledgeBase

FRESH_S = 10.0
"""How long an answer holds."""
REACH_MAX_S = 3.0
"""TCP and TLS to a healthy service take well under one second; a probe gives up soon after."""

Knock = Callable[[float], Awaitable[None]]
"""Goes to the model's server and opens no session, within so many seconds. Raises `UpstreamError`."""


class Readiness:
    """Asked by `/ready`."""

    def __init__(self, knock: Knock, knowledge: KnowledgeBase) -> None:
        self._knock = knock
        self._knowledge = knowledge
        self._asked_at = float("-inf")
        self._report: dict[str, Any] = {}
        self._asking = asyncio.Lock()
        self._waited_for_samples = True  # that answer holds no longer than until they are indexed
        self.samples: str | None = None
        """Why the stand-in's own index is not filled yet, as a sentence: not ready until it is."""

    async def report(self) -> dict[str, Any]:
        """`{ready, realtime, search}`; each is `ok` or a sentence."""
        async with self._asking:
            if time.monotonic() - self._asked_at > FRESH_S or self._waited_for_samples:
                self._waited_for_samples = self.samples is not None
                realtime, search = await asyncio.gather(self._realtime(), self._search())
                self._report = {"ready": realtime == search == "ok", "realtime": realtime, "search": search}
                self._asked_at = time.monotonic()
            return self._report

    async def _realtime(self) -> str:
        try:
            await self._knock(REACH_MAX_S)
        except UpstreamError as failed:
            return failed.notice.message
        return "ok"

    async def _search(self) -> str:
        if self.samples is not None:
            return self.samples
        try:
            await self._knowledge.check()
        except KnowledgeError as failed:
            return failed.notice.message
        return "ok"

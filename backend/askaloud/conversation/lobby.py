"""The conversations that are alive, by id, bounded. A conversation lives here, not in a browser's socket.

Opens one, lets a browser in, and lets go of it when it is over; ends all of them when the server goes away. (Coming back to a
conversation after a lost network attaches a new browser here.)
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .notices import GOING_AWAY
from .patience import PATIENCE, Patience
from .relay import BrowserSocket, Reach, Relay
from .session import Session

log = logging.getLogger(__name__)

CONVERSATIONS_MAX = 500
"""Two cores carry about two hundred that all talk at once; most are silent most of the time."""
ID_BYTES = 12
"""An id names a conversation in logs and opens nothing; 96 bits never collide."""
DRAIN_MAX_S = 10.0
"""How long goodbyes may take when the server goes away; what is left then is cut off."""


class Full(Exception):  # noqa: N818 - a state of the lobby, told to the client as 1013
    """As many conversations as there may be."""


class Closed(Exception):  # noqa: N818 - a state of the lobby, told to the client as 1001
    """The server goes away: no new conversation begins."""


def new_id() -> str:
    """A fresh conversation id."""
    return secrets.token_urlsafe(ID_BYTES)


class Lobby:
    """All conversations of this process."""

    def __init__(self, reach: Reach, limit: int = CONVERSATIONS_MAX, patience: Patience = PATIENCE) -> None:
        self._reach = reach
        self._limit = limit
        self._patience = patience
        self._relays: dict[str, Relay] = {}
        self._visits: set[asyncio.Task[Any]] = set()
        self._draining = False

    def __len__(self) -> int:
        return len(self._relays)

    async def converse(self, session: Session, browser: BrowserSocket) -> None:
        """Open a conversation and serve this browser until either ends it. Raises `Full`, and `Closed` while the server goes away.

        The conversation is over, its tools and its model's socket with it, before a browser that does not read has heard goodbye.
        """
        if self._draining:
            raise Closed
        if len(self._relays) >= self._limit:
            raise Full
        relay = Relay(session, self._reach, self._patience)
        conversation_id = relay.conversation_id
        self._relays[conversation_id] = relay
        running = asyncio.create_task(relay.run())
        log.info("conversation %s: begins", conversation_id)
        with self._visiting():
            try:
                await relay.attach(browser)
            finally:
                relay.leave()
                parting = asyncio.create_task(relay.part(browser))
                await running
                del self._relays[conversation_id]
                log.info("conversation %s: over", conversation_id)
                await parting

    async def drain(self) -> None:
        """The server goes away: tell everybody (1001), wait for the goodbyes, take nobody in any more."""
        self._draining = True
        for relay in list(self._relays.values()):
            relay.dismiss(relay.session.end(1001, "server going away", GOING_AWAY))
        if self._visits:
            await asyncio.wait(self._visits, timeout=DRAIN_MAX_S)

    @contextmanager
    def _visiting(self) -> Iterator[None]:
        """While a browser is here, `drain` can wait for it."""
        visit = asyncio.current_task()
        if visit is None:
            raise RuntimeError("a browser is served in a task")
        self._visits.add(visit)
        try:
            yield
        finally:
            self._visits.discard(visit)

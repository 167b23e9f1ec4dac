"""The conversations that are alive, by id, bounded. A conversation lives here, not in a browser's socket.

Opens one, lets a browser in, and lets go of it when it is over; ends all of them when the server goes away. (Coming back to a
conversation after a lost network attaches a new browser here.)
"""

from __future__ import annotations

import asyncio
import logging
import secrets

from .notices import GOING_AWAY
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


def new_id() -> str:
    """A fresh conversation id."""
    return secrets.token_urlsafe(ID_BYTES)


class Lobby:
    """All conversations of this process."""

    def __init__(self, reach: Reach, limit: int = CONVERSATIONS_MAX) -> None:
        self._reach = reach
        self._limit = limit
        self._relays: dict[str, Relay] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._draining = False

    def __len__(self) -> int:
        return len(self._relays)

    async def converse(self, session: Session, browser: BrowserSocket) -> None:
        """Open a conversation and serve this browser until either ends it. Raises `Full`."""
        if len(self._relays) >= self._limit or self._draining:
            raise Full
        relay = Relay(session, self._reach)
        conversation_id = relay.conversation_id
        self._relays[conversation_id] = relay
        task = self._tasks[conversation_id] = asyncio.create_task(relay.run())
        log.info("conversation %s: begins", conversation_id)
        try:
            await relay.attach(browser)
        finally:
            relay.leave()
            await task
            del self._relays[conversation_id], self._tasks[conversation_id]
            log.info("conversation %s: over", conversation_id)

    async def drain(self) -> None:
        """The server goes away: tell everybody (1001), wait for the goodbyes, take nobody in any more."""
        self._draining = True
        for relay in list(self._relays.values()):
            relay.dismiss(relay.session.end(1001, "server going away", GOING_AWAY))
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=DRAIN_MAX_S)

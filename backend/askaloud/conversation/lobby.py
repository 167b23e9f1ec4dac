"""The conversations that are alive, by id, bounded. A conversation lives here, not in a browser's socket.

Opens one, lets a browser in, lets it come back after a lost network, and lets go of it when it is over; ends all of them when the server
goes away.
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
from .relay import Relay
from .session import Session
from .sockets import BrowserSocket, Reach
from .visit import Left, Return

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
        self._lives: dict[str, asyncio.Task[None]] = {}
        self._visits: set[asyncio.Task[Any]] = set()
        self._draining = False

    def __len__(self) -> int:
        return len(self._relays)

    async def converse(self, session: Session, browser: BrowserSocket) -> None:
        """Open a conversation and serve this browser until either ends it. Raises `Full`, and `Closed` while the server goes away.

        Where all places are taken, a conversation of which only the greeting was said makes room while its browser is away.
        The conversation is over, its tools and its model's socket with it, before a browser that does not read has heard goodbye. One
        whose network is away is waited for.
        """
        if self._draining:
            raise Closed
        if len(self._relays) >= self._limit and not self._makes_room():
            raise Full
        relay = Relay(session, self._reach, self._patience)
        self._relays[relay.conversation_id] = relay
        self._lives[relay.conversation_id] = asyncio.create_task(self._live(relay))
        log.info("conversation %s: begins", relay.conversation_id)
        await self._visit(relay, browser, None)

    async def resume(self, conversation_id: str, token: str, last_event_id: str | None, browser: BrowserSocket) -> bool:
        """Serve a browser that comes back. False: there is no such conversation any more, or that is not its token."""
        relay = self._relays.get(conversation_id)
        if self._draining or relay is None or relay.over or not relay.session.admits(token):
            return False
        log.info("conversation %s: its browser is back", conversation_id)
        await self._visit(relay, browser, Return(token, last_event_id))
        return True

    def _makes_room(self) -> bool:
        """Let go of the oldest conversation that nobody would miss, if there is one."""
        forsaken = next((relay for relay in self._relays.values() if relay.forsaken), None)
        if forsaken is not None:
            forsaken.leave()
        return forsaken is not None

    async def _visit(self, relay: Relay, browser: BrowserSocket, back: Return | None) -> None:
        with self._visiting():
            left, visit = Left.GOODBYE, None
            try:
                left, visit = await relay.attach(browser, back)
            finally:
                if left is Left.REPLACED:
                    browser.drop()
                elif left is Left.LOST and relay.session.returnable and not self._draining:
                    log.info("conversation %s: its browser is away", relay.conversation_id)
                    relay.expect_back()
                else:
                    relay.leave()
                    parting = asyncio.create_task(relay.part(visit)) if visit is not None else None
                    if (life := self._lives.get(relay.conversation_id)) is not None:
                        await life
                    if parting is not None:
                        await parting

    async def _live(self, relay: Relay) -> None:
        try:
            await relay.run()
        finally:
            del self._relays[relay.conversation_id]
            del self._lives[relay.conversation_id]
            log.info("conversation %s: over", relay.conversation_id)

    async def drain(self) -> None:
        """The server goes away: tell everybody (1001), wait for the goodbyes, take nobody in any more."""
        self._draining = True
        for relay in list(self._relays.values()):
            relay.dismiss(relay.session.end(1001, "server going away", GOING_AWAY))
            if not relay.visited:
                relay.leave()
        waiting = {*self._visits, *self._lives.values()}
        if waiting:
            await asyncio.wait(waiting, timeout=DRAIN_MAX_S)

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

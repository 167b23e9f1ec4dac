"""What the server itself tells a client, and under which ids: reports of the session, notices, the protocol's errors. Pure.

A client without our own events gets what it must know as the protocol's error.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from ..errors import Notice, NoticeCode
from ..tool import Caller
from .actions import Action, ToBrowser
from .agreement import Agreement
from .events import client, own
from .events.objects import ErrorBody
from .patience import Patience
from .ticket import Ticket

THEIRS = "client_"
"""Clients' event ids carry this prefix on their way to the model, so that they can never equal one of ours."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is talking, and what a client may know of this service."""

    conversation_id: str
    caller: Caller
    version: str
    doors: dict[str, str] = field(default_factory=dict)
    own_events: bool = False
    """The client asked for `askaloud.*` events."""


class Teller:
    """Owned by one conversation."""

    def __init__(self, identity: Identity, agreement: Agreement, patience: Patience) -> None:
        self._identity = identity
        self._agreement = agreement
        self._resume_s = patience.resume_s
        self._tone_s = patience.tone_s
        self.ticket = Ticket()
        self._counter = itertools.count(1)

    @property
    def resumable(self) -> bool:
        """Whether a lost browser may come back; only a client with our own events knows how."""
        return self._identity.own_events and self._resume_s > 0

    @property
    def has_own_events(self) -> bool:
        """Whether the client asked for `askaloud.*` events."""
        return self._identity.own_events

    def next_id(self) -> str:
        """An event id of ours."""
        return f"askaloud_{next(self._counter)}"

    def their_id(self, event: client.ClientEvent) -> str:
        """The id of a client's event on its way to the model: told apart also where a client gives none, or one twice."""
        return f"{THEIRS}{next(self._counter)}.{event.event_id or ''}"

    def introduction(self, offered: str | None = None) -> list[Action]:
        """First of all: the session that holds, and whose conversation this is, with the token to come back to it.

        `offered`: the token with which the page came back.
        """
        resumed = offered is not None
        report = own.session_updated if resumed else own.session_created
        token = self.ticket.renew(offered) if self.resumable else None
        told = own.conversation(
            self.next_id(),
            conversation_id=self._identity.conversation_id,
            resume_token=token,
            resumed=resumed,
            grace_ms=int(self._resume_s * 1000) if token else 0,
            tone_after_ms=int(self._tone_s * 1000),
            version=self._identity.version,
            voices=self._agreement.policy.voices,
            doors=self._identity.doors,
        )
        created = ToBrowser(report(self.next_id(), self._shown()), fleeting=True)
        return [created, ToBrowser(told, own=True, fleeting=True)]

    def updated(self) -> Action:
        """The session that holds now."""
        return ToBrowser(own.session_updated(self.next_id(), self._shown()))

    def heartbeat(self) -> Action:
        """Still here."""
        return ToBrowser(own.heartbeat(self.next_id()), own=True, fleeting=True)

    def notify(self, notice: Notice, *, always: bool = False) -> list[Action]:
        """Tell the person. A client without our events gets what it must know (`always`, or what ends all) as the protocol's error."""
        if self._identity.own_events:
            return [ToBrowser(own.notice(self.next_id(), notice), own=True)]
        if notice.recoverable and not always:
            return []
        return [ToBrowser(own.error(self.next_id(), notice.message, code=notice.code, kind="server_error"))]

    def error(self, message: str, param: str | None, caused_by: str | None, code: str = NoticeCode.NOT_ALLOWED) -> Action:
        """A mistake of the client's, found by us."""
        return ToBrowser(own.error(self.next_id(), message, code=code, param=param, caused_by=caused_by))

    def their_error(self, error: ErrorBody) -> Action:
        """A mistake of the client's, found by the model."""
        caused_by = (error.event_id or "").partition(".")[2] or None
        code, kind = error.code or "refused", error.type or "error"
        return ToBrowser(own.error(self.next_id(), error.message, code=code, kind=kind, param=error.param, caused_by=caused_by))

    def _shown(self) -> dict[str, Any]:
        return self._agreement.shown(id=f"sess_{self._identity.conversation_id}")

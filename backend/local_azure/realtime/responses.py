"""Which responses are under way: at most one that writes to the conversation, and a few beside it.

Starts, cancels and interrupts them; `response.py` says how one speaks.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import tokens
from .actions import Abandon, Answer
from .desk import Desk
from .history import History
from .items import Item
from .response import Plan, Response
from .wire import Refused

BESIDE_MAX = 4
"""Responses outside the conversation at one time; each holds a thought and a voice on two cores."""


class Responses:
    """The responses of one conversation."""

    def __init__(self, desk: Desk, history: History, conversation_id: str) -> None:
        self._desk = desk
        self._history = history
        self._conversation_id = conversation_id
        self._running: dict[str, Response] = {}
        self._spoken = False

    @property
    def spoken(self) -> bool:
        """Whether any audio was given yet; from then on the voice stays."""
        return self._spoken or any(response.spoken for response in self._running.values())

    @property
    def active(self) -> bool:
        """Whether a response that writes to the conversation is in progress."""
        return self._in_conversation() is not None

    def _in_conversation(self) -> Response | None:
        return next((known for known in self._running.values() if known.plan.in_conversation and not known.over), None)

    def create(self, planned: Plan) -> None:
        """Begin a response. Raises `Refused` where another is in the way."""
        active = self._in_conversation()
        if planned.in_conversation and active is not None:
            message = f"Conversation already has an active response in progress: {active.id}. Wait until the response is finished."
            raise Refused("conversation_already_has_active_response", message)
        beside = sum(not known.over for known in self._running.values() if not known.plan.in_conversation)
        if not planned.in_conversation and beside >= BESIDE_MAX:
            raise Refused("rate_limit_exceeded", f"At most {BESIDE_MAX} responses may run outside the conversation at one time.")
        context = list(self._history) if planned.context is None else planned.context
        planned.window.check(context)
        taken = tokens.of_input(planned.instructions, list(planned.tools), planned.window.fit(context))
        history = self._history if planned.in_conversation else None
        response = Response(self._desk, planned, self._conversation_id, history, taken)
        self._running[response.id] = response
        self._desk.ask(Answer(response))

    def cancel(self, response_id: str | None) -> None:
        """Answer `response.cancel`. Raises `Refused` where there is nothing to cancel; the sentence is the service's.

        As at the service, the response is in the way of another until its `response.done`, which is said when its work has ended.
        """
        response = self._in_conversation() if response_id is None else self._running.get(response_id)
        if response is None or response.over or response.stopping:
            raise Refused("response_cancel_not_active", "Cancellation failed: no active response found")
        response.stop("client_cancelled")
        self._desk.ask(Abandon(response.id))

    def interrupt(self) -> None:
        """Somebody began to speak: end the response that writes to the conversation at once, if there is one."""
        response = self._in_conversation()
        if response is not None and not response.stopping:
            self._desk.ask(Abandon(response.id))
            response.end("cancelled", reason="turn_detected")
        self.make_way()

    def make_way(self) -> None:
        """Let a cancelled response be done now, for one that no client asks for and that nobody could ask for again."""
        response = self._in_conversation()
        if response is not None and response.stopping:
            response.end("cancelled")

    def finished(self, response: Response) -> None:
        """Forget a response whose work has ended."""
        if response.stopping:
            response.end("cancelled")
        self._spoken = self.spoken
        self._running.pop(response.id, None)

    def context_of(self, response: Response) -> Sequence[Item]:
        """The items that a response is made from: its own or the conversation's, as many as its window holds."""
        context = list(self._history) if response.plan.context is None else response.plan.context
        return response.plan.window.fit(context)

"""When a `response.create` may be sent: one response at a time, wishes coalesced.

A state machine over six facts: which response is active, whether a create of ours is on its way, whether one more is wanted, whether
a cancel has to wait for the response it is meant for, whether the person is speaking, and whether something they said is still looked
at. Sends nothing itself. Source: the service refuses a second response with `conversation_already_has_active_response`; a cancel
before `response.created` does nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

ACTIVE_ALREADY = "conversation_already_has_active_response"
NOT_ACTIVE = "response_cancel_not_active"
WISHES_MAX = 8
"""Answers that may be waited for at once; a person asks for one, a script for a few."""
TRIES_MAX = 3
"""How often a create may lose against voice detection before we believe that the server will never take it."""


@dataclass(slots=True)
class Wish:
    """One `response.create` that shall be sent: its event id and its `response` object."""

    event_id: str
    response: dict[str, Any]
    for_tools: bool = False
    """It answers tool outputs; any response created after them serves as well."""
    of_itself: bool = False
    """It answers what the person said aloud, as voice detection would; nobody else asked."""
    tries: int = 0
    final: bool = False
    """It was sent with `tool_choice: none`."""
    unwanted: bool = False
    """The person said stop while it was on its way: if it loses a race, it is not tried again."""
    serves: list[Wish] = field(default_factory=list)
    """Patient wishes that waited when this was sent: the response sees what they are about, so they wait no more, unless it is refused."""

    @property
    def patient(self) -> bool:
        """It would talk over the person while they speak; a client that asks may."""
        return self.for_tools or self.of_itself


@dataclass(slots=True)
class Sequencer:
    """Owned by one conversation."""

    active: str | None = None
    on_its_way: Wish | None = None
    perhaps_begun: Wish | None = None
    """The create that was on its way when a response began: most likely its own, unless an error says that it lost the race."""
    cancel_when_created: bool = False
    speaking: bool = False
    """The person speaks: an answer for tools would talk over them, and is likely to be one to what they correct just now."""
    held: bool = False
    """Something that was said is not let through yet: any answer might be to that."""
    waiting: deque[Wish] = field(default_factory=deque)

    @property
    def busy(self) -> bool:
        """A response is being made, or was asked for and has not begun."""
        return self.active is not None or self.on_its_way is not None

    def want(self, wish: Wish) -> Wish | None:
        """The wish, if it may be sent now. Else it waits; two wishes alike become one.

        A client that asks for an answer has stopped listening to speech, whether or not an end of it was ever heard.
        """
        self.speaking = self.speaking and wish.patient
        if not self.busy and not self.held and not (self.speaking and wish.patient):
            return self._send(wish)
        if any(_alike(wish, other) for other in self.waiting) or len(self.waiting) >= WISHES_MAX:
            return None
        self.waiting.append(wish)
        return None

    def created(self, response_id: str) -> bool:
        """A response has begun, ours or voice detection's. True if it has to be cancelled at once."""
        self.active = response_id
        self.perhaps_begun, self.on_its_way = self.on_its_way, None
        cancel, self.cancel_when_created = self.cancel_when_created, False
        return cancel

    def done(self, response_id: str) -> Wish | None:
        """A response has ended; the next wish to send, if one waits."""
        if self.active == response_id:
            self.active = None
        return self._next()

    def refused(self, event_id: str, code: str | None) -> tuple[bool, Wish | None]:
        """An error came for this event: (whether it was a harmless race of a create, the next wish to send now).

        A create that lost a race is put back, unless nobody asked for it: the response that won was begun after what it is about.
        """
        wish = self._take(event_id)
        if wish is None:
            return False, None
        if code != ACTIVE_ALREADY:
            self.waiting.extendleft(reversed(wish.serves))
            return False, self._next()
        wish.serves.clear()  # the response that won was begun after their outputs
        if wish.tries >= TRIES_MAX:
            return False, self._next()
        if not wish.patient and not wish.unwanted:
            self.waiting.appendleft(wish)
        return True, self._next()

    def released(self) -> Wish | None:
        """Everything that was said has been let through or refused; the next wish to send."""
        self.held = False
        return self._next()

    def begun_too_soon(self) -> bool:
        """The response that began is to what was not let through: it is cancelled. Whether what asked for it asks again later."""
        wish, self.perhaps_begun = self.perhaps_begun, None
        if wish is None or wish.unwanted:
            return False
        self.waiting.appendleft(wish)
        return True

    def speech_begun(self) -> None:
        """The person speaks over whatever is to come: an answer that is on its way is cancelled when it begins."""
        self.speaking = True
        self.cancel_when_created = self.on_its_way is not None

    def speech_over(self, *, answered_by_client: bool = False) -> Wish | None:
        """The person has spoken; the wish to send if one waited for the end of it.

        Voice detection asks for an answer of its own then, most often; ours loses that race, and theirs serves. Where the client is
        to ask (`answered_by_client`), its create will serve what waits.
        """
        self.speaking = False
        # What was on its way when the person began has begun or was refused long since: what begins now answers the person.
        self.cancel_when_created = False
        return None if answered_by_client else self._next()

    def cancel(self) -> str | None:
        """The person wants quiet: nothing waits any more. The response to cancel now; one on its way is cancelled when it begins."""
        self.waiting.clear()
        for wish in (self.on_its_way, self.perhaps_begun):
            if wish is not None:
                wish.unwanted = True
                wish.serves.clear()
        if self.active is None:
            self.cancel_when_created = self.on_its_way is not None
        return self.active

    def lost(self) -> list[Wish]:
        """The line is gone, and every response with it. The wishes that were on their way or waited, and are still wanted."""
        sent, cancelled = self.on_its_way, self.cancel_when_created
        wishes = [*([] if sent is None or sent.unwanted or cancelled else [sent]), *self.waiting]
        self.active = self.on_its_way = self.perhaps_begun = None
        self.cancel_when_created = self.speaking = False
        self.waiting.clear()
        for wish in wishes:
            wish.tries = 0
            wish.serves.clear()
        return wishes

    def _take(self, event_id: str) -> Wish | None:
        for wish in (self.on_its_way, self.perhaps_begun):
            if wish is not None and wish.event_id == event_id:
                if wish is self.on_its_way:
                    self.on_its_way = None
                    self.cancel_when_created = False
                else:
                    self.perhaps_begun = None
                return wish
        return None

    def _next(self) -> Wish | None:
        if self.busy or self.held:
            return None
        ready = next((wish for wish in self.waiting if not (self.speaking and wish.patient)), None)
        if ready is not None:
            self.waiting.remove(ready)
            self._send(ready)
        return ready

    def _send(self, wish: Wish) -> Wish:
        wish.tries += 1
        wish.serves += [other for other in self.waiting if other.patient]
        self.waiting = deque(other for other in self.waiting if not other.patient)
        self.on_its_way = wish
        return wish


def _alike(one: Wish, other: Wish) -> bool:
    return one.for_tools == other.for_tools and one.response == other.response

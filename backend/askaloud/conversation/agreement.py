"""What was agreed with the model about the session: told in full before anything else, changed only as far as a client may.

Keeps the choice that holds, the changes that the model has not answered yet, and the optional fields that it would not take. Pure.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from ..tool import Toolbox
from .events.client import SessionUpdate, SessionWish
from .events.own import encode
from .policy import Choice, Policy

VOICE = "session.audio.output.voice"
OPTIONAL: dict[str, str] = {
    "session.audio.input.transcription": "ASKALOUD_TRANSCRIPTION_MODEL",
    VOICE: "AZURE_OPENAI_REALTIME_VOICE_CHOICE",
}
"""Fields that a conversation can do without, and the setting that fills each. Instructions and tools are not among them."""
CHANGES_MAX = 16
"""Changes that may wait for the model's answer: a page sends one, a script a few."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change on its way to the model: the client's wish, and what will hold if this one and those before it are taken."""

    event_id: str
    choice: Choice
    wish: SessionWish


@dataclass(slots=True)
class Agreement:
    """Owned by one conversation."""

    policy: Policy
    toolbox: Toolbox
    choice: Choice = field(default_factory=Choice)
    asked: str | None = None
    """The event id of the first update, while it waits for its answer."""
    settled: bool = False
    left_out: set[str] = field(default_factory=set)
    changes: deque[Change] = field(default_factory=deque)

    def first_update(self, event_id: str) -> bytes:
        """The whole session: what the policy says, instructions, tools, and what the client has chosen so far."""
        session = self._session(self.choice)
        session |= {"instructions": self.policy.instructions, "tools": self.toolbox.schemas(), "tool_choice": "auto"}
        self.asked = event_id
        return encode({"type": "session.update", "event_id": event_id, "session": session})

    def shown(self, **more: Any) -> dict[str, Any]:
        """The session that holds, as a client may see it."""
        return {"object": "realtime.session", "model": self.policy.model, "tool_choice": "auto", **more, **self._session(self.choice)}

    def change(self, event_id: str, wish: SessionUpdate) -> bytes | None:
        """The update to send for a client's wish; None where the model needs not be told (yet), and the choice holds at once.

        Raises `Refused` for a format that is not ours.
        """
        latest = self.changes[-1].choice if self.changes else self.choice
        choice = self.policy.choose(latest, wish.session)
        said = _difference(self._session(latest), self._session(choice))
        if self.asked is None and not self.settled:
            self.choice = choice
            return None
        if not said or len(self.changes) >= CHANGES_MAX:
            return None
        self.changes.append(Change(event_id, choice, wish.session))
        return encode({"type": "session.update", "event_id": event_id, "session": {"type": "realtime", **said}})

    def updated(self) -> bool:
        """The model took an update. True if it was the first: the gate may open. Else the oldest change holds."""
        if not self.settled:
            self.settled, self.asked = True, None
            return True
        if self.changes:
            # Chosen again upon what holds: a change before this one may have been refused.
            self.choice = self.policy.choose(self.choice, self.changes.popleft().wish)
        return False

    @property
    def detection(self) -> dict[str, Any]:
        """How the end of a turn is found, as it holds; empty where the client ends turns itself."""
        found: dict[str, Any] | None = self.policy.session(self.choice)["audio"]["input"]["turn_detection"]
        return found or {}

    def first_refused(self, param: str | None) -> str | None:
        """The model would not take the first update. The settings whose fields are left out from now on; None: nothing is left to try.

        A refusal that names no field costs all of them, once: a conversation without a transcript is better than none.
        """
        refused = [path for path in OPTIONAL if path not in self.left_out and (param is None or f"{param}.".startswith(f"{path}."))]
        self.left_out.update(refused)
        if VOICE in refused:
            self.choice = replace(self.choice, voice=None)
        return " or ".join(OPTIONAL[path] for path in refused) or None

    def change_refused(self, event_id: str) -> bool:
        """Whether this event was a change; it is forgotten, and what held before still holds."""
        for change in self.changes:
            if change.event_id == event_id:
                self.changes.remove(change)
                return True
        return False

    def _session(self, choice: Choice) -> dict[str, Any]:
        """As the policy has it, without what the model would not take; a voice that the client chose is another voice."""
        session = self.policy.session(choice)
        for path in self.left_out:
            if not (path == VOICE and choice.voice):
                _remove(session, path.split(".")[1:])
        return session


def _remove(session: dict[str, Any], path: list[str]) -> None:
    for name in path[:-1]:
        session = session[name]
    session.pop(path[-1], None)


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Only what changed; `turn_detection` and `transcription` whole, for their fields belong together."""
    said: dict[str, Any] = {}
    for name, value in after.items():
        old = before.get(name)
        if value == old:
            continue
        if isinstance(value, dict) and isinstance(old, dict) and name not in {"turn_detection", "transcription"}:
            said[name] = _difference(old, value)
        else:
            said[name] = value
    return said

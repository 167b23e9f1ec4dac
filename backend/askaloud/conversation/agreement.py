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
LANGUAGE = "session.audio.input.transcription.language"
DETECTION = "session.audio.input.turn_detection"
SERVICES_OWN: dict[str, Any] = {"type": "server_vad"}
"""How the service finds the end of a turn where it is not told: it then answers, and is interrupted, by itself (the API's defaults)."""
OPTIONAL: dict[str, str] = {
    "session.audio.input.transcription": "ASKALOUD_TRANSCRIPTION_MODEL",
    LANGUAGE: "ASKALOUD_TRANSCRIPTION_LANGUAGE",
    "session.audio.input.noise_reduction": "ASKALOUD_NOISE_REDUCTION",
    DETECTION: "ASKALOUD_TURN_DETECTION",
    f"{DETECTION}.threshold": "ASKALOUD_VAD_THRESHOLD",
    f"{DETECTION}.prefix_padding_ms": "ASKALOUD_VAD_PREFIX_PADDING_MS",
    f"{DETECTION}.silence_duration_ms": "ASKALOUD_VAD_SILENCE_MS",
    f"{DETECTION}.eagerness": "ASKALOUD_VAD_EAGERNESS",
    VOICE: "AZURE_OPENAI_REALTIME_VOICE_CHOICE",
    "session.audio.output.speed": "ASKALOUD_SPEED",
    "session.max_output_tokens": "ASKALOUD_MAX_OUTPUT_TOKENS",
    "session.reasoning": "ASKALOUD_REASONING_EFFORT",
    "session.truncation": "ASKALOUD_TRUNCATION",
    "session.temperature": "ASKALOUD_TEMPERATURE",
}
"""Fields that a conversation can do without, and the setting that fills each. Instructions and tools are not among them."""
UNKNOWN_TO_GA = "temperature"
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
    unreported: bool = False
    _detection: tuple[Choice, frozenset[str], dict[str, Any]] | None = None
    """What `detection` last found, and for what: each frame of sound asks for it."""

    def first_update(self, event_id: str) -> bytes:
        """The whole session: what the policy says, instructions, tools, and what the client has chosen so far."""
        session = self._session(self.choice)
        whole = {"instructions": self.policy.instructions, "tools": self.toolbox.schemas(), "tool_choice": "auto"}
        self.asked = event_id
        return encode({"type": "session.update", "event_id": event_id, "session": self.policy.for_model(session) | whole})

    def shown(self, **more: Any) -> dict[str, Any]:
        """The session that holds, as a client may see it."""
        session = self._session(self.choice)
        session.pop(UNKNOWN_TO_GA, None)
        session["audio"]["input"].setdefault("turn_detection", SERVICES_OWN)
        return {"object": "realtime.session", "model": self.policy.model, "tool_choice": "auto", **more, **session}

    def begin_again(self) -> None:
        """The line is gone: the next one is told all of it afresh, with the changes that were on their way."""
        self.settled, self.asked = False, None
        if self.changes:
            self.choice, self.unreported = self.changes[-1].choice, True
            self.changes.clear()

    def reported_late(self) -> bool:
        """Whether something else holds than the client last heard: changes that the last line did not answer, or a refused choice. Once."""
        late, self.unreported = self.unreported, False
        return late

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
        return encode({"type": "session.update", "event_id": event_id, "session": {"type": "realtime", **self.policy.for_model(said)}})

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
        known = self._detection
        if known is None or known[0] is not self.choice or known[1] != self.left_out:
            found: dict[str, Any] | None = self._session(self.choice)["audio"]["input"].get("turn_detection", SERVICES_OWN)
            known = self._detection = (self.choice, frozenset(self.left_out), found or {})
        return known[2]

    @property
    def asks(self) -> bool:
        """Whether we ask for the answer when voice detection has ended a turn; the service's own detection cannot be told to leave it."""
        return self.policy.asks and self.detection is not SERVICES_OWN

    @property
    def answers_of_itself(self) -> bool:
        """Whether the client gets an answer to what it says aloud without asking for one."""
        return bool(self.detection) and self.detection.get("create_response", True) is not False

    @property
    def careful(self) -> bool:
        """Whether speech over an answer has to last for a while before it interrupts."""
        ours = bool(self.detection) and self.detection is not SERVICES_OWN
        return self.policy.interrupt_after_ms > 0 and ours and self.detection.get("interrupt_response", True) is not False

    @property
    def silence_ms(self) -> int:
        """How long it is silent before voice detection says that somebody has stopped; with `semantic_vad` that is not known."""
        return int(self.detection.get("silence_duration_ms", self.policy.silence_duration_ms))

    @property
    def written_down(self) -> bool:
        """Whether the words of spoken turns come."""
        return bool(self._session(self.choice)["audio"]["input"].get("transcription"))

    def first_refused(self, param: str | None) -> str | None:
        """The model would not take the first update. The settings whose fields are left out from now on; None: nothing is left to try.

        What the client chose goes first, and the server's own takes its place. A refusal that names no field costs all of them, once: a
        conversation without a transcript is better than none.
        """
        session = self._session(self.choice)
        there = [path for path in OPTIONAL if _holds(session, path)]
        if param is None:
            refused = [path for path in there if path.rpartition(".")[0] not in OPTIONAL]
        else:
            refused = sorted((path for path in there if f"{param}.".startswith(f"{path}.")), key=len)[-1:]
        theirs = self._chosen & set(refused)
        if theirs:
            self._unchoose(theirs)
            return " or ".join(f"{OPTIONAL[path]} as the client chose it" for path in OPTIONAL if path in theirs)
        if DETECTION in refused and self.policy.moderator is not None:
            return None  # the service's own detection would answer what nobody has looked at
        self.left_out.update(refused)
        return " or ".join(OPTIONAL[path] for path in refused) or None

    @property
    def _chosen(self) -> set[str]:
        """The fields that are as the client chose them."""
        choice = self.choice
        chosen = {VOICE: choice.voice is not None, LANGUAGE: choice.language is not None, DETECTION: choice.turn_detection_chosen}
        return {path for path, is_theirs in chosen.items() if is_theirs}

    def _unchoose(self, fields: set[str]) -> None:
        """Here the server's own holds again, and the client has yet to hear so."""
        if VOICE in fields:
            self.choice = replace(self.choice, voice=None)
        if LANGUAGE in fields:
            self.choice = replace(self.choice, language=None)
        if DETECTION in fields:
            self.choice = replace(self.choice, turn_detection=None, turn_detection_chosen=False)
        self.unreported = True

    def change_refused(self, event_id: str) -> bool:
        """Whether this event was a change; it is forgotten, and what held before still holds."""
        for change in self.changes:
            if change.event_id == event_id:
                self.changes.remove(change)
                return True
        return False

    def _session(self, choice: Choice) -> dict[str, Any]:
        """As the policy has it, without what the model would not take; what the client chose since then is something else."""
        session = self.policy.session(choice)
        chosen = {VOICE: bool(choice.voice), DETECTION: choice.turn_detection_chosen}
        for path in self.left_out:
            if not chosen.get(path):
                _remove(session, path)
        return session


def _place(session: dict[str, Any], path: str) -> tuple[Any, str]:
    """Whatever would hold the field of this path, and the field's name."""
    _, *steps, name = path.split(".")
    place: Any = session
    for step in steps:
        place = place.get(step) if isinstance(place, dict) else None
    return place, name


def _holds(session: dict[str, Any], path: str) -> bool:
    place, name = _place(session, path)
    return isinstance(place, dict) and name in place


def _remove(session: dict[str, Any], path: str) -> None:
    place, name = _place(session, path)
    if isinstance(place, dict):
        place.pop(name, None)


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

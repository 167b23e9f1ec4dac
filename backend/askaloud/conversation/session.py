"""What may pass between a browser and the model, and what happens next. It never waits and knows no clock.

Events go in (`browser_said`, `model_said`, `tool_finished`, `woke` …), actions come out, in order. The answers of the model are the
business of `answers.py`, the session's terms that of `agreement.py`; here is what is left: the client's wishes, the gate before
the model, the person's words, errors, and the end.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, assert_never

from ..errors import Notice, NoticeCode, ToolError
from ..tool import Caller, Outcome, Toolbox
from . import allowance, refusal
from .actions import Action, Configure, End, Note, OpenGate, OpenModel, Sound, ToBrowser, ToModel, WakeMe
from .agreement import Agreement
from .allowance import Allowance
from .answers import Answers
from .events import client, own, server
from .events.objects import ErrorBody
from .notices import MODEL_FAILED, MODEL_HUNG_UP, MODEL_REFUSED_SESSION, TOO_FAST, setting_refused
from .patience import PATIENCE, Patience
from .policy import Policy
from .sequencer import NOT_ACTIVE
from .visible import shown

UNKNOWN_KINDS_KEPT = 50
"""Names of unknown events that are counted one by one; a server that invents more is counted as `other`."""

Ears = dict[type, Callable[[Any], list[Action]]]
"""What is done with each kind of event of the model."""

HEARTBEAT = "heartbeat"
SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is talking, and what a client may know of this service."""

    conversation_id: str
    caller: Caller
    version: str
    doors: dict[str, str] = field(default_factory=dict)
    own_events: bool = False
    """The client asked for `askaloud.*` events."""


class Session:
    """The rules of one conversation, and all that it remembers."""

    def __init__(self, policy: Policy, toolbox: Toolbox, identity: Identity, patience: Patience = PATIENCE) -> None:
        self.identity = identity
        self._patience = patience
        self.ended = False
        self.unknown: Counter[str] = Counter()
        """Events of the model that we do not know, by name; for the log."""
        self._counter = itertools.count(1)
        self._agreement = Agreement(policy, toolbox)
        self._answers = Answers(toolbox, identity.caller, self._next_id)
        self._model_wanted = False
        self._audio = Allowance.of(allowance.AUDIO_BURST_BYTES, allowance.AUDIO_REFILL_BYTES_PER_S)
        self._events = Allowance.of(allowance.EVENTS_BURST, allowance.EVENTS_REFILL_PER_S)
        self._expires_at: float | None = None
        self._hear = self._ears()

    # the beginning and the end

    def begin(self) -> list[Action]:
        """A browser is here: tell it who it is talking to."""
        actions: list[Action] = [ToBrowser(own.session_created(self._next_id(), self._shown()))]
        told = own.conversation(
            self._next_id(),
            conversation_id=self.identity.conversation_id,
            resume_token=None,
            grace_ms=0,
            version=self.identity.version,
            voices=self._agreement.policy.voices,
            doors=self.identity.doors,
        )
        return [*actions, ToBrowser(told, own=True), WakeMe(HEARTBEAT, self._patience.heartbeat_s)]

    def end(self, code: int, reason: str, notice: Notice | None = None) -> list[Action]:
        """Say why, then goodbye. Once."""
        if self.ended:
            return []
        self.ended = True
        return [*([] if notice is None else self.notify(notice)), End(code, reason)]

    def notify(self, notice: Notice, *, always: bool = False) -> list[Action]:
        """Tell the person. A client without our events gets what it must know (`always`, or what ends all) as the protocol's error."""
        if self.identity.own_events:
            return [ToBrowser(own.notice(self._next_id(), notice), own=True)]
        if notice.recoverable and not always:
            return []
        return [ToBrowser(own.error(self._next_id(), notice.message, code=notice.code, kind="server_error"))]

    def woke(self, name: str) -> list[Action]:
        """The time asked for with `WakeMe` is over."""
        if name == HEARTBEAT and not self.ended:
            return [ToBrowser(own.heartbeat(self._next_id()), own=True), WakeMe(HEARTBEAT, self._patience.heartbeat_s)]
        if name == SETUP and not self._agreement.settled:
            return self._lost("the model did not answer", refusal.too_late(self._door))
        return []

    # the browser's side

    def browser_said(self, frame: str | bytes, now: float) -> list[Action]:
        """One frame of the client; `now` in seconds of a steady clock."""
        if self.ended:
            return []
        if not self._events.take(1, now):
            return self.end(1008, "too fast", TOO_FAST)
        try:
            event = client.decode(frame)
            if isinstance(event, client.Append):
                return self._append(event, now)
            return self._wish(event)
        except client.Refused as refused:
            return [self._error(refused.message, refused.param, refused.event_id)]

    def _append(self, event: client.Append, now: float) -> list[Action]:
        size = client.audio_bytes(event)
        if not self._audio.take(size, now):
            return self.end(1008, "too fast", TOO_FAST)
        if event.event_id is None:
            return self._to_model(Sound(event.audio, size))
        return self._to_model(_model(self._their_id(event), "input_audio_buffer.append", audio=event.audio))

    def _wish(self, event: client.AnyClientEvent) -> list[Action]:
        event_id = self._their_id(event)
        match event:
            case client.SessionUpdate():
                return self._change(event, event_id)
            case client.ItemCreate():
                return self._to_model(_model(event_id, "conversation.item.create", item=event.item))
            case client.Truncate():
                return self._truncate(event, event_id)
            case client.ResponseCreate():
                return self._to_model(*self._answers.wanted(event, event_id))
            case client.ResponseCancel():
                stopped = self._answers.stopped(event_id)
                if stopped is None:
                    return [self._error("There is no answer to stop.", None, event.event_id, code=NOT_ACTIVE)]
                return stopped
            case client.Commit():
                return self._to_model(_model(event_id, "input_audio_buffer.commit"))
            case client.Clear():
                return self._to_model(_model(event_id, "input_audio_buffer.clear"))
            case client.Append():
                raise AssertionError("sound goes its own way")
            case _:
                assert_never(event)

    def _to_model(self, *actions: Action) -> list[Action]:
        """The first word opens the way to the model; until it is open, the relay keeps what is said."""
        if self._model_wanted:
            return list(actions)
        self._model_wanted = True
        return [OpenModel(), *actions]

    def _change(self, event: client.SessionUpdate, event_id: str) -> list[Action]:
        try:
            payload = self._agreement.change(event_id, event)
        except client.Refused as refused:
            return [self._error(refused.message, refused.param, event.event_id)]
        if payload is not None:
            return [ToModel(payload)]
        return [self._updated()]

    def _truncate(self, event: client.Truncate, event_id: str) -> list[Action]:
        sent = self._answers.visible.audio_ms(event.item_id)
        if sent is None:
            return [self._error("No sound of such an item was sent.", "item_id", event.event_id)]
        end = min(max(event.audio_end_ms, 0), sent)
        return [_model(event_id, "conversation.item.truncate", item_id=event.item_id, content_index=0, audio_end_ms=end)]

    # the model's side

    def model_opened(self) -> list[Action]:
        """The socket to the model is open: instructions and tools go first."""
        return [self._configure(), WakeMe(SETUP, self._patience.setup_s)]

    def model_failed(self, notice: Notice) -> list[Action]:
        """The model could not be reached."""
        return self.end(1011, "the model cannot be reached", notice)

    def model_closed(self, code: int | None = None, reason: str = "") -> list[Action]:
        """The model hung up, with this close code and reason."""
        before_it_began = not self._agreement.settled
        notice = refusal.by_close(self._door, code, reason) if before_it_began else MODEL_HUNG_UP
        return self._lost("the model hung up", notice, refusal.detail(f"close-code-{code}"))

    def _lost(self, reason: str, notice: Notice, detail: str = "") -> list[Action]:
        """The end of a conversation whose model is lost, with a line for the log. Once."""
        if self.ended:
            return []
        return [Note(f"{notice.code}: {notice.message}{detail}"), *self.end(1011, reason, notice)]

    def model_said(self, frame: bytes | str) -> list[Action]:
        """One frame of the model."""
        event = server.decode(frame)
        if isinstance(event, str):
            name = event if event in self.unknown or len(self.unknown) < UNKNOWN_KINDS_KEPT else "other"
            self.unknown[name] += 1
            return []
        return self._hear[type(event)](event)

    def tool_finished(self, call_id: str, result: Outcome | ToolError) -> list[Action]:
        """A tool has ended, well or not."""
        return self._answers.tool_finished(call_id, result)

    def _ears(self) -> Ears:
        """What is done with each event of the model. A test holds this table against the union."""
        answers = self._answers
        kinds: tuple[tuple[tuple[type, ...], Callable[[Any], list[Action]]], ...] = (
            (server.SAID, answers.words),
            (server.PASSED, _pass),
            (server.HIDDEN, _hide),
            (server.ITEMS, self._item),
        )
        table: Ears = {kind: hear for group, hear in kinds for kind in group}
        return table | {
            server.AudioDelta: answers.audio,
            server.SessionCreated: self._session_report,
            server.SessionUpdated: self._session_updated,
            server.ErrorEvent: self._refused,
            server.SpeechStarted: self._speech_started,
            server.SpeechStopped: self._speech_stopped,
            server.Cleared: self._cleared,
            server.Committed: self._committed,
            server.ResponseCreated: answers.created,
            server.ResponseDone: answers.done,
            server.OutputItemAdded: answers.item_added,
            server.OutputItemDone: answers.item_done,
        }

    def _session_report(self, event: server.SessionCreated) -> list[Action]:
        self._expires_at = event.session.expires_at
        return []

    def _session_updated(self, event: server.SessionUpdated) -> list[Action]:
        if self._agreement.updated():
            return [OpenGate()]
        return [self._updated()]

    def _item(self, event: server.ItemAdded | server.ItemCreated | server.ItemDone) -> list[Action]:
        item = event.item
        if not shown(item):
            self._answers.visible.hide(item.id, event.previous_item_id)
            return []
        if item.role == "user" and not isinstance(event, server.ItemDone):  # that of an earlier turn may come late
            self._answers.new_turn(item.id)
        event.previous_item_id = self._answers.visible.before(event.previous_item_id)
        return [*(self._answers.assistant_item() if item.role == "assistant" else []), ToBrowser(own.encode(event))]

    def _committed(self, event: server.Committed) -> list[Action]:
        self._answers.new_turn(event.item_id)
        event.previous_item_id = self._answers.visible.before(event.previous_item_id)
        answered_by_client = not self._agreement.detection.get("create_response", True)
        return [ToBrowser(own.encode(event), urgent=True), *self._answers.speech_over(answered_by_client=answered_by_client)]

    def _speech_stopped(self, event: server.SpeechStopped) -> list[Action]:
        return [ToBrowser(own.encode(event), urgent=True)]

    def _cleared(self, event: server.Cleared) -> list[Action]:
        return [ToBrowser(own.encode(event)), *self._answers.speech_over(answered_by_client=False)]

    def _speech_started(self, event: server.SpeechStarted) -> list[Action]:
        interrupts = self._agreement.detection.get("interrupt_response", True)
        return [*(self._answers.speech_begun() if interrupts else []), ToBrowser(own.encode(event), urgent=True)]

    def _refused(self, event: server.ErrorEvent) -> list[Action]:
        """An error of the model: the client's own mistakes go back to it, ours become a notice without the service's words."""
        error, agreement = event.error, self._agreement
        if not agreement.settled and error.event_id in (None, agreement.asked):
            return self._first_refused(error)
        changed = error.event_id is not None and agreement.change_refused(error.event_id)
        after: list[Action] = [self._updated()] if changed else []
        harmless, following = self._answers.refused(error.event_id, error.code)
        if harmless or (error.code == NOT_ACTIVE and not (error.event_id or "").startswith(_THEIRS)):
            return following
        if (error.event_id or "").startswith(_THEIRS):
            caused_by = (error.event_id or "").partition(".")[2] or None
            told = own.error(
                self._next_id(),
                error.message,
                code=error.code or "refused",
                kind=error.type or "error",
                param=error.param,
                caused_by=caused_by,
            )
            return [ToBrowser(told), *after, *following]
        return [*self.notify(MODEL_FAILED, always=True), *following]

    def _first_refused(self, error: ErrorBody) -> list[Action]:
        """The model would not take the session: without a field that can be left out, or not at all."""
        detail = refusal.detail(error.code, error.param)
        fatal = refusal.by_error(self._door, error.code, error.param)
        setting = None if fatal else self._agreement.first_refused(error.param)
        if self.ended or fatal or setting is None:
            return self._lost("the model refused the session", fatal or MODEL_REFUSED_SESSION, detail)
        notice = setting_refused(setting)
        return [Note(f"{notice.code}: {notice.message}{detail}"), *self.notify(notice), self._configure()]

    def _configure(self) -> Action:
        return Configure(self._agreement.first_update(self._next_id()))

    # words of our own

    @property
    def _door(self) -> str:
        return self.identity.doors.get("realtime", "")

    def _shown(self) -> dict[str, Any]:
        return self._agreement.shown(id=f"sess_{self.identity.conversation_id}")

    def _updated(self) -> Action:
        return ToBrowser(own.session_updated(self._next_id(), self._shown()))

    def _error(self, message: str, param: str | None, caused_by: str | None, code: str = NoticeCode.NOT_ALLOWED) -> Action:
        return ToBrowser(own.error(self._next_id(), message, code=code, param=param, caused_by=caused_by))

    def _next_id(self) -> str:
        """An event id of ours. Clients' ids carry another prefix, so that the two can never be equal."""
        return f"askaloud_{next(self._counter)}"

    def _their_id(self, event: client.ClientEvent) -> str:
        """The id of a client's event on its way to the model: told apart also where a client gives none, or one twice."""
        return f"{_THEIRS}{next(self._counter)}.{event.event_id or ''}"


_THEIRS = "client_"


def _model(event_id: str, kind: str, **fields: Any) -> ToModel:
    return ToModel(own.encode({"type": kind, "event_id": event_id, **fields}))


def _pass(event: server.ServerEvent) -> list[Action]:
    return [ToBrowser(own.encode(event))]


def _hide(event: server.ServerEvent) -> list[Action]:
    return []

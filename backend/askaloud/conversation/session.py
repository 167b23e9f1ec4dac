"""What may pass between a browser and the model, and what happens next. It never waits and knows no clock.

Events go in (`browser_said`, `model_said`, `tool_finished`, `woke` …), actions come out, in order. The answers of the model are the
business of `answers.py`, the person's turns that of `turns.py`, the session's terms that of `agreement.py`; here is what is left: the
client's wishes, the gate before the model, errors, and the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, assert_never

from ..errors import Notice, ToolError
from ..tool import Outcome, Toolbox
from . import allowance, commands, refusal
from .actions import Action, Configure, End, Note, Sound, ToBrowser, ToModel, WakeMe
from .agreement import Agreement
from .allowance import Allowance
from .answers import Answers
from .events import client, own, server
from .events.objects import ErrorBody, StatusError
from .line import Line
from .notices import MODEL_HUNG_UP, MODEL_REFUSED_SESSION, TOO_FAST, TOO_LONG, setting_refused
from .patience import PATIENCE, Patience
from .policy import Policy
from .retold import retold
from .sequencer import NOT_ACTIVE
from .shortfall import Shortfall
from .teller import THEIRS, Identity, Teller
from .turns import Ears, Turns

UNKNOWN_KINDS_KEPT = 50
"""Names of unknown events that are counted one by one; a server that invents more is counted as `other`."""

HEARTBEAT = "heartbeat"
EXPIRED = "session_expired"
"""The service's error before it ends a session that has lasted long enough."""


class Session:
    """The rules of one conversation, and all that it remembers."""

    def __init__(self, policy: Policy, toolbox: Toolbox, identity: Identity, patience: Patience = PATIENCE) -> None:
        self.identity = identity
        self._patience = patience
        self.ended = False
        self.spoken_to = False
        """A client has said anything at all: somebody is there, or was."""
        self.unknown: Counter[str] = Counter()
        """Events of the model that we do not know, by name; for the log."""
        self._agreement = Agreement(policy, toolbox)
        self._teller = Teller(identity, self._agreement, patience)
        self._answers = Answers(toolbox, identity.caller, self._teller.next_id)
        self._line = Line(self._agreement, self._answers, patience, self._teller.next_id)
        self._shortfall = Shortfall(self._teller)
        self._turns = Turns(self._agreement, self._answers, self._line, self._teller, self._shortfall, patience.words_s)
        self._audio = Allowance.of(allowance.AUDIO_BURST_BYTES, allowance.AUDIO_REFILL_BYTES_PER_S)
        self._events = Allowance.of(allowance.EVENTS_BURST, allowance.EVENTS_REFILL_PER_S)
        self._hear = self._ears()
        self._told_too_long = False

    # the beginning and the end

    def begin(self) -> list[Action]:
        """A browser is here: tell it who it is talking to."""
        return [*self._teller.introduction(), WakeMe(HEARTBEAT, self._patience.heartbeat_s)]

    def resumed(self, token: str) -> list[Action]:
        """The browser is back, on another socket: tell it so, with a new token for its own; what it missed follows."""
        return [*self._teller.introduction(token), WakeMe(HEARTBEAT, self._patience.heartbeat_s)]

    @property
    def returnable(self) -> bool:
        """Whether the browser was given a way to come back."""
        return self._teller.resumable

    def admits(self, token: str) -> bool:
        """Whether whoever holds this may come back to the conversation."""
        return self._teller.ticket.fits(token)

    def end(self, code: int, reason: str, notice: Notice | None = None) -> list[Action]:
        """Say why, then goodbye. Once."""
        if self.ended:
            return []
        self.ended = True
        return [*([] if notice is None else self._teller.notify(notice)), End(code, reason)]

    def woke(self, name: str) -> list[Action]:
        """The time asked for with `WakeMe` is over."""
        if self.ended:
            return []
        if name == HEARTBEAT:
            return [self._teller.heartbeat(), WakeMe(HEARTBEAT, self._patience.heartbeat_s)]
        following = self._turns.woke(name)
        following = self._line.woke(name) if following is None else following
        if following is None:
            return self._over("the model did not answer", refusal.too_late(self._door))
        return following

    # the browser's side

    def browser_said(self, frame: str | bytes, now: float) -> list[Action]:
        """One frame of the client; `now` in seconds of a steady clock."""
        if self.ended:
            return []
        self.spoken_to = True
        self._teller.ticket.arrived()
        if not self._events.take(1, now):
            return self.end(1008, "too fast", TOO_FAST)
        try:
            event = client.decode(frame)
            if isinstance(event, client.Append):
                return self._append(event, now)
            return [*self._wish(event), *self._line.rest_later()]
        except client.Refused as refused:
            return [self._teller.error(refused.message, refused.param, refused.event_id)]

    def _append(self, event: client.Append, now: float) -> list[Action]:
        size = client.audio_bytes(event)
        if not self._audio.take(size, now):
            return self.end(1008, "too fast", TOO_FAST)
        if not size:
            return []  # some clients flush an empty buffer: there is nothing in it to be heard, kept, or refused
        following = self._line.sound(Sound(event.audio, size))
        if event.event_id is None or not following:
            return following
        *before, sound = following  # by name, so that an error of the model can be told to belong to it
        audio = sound.audio if isinstance(sound, Sound) else event.audio
        return [*before, commands.event(self._teller.their_id(event), "input_audio_buffer.append", audio=audio)]

    def _wish(self, event: client.AnyClientEvent) -> list[Action]:
        event_id = self._teller.their_id(event)
        match event:
            case client.SessionUpdate():
                return self._change(event, event_id)
            case client.ItemCreate():
                return self._turns.typed(event, event_id)
            case client.Truncate():
                return self._truncate(event, event_id)
            case client.Retrieve():
                return retold(event, self._teller.next_id(), self._answers.memory, self._answers.visible)
            case client.ResponseCreate():
                return self._turns.wanted(event, event_id)
            case client.ResponseCancel():
                stopped = self._turns.stopped(event_id)
                if stopped is None:
                    return [self._teller.error("There is no answer to stop.", None, event.event_id, code=NOT_ACTIVE)]
                return stopped
            case client.Commit():
                return self._turns.ended(event, event_id)
            case client.Clear():
                self._line.unheard.clear()
                return [*self._line.wanted(), commands.event(event_id, "input_audio_buffer.clear")]
            case client.Append():
                raise AssertionError("sound goes its own way")
            case _:
                assert_never(event)

    def _change(self, event: client.SessionUpdate, event_id: str) -> list[Action]:
        try:
            payload = self._agreement.change(event_id, event)
        except client.Refused as refused:
            return [self._teller.error(refused.message, refused.param, event.event_id)]
        if payload is not None:
            return [ToModel(payload)]
        return [self._teller.updated()]

    def _truncate(self, event: client.Truncate, event_id: str) -> list[Action]:
        sent = self._answers.visible.audio_ms(event.item_id)
        if sent is None:
            return [self._teller.error("No sound of such an item was sent.", "item_id", event.event_id)]
        self._turns.hushed()
        end = min(max(event.audio_end_ms, 0), sent)
        self._answers.memory.cut_short(event.item_id, end / max(sent, 1))
        if not self._line.carries(event.item_id):
            return []  # the model knows the words of an earlier line only
        return [commands.event(event_id, "conversation.item.truncate", item_id=event.item_id, content_index=0, audio_end_ms=end)]

    # the model's side

    def model_opened(self, now: float) -> list[Action]:
        """The socket to the model is open: instructions and tools go first. `now` in seconds since 1970."""
        return self._line.opened(now)

    def model_failed(self, notice: Notice) -> list[Action]:
        """The model could not be reached."""
        following = self._line.lost()
        return self.end(1011, "the model cannot be reached", notice) if following is None else following

    def model_closed(self, code: int | None = None, reason: str = "") -> list[Action]:
        """The model hung up, with this close code and reason: another line takes over, if that can help."""
        before_it_began = not self._agreement.settled
        notice = refusal.by_close(self._door, code, reason) if before_it_began else MODEL_HUNG_UP
        detail = refusal.detail(f"close-code-{code}")
        following = self._line.lost()
        if following is None or self.ended:
            return self._over("the model hung up", notice, detail)
        return [Note(f"the model hung up{detail}; the conversation goes on"), *following]

    def _over(self, reason: str, notice: Notice, detail: str = "") -> list[Action]:
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
        swallowed = self._turns.swallow(event)
        actions = self._hear[type(event)](event) if swallowed is None else swallowed
        if self._line.stirred:
            actions = [*actions, *self._line.rest_later()]
        return [*actions, *self._line.succeeded()] if self._line.due else actions

    def tool_finished(self, call_id: str, result: Outcome | ToolError) -> list[Action]:
        """A tool has ended, well or not."""
        return self._answers.tool_finished(call_id, result)

    def judged(self, key: int, verdict: bool | str | None) -> list[Action]:
        """A moderator has spoken about a message; None: it could not say."""
        return [] if self.ended else self._turns.judged(key, verdict)

    def _ears(self) -> Ears:
        """What is done with each event of the model. A test holds this table against the union."""
        answers = self._answers
        kinds: tuple[tuple[tuple[type, ...], Callable[[Any], list[Action]]], ...] = (
            (server.SAID, answers.words),
            (server.PASSED, _pass),
            (server.HIDDEN, _hide),
        )
        table: Ears = {kind: hear for group, hear in kinds for kind in group}
        return table | {
            server.SessionCreated: self._session_report,
            server.SessionUpdated: self._session_updated,
            server.ErrorEvent: self._refused,
            server.ResponseDone: self._done,
            server.RateLimits: self._limits,
            server.OutputItemAdded: answers.item_added,
            server.OutputItemDone: answers.item_done,
            **self._turns.ears(),
        }

    def _session_report(self, event: server.SessionCreated) -> list[Action]:
        return self._line.ends_at(event.session.expires_at)

    def _session_updated(self, event: server.SessionUpdated) -> list[Action]:
        if self._agreement.updated():
            late = [self._teller.updated()] if self._agreement.reported_late() else []
            return [*self._line.settled(), *late, *self._too_long()]
        return [self._teller.updated()]

    def _too_long(self) -> list[Action]:
        """The person hears once that a new line of the model does not know how it all began."""
        if self._told_too_long or not self._answers.memory.shortened:
            return []
        self._told_too_long = True
        return self._teller.notify(TOO_LONG)

    def _limits(self, event: server.RateLimits) -> list[Action]:
        self._shortfall.quota.heard(event.rate_limits)
        return _pass(event)

    def _done(self, event: server.ResponseDone) -> list[Action]:
        if event.response.conversation_id is not None:  # one beside the conversation answers nobody
            self._line.answered(wholly=event.response.status == "completed")
        heard = self._answers.visible.responses.get(event.response.id)
        return [*self._answers.done(event), *self._shortfall.answer(event.response, heard)]

    def _refused(self, event: server.ErrorEvent) -> list[Action]:
        """An error of the model: the client's own mistakes go back to it, ours become a notice without the service's words."""
        error, agreement = event.error, self._agreement
        if error.code == EXPIRED:
            return []  # it is about nothing that was asked: the line ends, and the next one is told what is owed
        if not agreement.settled and error.event_id in (None, agreement.asked):
            return self._first_refused(error)
        changed = error.event_id is not None and agreement.change_refused(error.event_id)
        ours = self._turns.refused(error)
        if ours is not None:
            return ours
        after: list[Action] = [*([self._teller.updated()] if changed else []), *self._turns.after_error()]
        harmless, following = self._answers.refused(error.event_id, error.code)
        if harmless or (error.code == NOT_ACTIVE and not (error.event_id or "").startswith(THEIRS)):
            return following
        if (error.event_id or "").startswith(THEIRS):
            return [self._teller.their_error(error), *after, *following]
        notice = self._shortfall.failed(StatusError(error.type, error.code))
        return [*self._teller.notify(notice, always=True), *following]

    def _first_refused(self, error: ErrorBody) -> list[Action]:
        """The model would not take the session: without a field that can be left out, or not at all."""
        detail = refusal.detail(error.code, error.param)
        fatal = refusal.by_error(self._door, error.code, error.param)
        setting = None if fatal else self._agreement.first_refused(error.param)
        if self.ended or fatal or setting is None:
            return self._over("the model refused the session", fatal or MODEL_REFUSED_SESSION, detail)
        notice = setting_refused(setting)
        return [Note(f"{notice.code}: {notice.message}{detail}"), *self._teller.notify(notice), self._configure()]

    def _configure(self) -> Action:
        return Configure(self._agreement.first_update(self._teller.next_id()))

    # words of our own

    @property
    def _door(self) -> str:
        return self.identity.doors.get("realtime", "")


def _pass(event: server.ServerEvent) -> list[Action]:
    return [ToBrowser(own.encode(event))]


def _hide(event: server.ServerEvent) -> list[Action]:
    return []

"""The person's turns, aloud and in writing: begun, ended, looked at by a moderator, let through or refused, and answered.

Decides when speech interrupts an answer (`interruption`), which messages may be answered (`scrutiny`), and when it is we who ask for the
answer. Never waits; `session.py` hands in the events and hands out the actions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import Notice
from . import commands
from .actions import Action, ToBrowser
from .agreement import Agreement
from .answers import Answers
from .events import client, own, server
from .events.objects import ErrorBody
from .forgotten import Forgotten
from .interruption import LISTENED, MEANT, Interruption
from .line import Is, Line
from .memory import item_id
from .notices import MESSAGE_UNCHECKED, message_refused
from .scrutiny import UNTOLD, Held, Scrutiny
from .sequencer import Wish
from .shortfall import Shortfall
from .teller import Teller
from .visible import Heard, shown

Ears = dict[type, Callable[[Any], list[Action]]]
"""What is done with each kind of event of the model."""


class Turns:
    """Owned by one conversation."""

    def __init__(self, agreement: Agreement, answers: Answers, line: Line, teller: Teller, shortfall: Shortfall, words_s: float) -> None:
        self._agreement = agreement
        self._answers = answers
        self._line = line
        self._teller = teller
        self._shortfall = shortfall
        self._moderated = agreement.policy.moderator is not None
        self._scrutiny = Scrutiny(agreement.policy.moderator, words_s)
        self._interruption = Interruption(agreement.policy.interrupt_after_ms)
        self._begun: list[Action] = []
        """What the client is told of speech that interrupts, as soon as that is decided."""
        self._forgotten = Forgotten(teller.next_id)
        self._doubted: str | None = None
        """What asked for an answer and was on its way when the model had the sound of what has been refused since."""
        line.parted = self._parted

    def ears(self) -> Ears:
        """What is done with the events that are about the person's turns."""
        table: Ears = dict.fromkeys(server.ITEMS, self._item)
        return table | {
            server.AudioDelta: self._sounded if self._agreement.policy.interrupt_after_ms else self._answers.audio,
            server.SpeechStarted: self._speech_started,
            server.SpeechStopped: self._speech_stopped,
            server.Cleared: self._cleared,
            server.Committed: self._committed,
            server.TranscriptionCompleted: self._written_down,
            server.TranscriptionFailed: self._not_written_down,
            server.ItemDeleted: self._deleted,
            server.ResponseCreated: self._response_created if self._moderated else self._answers.created,
            server.OutputItemAdded: self._item_begun if self._moderated else self._answers.item_added,
        }

    # the client's wishes

    def typed(self, event: client.ItemCreate, event_id: str) -> list[Action]:
        """Something in writing. It gets its id here, so that it is known when it comes back, on this line or the next."""
        message = event.item
        if message.id is not None and self._answers.memory.message(message.id) is not None:
            return [self._teller.error("There is an item of this id already.", "item.id", event.event_id)]
        opening = self._line.wanted()
        message.id = message.id or item_id()
        if not self._moderated:
            return [*opening, *self._write(message, event_id)]
        if self._scrutiny.full:
            return [*opening, *self._refuse(Held(-1, message.id, message, event_id, event.event_id))]
        judging = self._scrutiny.typed(message, event_id, event.event_id)
        self._answers.sequencer.held = True
        return [*opening, *judging]

    def wanted(self, event: client.ResponseCreate, event_id: str) -> list[Action]:
        """The client asks for an answer; to a message that is looked at it comes when that was let through."""
        opening = self._line.wanted()
        return opening if self._scrutiny.ask(event, event_id) else [*opening, *self._answers.wanted(event, event_id)]

    def ended(self, event: client.Commit, event_id: str) -> list[Action]:
        """The client ends a spoken turn."""
        waiting: list[Action] = []
        if self._moderated:
            if self._scrutiny.full:
                return self._told(MESSAGE_UNCHECKED, event.event_id)
            waiting = self._scrutiny.turn_ended(event_id, event.event_id)
            self._answers.sequencer.held = True
        return [*waiting, *self._line.committed(event_id)]

    def stopped(self, event_id: str) -> list[Action] | None:
        """The client wants quiet. None where there was nothing to stop."""
        looked_at = bool(self._scrutiny.waiting)
        self._scrutiny.unwanted()
        self._interruption.hushed()
        for heard in self._answers.visible.responses.values():
            heard.asked_again = False
        following = self._answers.stopped(event_id)
        return [] if following is None and looked_at else following

    def hushed(self) -> None:
        """The client has told how much it played of an answer, and plays no more of it."""
        self._interruption.hushed()

    # what was waited for

    def judged(self, key: int, verdict: bool | str | None) -> list[Action]:
        """A moderator's verdict on a message; None: it could not say."""
        self._scrutiny.judged(key, verdict)
        return self._settle()

    def woke(self, name: str) -> list[Action] | None:
        """A time is over. None: it was none of ours."""
        if name == MEANT:
            return self._meant()
        if name == LISTENED:
            return self._interruption.listened()
        if not name.startswith(UNTOLD):
            return None
        self._scrutiny.woke(name)
        return self._settle()

    def refused(self, error: ErrorBody) -> list[Action] | None:
        """An error of the model. None: it is not about a turn, or not only for us."""
        event_id = error.event_id or ""
        if self._line.refused(event_id):
            self._scrutiny.no_turn(event_id)
            return None
        return self._forgotten.refused(event_id)

    def after_error(self) -> list[Action]:
        """What can be let go of since the last error."""
        return self._settle() if self._moderated else []

    # the model's ears

    def swallow(self, event: server.ServerEvent) -> list[Action] | None:
        """What the model still says of what the client never hears of, as a cough. None: it is about something else."""
        item = getattr(event, "item", None)
        item_id = getattr(event, "item_id", None) if item is None else item.id
        if not self._forgotten.is_stray(item_id):
            return None
        if isinstance(event, server.ItemDeleted):
            self._forgotten.deleted(event.item_id)
        if isinstance(event, server.Committed | server.ItemAdded | server.ItemCreated):
            self._answers.visible.hide(item_id or "", event.previous_item_id)
        if isinstance(event, server.Committed):
            self._line.speech_over()
            self._doubt()
            return [self._forgotten.delete(event.item_id)]
        if isinstance(event, server.OutputItemDone):
            return [self._forgotten.delete(event.item.id)]
        return []

    def _parted(self) -> list[Action]:
        """The line is gone: what was to be forgotten on it is, and whoever spoke over an answer is heard again by the next one."""
        self._doubted = None
        undecided = self._interruption.decided()
        late = self._line.state is Is.DOWN and self._agreement.reported_late()  # at rest nobody else answers a change
        told = [*([] if undecided is None else self._gone_on(undecided)), *([self._teller.updated()] if late else [])]
        return [*told, *self._forgotten.lost()]

    def _speech_started(self, event: server.SpeechStarted) -> list[Action]:
        self._line.speech_started()
        begun = ToBrowser(own.encode(event), urgent=True)
        in_hand = self._answers.busy or self._interruption.ahead_ms > 0
        if self._agreement.careful and in_hand:
            self._begun = [begun]
            paused = ToBrowser(own.paused(self._teller.next_id(), event.item_id), own=True, urgent=True, fleeting=True)
            return [paused, self._interruption.begun(event.item_id, self._agreement.silence_ms)]
        interrupts = self._agreement.detection.get("interrupt_response", True)
        return [*(self._answers.speech_begun() if interrupts else []), begun]

    def _meant(self) -> list[Action]:
        """The speech over an answer has lasted: the answer is cancelled, and the client hears what it would have heard at its beginning."""
        if self._interruption.decided() is None:
            return []
        self._interruption.hushed()
        begun, self._begun = self._begun, []
        return [*self._answers.interrupted(), *begun]

    def _speech_stopped(self, event: server.SpeechStopped) -> list[Action]:
        if event.item_id == self._interruption.undecided:
            self._interruption.decided()
            self._forgotten.stray(event.item_id)
            return self._gone_on(event.item_id)
        return [ToBrowser(own.encode(event), urgent=True)]

    def _gone_on(self, item_id: str) -> list[Action]:
        self._begun = []
        return [ToBrowser(own.resumed(self._teller.next_id(), item_id), own=True, urgent=True)]

    def _sounded(self, event: server.AudioDelta) -> list[Action]:
        actions = self._answers.audio(event)
        return [*actions, *(self._interruption.sounded(sum(each.audio_ms for each in actions if isinstance(each, ToBrowser))))]

    def _cleared(self, event: server.Cleared) -> list[Action]:
        self._line.unheard.clear()
        undecided = self._interruption.decided()
        if undecided is not None:
            self._forgotten.stray(undecided)
        gone_on = [] if undecided is None else self._gone_on(undecided)
        return [*gone_on, ToBrowser(own.encode(event)), *self._answers.speech_over(answered_by_client=False)]

    def _committed(self, event: server.Committed) -> list[Action]:
        by_client = bool(self._line.commits) and bool(self._line.commits.popleft())
        meant = self._meant()  # the client ended a turn of which nobody knew yet whether it was one
        self._answers.new_turn(event.item_id)
        event.previous_item_id = self._answers.visible.before(event.previous_item_id)
        self._answers.memory.spoken(event.item_id, self._line.speech_over())
        told = [*meant, ToBrowser(own.encode(event), urgent=True)]
        of_itself = self._agreement.answers_of_itself
        asks = of_itself and not by_client
        answered_by_client = bool(self._agreement.detection) and not of_itself
        if not self._agreement.asks:
            beside = asks and self._answers.sequencer.active is not None  # the service begins no answer beside another
            self._answers.due = asks and not beside
            following = self._answers.speech_over(answered_by_client=answered_by_client or beside)
            return [*told, *following, *(self._ask() if beside else [])]
        following = self._answers.speech_over(answered_by_client=asks or answered_by_client or self._moderated)
        if self._moderated:
            self._answers.sequencer.held = True
            following += self._scrutiny.spoken(event.item_id, of_itself=asks, written_down=self._agreement.written_down)
            return [*told, *following, *self._settle()]
        return [*told, *following, *(self._ask() if asks else [])]

    def _ask(self) -> list[Action]:
        return self._answers.create(self._answers.sequencer.want(Wish(self._teller.next_id(), {}, of_itself=True)))

    def _item(self, event: server.ItemAdded | server.ItemCreated | server.ItemDone) -> list[Action]:
        item = event.item
        if not shown(item):
            self._answers.visible.hide(item.id, event.previous_item_id)
            return []
        if item.id in self._line.again:
            return []  # the client has seen it on an earlier line
        self._answers.memory.appeared(item.id)
        if item.role == "user" and not isinstance(event, server.ItemDone):  # that of an earlier turn may come late
            self._answers.new_turn(item.id)
        event.previous_item_id = self._answers.visible.before(event.previous_item_id)
        return [*(self._answers.assistant_item() if item.role == "assistant" else []), ToBrowser(own.encode(event))]

    def _written_down(self, event: server.TranscriptionCompleted) -> list[Action]:
        self._answers.memory.written_down(event.item_id, event.transcript)
        judging = self._scrutiny.words(event.item_id, event.transcript)
        return [ToBrowser(own.encode(event)), *judging, *self._settle()]

    def _not_written_down(self, event: server.TranscriptionFailed) -> list[Action]:
        unwritten = self._shortfall.unwritten(event.error)
        return [ToBrowser(own.encode(event)), *unwritten, *self._scrutiny.words(event.item_id, ""), *self._settle()]

    def _deleted(self, event: server.ItemDeleted) -> list[Action]:
        self._answers.memory.forget(event.item_id)
        self._forgotten.deleted(event.item_id)
        return [ToBrowser(own.encode(event))]

    # what nobody has let through

    def _doubt(self) -> None:
        """The model may answer what it is to forget: it is asked for an answer already, and has not begun it as far as we have heard."""
        asked = self._answers.sequencer.on_its_way
        self._doubted = self._doubted if asked is None else asked.event_id

    def _response_created(self, event: server.ResponseCreated) -> list[Action]:
        """A response to a message that nobody has let through is cancelled unheard, whoever has asked for it."""
        actions = self._answers.created(event)
        heard, asked = self._answers.visible.responses.get(event.response.id), self._answers.sequencer.perhaps_begun
        doubted = asked is not None and asked.event_id == self._doubted
        if heard is None or not (doubted or self._scrutiny.untold):
            return actions
        self._doubted, heard.too_soon = None, True
        if heard.interrupted:
            return actions  # it is cancelled already, and nobody waits for it any more
        heard.interrupted = True
        heard.asked_again = self._answers.sequencer.begun_too_soon()
        return [*actions, commands.cancel(self._teller.next_id(), event.response.id)]

    def _item_begun(self, event: server.OutputItemAdded) -> list[Action]:
        heard: Heard | None = self._answers.visible.responses.get(event.response_id)
        if heard is None or not heard.too_soon or not shown(event.item):
            return self._answers.item_added(event)
        self._forgotten.stray(event.item.id)
        return []

    # verdicts

    def _settle(self) -> list[Action]:
        """Act upon what is known by now; when nothing is looked at any more, what waits may be answered."""
        if not self._answers.sequencer.held:
            return []
        actions: list[Action] = []
        for held in self._scrutiny.settled():
            actions += self._let_through(held) if held.verdict is True else self._refuse(held)
        if not self._scrutiny.waiting:
            actions += self._answers.create(self._answers.sequencer.released())
        return actions

    def _let_through(self, held: Held) -> list[Action]:
        actions: list[Action] = []
        if held.typed is not None:
            actions += [*self._line.wanted(), *self._write(held.typed, held.event_id)]
        elif held.answered_of_itself:
            actions += self._ask()
        for wish, event_id in held.asks:
            actions += self._answers.wanted(wish, event_id)
        return actions

    def _write(self, message: client.UserMessage, event_id: str) -> list[Action]:
        self._answers.memory.typed(message.id or "", [part.text for part in message.content])
        return [commands.event(event_id, "conversation.item.create", item=message)]

    def _refuse(self, held: Held) -> list[Action]:
        """It was never said: the model forgets it, or never hears of it; nothing that was asked for after it is answered."""
        self._scrutiny.refused(held)
        verdict = held.verdict
        notice = MESSAGE_UNCHECKED if verdict is None else message_refused(verdict if isinstance(verdict, str) else "")
        gone: list[Action] = []
        if held.item_id is not None and held.typed is not None:
            gone = [self._forgotten.taken_back(held.item_id)]
        elif held.item_id is not None:
            self._answers.memory.forget(held.item_id)
            self._doubt()
            gone = [self._forgotten.delete(held.item_id)]
        return [*gone, *self._told(notice, held.caused_by)]

    def _told(self, notice: Notice, caused_by: str | None) -> list[Action]:
        if self._teller.has_own_events:
            return self._teller.notify(notice)
        return [self._teller.error(notice.message, None, caused_by, code=notice.code)]

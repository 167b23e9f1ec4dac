"""The line to the model under one conversation: opened by the first word, resting when nobody speaks, replaced when it is lost or ends.

Decides when there is a line and what is told first on a new one; what is said on it is the business of `session.py` and `answers.py`.
Pure: the relay opens and closes what is decided here. The conversation, its page and the numbering of its sources outlive every line.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from . import commands, loss
from .actions import Action, CloseModel, Configure, OpenGate, OpenModel, Sound, ToModel, WakeMe
from .agreement import Agreement
from .answers import Answers
from .patience import Patience
from .unheard import Unheard, glance, loud

TAKE_OVER_SHARE, TAKE_OVER_MAX_S = 0.1, 120.0
"""How long before the end of a line its successor is sought at a quiet moment: a tenth of its life, at most two minutes."""
FORCE_SHARE, FORCE_MAX_S = 0.02, 15.0
"""When no quiet moment has come by then, it is replaced all the same: the service gives no warning and would cut in anywhere."""
COMMITS_KEPT = 16
"""A client ends one turn at a time; a script a few."""
LIFE_MAX_S = 24 * 3600.0
"""An end further away than a day is no end but another clock."""

SETUP = "setup"
REST = "rest"
TAKE_OVER = "take over"
FORCE = "take over now"
TIMES = (SETUP, REST, TAKE_OVER, FORCE)
"""What is waited for on one line, and means nothing on the next."""


class Is(Enum):
    """What there is of a line."""

    DOWN = "down"
    """None: nothing was said yet, or nothing for a long time."""
    COMING = "coming"
    UP = "up"


@dataclass(slots=True)
class Line:
    """Owned by one conversation."""

    agreement: Agreement
    answers: Answers
    patience: Patience
    next_id: Callable[[], str]
    unheard: Unheard = field(default_factory=Unheard)
    state: Is = Is.DOWN
    due: bool = False
    """Its end is near: the next quiet moment is for its successor."""
    stirred: bool = False
    """Something was said, and the silence after which it rests is not counted from there yet."""
    again: set[str] = field(default_factory=set)
    """Items that the client has seen and that come again from a new line."""
    commits: deque[str] = field(default_factory=lambda: deque(maxlen=COMMITS_KEPT))
    """Ends of turns that the client has sent and the model has not confirmed: the ids of the events."""
    parted: Callable[[], list[Action]] = list
    """What the client is to hear when a line is gone, besides the ends of its answers."""
    _by_client: bool = False
    """The turn that goes on is the client's to end."""
    _been_up: bool = False
    _lost: int = 0
    """Lines lost in a row, without an answer in between."""
    _opened_at: float | None = None
    _end: tuple[float | None] | None = None
    """When the service says that it ends this line, once it has said so. That may be heard before we know that the line is open."""
    _first: list[bytes] = field(default_factory=list)
    """What a new line is told before anything else."""

    # words on their way

    def wanted(self) -> list[Action]:
        """Something is to be said to the model: the line is opened if there is none."""
        self.stirred = True
        if self.state is not Is.DOWN:
            return []
        self.state, self.unheard.waiting = Is.COMING, True
        self._first = self._retold()
        return [OpenModel()]

    def sound(self, sound: Sound) -> list[Action]:
        """Sound for the model. At rest a quiet room opens no line; the second before the waking word goes along with it."""
        if not self.agreement.detection:
            self.unheard.speaking = self._by_client = True  # the client ends its turns itself: all of this one is kept
        elif self._by_client:
            self.unheard.speaking = self._by_client = False  # from now on it is for the model to say that somebody speaks
        if self.state is Is.UP and not self.unheard.speaking and glance(sound):
            self.unheard.stirred()
        self.unheard.add(sound)
        if self.state is not Is.DOWN:
            return [sound]
        if self._been_up and not loud(sound):
            return []
        whole = self.unheard.sound() or sound.audio
        return [*self.wanted(), Sound(whole, self.unheard.size)]

    def committed(self, event_id: str) -> list[Action]:
        """The client ends its turn. At rest, what was too quiet to open a line is said after all."""
        self.commits.append(event_id)
        self.unheard.ended = self.unheard.size > 0
        whole = self.unheard.sound() if self.state is Is.DOWN else None
        return [*self.wanted(), *([Sound(whole, self.unheard.size)] if whole else []), commands.commit(event_id)]

    def refused(self, event_id: str) -> bool:
        """Whether this error is about the end of a turn: the model made none of it."""
        if event_id not in self.commits:
            return False
        self.commits.remove(event_id)
        self.unheard.ended = self.unheard.ended and bool(self.commits)
        return True

    def speech_started(self) -> None:
        """The model hears somebody."""
        self.stirred, self._by_client = True, False
        self.unheard.begun()

    def speech_over(self) -> str | None:
        """The model has made a turn of it. The sound of that turn, as base64; None where there was none."""
        self.stirred = True
        return self.unheard.taken()

    def carries(self, item_id: str) -> bool:
        """Whether an item of the assistant was said on this line."""
        return self.state is Is.UP and item_id in self.answers.visible.here

    # its life

    def opened(self, now: float) -> list[Action]:
        """The socket is open: instructions and tools go first. `now` in seconds since 1970."""
        self._opened_at = now
        return [Configure(self.agreement.first_update(self.next_id())), WakeMe(SETUP, self.patience.setup_s), *self._succession()]

    def ends_at(self, expires_at: float | None) -> list[Action]:
        """When the service will end this line, in seconds since 1970; None: it does not say."""
        self._end = (expires_at,)
        return self._succession()

    def _succession(self) -> list[Action]:
        """When the next line is to be sought, once both its beginning and its end are known."""
        if self._opened_at is None or self._end is None:
            return []
        life = self.patience.model_session_s if self._end[0] is None else self._end[0] - self._opened_at
        if not 0 < life < LIFE_MAX_S:
            life = self.patience.model_session_s
        soon = life - min(life * TAKE_OVER_SHARE, TAKE_OVER_MAX_S)
        late = life - min(life * FORCE_SHARE, FORCE_MAX_S)
        return [WakeMe(TAKE_OVER, soon), WakeMe(FORCE, late)]

    def settled(self) -> list[Action]:
        """It has taken instructions and tools: what it must know goes first, then what waited."""
        self.state, self._been_up, self.stirred = Is.UP, True, False
        self.unheard.waiting = False
        first, self._first = self._first, []
        return [*(Configure(payload) for payload in first), OpenGate(), WakeMe(REST, self.patience.rest_s)]

    def answered(self, *, wholly: bool) -> None:
        """An answer has ended. One that was given wholly: whatever goes wrong later is another story."""
        self._lost = 0 if wholly else self._lost
        self.stirred = True

    def lost(self) -> list[Action] | None:
        """The line is gone. None: it is given up, or was never there."""
        if not self._been_up or self._lost >= len(self.patience.reopen_s):
            return None
        if self.state is Is.UP and self.quiet and not self.unheard.untold:
            return self._rest()
        pause, self._lost = self.patience.reopen_s[self._lost], self._lost + 1
        return self._replaced(pause)

    def woke(self, name: str) -> list[Action] | None:
        """A time is over. None: this line never came to be, and nothing more is to be tried."""
        if name == SETUP and self.state is Is.COMING:
            return self.lost()
        if self.state is not Is.UP:
            return []
        if name == REST:
            return self._look()
        if name == TAKE_OVER:
            self.due = True
            return self.succeeded()
        return self._replaced(0.0) if name == FORCE else []

    def rest_later(self) -> list[Action]:
        """If something was said, the silence after which it rests is counted from here."""
        stirred, self.stirred = self.stirred and self.state is Is.UP, False
        return [WakeMe(REST, self.patience.rest_s)] if stirred else []

    def succeeded(self) -> list[Action]:
        """Its successor takes over, if it is due and the moment is quiet."""
        if not self.due or self.state is not Is.UP or not self.quiet:
            return []
        return self._replaced(0.0)

    @property
    def quiet(self) -> bool:
        """Nobody speaks, no answer is being given or looked up."""
        return not (self.unheard.speaking or self.unheard.ended or self.answers.busy)

    def _look(self) -> list[Action]:
        """Nothing has stirred for long enough to rest, unless something still goes on."""
        self.answers.due = False  # after so long the answer that was to come of itself will not
        return self._rest() if self.quiet else [WakeMe(REST, self.patience.rest_s)]

    def _rest(self) -> list[Action]:
        self._hung_up(Is.DOWN)
        self.agreement.begin_again()
        loss.lost(self.answers)
        self.unheard.clear()
        self.commits.clear()
        return [CloseModel(), *self.parted()]

    def _hung_up(self, now: Is) -> None:
        self.state, self.due = now, False
        self._opened_at = self._end = None

    def _replaced(self, pause: float) -> list[Action]:
        """A new line takes over: told what the old one knew, asked for what it owed."""
        self._hung_up(Is.COMING)
        self.agreement.begin_again()
        following = loss.lost(self.answers)
        self._first = self._retold()
        heard_by_nobody = self.unheard.speaking or self.unheard.ended or self.unheard.waiting or self.unheard.untold
        if heard_by_nobody and (sound := self.unheard.sound()):
            self._first.append(commands.sound(self.next_id(), sound).payload)
        self._first += [commands.commit(event_id).payload for event_id in self.commits]
        self._first += [action.payload for action in following if isinstance(action, ToModel)]
        self.unheard.waiting = True
        shown = [action for action in following if not isinstance(action, ToModel)]
        return [CloseModel(), *shown, *self.parted(), OpenModel(pause)]

    def _retold(self) -> list[bytes]:
        items, self.again = self.answers.memory.replay()
        return [commands.create_item(self.next_id(), item).payload for item in items]

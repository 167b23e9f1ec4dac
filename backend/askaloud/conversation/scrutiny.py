"""Messages that wait for a moderator's verdict, in the order in which they were said, each with the answers that were asked for after it.

A typed message waits here before the model gets it; of a spoken one the model has the sound, and the words are waited for. Pure: it says
what is to be judged and what has been; what then happens is decided in `turns.py`.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from .actions import Action, Judge, WakeMe
from .events import client
from .policy import Moderator

WAITING_MAX = 16
"""Messages that may wait at once: a person has one or two, a script a few. One more is refused unheard."""
ASKS_MAX = 8
"""Answers that may be asked for after one message; they become one."""
UNTOLD = "words to judge "
"""What is waited for by this name, and the number of a place: the words of a spoken message."""


@dataclass(slots=True)
class Held:
    """One message that waits."""

    key: int
    item_id: str | None = None
    """None: the client has ended its turn, and the model has not said which item that made."""
    typed: client.UserMessage | None = None
    event_id: str = ""
    """The client's event on its way to the model: the typed message, or the end of the turn."""
    caused_by: str | None = None
    """The same as the client calls it."""
    answered_of_itself: bool = False
    """Voice detection ended the turn, so an answer is due without anybody's asking."""
    asks: list[tuple[client.ResponseCreate, str]] = field(default_factory=list)
    """What the client asked for after it, and the event's id."""
    judging: bool = False
    settled: bool = False
    verdict: bool | str | None = None
    """True: it may be answered. False or a reason: it may not. None: nobody could say."""


@dataclass(slots=True)
class Scrutiny:
    """Owned by one conversation."""

    moderator: Moderator | None
    words_s: float
    waiting: deque[Held] = field(default_factory=deque)
    _unasked: bool = False
    """What was written last was refused before an answer to it was asked for: a client asks at once, and a verdict may be quicker."""
    _keys: Iterator[int] = field(default_factory=itertools.count)

    @property
    def full(self) -> bool:
        """No more can wait."""
        return len(self.waiting) >= WAITING_MAX

    @property
    def untold(self) -> bool:
        """The model has the sound of a message that was not let through (yet): what it begins now may be an answer to that."""
        return any(held.typed is None and held.item_id is not None for held in self.waiting)

    def typed(self, message: client.UserMessage, event_id: str, caused_by: str | None) -> list[Action]:
        """Somebody wrote this. One that waits already was sent again after a break of the network."""
        if any(held.item_id == message.id for held in self.waiting):
            return []
        held = self._hold(Held(next(self._keys), message.id, message, event_id, caused_by))
        return self._judge(held, "\n".join(part.text for part in message.content))

    def turn_ended(self, event_id: str, caused_by: str | None) -> list[Action]:
        """The client ends a spoken turn; what it asks for from now on belongs to that."""
        return self._awaits_words(self._hold(Held(next(self._keys), event_id=event_id, caused_by=caused_by)))

    def spoken(self, item_id: str, *, of_itself: bool, written_down: bool) -> list[Action]:
        """The model has made a turn of what was said. Its words follow, or nobody writes them down."""
        held = next((each for each in self.waiting if each.item_id is None and each.verdict is not True), None)
        if held is None:
            held = self._hold(Held(next(self._keys), answered_of_itself=of_itself))
        held.item_id = item_id
        held.settled = held.settled or not written_down
        return self._awaits_words(held)

    def no_turn(self, event_id: str) -> None:
        """The model made no turn of what the client ended: there is nothing to be judged."""
        for held in self.waiting:
            if held.event_id == event_id and held.item_id is None:
                held.settled = held.verdict = True

    def words(self, item_id: str, words: str) -> list[Action]:
        """The words of a spoken message; none were understood where they are empty."""
        held = next((each for each in self.waiting if each.item_id == item_id and each.typed is None), None)
        if held is None or held.judging:
            return []
        if not words.strip():
            held.settled = True
            return []
        return self._judge(held, words)

    def ask(self, wish: client.ResponseCreate, event_id: str) -> bool:
        """The client wants an answer. Whether that belongs to a message that waits, or to one that was refused a moment ago."""
        if self._unasked:
            self._unasked = False
            return True
        if self.waiting and len(self.waiting[-1].asks) < ASKS_MAX:
            self.waiting[-1].asks.append((wish, event_id))
        return bool(self.waiting)

    def unwanted(self) -> None:
        """The person wants quiet: no message that waits is to be answered any more."""
        for held in self.waiting:
            held.asks.clear()
            held.answered_of_itself = False

    def woke(self, name: str) -> None:
        """The words of a message were waited for for long enough."""
        for held in self.waiting:
            if _place(held) == name and not held.judging:
                held.settled = True

    def refused(self, held: Held) -> None:
        """It is not answered, whether that was asked for by now or not."""
        self._unasked = held.typed is not None and not held.asks and not self.waiting

    def judged(self, key: int, verdict: bool | str | None) -> None:
        """The moderator has spoken."""
        for held in self.waiting:
            if held.key == key:
                held.settled, held.verdict = True, verdict

    def settled(self) -> Iterator[Held]:
        """Take those out, oldest first, about which all is known; none before one that was said earlier."""
        while self.waiting and self.waiting[0].settled:
            yield self.waiting.popleft()

    def _hold(self, held: Held) -> Held:
        held.settled, self._unasked = self.full, False
        self.waiting.append(held)
        return held

    def _awaits_words(self, held: Held) -> list[Action]:
        return [] if held.settled else [WakeMe(_place(held), self.words_s)]

    def _judge(self, held: Held, words: str) -> list[Action]:
        if self.moderator is None or held.settled:
            return []
        held.judging = True
        return [Judge(self.moderator, held.key, words)]


def _place(held: Held) -> str:
    return f"{UNTOLD}{held.key % WAITING_MAX}"

"""What lies before a moderator in one conversation, as the outside sees it: in the order in which it was said, with who waits for it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from askaloud.conversation.actions import Judge


@dataclass
class Demand:
    """Somebody waits for an answer since `at`; the first response that was asked for later serves."""

    at: int
    why: str


@dataclass
class Message:
    """Something that was said and is looked at."""

    item_id: str | None
    words: str = ""
    commit: str | None = None
    """The client's end of the turn, of which the model may yet make an item."""
    demands: list[Demand] = field(default_factory=list)
    through: bool | None = None


@dataclass
class Desk:
    """One moderator's."""

    waiting: deque[Message] = field(default_factory=deque)
    judges: list[Judge] = field(default_factory=list)
    """What it was asked and has not answered."""
    timers: dict[str, Message] = field(default_factory=dict)
    """Whose words are waited for, by the name of the timer."""
    allowed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    last: Message | None = None
    """What was laid here last, or got its item."""

    def lay(self, message: Message) -> None:
        self.last = message
        self.waiting.append(message)

    def committed(self, item_id: str, demands: list[Demand]) -> None:
        """The model has made a turn of what was said."""
        self.last = next((each for each in self.waiting if each.item_id is None and each.through is not True), None)
        if self.last is None:
            self.lay(Message(item_id, demands=demands))
        assert self.last
        self.last.item_id, self.last.words = item_id, words_of(item_id)

    def of(self, *, item_id: str | None = None, words: str | None = None, commit: str | None = None) -> Message | None:
        for each in self.waiting:
            if item_id is not None and each.item_id == item_id:
                return each
            if words is not None and each.words == words:
                return each
            if commit is not None and each.commit == commit and each.item_id is None:
                return each
        return None

    def is_judged(self, message: Message) -> bool:
        return any(judge.words == message.words for judge in self.judges)

    def decide(self, message: Message | None, *, through: bool) -> list[Message]:
        """All that is known now about what was said first. Those that may be answered, in order."""
        free: list[Message] = []
        if message is not None and (message.through is None or through):
            message.through = through
        while self.waiting and self.waiting[0].through is not None:
            first = self.waiting.popleft()
            if first.item_id is not None:
                (self.allowed if first.through else self.refused).add(first.item_id)
            free += [first] if first.through else []
        return free


def words_of(item_id: str) -> str:
    """What was understood of a spoken turn."""
    return f"The words of {item_id}"

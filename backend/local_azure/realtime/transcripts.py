"""Which words are still being recognised, and what the client is told of them: `conversation.item.input_audio_transcription.*`.

The mind needs the words of every audio; the client is told only where the session asks for transcription. Knows audio by its part and
not by its item's id, which a client may give again to another item.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from .actions import WriteDown
from .desk import Desk
from .items import Item, Part
from .parts import PartUnavailable


@dataclass(frozen=True, slots=True)
class _Sound:
    index: int
    part: Part
    pcm: bytes


@dataclass(slots=True)
class _Awaited:
    """An item's audio that is still to be written down, part by part; the first is with the recogniser."""

    item_id: str
    sounds: deque[_Sound]
    reported: bool

    def has(self, part: Part) -> bool:
        return any(sound.part is part for sound in self.sounds)


class Transcripts:
    """The recogniser's open work for one conversation: one order for each item, one part of it at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._orders = count(1)
        self._awaited: dict[int, _Awaited] = {}

    def need(self, items: Iterable[Item], *, reported: bool = False) -> None:
        """Have the audio of these items written down, every part that nobody has written down or is about to."""
        for item in items:
            sounds = deque(_Sound(index, part, part.audio) for index, part in enumerate(item.content) if part.audio and self._lacks(part))
            if sounds:
                order = next(self._orders)
                self._awaited[order] = _Awaited(item.id, sounds, reported)
                self._ask(order)

    def _lacks(self, part: Part) -> bool:
        return part.kind == "input_audio" and part.words is None and not any(awaited.has(part) for awaited in self._awaited.values())

    def _ask(self, order: int) -> None:
        sound = self._awaited[order].sounds[0]
        sound.part.unheard = ""
        self._desk.ask(WriteDown(order, sound.pcm))

    def forget(self, item: Item) -> None:
        """The item was deleted: tell the client no more of it. A response that was given it still gets its words."""
        for awaited in self._awaited.values():
            if any(awaited.has(part) for part in item.content):
                awaited.reported = False

    def came(self, order: int, words: str) -> None:
        """The recogniser's words for what it was given with this order."""
        awaited = self._awaited[order]
        sound = awaited.sounds.popleft()
        sound.part.words = words
        if awaited.reported:
            self._tell(awaited.item_id, sound, words)
        self._go_on(order)

    def _tell(self, item_id: str, sound: _Sound, words: str) -> None:
        where = {"item_id": item_id, "content_index": sound.index}
        if words:
            self._desk.send("conversation.item.input_audio_transcription.delta", **where, delta=words)
        self._desk.send(
            "conversation.item.input_audio_transcription.completed",
            **where,
            transcript=words,
            usage={"type": "duration", "seconds": sound.part.audio_ms / 1000},
        )

    def failed(self, order: int, message: str) -> None:
        """The recogniser's excuse for what it was given with this order."""
        awaited = self._awaited[order]
        sound = awaited.sounds.popleft()
        sound.part.unheard = message
        if awaited.reported:
            where = {"item_id": awaited.item_id, "content_index": sound.index}
            error = {"type": "server_error", "code": "part_unavailable", "message": message, "param": None}
            self._desk.send("conversation.item.input_audio_transcription.failed", **where, error=error)
        self._go_on(order)

    def _go_on(self, order: int) -> None:
        if self._awaited[order].sounds:
            self._ask(order)
        else:
            del self._awaited[order]

    def missing(self, context: Sequence[Item]) -> set[int]:
        """The orders whose words are still to come for these items."""
        parts = [part for item in context for part in item.content]
        return {order for order, awaited in self._awaited.items() if any(awaited.has(part) for part in parts)}

    def check(self, context: Sequence[Item]) -> None:
        """Raise `PartUnavailable` where the last thing that somebody said could not be recognised."""
        last = next((item for item in reversed(context) if item.kind == "message" and item.role == "user"), None)
        for part in last.content if last is not None else ():
            if part.unheard:
                raise PartUnavailable(part.unheard)

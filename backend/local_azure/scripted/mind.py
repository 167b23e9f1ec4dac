"""Follows a script in the place of thinking: each conversation has a place in it, and every response takes the next part.

Decides which part a response takes; what the steps do to the wire is the protocol's affair.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ..realtime.parts import Called, ConversationId, Moment, Returned, Said, Thought
from .script import Part, Script
from .steps import AwaitOutputs, Wait

_NOTHING = Part(())


@dataclass(slots=True)
class _Place:
    turn: int = -1
    part: int = 0
    heard: int = -1
    """How many messages of the person there were when the turn began."""


class ScriptedMind:
    """A `Mind`. A turn begins with the first response, and with each that finds that the person has said something since the last."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._places: WeakKeyDictionary[ConversationId, _Place] = WeakKeyDictionary()
        """As many as there are conversations: a place goes with its conversation."""

    @property
    def places(self) -> int:
        """How many conversations it remembers."""
        return len(self._places)

    async def think(self, moment: Moment) -> AsyncIterator[Thought]:
        """The next part of the script. What a cancelled response had left of its part is not made up for."""
        for step in self._next(moment).steps:
            if isinstance(step, Wait):
                await asyncio.sleep(step.ms / 1000)
            elif not isinstance(step, AwaitOutputs):
                yield step

    def _next(self, moment: Moment) -> Part:
        """The part that this response takes; nothing where the turn has none left, or its tools have not answered."""
        if moment.conversation is None:
            return self._script.beside[0]
        place = self._place(moment.conversation, moment.turn)
        turns = self._script.turns
        parts = turns[place.turn] if place.turn < len(turns) else self._script.further
        if place.part >= len(parts) or (parts[place.part].after_outputs and not _answered(moment)):
            return _NOTHING
        place.part += 1
        return parts[place.part - 1]

    def _place(self, conversation: ConversationId, turn: int) -> _Place:
        place = self._places.setdefault(conversation, _Place())
        if turn != place.heard:
            place.turn, place.part, place.heard = place.turn + 1, 0, turn
        return place


def _answered(moment: Moment) -> bool:
    """Whether every call since the person last spoke has its output."""
    called: set[str] = set()
    returned: set[str] = set()
    for item in moment.items:
        if isinstance(item, Said) and item.role == "user":
            called.clear()
        elif isinstance(item, Called):
            called.add(item.call_id)
        elif isinstance(item, Returned):
            returned.add(item.call_id)
    return called <= returned

"""What the client sees of the model's doings: function calls hidden, their gaps closed, their cost added to the answer.

A response that holds only function calls is not the client's: its beginning is held back until its first visible item. Pure.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import msgspec

from .events.objects import Item, Response
from .events.server import ResponseCreated, ResponseDone

HIDDEN_KEPT = 1_000
"""Hidden items whose neighbours are remembered: more than an hour of conversation makes."""
AUDIO_ITEMS_KEPT = 200
"""Answers whose length is remembered, for truncation: only the last one or two are ever truncated."""
BYTES_PER_MS = 48
"""PCM16 at 24 kHz."""
QUOTES = 2
PAD = ord("=")


def sound_bytes(text: memoryview) -> int:
    """How many bytes a JSON string of base64 stands for, its quotes and padding taken off."""
    padding = sum(text[at] == PAD for at in (-2, -3)) if len(text) > QUOTES else 0
    return (len(text) - QUOTES) * 3 // 4 - padding


def shown(item: Item) -> bool:
    """Messages are shown; calls, their outputs and whatever else a server may invent are not."""
    return item.type == "message" and item.role != "system"


@dataclass(slots=True)
class Heard:
    """One response that goes on: what the client knows of it and what it has said."""

    created: ResponseCreated | None
    """Held back until the first visible item; None once sent."""
    item_id: str | None = None
    calls: bool = False
    words: list[str] = field(default_factory=list)
    speaking: bool = False
    """A message goes on: not all of its words have come."""
    final: bool = False
    """It was asked for without tools."""
    interrupted: bool = False
    """The person spoke over it: what still arrives of it is dropped."""
    too_soon: bool = False
    """It answers what nobody has let through: the client hears not a word of it."""
    asked_again: bool = False
    """And another will be given in its place, so the client never hears that there was this one."""


@dataclass(slots=True)
class Visible:
    """The client's view of one conversation."""

    responses: dict[str, Heard] = field(default_factory=dict)
    owed: dict[str, Any] = field(default_factory=dict)
    """Usage of responses that the client never saw."""
    unseen: tuple[ResponseCreated, ResponseDone] | None = None
    """The last response that was kept from the client because an answer was to come; told after all if none comes."""
    _stand_in: OrderedDict[str, str | None] = field(default_factory=OrderedDict)
    _audio: OrderedDict[str, int] = field(default_factory=OrderedDict)
    here: set[str] = field(default_factory=set)
    """Those of these items that were said on the line there is: an earlier one's are known to it as words, or not at all."""

    def hide(self, item_id: str, previous: str | None) -> None:
        """Remember who stands before a hidden item, so that what follows can point there."""
        self._stand_in[item_id] = self.before(previous)
        if len(self._stand_in) > HIDDEN_KEPT:
            self._stand_in.popitem(last=False)

    def before(self, previous: str | None) -> str | None:
        """The nearest visible item at or before `previous`."""
        return self._stand_in.get(previous, previous) if previous is not None else None

    def played(self, item_id: str, size: int) -> None:
        """So many more bytes of sound of this item went to the client."""
        self._audio[item_id] = self._audio.get(item_id, 0) + size
        self.here.add(item_id)
        if len(self._audio) > AUDIO_ITEMS_KEPT:
            self.here.discard(self._audio.popitem(last=False)[0])

    def audio_ms(self, item_id: str) -> int | None:
        """How much sound of this item was sent; None for an item without any."""
        size = self._audio.get(item_id)
        return None if size is None else size // BYTES_PER_MS

    def done(self, event: ResponseDone, heard: Heard) -> ResponseDone | None:
        """The end of a response as the client sees it; None if it shall never know: only calls, and an answer is to come."""
        response = event.response
        if heard.asked_again:
            self.owed = _sum(self.owed, response.usage or {})
            return None
        if heard.created is not None and heard.calls and response.status == "completed":
            self.owed = _sum(self.owed, response.usage or {})
            self.unseen = (heard.created, event)
            return None
        usage = _sum(self.owed, response.usage) if response.usage else response.usage
        if response.usage:
            self.owed = {}
        self.unseen = None
        visible = [item for item in response.output if shown(item) and not heard.too_soon]
        return ResponseDone(event_id=event.event_id, response=_with(response, visible, usage))

    def given_up(self, status: str) -> list[ResponseCreated | ResponseDone]:
        """No answer will follow the calls that the client never saw: it gets to know their response, as one that ended like this."""
        if self.unseen is None:
            return []
        (created, done), self.unseen = self.unseen, None
        response = msgspec.structs.replace(done.response, status=status, output=[], usage=self.owed or None)
        self.owed = {}
        return [created, ResponseDone(event_id=done.event_id, response=response)]


def _with(response: Response, output: list[Item], usage: dict[str, Any] | None) -> Response:
    return msgspec.structs.replace(response, output=output, usage=usage)


def _sum(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Token counts added up, group by group; what is no number is taken from the later one."""
    total = dict(one)
    for name, value in other.items():
        before = total.get(name)
        if isinstance(value, dict):
            total[name] = _sum(before if isinstance(before, dict) else {}, value)
        elif isinstance(value, int) and isinstance(before, int):
            total[name] = before + value
        else:
            total[name] = value
    return total

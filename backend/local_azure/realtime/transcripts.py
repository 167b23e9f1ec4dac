"""Which words are still being recognised, and what the client is told of them: `conversation.item.input_audio_transcription.*`.

The mind needs the words of every audio; the client is told only where the session asks for transcription.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .actions import WriteDown
from .desk import Desk
from .items import Item, Part
from .parts import PartUnavailable

FAILURES_KEPT = 100
"""Sentences about audio that could not be recognised, for responses that come later; the oldest goes first."""


@dataclass(slots=True)
class _Awaited:
    part: Part
    index: int
    reported: bool


class Transcripts:
    """The recogniser's open work for one conversation."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._awaited: dict[str, _Awaited] = {}
        self._failures: dict[str, str] = {}

    def need(self, items: Iterable[Item], *, reported: bool = False) -> None:
        """Have the audio of these items written down, if nobody did so yet. One audio part an item is recognised, the first."""
        for item in items:
            for index, part in enumerate(item.content):
                if part.kind == "input_audio" and part.words is None and part.audio and item.id not in self._awaited:
                    self._awaited[item.id] = _Awaited(part, index, reported)
                    self._failures.pop(item.id, None)
                    self._desk.ask(WriteDown(item.id, part.audio))

    def came(self, item_id: str, words: str) -> None:
        """The recogniser's words for an item."""
        awaited = self._awaited.pop(item_id)
        awaited.part.words = words
        if not awaited.reported:
            return
        where = {"item_id": item_id, "content_index": awaited.index}
        if words:
            self._desk.send("conversation.item.input_audio_transcription.delta", **where, delta=words)
        self._desk.send(
            "conversation.item.input_audio_transcription.completed",
            **where,
            transcript=words,
            usage={"type": "duration", "seconds": awaited.part.audio_ms / 1000},
        )

    def failed(self, item_id: str, message: str) -> None:
        """The recogniser's excuse for an item."""
        awaited = self._awaited.pop(item_id)
        self._failures[item_id] = message
        while len(self._failures) > FAILURES_KEPT:
            del self._failures[next(iter(self._failures))]
        if awaited.reported:
            error = {"type": "server_error", "code": "part_unavailable", "message": message, "param": None}
            self._desk.send("conversation.item.input_audio_transcription.failed", item_id=item_id, content_index=awaited.index, error=error)

    def missing(self, context: Sequence[Item]) -> set[str]:
        """The ids of those items whose words are still to come."""
        return {item.id for item in context if item.id in self._awaited}

    def check(self, context: Sequence[Item]) -> None:
        """Raise `PartUnavailable` where the last thing that somebody said could not be recognised."""
        last = next((item for item in reversed(context) if item.kind == "message" and item.role == "user"), None)
        if last is not None and last.id in self._failures:
            raise PartUnavailable(self._failures[last.id])

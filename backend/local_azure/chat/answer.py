"""A chat server's answer, put together from its pieces: words by the sentence as they come, function calls when all of it is there.

Pure. A call may come in any number of pieces, several calls mixed; some servers send each whole, without an index. Source:
`openai/types/chat/chat_completion_chunk.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..realtime.parts import BreakOff, CallTool, Say, Thought
from ..realtime.sentences import Sentences

ANSWER_MAX_CHARS = 200_000
"""Words and arguments together; four hours of speech."""
CALLS_MAX = 64
"""In one answer; a model that wants more has lost its way."""

_OPENED, _CLOSED = "<think>", "</think>"


@dataclass(slots=True)
class _Call:
    key: str
    name: str = ""
    arguments: str = ""


class Answer:
    """`take` each chunk, then `end`. What a chunk lacks is let pass; what it has in a wrong shape raises `TypeError` or the like."""

    def __init__(self) -> None:
        self._sentences = Sentences()
        self._aloud = Aloud()
        self._calls: list[_Call] = []
        self._chars = 0
        self._reason = ""
        self.began = False
        """Whether anything came that is part of an answer."""

    @property
    def ended(self) -> bool:
        """Whether the server said that this was all."""
        return bool(self._reason)

    @property
    def is_too_long(self) -> bool:
        """Whether more came than any answer holds."""
        return self._chars > ANSWER_MAX_CHARS or len(self._calls) > CALLS_MAX

    def take(self, chunk: Any) -> list[Thought]:
        """The sentences that are complete with this chunk."""
        found: list[Thought] = []
        for choice in chunk.choices or ():
            self.began = True
            delta = choice.delta
            if delta is not None:
                found += [Say(sentence) for sentence in self._words(getattr(delta, "content", None))]
                for piece in getattr(delta, "tool_calls", None) or ():
                    self._piece(piece)
            self._reason = getattr(choice, "finish_reason", None) or self._reason
        return found

    def end(self) -> list[Thought]:
        """The rest of the words; and, where the server said that this was all, the calls, or why it broke off."""
        last = [*self._sentences.feed(self._aloud.rest()), self._sentences.rest()]
        said: list[Thought] = [Say(sentence) for sentence in last if sentence.strip()]
        if self._reason == "length":
            return [*said, BreakOff("incomplete", "max_output_tokens")]
        if self._reason == "content_filter":
            return [*said, BreakOff("incomplete", "content_filter")]
        return [*said, *self._whole_calls()] if self.ended else said

    def _words(self, content: str | None) -> Sequence[str]:
        if not content:
            return ()
        self._chars += len(content)
        return [sentence for sentence in self._sentences.feed(self._aloud.feed(content)) if sentence.strip()]

    def _piece(self, piece: Any) -> None:
        function = piece.function
        name, arguments = function.name or "", function.arguments or ""
        self._chars += len(name) + len(arguments)
        call = self._call_of(getattr(piece, "index", None), piece.id or "", name)
        call.name += name
        call.arguments += arguments

    def _call_of(self, index: int | None, call_id: str, name: str) -> _Call:
        """The call that a piece belongs to: of its index, else of its id, else the last, unless the piece begins another by naming it."""
        key = f"#{index}" if index is not None else call_id
        known = next((call for call in self._calls if call.key == key), None) if key else None
        if known is None and not key and self._calls and not name:
            known = self._calls[-1]
        if known is None:
            known = _Call(key)
            self._calls.append(known)
        return known

    def _whole_calls(self) -> list[Thought]:
        return [CallTool(call.name, call.arguments or "{}") for call in self._calls if call.name]


class Aloud:
    """Lets through what a model says aloud: some begin with thoughts between `<think>` and `</think>`, which nobody is to hear."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"

    def feed(self, text: str) -> str:
        """What of the text so far may be said now."""
        if self._state == "open":
            return text
        self._held += text
        if self._state == "start":
            begun = self._held.lstrip()
            if not begun.startswith(_OPENED):
                return "" if _OPENED.startswith(begun) else self._let_go(self._held)
            self._state = "thinking"
        _, mark, after = self._held.partition(_CLOSED)
        if mark:
            return self._let_go(after.lstrip())
        self._held = self._held[-len(_CLOSED) :]
        return ""

    def rest(self) -> str:
        """What was held back and turned out to be words."""
        return self._let_go(self._held) if self._state == "start" else ""

    def _let_go(self, text: str) -> str:
        self._held, self._state = "", "open"
        return text

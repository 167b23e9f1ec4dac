"""What a conversation must not forget when its upstream is replaced: turns as text, and the passages that were found. Pure.

Filled from what passes in both directions; `replay` gives the items with which a new upstream session begins. Everything is bounded,
the oldest goes first, so that minute 40 is as quick as minute 1. It knows no socket and no session.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MESSAGES_KEPT = 40
"""Twenty turns of both sides: further back nobody refers without saying what is meant."""
MESSAGE_MAX_CHARS = 8_000
"""The length of the longest typed message; no answer of ours is longer."""
WORDS_MAX_CHARS = 24_000
"""All messages together: about 6,000 tokens, a fifth of the smallest model's window."""
PASSAGES_KEPT = 3
"""Searches whose passages are told again: follow-ups are about the last one or two."""
PASSAGES_MAX_CHARS = 48_000
"""All of these together: about 12,000 tokens."""
ID_MAX_CHARS = 32
"""Longer ids the service does not take from us; such an item comes back under a new one."""
CALLS_KEPT = 32
"""Calls whose outputs may still come, and those that were told: two turns of the most rounds that one may have."""


def item_id() -> str:
    """An id for an item of ours, in the service's form, so that its coming can be recognised."""
    return f"item_{secrets.token_hex(10)}"


@dataclass(slots=True)
class Message:
    """One side's words. No text: they are not known (yet), as those of a spoken turn before its transcript."""

    role: str
    text: str = ""
    shown: bool = False
    """The client has seen the item: when it comes again from a new upstream, it is hidden."""
    sound: str | None = None
    """Base64 of the spoken turn, until its words are known."""
    spoken: bool = False
    """The person said it; of an answer this is not known here."""


@dataclass(slots=True)
class Called:
    """A call of a tool."""

    call_id: str
    name: str
    arguments: str
    passages: bool
    """Its output is worth telling again; a report of sources is not."""
    output: str | None = None


@dataclass(slots=True)
class Memory:
    """Owned by one conversation."""

    _cut: tuple[str, float] | None = None
    """The answer that was cut short last, and the share of it that was heard."""
    _entries: OrderedDict[str, Message | Called] = field(default_factory=OrderedDict)
    _forgot: bool = False
    """Words of the beginning are gone."""
    shortened: bool = False
    """A new upstream session began without words that were said before."""

    # the person

    def typed(self, item_id: str, parts: Iterable[str]) -> None:
        """The person wrote this; it is on its way to the model."""
        self._message(item_id, "user").text = "\n".join(parts)[:MESSAGE_MAX_CHARS]

    def spoken(self, item_id: str, sound: str | None) -> None:
        """The person said something; its words are not known yet. `sound` is base64 of 16-bit PCM at 24 kHz."""
        message = self._message(item_id, "user")
        message.sound, message.spoken = sound, True
        for other_id, other in self._entries.items():
            if isinstance(other, Message) and other_id != item_id:
                other.sound = None  # one turn's sound is enough: the words of earlier ones have come, or never will

    def written_down(self, item_id: str, transcript: str) -> None:
        """The words of a spoken turn."""
        entry = self._entries.get(item_id)
        if isinstance(entry, Message):
            entry.text, entry.sound = transcript[:MESSAGE_MAX_CHARS], None

    # the assistant

    def answered(self, item_id: str, words: str) -> None:
        """The assistant said this."""
        message = self._message(item_id, "assistant")
        message.text, message.shown = words[:MESSAGE_MAX_CHARS], True
        if self._cut is not None and self._cut[0] == item_id:  # its words came after the page had told how much was played
            message.text = _shortened(message.text, self._cut[1])

    def cut_short(self, item_id: str, share: float) -> None:
        """Only this share of an answer was heard; what nobody heard was not said."""
        if share >= 1:
            return
        self._cut = (item_id, max(share, 0.0))
        entry = self._entries.get(item_id)
        if isinstance(entry, Message):
            entry.text = _shortened(entry.text, share)

    def called(self, call_id: str, name: str, arguments: str, *, passages: bool) -> None:
        """The assistant called a tool, which may find passages."""
        self._entries[call_id] = Called(call_id, name, arguments, passages)
        self._trim()

    def found(self, call_id: str, output: str) -> None:
        """What it was told."""
        entry = self._entries.get(call_id)
        if isinstance(entry, Called):
            entry.output = output

    # both

    def appeared(self, item_id: str) -> bool:
        """An item came from the model. Whether the client has seen it before: then it came again from a new upstream."""
        entry = self._entries.get(item_id)
        if not isinstance(entry, Message):
            return False
        before, entry.shown = entry.shown, True
        return before

    def message(self, item_id: str) -> Message | None:
        """What is known of one side's words; None for everything that is no message, and for what was forgotten."""
        entry = self._entries.get(item_id)
        return entry if isinstance(entry, Message) else None

    def forget(self, item_id: str) -> None:
        """It was taken back."""
        self._entries.pop(item_id, None)

    def replay(self) -> tuple[list[dict[str, Any]], set[str]]:
        """The items to begin a new upstream session with, oldest first, as `conversation.item.create` takes them; and the ids of
        those that the client has seen.

        Calls that still run are among them, without an output: it follows when it is there.
        """
        told, chars, words = 0, 0, 0
        items: list[dict[str, Any]] = []
        seen: set[str] = set()
        for key, entry in reversed(self._entries.items()):
            if isinstance(entry, Called):
                told += entry.passages and entry.output is not None
                chars += len(entry.output or "")
                if entry.output is None or (entry.passages and told <= PASSAGES_KEPT and chars <= PASSAGES_MAX_CHARS):
                    items += _call(entry)
            elif (content := _content(entry)) is not None:
                words += len(entry.text)
                if words > WORDS_MAX_CHARS:
                    self._forgot = True
                    continue
                known_as = key if len(key) <= ID_MAX_CHARS else item_id()
                items.append({"type": "message", "id": known_as, "role": entry.role, "content": [content]})
                seen |= {known_as} if entry.shown else set()
        items.reverse()
        self.shortened = self._forgot
        return items, seen

    def _message(self, item_id: str, role: str) -> Message:
        entry = self._entries.get(item_id)
        if not isinstance(entry, Message):
            entry = self._entries[item_id] = Message(role)
            self._trim()
        return entry

    def _trim(self) -> None:
        for kind, kept in ((Message, MESSAGES_KEPT), (Called, CALLS_KEPT)):
            keys = [key for key, entry in self._entries.items() if isinstance(entry, kind)]
            for key in keys[: max(len(keys) - kept, 0)]:
                self._forgot |= kind is Message
                del self._entries[key]


def _shortened(text: str, share: float) -> str:
    kept = text[: int(len(text) * max(share, 0.0))]
    return f"{kept.rpartition(' ')[0] or kept} …" if kept else ""


def _content(message: Message) -> dict[str, str] | None:
    if message.text:
        return {"type": "output_text" if message.role == "assistant" else "input_text", "text": message.text}
    if message.sound:
        return {"type": "input_audio", "audio": message.sound}
    return None


def _call(search: Called) -> list[dict[str, Any]]:
    """Output and call, in this order: the list is turned round."""
    call = {"type": "function_call", "call_id": search.call_id, "name": search.name, "arguments": search.arguments}
    if search.output is None:
        return [call]
    return [{"type": "function_call_output", "call_id": search.call_id, "output": search.output}, call]

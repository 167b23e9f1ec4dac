"""The simple query syntax: what a person types, as a tree of words, phrases and operators.

Pure. Follows Lucene's simple query parser, which Azure AI Search uses without fuzziness: operators bind from left to right, and what
cannot be understood is passed over, never an error (Microsoft Learn, "Simple query syntax").
"""

from __future__ import annotations

from dataclasses import dataclass

from .refusal import Refusal

MAX_TERMS = 1_024
"""Words and phrases in one query; Lucene's limit of clauses."""

MAX_DEPTH = 50
"""Nested parentheses; more are no query anybody wrote, and the parser recurses."""

MAX_PREFIX_CHARS = 1_000
"""Of a word that goes on; the service's limit."""

BREAKS = frozenset(' \t\r\n"+|()')


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `prefix` means that it may go on."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Several parts, of which all must match, or any may."""

    parts: tuple[Asked, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Without:
    """What must not match."""

    part: Asked


Asked = Word | Phrase | Joined | Without


def parse(text: str, *, every: bool) -> Asked | None:
    """The tree of a query, or None where it says nothing. `every` is `searchMode: all`. `Refusal` when it is beyond all bounds."""
    return _Parser(text, every).tree()


def check_prefix(text: str) -> None:
    """Raises `Refusal` where a word with a star is longer than the service allows."""
    if len(text) > MAX_PREFIX_CHARS:
        raise Refusal(400, "", f"A prefix in the query is longer than {MAX_PREFIX_CHARS} characters.")


class _Level:
    """One level of parentheses: what has been read so far and which operator waits for its right side."""

    def __init__(self, default: bool) -> None:
        self._default = default
        self._parts: list[Asked] = []
        self._joined_by: bool | None = None
        self.operator: bool | None = None
        self.negations = 0

    def add(self, part: Asked | None) -> None:
        """Take the next part, under the operators that stood before it."""
        if part is not None:
            part = Without(part) if self.negations % 2 else part
            operator = self._default if self.operator is None else self.operator
            if self._parts and self._joined_by is not None and operator != self._joined_by:
                self._parts = [Joined(tuple(self._parts), self._joined_by)] if len(self._parts) > 1 else self._parts
            if self._parts:
                self._joined_by = operator
            self._parts.append(part)
        self.operator, self.negations = None, 0

    def offer(self, operator: bool) -> None:
        """An operator counts only after something, and the first of several in a row wins."""
        if self._parts and self.operator is None:
            self.operator = operator

    def whole(self) -> Asked | None:
        """All that was read on this level."""
        if len(self._parts) <= 1:
            return self._parts[0] if self._parts else None
        return Joined(tuple(self._parts), bool(self._joined_by))


class _Parser:
    def __init__(self, text: str, every: bool) -> None:
        self._text = text
        self._every = every
        self._place = 0
        self._terms = 0

    def tree(self) -> Asked | None:
        return self._level(0)

    def _level(self, depth: int) -> Asked | None:
        if depth > MAX_DEPTH:
            raise Refusal(400, "", f"The query is nested more than {MAX_DEPTH} deep.")
        level = _Level(self._every)
        while self._place < len(self._text):
            letter = self._text[self._place]
            if letter == "(":
                self._place += 1
                level.add(self._level(depth + 1))
            elif letter == ")":
                self._place += 1
                if depth:
                    break
            elif letter == '"':
                level.add(self._phrase())
            elif letter in "+|":
                self._place += 1
                level.offer(letter == "+")
            elif letter == "-":
                self._place += 1
                level.negations += 1
            elif letter.isspace():
                self._place += 1
                level.negations = 0
            else:
                level.add(self._word())
        return level.whole()

    def _count(self) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise Refusal(400, "", f"The query has more than {MAX_TERMS} terms.")

    def _phrase(self) -> Asked | None:
        """Up to the closing quote; without one, the quote is passed over."""
        letters, end = self._until('"', self._place + 1)
        if end is None:
            self._place += 1
            return None
        self._place = end + 1
        self._count()
        return Phrase(letters) if letters.strip() else None

    def _word(self) -> Asked | None:
        letters, starred, place = [], False, self._place
        while place < len(self._text):
            letter = self._text[place]
            if letter == "\\" and place + 1 < len(self._text):
                letters.append(self._text[place + 1])
                starred, place = False, place + 2
                continue
            if letter in BREAKS:
                break
            letters.append(letter)
            starred, place = letter == "*", place + 1
        self._place = place
        self._count()
        text = "".join(letters)
        if starred:
            check_prefix(text)
            return Word(text[:-1], prefix=True) if len(text) > 1 else None
        return Word(text)

    def _until(self, close: str, start: int) -> tuple[str, int | None]:
        letters, place = [], start
        while place < len(self._text):
            if self._text[place] == "\\" and place + 1 < len(self._text):
                letters.append(self._text[place + 1])
                place += 2
            elif self._text[place] == close:
                return "".join(letters), place
            else:
                letters.append(self._text[place])
                place += 1
        return "", None

"""Regular expressions over single words, in Lucene's dialect, as an automaton that never goes back.

Pure. Offered are letters, `.`, `[a-z]`, `[^…]`, groups, `|`, `* + ? {n,m}`, quoted strings, `@` (anything) and `#` (nothing); complement,
intersection and numeric intervals (`~`, `&`, `<1-9>`) are refused by name (Lucene 6.6, class `RegExp`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .automaton import States
from .refusal import Refusal, invalid_parameter, not_offered

MAX_PLACES = 1_000
"""Places in an expression after `{n,m}` was written out; each step of a reader looks at all that are open."""

MAX_DEPTH = 50
"""Nested groups; the parser recurses."""

MAX_LEVELS = 200
"""Parts within parts, repetitions of repetitions included; what builds the automaton recurses too, three calls deep for each."""

MAX_REPEATS = 255
"""The longest token of an index; a larger number of repetitions can fit no word."""

HELP = "Failed to parse regex expression. See https://aka.ms/azure-search-full-query-regex for supported expressions."

Test = Callable[[str], bool]
Fold = Callable[[str], str]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class One:
    """One letter that passes the test."""

    test: Test


@dataclass(frozen=True, slots=True)
class Row:
    """Parts after each other; of none at all, the empty string."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of several parts; of none at all, no word."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part `least` to `most` times; None means without end."""

    part: Part
    least: int
    most: int | None


Part = One | Row | Any | Repeated
ANYTHING = Repeated(One(lambda _: True), 0, None)


def _wrong() -> Refusal:
    """400 in the service's words (azure-sdk-for-net#42395)."""
    return invalid_parameter(HELP, "InvalidSearchSyntax")


def _too_complex() -> Refusal:
    return invalid_parameter("The regular expression is too complex.", "InvalidSearchSyntax")


class _Parser:
    """Reads one expression. `fold` says how the index writes a letter."""

    def __init__(self, text: str, fold: Fold) -> None:
        self._text, self._fold, self._at = text, fold, 0

    def whole(self) -> Part:
        """The whole text; an empty one fits the empty word, which no index holds."""
        if not self._text:
            return Row(())
        part = self._alternatives(0)
        if self._at < len(self._text):
            raise _wrong()
        return part

    def _sees(self, letters: str) -> bool:
        return self._at < len(self._text) and self._text[self._at] in letters

    def _took(self, letter: str) -> bool:
        seen = self._sees(letter)
        self._at += seen
        return seen

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise _wrong()
        self._at += 1
        return self._text[self._at - 1]

    def _alternatives(self, depth: int) -> Part:
        if depth > MAX_DEPTH:
            raise _wrong()
        parts = [self._row(depth)]
        while self._took("|"):
            parts.append(self._row(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _row(self, depth: int) -> Part:
        parts = [self._repeated(depth)]
        while self._at < len(self._text) and not self._sees("|)"):
            parts.append(self._repeated(depth))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _repeated(self, depth: int) -> Part:
        part = self._atom(depth)
        signs = 0
        while self._sees("*+?{"):
            signs += 1
            if signs > MAX_DEPTH:
                raise _wrong()
            part = Repeated(part, *self._bounds())
        return part

    def _bounds(self) -> tuple[int, int | None]:
        sign = self._take()
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        least = self._number()
        most = (None if self._sees("}") else self._number()) if self._took(",") else least
        if not self._took("}") or (most is not None and most < least):
            raise _wrong()
        return least, most

    def _number(self) -> int:
        began = self._at
        while self._sees("0123456789"):
            self._at += 1
        digits = self._text[began : self._at]
        if not digits or len(digits) > len(str(MAX_REPEATS)) or int(digits) > MAX_REPEATS:
            raise _wrong()
        return int(digits)

    def _atom(self, depth: int) -> Part:
        letter = self._take()
        if letter == "(":
            inner = Row(()) if self._sees(")") else self._alternatives(depth + 1)
            if not self._took(")"):
                raise _wrong()
            return inner
        if letter in "~&<":
            raise not_offered(f"'{letter}' in a regular expression")
        if letter == "[":
            return self._class()
        if letter == '"':
            end = self._text.find('"', self._at)
            if end < 0:
                raise _wrong()
            text, self._at = self._text[self._at : end], end + 1
            return Row(tuple(self._letter(one) for one in text))
        if letter in "*+?{|)":
            raise _wrong()
        named: dict[str, Part] = {".": One(lambda _: True), "@": ANYTHING, "#": Any(())}
        return named.get(letter) or self._letter(self._take() if letter == "\\" else letter)

    def _letter(self, letter: str) -> One:
        wanted = self._fold(letter)
        return One(lambda given: given == wanted)

    def _class(self) -> One:
        turned = self._took("^")
        ranges: list[tuple[str, str]] = []
        while not ranges or not self._sees("]"):
            first = self._member()
            last = first
            if self._took("-"):
                last = self._member()
            if last < first:
                raise _wrong()
            ranges.append((first, last))
        self._at += 1
        return One(lambda given: any(first <= given <= last for first, last in ranges) != turned)

    def _member(self) -> str:
        letter = self._take()
        return self._fold(self._take() if letter == "\\" else letter)


@dataclass(slots=True)
class _Place:
    """A place in the expression: the letters that lead on, and the places that are reached without one."""

    on: list[tuple[Test, int]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)


class Expression:
    """One expression as an automaton; a state is a place. Raises `Refusal` for what cannot be read, is not offered or is too long."""

    def __init__(self, text: str, fold: Fold) -> None:
        self._places: list[_Place] = []
        self._level = 0
        self._first, self._last = self._built(_Parser(text, fold).whole())

    def begin(self) -> States:
        """Before the first letter."""
        return self._closed({self._first})

    def step(self, states: States, letter: str) -> States:
        """Where the letter leads."""
        places = (self._places[place] for place in states if isinstance(place, int))
        return self._closed({target for place in places for test, target in place.on if test(letter)})

    def ends(self, states: States) -> int | None:
        """At the end of the expression."""
        return 0 if self._last in states else None

    def _closed(self, places: set[int]) -> States:
        waiting = list(places)
        while waiting:
            for target in self._places[waiting.pop()].free:
                if target not in places:
                    places.add(target)
                    waiting.append(target)
        return frozenset(places)

    def _place(self) -> int:
        if len(self._places) >= MAX_PLACES:
            raise _too_complex()
        self._places.append(_Place())
        return len(self._places) - 1

    def _built(self, part: Part) -> Span:
        """The first and the last place of a part."""
        match part:
            case One():
                first, last = self._place(), self._place()
                self._places[first].on.append((part.test, last))
            case Row():
                first = last = self._place()
                for one in part.parts:
                    last = self._joined(last, one)
            case Any():
                first, last = self._place(), self._place()
                for one in part.parts:
                    self._places[self._joined(first, one)].free.append(last)
            case Repeated():
                return self._copied(part)
        return first, last

    def _joined(self, place: int, part: Part) -> int:
        """The part after a place; gives its end."""
        self._level += 1
        if self._level > MAX_LEVELS:
            raise _too_complex()
        first, last = self._built(part)
        self._level -= 1
        self._places[place].free.append(first)
        return last

    def _copied(self, part: Repeated) -> Span:
        first = last = self._place()
        for _ in range(part.least):
            last = self._joined(last, part.part)
        if part.most is None:
            loop = self._place()
            self._places[last].free.append(loop)
            self._places[self._joined(loop, part.part)].free.append(loop)
            return first, loop
        ways_out = [last]
        for _ in range(part.most - part.least):
            last = self._joined(last, part.part)
            ways_out.append(last)
        end = self._place()
        for way in ways_out:
            self._places[way].free.append(end)
        return first, end

"""A table's row, said in words: what names it, and the cells with their columns' names; and whether it is the one for a number or a day.

Knows no question but its words.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from .words import NUMBERS, WORD, content, is_identifier, nearness, stem

CELLS_MAX = 8
"""Cells of one row that are said; a listener keeps no more."""
NAMED = 0.8
"""How near a word of the question must be to a word of a column's name."""

_EMPTY = frozenset(("", "-", "–", "—", "n/a", "/"))
_AT_LEAST = re.compile(r"\b(?:more than|over|above|longer than|from|at least|older than)\s+([\w.,]+)", re.IGNORECASE)
_AT_MOST = re.compile(r"\b(?:up to|under|below|less than|until|at most|younger than)\s+([\w.,]+)", re.IGNORECASE)
_RANGE = re.compile(r"\b([\w.,]+)\s*(?:to|–|—|-|and|until)\s*([\w.,]+)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|longer|older|higher) than\b|\b(?:over|above|beyond)\b", re.IGNORECASE)
_LESS = re.compile(r"\b(?:less|fewer|shorter|younger|lower) than\b|\b(?:under|below)\b", re.IGNORECASE)
DAYS = [stem(day) for day in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the table's column names and this row's cells, both from the left; the first cell names the row."""

    header: tuple[str, ...]
    cells: tuple[str, ...]
    has_yes: bool = False
    """Whether the table answers with yes somewhere: then an empty cell is a no."""

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The names and values that can be said of this row, in order."""
        pairs = zip(self.header[1:], self.cells[1:], strict=False)
        said = [(name, "no" if self.has_yes and cell in _EMPTY else cell) for name, cell in pairs]
        return [(name, cell) for name, cell in said if cell not in _EMPTY][:CELLS_MAX]

    @property
    def words(self) -> str:
        """Everything that says what the row holds, for comparing with a question."""
        return f"{self.header[0]} {self.cells[0]} " + " ".join(f"{name} {cell}" for name, cell in self.columns)

    def told(self, columns: Collection[tuple[str, str]] | None = None) -> str:
        """The row, or some of its columns, as a sentence without its end mark."""
        parts = [f"{_within(name)}, {_within(cell)}" if name else _within(cell) for name, cell in columns or self.columns]
        return f"{self.cells[0]}: {'; '.join(parts)}" if parts else self.cells[0]

    def asked(self, words: Collection[str]) -> list[tuple[str, str]]:
        """The columns that a question names by more of its words than any other; all, where it names none or the row is a code's."""
        if is_identifier(stem(self.cells[0])):
            return self.columns
        named = [(_named(name, self._own(name), words), (name, cell)) for name, cell in self.columns]
        most = max((score for score, _ in named), default=0.0)
        return [column for score, column in named if score == most] if most > 0 else self.columns

    def _own(self, name: str) -> set[str]:
        """The stems of a column's name that no other column has."""
        others = {word for other in self.header if other != name for word in content(other)}
        return set(content(name)) - others or set(content(name))

    def spans(self, said: str) -> bool | None:
        """Whether the row's name is a range that holds the number or the day asked for; None where it is none or none was asked for."""
        key = self.cells[0].lower()
        if (days := _day_span(key)) and (asked := [DAYS.index(day) for day in map(stem, WORD.findall(said)) if day in DAYS]):
            return asked[0] in days
        bounds = _bounds(key)
        unit = next((word for word in reversed(WORD.findall(key)) if not _number(word)), "")
        if bounds is None or not unit:
            return None
        words = WORD.findall(said.lower())
        numbers = [_number(word) for word, after in zip(words, [*words[1:], ""], strict=True) if stem(after) == stem(unit)]
        found = next((number for number in numbers if number is not None), None)
        if found is None:
            return None
        found += 0.5 if _MORE.search(said) else -0.5 if _LESS.search(said) else 0.0
        return bounds[0] < found <= bounds[1]


def _named(name: str, own: set[str], words: Collection[str]) -> float:
    """How many words of a question a column's name holds; an exact name before a longer one that begins with it."""
    held = sum(1.0 for word in words if any(nearness(word, other) >= NAMED for other in own))
    missing = sum(0.1 for other in content(name) if not any(nearness(word, other) >= NAMED for word in words))
    return max(0.0, held - missing) if held else 0.0


def _number(word: str) -> float | None:
    plain = NUMBERS.get(word.lower(), word).replace(",", "")
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _bounds(key: str) -> tuple[float, float] | None:
    """The range of numbers that a row's name says, its lower end left out."""
    for span in _RANGE.finditer(key):
        low, high = _number(span[1]), _number(span[2])
        if low is not None and high is not None:
            return low, high
    if (found := _AT_LEAST.search(key)) is not None and (low := _number(found[1])) is not None:
        return low, float("inf")
    if (found := _AT_MOST.search(key)) is not None and (high := _number(found[1])) is not None:
        return float("-inf"), high
    return None


def _day_span(key: str) -> list[int]:
    """The days of the week that a row's name says, as numbers from Monday."""
    days = [DAYS.index(day) for day in map(stem, WORD.findall(key)) if day in DAYS]
    if len(days) == 2 and re.search(r"\b(?:to|until|through)\b|[-–—]", key):
        return [day % 7 for day in range(days[0], days[1] + (1 if days[1] >= days[0] else 8))]
    return days


def _within(text: str) -> str:
    """Words as they stand within a sentence: without a capital, unless it is the word's own or stands before a name or number."""
    return text[:1].lower() + text[1:] if re.match(r"[A-Z][a-z]+,? [a-z]", text) else text

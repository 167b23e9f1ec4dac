"""The best documents for a query of plain words, without scoring every document that holds a common one.

Owns a shortcut, never another order: a document that holds only the common words of a query can be left unscored once the best found
so far score more than those words could ever add up to (H. Turtle, J. Flood, "Query evaluation: strategies and optimizations", 1995).
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import math
import sqlite3
from typing import Any

from .matching import EVERY_ROW
from .vocabulary import Vocabulary

MOST_OF_A_WORD = 2.2
"""A word's share of a BM25 score is at most this many times its rarity: k1 + 1."""

RARITY_FLOOR = 1e-6
"""The rarity SQLite gives to words that more than half of the documents hold; below all rounding that a reader would notice."""

FIRST_GUESS = 0.8
"""Scored first are the rarest words, until the others could add up to no more than this share of them; a guess that is then checked."""

STEP = 2
"""Words by which a wrong guess is widened."""

REMEMBERED = 20_000
"""Words whose count is kept until documents change."""

Hit = tuple[int, float]


class Frequencies:
    """In how many documents a word stands, counted once until the file changes. For the one thread that reads."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._version = -1
        self._counts: dict[tuple[str, str], int] = {}

    def rarities(self, connection: sqlite3.Connection, table: str, words: list[str]) -> list[float]:
        """The inverse document frequency of each word as SQLite's bm25() has it; 0 where no document holds the word."""
        version = int(connection.execute("PRAGMA data_version").fetchone()[0])
        if version != self._version or len(self._counts) >= REMEMBERED:
            self._version, self._counts = version, {}
        documents = self._count(connection, table, EVERY_ROW)
        counts = [self._count(connection, table, word) for word in words]
        return [max(RARITY_FLOOR, math.log((documents - count + 0.5) / (count + 0.5))) if count else 0.0 for count in counts]

    def _count(self, connection: sqlite3.Connection, table: str, match: str) -> int:
        known = self._counts.get((table, match))
        if known is None:
            known = int(connection.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", (match,)).fetchone()[0])
            self._counts[table, match] = known
        return known


def best(source: Source, words: list[str], rarities: list[float], limit: int) -> list[Hit]:
    """The `limit` best of the documents that hold any of the words (atoms of a MATCH expression), best first."""
    by_rarity = sorted({word: rarity for word, rarity in zip(words, rarities, strict=True) if rarity}.items(), key=lambda pair: -pair[1])
    telling = [pair for pair in by_rarity if pair[1] > RARITY_FLOOR]
    first = _first_guess([rarity for _, rarity in telling])
    while telling:
        found = source.scored(_needing([w for w, _ in telling[:first]], [w for w, _ in telling[first:]]), limit)
        rest = sum(MOST_OF_A_WORD * rarity for _, rarity in telling[first:])
        if len(found) == limit and found[-1][1] >= rest:
            return found
        if first == len(telling):
            break
        first = min(first + STEP, len(telling))
    return source.scored(" OR ".join(word for word, _ in by_rarity), limit) if by_rarity else []


def _first_guess(rarities: list[float]) -> int:
    for size in range(1, len(rarities)):
        if sum(MOST_OF_A_WORD * rarity for rarity in rarities[size:]) <= FIRST_GUESS * sum(rarities[:size]):
            return size
    return len(rarities)


def _needing(these: list[str], those: list[str]) -> str:
    """Documents with any of `these`; whether they hold `those` too only adds to the score."""
    needed = f"({' OR '.join(these)})"
    return f"{needed} AND ({' OR '.join([EVERY_ROW, *those])})" if those else needed


class Source:
    """The full-text table of one index, with the filter of one query."""

    def __init__(self, connection: sqlite3.Connection, values: str, words: str, condition: str | None, parameters: list[Any]) -> None:
        self._connection, self._words, self._parameters = connection, words, parameters
        self._filtered = f" JOIN {values} AS d ON d.id = {words}.rowid WHERE {condition} AND" if condition else " WHERE"

    def scored(self, match: str, limit: int) -> list[Hit]:
        """The best documents that match, by BM25, then in the order in which they were stored."""
        asked = (
            f"SELECT {self._words}.rowid, -bm25({self._words}, 0.0) AS score FROM {self._words}{self._filtered} {self._words} MATCH ? "
            f"ORDER BY score DESC, {self._words}.rowid LIMIT ?"
        )
        return self._connection.execute(asked, [*self._parameters, match, limit]).fetchall()

    def count(self, match: str) -> int:
        """How many match."""
        asked = f"SELECT count(*) FROM {self._words}{self._filtered} {self._words} MATCH ?"
        return int(self._connection.execute(asked, [*self._parameters, match]).fetchone()[0])

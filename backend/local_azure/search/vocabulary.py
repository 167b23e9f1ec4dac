"""The words of an index, column by column, for patterns that no single word answers; read once until the file changes.

Owns how a stored token is read as the word that a pattern means, and which words a pattern finds. For the one thread that reads.
"""

# ruff: noqa: S608 - SQL is put together from the numbers of tables only; every value is bound

from __future__ import annotations

import sqlite3
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .automaton import Edits, Reader, Wildcard
from .full_tree import Fuzzy, Regex, Wild
from .refusal import not_offered
from .regex import Expression
from .words import EVERYWHERE, INNER_MARKS, keeps_whole

MAX_WORDS = 300_000
"""Different words of all columns of an index together, some 40 MB; more are not kept in memory, and patterns are refused."""

MOST_LIKE = 50
"""Words that a fuzzy one stands for at most, the nearest first; the service's limit."""

Word = Fuzzy | Wild | Regex

LAST = chr(sys.maxunicode)
"""Stands behind every letter of a word."""

BITS = np.uint32(64)
"""For the letters of a word: as many as one number holds."""


class Column:
    """The words of one column in order, each with the number of its documents."""

    def __init__(self, documents: dict[str, int]) -> None:
        self.documents = documents
        self._ordered = sorted(documents)

    @cached_property
    def _shapes(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        return _shapes(self._ordered)

    def found(self, reader: Reader, whole: bool) -> Iterator[tuple[int, int, str]]:
        """For each word that fits: by how many edits it differs, its length, and its token."""
        if whole:
            for token in self._ordered:
                word = bytes.fromhex(token).decode()
                edits = reader.reads(word)
                if edits is not None:
                    yield edits, len(word), token
            return
        place = 0
        while place < len(self._ordered):
            token = self._ordered[place]
            edits, lost = reader.read(token)
            if edits is not None:
                yield edits, len(token), token
            # Words that begin with the letters that led nowhere lead nowhere either.
            place = place + 1 if lost is None else bisect_left(self._ordered, token[:lost] + LAST, place + 1)

    def like(self, pattern: Edits) -> Iterator[tuple[int, int, str]]:
        """The same for so many edits of a word. Each changes a length by one letter and which letters there are by two, at most; so
        nearly all words can be left out without being read."""
        lengths, letters = self._shapes
        (length,), (wanted,) = _shapes([pattern.word])
        possible = (np.abs(lengths - length) <= pattern.most) & (np.bitwise_count(letters ^ wanted) <= 2 * pattern.most)
        reader = Reader(pattern)
        for token in (self._ordered[place] for place in np.flatnonzero(possible).tolist()):
            edits = reader.reads(token)
            if edits is not None:
                yield edits, len(token), token


def _shapes(words: list[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The length of each word, and which letters it has: a bit for each, some of which share one."""
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    bits = np.uint64(1) << (codes % BITS).astype(np.uint64)
    letters = np.zeros(len(words), np.uint64)
    some = lengths > 0
    if some.any():
        letters[some] = np.bitwise_or.reduceat(bits, (np.cumsum(lengths) - lengths)[some])
    return lengths, letters


class Vocabulary:
    """The words of the index that was asked last."""

    def __init__(self) -> None:
        self._known: tuple[int, int, str] = (-1, -1, "")
        self._columns: dict[str, Column] = {}

    def find(self, connection: sqlite3.Connection, table: str, column: str, analyzer: str, pattern: Word) -> dict[str, float]:
        """The tokens of a column that a pattern finds, each with its likeness: 1 for all but fuzzy words, for them less by each edit."""
        words, whole = self._read(connection, table).get(column), keeps_whole(analyzer)
        if words is None:
            return {}
        automaton = _automaton(pattern, whole)
        found = list(words.like(automaton) if isinstance(automaton, Edits) and not whole else words.found(Reader(automaton), whole))
        if not isinstance(pattern, Fuzzy):
            return dict.fromkeys((token for _, _, token in found), 1.0)
        # As in Lucene, a word of which nothing is left by so many edits is not like the other.
        alike = [(edits, token) for edits, length, token in found if not edits or edits < min(length, len(pattern.text))]
        length = max(1, len(pattern.text))
        nearest = sorted(alike, key=lambda pair: (pair[0], -words.documents[pair[1]], pair[1]))[:MOST_LIKE]
        return {token: 1 - edits / (length + edits) for edits, token in nearest}

    def _read(self, connection: sqlite3.Connection, table: str) -> dict[str, Column]:
        now = (int(connection.execute("PRAGMA data_version").fetchone()[0]), connection.total_changes, table)
        if now != self._known:
            self._columns, self._known = _all(connection, table), now
        return self._columns


def _all(connection: sqlite3.Connection, table: str) -> dict[str, Column]:
    connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary_of_{table} USING fts5vocab(main, {table}, col)")
    columns: dict[str, dict[str, int]] = {}
    rows: Iterable[tuple[str, str, int]] = connection.execute(f"SELECT col, term, doc FROM temp.vocabulary_of_{table}")
    for number, (column, token, documents) in enumerate(rows):
        if number > MAX_WORDS:
            raise not_offered(f"A pattern over an index with more than {MAX_WORDS} different words")
        if token != EVERYWHERE:
            columns.setdefault(column, {})[token] = documents
    return {column: Column(documents) for column, documents in columns.items()}


def _automaton(pattern: Word, whole: bool) -> Edits | Wildcard | Expression:
    """The pattern as it meets the column's tokens. What is not a whole value stands in lower case, and with `_` for marks in words."""

    def written(text: str) -> str:
        return text if whole else text.translate(INNER_MARKS)

    match pattern:
        case Fuzzy():
            return Edits(pattern.text if whole else written(pattern.text.lower()), pattern.distance)
        case Wild():
            return Wildcard(part and (part if whole else written(part.lower())) for part in pattern.parts)
        case Regex():
            return Expression(pattern.text, written)

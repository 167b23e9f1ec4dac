"""The words of an index, column by column, for patterns that no single word answers; read once until the file changes.

Owns how a stored token is read as the word that a pattern means, and which words a pattern finds. For the one thread that reads.
"""

# ruff: noqa: S608 - SQL is put together from the numbers of tables only; every value is bound

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain, islice, takewhile

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


class Column:
    """The words of one column, each with the number of its documents; also in order, and by length."""

    def __init__(self, documents: dict[str, int]) -> None:
        self.documents = documents
        self._ordered = sorted(documents)
        self._by_length: dict[int, list[str]] = {}
        for token in self._ordered:
            self._by_length.setdefault(len(token), []).append(token)

    def candidates(self, pattern: Word, whole: bool) -> Iterable[str]:
        """Words among which are all that the pattern can find."""
        if whole or isinstance(pattern, Regex):
            return self._ordered
        if isinstance(pattern, Fuzzy):
            length = len(pattern.text)
            lengths = range(length - pattern.distance, length + pattern.distance + 1)
            return chain.from_iterable(self._by_length.get(one, ()) for one in lengths)
        start = "".join(part or "" for part in takewhile(bool, pattern.parts)).lower().translate(INNER_MARKS)
        return takewhile(lambda token: token.startswith(start), islice(self._ordered, bisect_left(self._ordered, start), None))


class Vocabulary:
    """The words of the index that was asked last."""

    def __init__(self) -> None:
        self._known: tuple[int, int, str] = (-1, -1, "")
        self._columns: dict[str, Column] = {}

    def find(self, connection: sqlite3.Connection, table: str, column: str, analyzer: str, pattern: Word) -> dict[str, float]:
        """The tokens of a column that a pattern finds, each with its likeness: 1 for all but fuzzy words, for them less by each edit."""
        words, whole = self._read(connection, table).get(column), keeps_whole(analyzer)
        reader = Reader(_automaton(pattern, whole))
        found = []
        for token in words.candidates(pattern, whole) if words else ():
            word = bytes.fromhex(token).decode() if whole else token
            edits = reader.reads(word)
            # As in Lucene, a word of which nothing is left by so many edits is not like the other.
            if edits is not None and (not edits or edits < min(len(word), len(pattern.text) if isinstance(pattern, Fuzzy) else 1)):
                found.append((edits, token))
        if not isinstance(pattern, Fuzzy) or words is None:
            return dict.fromkeys((token for _, token in found), 1.0)
        length = max(1, len(pattern.text))
        nearest = sorted(found, key=lambda pair: (pair[0], -words.documents[pair[1]], pair[1]))[:MOST_LIKE]
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

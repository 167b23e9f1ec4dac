"""The words of an index, column by column, for patterns that no single word answers; read once until the file changes.

Owns how a stored token is read as the word that a pattern means, and which words a pattern finds. For the one thread that reads.
"""

# ruff: noqa: S608 - SQL is put together from the numbers of tables only; every value is bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from .automaton import Edits, Reader, Wildcard
from .full_tree import Fuzzy, Regex, Wild
from .refusal import not_offered
from .regex import Expression
from .words import EVERYWHERE, INNER_MARKS, keeps_whole

MAX_WORDS = 300_000
"""Different words of all columns of an index together, some 40 MB; more are not kept in memory, and patterns are refused."""

MOST_LIKE = 50
"""Words that a fuzzy one stands for at most, the nearest first; the service's limit."""

Words = dict[str, int]
Word = Fuzzy | Wild | Regex


class Vocabulary:
    """The words of the index that was asked last, each with the number of its documents."""

    def __init__(self) -> None:
        self._known: tuple[int, str] = (-1, "")
        self._columns: dict[str, Words] = {}

    def find(self, connection: sqlite3.Connection, table: str, column: str, analyzer: str, pattern: Word) -> dict[str, float]:
        """The tokens of a column that a pattern finds, each with its likeness: 1 for all but fuzzy words, for them less by each edit."""
        words = self._read(connection, table).get(column, {})
        whole = keeps_whole(analyzer)
        reader = Reader(_automaton(pattern, whole))
        found = []
        for token, documents in words.items():
            word = bytes.fromhex(token).decode() if whole else token
            edits = reader.reads(word)
            if edits is not None and (not edits or not isinstance(pattern, Fuzzy) or edits < min(len(word), len(pattern.text))):
                found.append((edits, -documents, token))
        if not isinstance(pattern, Fuzzy):
            return dict.fromkeys((token for _, _, token in found), 1.0)
        length = max(1, len(pattern.text))
        return {token: 1 - edits / (length + edits) for edits, _, token in sorted(found)[:MOST_LIKE]}

    def _read(self, connection: sqlite3.Connection, table: str) -> dict[str, Words]:
        now = (int(connection.execute("PRAGMA data_version").fetchone()[0]), table)
        if now != self._known:
            self._columns, self._known = self._all(connection, table), now
        return self._columns

    def _all(self, connection: sqlite3.Connection, table: str) -> dict[str, Words]:
        connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary_of_{table} USING fts5vocab(main, {table}, col)")
        columns: dict[str, Words] = {}
        rows: Iterable[tuple[str, str, int]] = connection.execute(f"SELECT col, term, doc FROM temp.vocabulary_of_{table}")
        for number, (column, token, documents) in enumerate(rows):
            if number > MAX_WORDS:
                raise not_offered(f"A pattern over an index with more than {MAX_WORDS} different words")
            if token != EVERYWHERE:
                columns.setdefault(column, {})[token] = documents
        return columns


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

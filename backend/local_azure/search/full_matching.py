"""Which documents a query in the full syntax finds and how they score: each leaf asked of the full-text index, joined by Lucene's rules.

On a connection, inside a transaction of the store. Words and phrases score by BM25 and add up, as in the simple syntax; wildcards and
expressions score 1, for the service leaves their frequency out; a boost multiplies (Microsoft Learn, "Lucene query syntax").
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from .full_tree import Boosted, Clauses, Everything, Fuzzy, Node, Occur, Plain, Quoted, Regex, Wild
from .matching import EVERY_ROW, Term
from .nearness import near
from .refusal import invalid
from .schema import Field, Index
from .vocabulary import Vocabulary
from .words import tokens

TOGETHER = 500
"""Words of a pattern asked for in one expression; far within SQLite's limits."""

Scores = dict[int, float]
"""Row numbers of documents that match, with their scores."""


@dataclass(frozen=True, slots=True)
class FullMatching:
    """One query's surroundings: the index, the fields for what names none, and whether several tokens of one word must all match."""

    connection: sqlite3.Connection
    table: str
    index: Index
    fields: tuple[Field, ...]
    every: bool
    vocabulary: Vocabulary

    def scores(self, node: Node | None) -> Scores:
        """All documents that match. Raises `Refusal` for a field that cannot be searched."""
        return (self._scores(node) if node is not None else None) or {}

    def _scores(self, node: Node) -> Scores | None:
        """None means that nothing is left of the node after analysis (only stop words); it then asks for nothing."""
        match node:
            case Clauses():
                return self._joined(node)
            case Boosted():
                inner = self._scores(node.part)
                return None if inner is None else {number: score * node.factor for number, score in inner.items()}
            case Everything():
                return dict.fromkeys(self._rows(EVERY_ROW), 1.0)
            case Plain():
                return self._plain(node)
            case Quoted():
                return self._quoted(node)
            case Fuzzy() | Wild() | Regex():
                return self._pattern(node)
            case _:
                assert_never(node)

    def _joined(self, node: Clauses) -> Scores | None:
        parts = [(occur, found) for occur, part in node.clauses if (found := self._scores(part)) is not None]
        if not parts:
            return None
        must = [found for occur, found in parts if occur is Occur.MUST]
        may = [found for occur, found in parts if occur is Occur.SHOULD]
        matching = _in_all(must) if must else _in_any(may)
        matching -= _in_any([found for occur, found in parts if occur is Occur.NOT])
        return {number: sum(found.get(number, 0.0) for found in [*must, *may]) for number in matching}

    def _places(self, name: str | None) -> list[tuple[str, list[str]]]:
        """Where a leaf looks: columns by their analyzer."""
        fields: Iterable[Field] = self.fields
        if name is not None:
            field = self.index.by_name.get(name)
            if field is None or field not in self.index.words:
                raise invalid(f"The field '{name}' in the search expression is unknown or not searchable.\r\nParameter name: search")
            fields = [field]
        by_analyzer: dict[str, list[str]] = {}
        for field in fields:
            by_analyzer.setdefault(field.analyzer, []).append(f"f_{field.name}")
        return list(by_analyzer.items())

    def _plain(self, node: Plain) -> Scores | None:
        """A word that is several tokens ("full-time") counts as several words, in each group of columns for itself."""
        found: list[Scores] = []
        for analyzer, columns in self._places(node.field):
            words = [self._scored(_atom(columns, [token.text])) for token in tokens(analyzer, node.text)]
            if words:
                found.append(_added(words, _in_all(words) if self.every else _in_any(words)))
        return _added(found, _in_any(found)) if found else None

    def _quoted(self, node: Quoted) -> Scores | None:
        found: list[Scores] = []
        for analyzer, columns in self._places(node.field):
            words = [token.text for token in tokens(analyzer, node.text)]
            if words and (len(words) == 1 or not node.slop):
                found.append(self._scored(_atom(columns, words)))
            elif words:
                found += [self._near(column, words, node.slop) for column in columns]
        return _added(found, _in_any(found)) if found else None

    def _near(self, column: str, words: list[str], slop: int) -> Scores:
        """SQLite's NEAR finds more than Lucene's slop allows, so what it finds is looked at."""
        wider = f"{{{column}}} : NEAR({' '.join(_string(word) for word in words)}, {slop + len(words)})"
        asked = f"SELECT rowid, -bm25({self.table}, 0.0), {column} FROM {self.table} WHERE {self.table} MATCH ?"
        rows = self.connection.execute(asked, (wider,))
        return {number: score for number, score, text in rows if near(text.split(), words, slop)}

    def _pattern(self, node: Fuzzy | Wild | Regex) -> Scores:
        found: list[Scores] = []
        for analyzer, columns in self._places(node.field):
            for column in columns:
                alike = self.vocabulary.find(self.connection, self.table, column, analyzer, node)
                if isinstance(node, Fuzzy):
                    found += [_times(self._scored(_atom([column], [token])), likeness) for token, likeness in alike.items()]
                else:
                    found += [dict.fromkeys(self._rows(wanted), 1.0) for wanted in _in_portions(column, list(alike))]
        if isinstance(node, Fuzzy):
            return _added(found, _in_any(found))
        return dict.fromkeys(_in_any(found), 1.0)

    def _scored(self, match: str) -> Scores:
        asked = f"SELECT rowid, -bm25({self.table}, 0.0) FROM {self.table} WHERE {self.table} MATCH ?"
        return dict(self.connection.execute(asked, (match,)).fetchall())

    def _rows(self, match: str) -> list[int]:
        asked = f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH ?"
        return [number for (number,) in self.connection.execute(asked, (match,))]

    def highlighted(self, node: Node | None, field: Field) -> list[Term]:
        """The terms of the query in this field, without what must not match."""
        match node:
            case Clauses():
                return [term for occur, part in node.clauses if occur is not Occur.NOT for term in self.highlighted(part, field)]
            case Boosted():
                return self.highlighted(node.part, field)
            case None | Everything():
                return []
        if field not in (self.fields if node.field is None else (self.index.by_name.get(node.field),)):
            return []
        if isinstance(node, Fuzzy | Wild | Regex):
            column = f"f_{field.name}"
            return [Term((token,)) for token in self.vocabulary.find(self.connection, self.table, column, field.analyzer, node)]
        words = tuple(token.text for token in tokens(field.analyzer, node.text))
        if isinstance(node, Quoted) and not node.slop:
            return [Term(words)] if words else []
        return [Term((word,)) for word in words]


def _string(token: str) -> str:
    return f'"{token}"'


def _atom(columns: Sequence[str], words: Sequence[str]) -> str:
    return f"{{{' '.join(columns)}}} : {_string(' '.join(words))}"


def _in_portions(column: str, words: list[str]) -> list[str]:
    """Expressions that together find any of the words."""
    portions = (words[start : start + TOGETHER] for start in range(0, len(words), TOGETHER))
    return [f"{{{column}}} : ({' OR '.join(map(_string, portion))})" for portion in portions]


def _in_any(found: Iterable[Scores]) -> set[int]:
    return set().union(*found)


def _in_all(found: Sequence[Scores]) -> set[int]:
    return set(found[0]).intersection(*found[1:]) if found else set()


def _times(scores: Scores, factor: float) -> Scores:
    return {number: score * factor for number, score in scores.items()}


def _added(found: Sequence[Scores], numbers: set[int]) -> Scores:
    return {number: sum(scores.get(number, 0.0) for scores in found) for number in numbers}

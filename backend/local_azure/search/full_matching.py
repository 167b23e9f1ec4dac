"""Which documents a query in the full syntax finds and how they score: each leaf asked of the full-text index, joined by Lucene's rules.

Inside a transaction of the store. Words and phrases score by BM25 and add up, as in the simple syntax; wildcards and expressions score 1,
for the service leaves their frequency out; a boost multiplies (Microsoft Learn, "Lucene query syntax").
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from .full_tree import Boosted, Clauses, Everything, Fuzzy, Node, Occur, Plain, Quoted, Regex, Wild
from .matching import Matching, Term, atom, columns_of
from .nearness import near
from .postings import Hits, Known
from .refusal import invalid
from .schema import Field, Index
from .vocabulary import Vocabulary
from .words import beginning, tokens

TOGETHER = 500
"""Words of a pattern asked for in one expression; far within SQLite's limits."""


@dataclass(frozen=True, slots=True)
class FullMatching:
    """One query's surroundings: the index, the fields for what names none, and whether several tokens of one word must all match."""

    connection: sqlite3.Connection
    known: Known
    vocabulary: Vocabulary
    index: Index
    fields: tuple[Field, ...]
    every: bool

    def hits(self, node: Node) -> Hits | None:
        """What matches; None where nothing is left after analysis (only stop words). `Refusal` for a field that cannot be searched."""
        match node:
            case Clauses():
                return self._joined(node)
            case Boosted():
                inner = self.hits(node.part)
                return None if inner is None else Hits(inner.places, inner.scores * node.factor)
            case Everything():
                return self.known.everything(1.0)
            case Plain():
                matching = self._matching(node.field)
                groups = (
                    matching.terms([Term((token.text,)) for token in tokens(analyzer, node.text)], columns)
                    for analyzer, columns in matching.columns.items()
                )
                return matching.together([hits for hits in groups if hits is not None], every=False)
            case Quoted():
                return self._quoted(node)
            case Fuzzy() | Wild() | Regex():
                return self._pattern(node)
            case _:
                assert_never(node)

    def _joined(self, node: Clauses) -> Hits | None:
        parts = [(occur, found) for occur, part in node.clauses if (found := self.hits(part)) is not None]
        if not parts:
            return None
        must = [found for occur, found in parts if occur is Occur.MUST]
        may = [found for occur, found in parts if occur is Occur.SHOULD]
        matching = self.known.all_of(must) if must else self.known.any_of(may)
        if must and may:
            scores = np.zeros(len(self.known.numbers))
            for one in may:
                scores[one.places] += one.scores
            matching = Hits(matching.places, matching.scores + scores[matching.places])
        return self.known.without(matching, [found for occur, found in parts if occur is Occur.NOT])

    def _matching(self, name: str | None) -> Matching:
        """Where a leaf looks."""
        if name is None:
            return Matching(self.known, columns_of(self.fields), self.every)
        field = self.index.by_name.get(name)
        if field is None or field not in self.index.words:
            raise invalid(f"The field '{name}' in the search expression is unknown or not searchable.\r\nParameter name: search")
        return Matching(self.known, columns_of([field]), self.every)

    def _quoted(self, node: Quoted) -> Hits | None:
        found: list[Hits] = []
        matching = self._matching(node.field)
        for analyzer, columns in matching.columns.items():
            words = tuple(token.text for token in tokens(analyzer, node.text))
            if words and (len(words) == 1 or not node.slop):
                found.append(self.known.hits(atom(Term(words), columns)))
            elif words:
                found += [self._near(column, words, node.slop) for column in columns]
        return matching.together(found, every=False)

    def _near(self, column: str, words: tuple[str, ...], slop: int) -> Hits:
        """SQLite's NEAR finds more than Lucene's slop allows, so what it finds is looked at. The score is that of the words, one by one.

        NEAR counts what stands between the first and the last word: the words between them, and what the slop lets in.
        """
        quoted = " ".join(f'"{word}"' for word in words)
        asked = f"SELECT rowid, {column} FROM {self.known.words} WHERE {self.known.words} MATCH ?"
        rows = self.connection.execute(f"{asked} ORDER BY rowid", (f"{{{column}}} : NEAR({quoted}, {slop + len(words) - 2})",))
        places = self.known.places(np.array([number for number, text in rows if near(text.split(), words, slop)], np.int64))
        scores = np.zeros(len(places))
        for word in dict.fromkeys(words):
            one = self.known.hits(atom(Term((word,)), [column]))
            scores += one.scores[np.searchsorted(one.places, places)]
        return Hits(places, scores)

    def _pattern(self, node: Fuzzy | Wild | Regex) -> Hits:
        found: list[Hits] = []
        for analyzer, columns in self._matching(node.field).columns.items():
            start = node.start() if isinstance(node, Wild) else None
            if start is not None and start.isalnum():
                found.append(self.known.alike(atom(Term((beginning(analyzer, start),), prefix=True), columns)))
                continue
            for column in columns:
                alike = self.vocabulary.find(self.connection, self.known.words, column, analyzer, node)
                if isinstance(node, Fuzzy):
                    found += self._like(column, alike)
                else:
                    found += [self.known.alike(portion) for portion in _in_portions(column, list(alike))]
        together = self.known.any_of(found)
        return together if isinstance(node, Fuzzy) else Hits(together.places, np.ones(len(together.places)))

    def _like(self, column: str, alike: dict[str, float]) -> list[Hits]:
        """The words that a fuzzy one stands for, all as rare as the commonest of them: a misspelling is not worth more for being rare."""
        hits = {token: self.known.hits(atom(Term((token,)), [column])) for token in alike}
        least = min((self.known.rarity(one) for one in hits.values()), default=0.0)
        return [Hits(one.places, one.scores * (alike[token] * least / self.known.rarity(one))) for token, one in hits.items()]

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
            return [Term((token,)) for token in self.vocabulary.find(self.connection, self.known.words, column, field.analyzer, node)]
        words = tuple(token.text for token in tokens(field.analyzer, node.text))
        if isinstance(node, Quoted) and not node.slop:
            return [Term(words)] if words else []
        return [Term((word,)) for word in words]


def _in_portions(column: str, words: list[str]) -> list[str]:
    """Expressions that together find any of the words."""
    portions = (words[start : start + TOGETHER] for start in range(0, len(words), TOGETHER))
    return [f"{{{column}}} : ({' OR '.join(f'{chr(34)}{word}{chr(34)}' for word in portion)})" for portion in portions]

"""What a query in the simple syntax finds: each word and phrase asked of the full-text index, joined as the query says.

Each field analyses the words in its own way, so one word becomes one alternative for each analyzer among the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .postings import Hits, Known
from .schema import Field
from .simple_syntax import Asked, Joined, Phrase, Without, Word
from .words import beginning, tokens


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that follow each other; with `prefix` the last may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


def columns_of(fields: Iterable[Field]) -> dict[str, list[str]]:
    """The columns to look in, by analyzer."""
    by_analyzer: dict[str, list[str]] = {}
    for field in fields:
        by_analyzer.setdefault(field.analyzer, []).append(f"f_{field.name}")
    return by_analyzer


def atom(term: Term, columns: Sequence[str]) -> str:
    """A term looked for in some columns, as an expression of SQLite's full-text index."""
    return f'{{{" ".join(columns)}}} : "{" ".join(term.tokens)}"{" *" if term.prefix else ""}'


@dataclass(frozen=True, slots=True)
class Matching:
    """One query's surroundings: the fields to look in, and whether several tokens of one word ("full-time") must all match."""

    known: Known
    columns: dict[str, list[str]]
    every: bool

    def hits(self, asked: Asked) -> Hits | None:
        """What matches, or None where nothing of the query is left after analysis (only stop words): then nothing does."""
        match asked:
            case Joined():
                return self.together([hits for part in asked.parts if (hits := self.hits(part)) is not None], every=asked.every)
            case Without():
                inner = self.hits(asked.part)
                return None if inner is None else self.known.without(self.known.everything(0.0), [inner])
            case Word() | Phrase():
                groups = (self.terms(_terms(asked, analyzer), columns) for analyzer, columns in self.columns.items())
                found = self.together([hits for hits in groups if hits is not None], every=False)
                return Hits(found.places, np.ones(len(found.places))) if found is not None and _is_prefix(asked) else found

    def terms(self, terms: Sequence[Term], columns: Sequence[str]) -> Hits | None:
        """The terms of one word, looked for in columns of one analyzer. Beginnings of words all score 1, as in the service."""
        found = [self.known.alike(atom(term, columns)) if term.prefix else self.known.hits(atom(term, columns)) for term in terms]
        return self.together(found, every=self.every)

    def together(self, found: Sequence[Hits], *, every: bool) -> Hits | None:
        """Hits of several parts, of which all must match, or any may."""
        if not found:
            return None
        return self.known.all_of(found) if every else self.known.any_of(found)


def _is_prefix(asked: Word | Phrase) -> bool:
    return isinstance(asked, Word) and asked.prefix


def _terms(asked: Word | Phrase, analyzer: str) -> list[Term]:
    """What one word or phrase of the query is to an analyzer."""
    if isinstance(asked, Word) and asked.prefix:
        start = beginning(analyzer, asked.text)
        return [Term((start,), prefix=True)] if start else []
    found = [token.text for token in tokens(analyzer, asked.text)]
    if isinstance(asked, Phrase):
        return [Term(tuple(found))] if found else []
    return [Term((token,)) for token in found]


def highlighted(asked: Asked | None, field: Field) -> list[Term]:
    """The terms of the query as this field's analyzer sees them, without what must not match."""
    match asked:
        case Joined():
            return [term for part in asked.parts for term in highlighted(part, field)]
        case Word() | Phrase():
            return _terms(asked, field.analyzer)
        case _:
            return []

"""What was asked, as an expression of SQLite's full-text index, and as the terms to be highlighted.

Each field analyses the words in its own way, so one word becomes one alternative for each analyzer among the fields. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .schema import Field
from .simple_syntax import Asked, Joined, Phrase, Without, Word
from .words import EVERYWHERE, beginning, tokens

EVERY_ROW = f'everything : "{EVERYWHERE}"'
"""A column that holds the same token in each row; the left side of a `NOT` that stands alone. It weighs nothing in the ranking."""


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that follow each other; with `prefix` the last may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


def expression(asked: Asked, fields: Iterable[Field], *, every: bool) -> str | None:
    """The `MATCH` expression, or None where nothing of the query is left after analysis (only stop words): then nothing matches."""
    return _written(asked, _columns(fields), every)


def plain_words(asked: Asked, fields: Iterable[Field]) -> list[str] | None:
    """The atoms of the expression where it is nothing but words of which any may match; None where it is more than that."""
    words = asked.parts if isinstance(asked, Joined) and not asked.every else (asked,)
    if not all(isinstance(word, Word) and not word.prefix for word in words):
        return None
    columns = _columns(fields)
    return [_atom(term, places) for word in words if isinstance(word, Word) for a, places in columns.items() for term in _terms(word, a)]


def _columns(fields: Iterable[Field]) -> dict[str, str]:
    """The columns to look in, by analyzer."""
    by_analyzer: dict[str, list[str]] = {}
    for field in fields:
        by_analyzer.setdefault(field.analyzer, []).append(f"f_{field.name}")
    return {analyzer: f"{{{' '.join(columns)}}}" for analyzer, columns in by_analyzer.items()}


def _written(asked: Asked, by_analyzer: dict[str, str], every: bool) -> str | None:
    match asked:
        case Joined():
            parts = [written for part in asked.parts if (written := _written(part, by_analyzer, every)) is not None]
            return _together(parts, every=asked.every)
        case Without():
            inner = _written(asked.part, by_analyzer, every)
            return None if inner is None else f"({EVERY_ROW} NOT {inner})"
        case Word() | Phrase():
            places = (_in_columns(_terms(asked, analyzer), columns, every=every) for analyzer, columns in by_analyzer.items())
            return _together([place for place in places if place is not None], every=False)


def _together(parts: list[str], *, every: bool) -> str | None:
    if len(parts) <= 1:
        return parts[0] if parts else None
    return f"({(' AND ' if every else ' OR ').join(parts)})"


def _in_columns(terms: list[Term], columns: str, *, every: bool) -> str | None:
    """The terms of one word, looked for in some columns. A word that is several tokens ("full-time") counts as several words."""
    return _together([_atom(term, columns) for term in terms], every=every)


def _atom(term: Term, columns: str) -> str:
    return f'{columns} : "{" ".join(term.tokens)}"{" *" if term.prefix else ""}'


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

"""Runs a query: which documents match, in which order, and one page of them with highlights.

Ranking is BM25 (k1 = 1.2, b = 0.75, the constants of the service and of SQLite). On a connection, inside a transaction of the store.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from .catalogue import Entry
from .highlight import fragments
from .matching import expression, highlighted
from .request import DEFAULT_PAGE, MAX_PAGE, MAX_SKIP, Query

Hit = tuple[int, float]
"""A document's row number and its score."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. `rest` are the parameters of the next page, or None when this was the last."""

    documents: list[dict[str, Any]]
    total: int | None
    rest: dict[str, Any] | None


def run(connection: sqlite3.Connection, entry: Entry, query: Query) -> Page:
    """The page that the query asks for."""
    size = DEFAULT_PAGE if query.top is None else min(query.top, MAX_PAGE)
    found = _found(entry, query, connection)
    if found is None:
        return Page([], 0 if query.count else None, None)
    source, parameters, score = found
    total = int(connection.execute(f"SELECT count(*) {source}", parameters).fetchone()[0]) if query.count else None
    order = ", ".join([*query.order, "score DESC", "d.id"])
    asked = f"SELECT d.id, {score} AS score {source} ORDER BY {order} LIMIT ? OFFSET ?"
    hits: list[Hit] = connection.execute(asked, [*parameters, size + 1, query.skip]).fetchall()
    return Page(_shown(connection, entry, query, hits[:size]), total, _rest(query, size, more=len(hits) > size))


def _found(entry: Entry, query: Query, connection: sqlite3.Connection) -> tuple[str, list[Any], str] | None:
    """From where, with which parameters and scored how; None where nothing can match."""
    tables = entry.documents(connection)
    where = query.condition.sql if query.condition else "1"
    parameters: list[Any] = list(query.condition.parameters) if query.condition else []
    if query.everything:
        return f"FROM {tables.values} AS d WHERE {where}", parameters, "1.0"
    match = expression(query.asked, query.fields, every=query.every) if query.asked else None
    if match is None:
        return None
    source = f"FROM {tables.words} JOIN {tables.values} AS d ON d.id = {tables.words}.rowid WHERE {tables.words} MATCH ? AND {where}"
    return source, [match, *parameters], f"-bm25({tables.words}, 0.0)"


def _rest(query: Query, size: int, *, more: bool) -> dict[str, Any] | None:
    """The service goes on by itself where no `top` was given, or one above its page size."""
    left = None if query.top is None else query.top - size
    skip = query.skip + size
    if not more or left == 0 or skip > MAX_SKIP:
        return None
    return query.given | {"skip": skip} | ({} if left is None else {"top": left})


def _shown(connection: sqlite3.Connection, entry: Entry, query: Query, hits: list[Hit]) -> list[dict[str, Any]]:
    tables = entry.documents(connection)
    numbers = [number for number, _ in hits]
    shown = [{"@search.score": score} for _, score in hits]
    if query.highlights:
        marked = tuple(field for field, _ in query.highlights)
        for result, document in zip(shown, tables.shown(numbers, marked), strict=True):
            result |= _highlights(query, document)
    return [result | document for result, document in zip(shown, tables.shown(numbers, query.shown), strict=True)]


def _highlights(query: Query, document: dict[str, Any]) -> dict[str, Any]:
    """`@search.highlights` of one document; nothing where nothing was hit."""
    found: dict[str, list[str]] = {}
    for field, limit in query.highlights:
        terms = highlighted(query.asked, field)
        value = document[field.name]
        texts = value if isinstance(value, list) else [value] if value else []
        pieces = [piece for text in texts for piece in fragments(text, field.analyzer, terms, query.tags, limit)][:limit]
        if pieces:
            found[field.name] = pieces
    return {"@search.highlights": found} if found else {}

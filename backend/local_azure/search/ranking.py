"""Runs a query: which documents match, in which order, and one page of them with highlights.

Ranking is BM25 (k1 = 1.2, b = 0.75, the constants of the service and of SQLite). On a connection, inside a transaction of the store.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from .best_first import Frequencies, Hit, Source, best
from .catalogue import Entry
from .documents import Documents
from .highlight import fragments
from .matching import expression, highlighted, plain_words
from .request import DEFAULT_PAGE, MAX_PAGE, MAX_SKIP, Query

MOST_BEST = 200
"""Hits up to which the best are looked for first; who reads further has them all scored."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. `rest` are the parameters of the next page, or None when this was the last."""

    documents: list[dict[str, Any]]
    total: int | None
    rest: dict[str, Any] | None


def run(connection: sqlite3.Connection, entry: Entry, query: Query, frequencies: Frequencies) -> Page:
    """The page that the query asks for."""
    size = DEFAULT_PAGE if query.top is None else min(query.top, MAX_PAGE)
    hits, total = _found(connection, entry.documents(connection), query, frequencies, size + 1)
    shown = _shown(entry.documents(connection), query, hits[:size])
    return Page(shown, total if query.count else None, _rest(query, size, more=len(hits) > size))


def _found(connection: sqlite3.Connection, tables: Documents, query: Query, frequencies: Frequencies, limit: int) -> tuple[list[Hit], int]:
    """The hits of the page, at most `limit`, and how many there are in all, which is 0 where nobody asks."""
    where = query.condition.sql if query.condition else "1"
    parameters: list[Any] = list(query.condition.parameters) if query.condition else []
    order = ", ".join([*query.order, "score DESC", "d.id"])
    if query.everything:
        source = f"FROM {tables.values} AS d WHERE {where}"
        hits = connection.execute(f"SELECT d.id, 1.0 AS score {source} ORDER BY {order} LIMIT ? OFFSET ?", [*parameters, limit, query.skip])
        return hits.fetchall(), int(connection.execute(f"SELECT count(*) {source}", parameters).fetchone()[0]) if query.count else 0
    match = expression(query.asked, query.fields, every=query.every) if query.asked else None
    if match is None or query.asked is None:
        return [], 0
    filtered = Source(connection, tables.values, tables.words, query.condition.sql if query.condition else None, parameters)
    total = filtered.count(match) if query.count else 0
    words = plain_words(query.asked, query.fields)
    if words is not None and not query.order and query.skip + limit <= MOST_BEST:
        rarities = frequencies.rarities(connection, tables.words, words)
        return best(filtered, words, rarities, query.skip + limit)[query.skip :], total
    source = f"FROM {tables.words} JOIN {tables.values} AS d ON d.id = {tables.words}.rowid WHERE {tables.words} MATCH ? AND {where}"
    asked = f"SELECT d.id, -bm25({tables.words}, 0.0) AS score {source} ORDER BY {order} LIMIT ? OFFSET ?"
    return connection.execute(asked, [match, *parameters, limit, query.skip]).fetchall(), total


def _rest(query: Query, size: int, *, more: bool) -> dict[str, Any] | None:
    """The service goes on by itself where no `top` was given, or one above its page size."""
    left = None if query.top is None else query.top - size
    skip = query.skip + size
    if not more or left == 0 or skip > MAX_SKIP:
        return None
    return query.given | {"skip": skip} | ({} if left is None else {"top": left})


def _shown(tables: Documents, query: Query, hits: list[Hit]) -> list[dict[str, Any]]:
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

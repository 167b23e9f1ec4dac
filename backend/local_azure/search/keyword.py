"""Finds documents by their words: which match, in which order.

Ranking is BM25 (k1 = 1.2, b = 0.75, the constants of the service and of SQLite). On a connection, inside a transaction of the store.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from .best_first import Frequencies, Hit, Source, best
from .documents import Documents
from .full_matching import FullMatching
from .full_tree import FullQuery
from .matching import Term, expression, highlighted, plain_words
from .request import Query

MOST_BEST = 200
"""Hits up to which the best are looked for first; who reads further has them all scored."""


def by_words(
    connection: sqlite3.Connection, tables: Documents, query: Query, frequencies: Frequencies, skip: int, limit: int
) -> tuple[list[Hit], int]:
    """At most `limit` hits after the first `skip`, and how many there are in all, which is 0 where nobody asks."""
    where = query.condition.sql if query.condition else "1"
    parameters: list[Any] = list(query.condition.parameters) if query.condition else []
    order = ", ".join([*query.order, "score DESC", "d.id"])
    if query.everything:
        source = f"FROM {tables.values} AS d WHERE {where}"
        hits = connection.execute(f"SELECT d.id, 1.0 AS score {source} ORDER BY {order} LIMIT ? OFFSET ?", [*parameters, limit, skip])
        return hits.fetchall(), int(connection.execute(f"SELECT count(*) {source}", parameters).fetchone()[0]) if query.count else 0
    if isinstance(query.asked, FullQuery):
        scores = in_full(connection, tables, query, frequencies).scores(query.asked.root)
        source = f"FROM json_each(?) AS h JOIN {tables.values} AS d ON d.id = CAST(h.key AS INTEGER) WHERE {where}"
        found = [msgspec.json.encode(scores).decode(), *parameters]
        hits = connection.execute(f"SELECT d.id, h.value AS score {source} ORDER BY {order} LIMIT ? OFFSET ?", [*found, limit, skip])
        return hits.fetchall(), int(connection.execute(f"SELECT count(*) {source}", found).fetchone()[0]) if query.count else 0
    match = expression(query.asked, query.fields, every=query.every) if query.asked else None
    if match is None or query.asked is None:
        return [], 0
    filtered = Source(connection, tables.values, tables.words, query.condition.sql if query.condition else None, parameters)
    total = filtered.count(match) if query.count else 0
    words = plain_words(query.asked, query.fields)
    if words is not None and not query.order and skip + limit <= MOST_BEST:
        rarities = frequencies.rarities(connection, tables.words, words)
        return best(filtered, words, rarities, skip + limit)[skip:], total
    source = f"FROM {tables.words} JOIN {tables.values} AS d ON d.id = {tables.words}.rowid WHERE {tables.words} MATCH ? AND {where}"
    asked = f"SELECT d.id, -bm25({tables.words}, 0.0) AS score {source} ORDER BY {order} LIMIT ? OFFSET ?"
    return connection.execute(asked, [match, *parameters, limit, skip]).fetchall(), total


def in_full(connection: sqlite3.Connection, tables: Documents, query: Query, frequencies: Frequencies) -> FullMatching:
    """What evaluates a query in the full syntax."""
    return FullMatching(connection, tables.words, tables.index, query.fields, query.every, frequencies.vocabulary)


def terms_of(connection: sqlite3.Connection, tables: Documents, query: Query, frequencies: Frequencies) -> dict[str, list[Term]]:
    """For each field in which hits are to be marked, the terms of the query."""
    if isinstance(query.asked, FullQuery):
        full, root = in_full(connection, tables, query, frequencies), query.asked.root
        return {field.name: full.highlighted(root, field) for field, _ in query.highlights}
    return {field.name: highlighted(query.asked, field) for field, _ in query.highlights}

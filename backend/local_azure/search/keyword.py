"""Finds documents by their words: which match, in which order.

Ranking is BM25 (k1 = 1.2, b = 0.75, the constants of the service and of SQLite). On a connection, inside a transaction of the store.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import numpy as np

from .documents import Documents
from .full_matching import FullMatching
from .full_tree import FullQuery
from .matching import Matching, Term, columns_of, highlighted
from .postings import Hit, Hits, Known, Places, Postings
from .request import Query

LOOKED_AT = 64
"""The best hits that a filter is tried on first; then four times as many, and then it is worth knowing all that pass."""


def by_words(
    connection: sqlite3.Connection, tables: Documents, query: Query, postings: Postings, skip: int, limit: int
) -> tuple[list[Hit], int]:
    """At most `limit` hits after the first `skip`, and how many there are in all, which is 0 where nobody asks."""
    if query.everything:
        return _everything(connection, tables, query, skip, limit)
    known = postings.of(connection, tables.values, tables.words)
    hits = _matching(connection, tables, query, postings, known)
    if hits is None or not len(hits.places):
        return [], 0
    wanted = skip + limit
    if query.condition is not None and (query.count or query.order or wanted > LOOKED_AT):
        hits = known.filtered(hits, query.condition.sql, query.condition.parameters)
    total = len(hits.places) if query.count else 0
    if query.condition is None or query.count or query.order or wanted > LOOKED_AT:
        best = _best(known, hits, query, wanted)
    else:
        best = _best_passing(known, hits, query, wanted)
    return [(int(known.numbers[hits.places[n]]), float(hits.scores[n])) for n in best[skip:wanted].tolist()], total


def _everything(connection: sqlite3.Connection, tables: Documents, query: Query, skip: int, limit: int) -> tuple[list[Hit], int]:
    """Without words the order is SQLite's affair."""
    where = query.condition.sql if query.condition else "1"
    parameters: list[Any] = list(query.condition.parameters) if query.condition else []
    order = ", ".join([*query.order, "score DESC", "d.id"])
    source = f"FROM {tables.values} AS d WHERE {where}"
    hits = connection.execute(f"SELECT d.id, 1.0 AS score {source} ORDER BY {order} LIMIT ? OFFSET ?", [*parameters, limit, skip])
    return hits.fetchall(), int(connection.execute(f"SELECT count(*) {source}", parameters).fetchone()[0]) if query.count else 0


def _matching(connection: sqlite3.Connection, tables: Documents, query: Query, postings: Postings, known: Known) -> Hits | None:
    if isinstance(query.asked, FullQuery):
        full = FullMatching(connection, known, postings.vocabulary, tables.index, query.fields, query.every)
        return None if query.asked.root is None else full.hits(query.asked.root)
    return None if query.asked is None else Matching(known, columns_of(query.fields), query.every).hits(query.asked)


def _best(known: Known, hits: Hits, query: Query, wanted: int) -> Places:
    """The first of the hits in the query's order; equal ones in the order in which they were stored."""
    if query.order:
        keys = [_key(known, hits, term) for term in query.order]
        return np.lexsort((hits.places, -hits.scores, *reversed(keys)))[:wanted]
    if 4 * wanted < len(hits.scores):
        least = np.partition(hits.scores, -wanted)[-wanted]
        among = np.flatnonzero(hits.scores >= least)
        return among[np.argsort(-hits.scores[among], kind="stable")][:wanted]
    return np.argsort(-hits.scores, kind="stable")[:wanted]


def _key(known: Known, hits: Hits, term: str) -> Any:
    """What one term of an order sorts the hits by, ascending."""
    name, _, direction = term.partition(" ")
    if name == "score":
        return -hits.scores if direction == "DESC" else hits.scores
    return known.ranks(term)[hits.places]


def _best_passing(known: Known, hits: Hits, query: Query, wanted: int) -> Places:
    """The best hits that the filter lets through, without trying it on all documents where the first few will do."""
    assert query.condition is not None  # noqa: S101 - asked for only then
    sql, parameters = query.condition.sql, query.condition.parameters
    for many in (LOOKED_AT, 4 * LOOKED_AT):
        ordered = _best(known, hits, query, many)
        passing = ordered[known.passing(hits.places[ordered], sql, parameters)]
        if len(passing) >= wanted or len(ordered) < many:
            return passing[:wanted]
    allowed = known.all_passing(sql, parameters)[hits.places]
    ordered = _best(known, hits, query, len(hits.places))
    return ordered[allowed[ordered]][:wanted]


def terms_of(connection: sqlite3.Connection, tables: Documents, query: Query, postings: Postings) -> dict[str, list[Term]]:
    """For each field in which hits are to be marked, the terms of the query."""
    if isinstance(query.asked, FullQuery) and query.highlights:
        known = postings.of(connection, tables.values, tables.words)
        full, root = FullMatching(connection, known, postings.vocabulary, tables.index, query.fields, query.every), query.asked.root
        return {field.name: full.highlighted(root, field) for field, _ in query.highlights}
    return {field.name: [] if isinstance(query.asked, FullQuery) else highlighted(query.asked, field) for field, _ in query.highlights}

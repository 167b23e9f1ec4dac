"""Finds documents by vectors, and by words and vectors together.

Owns what is fused with what: each field of each vector query is a ranking of its own, the words are one more. On a connection, inside a
transaction of the store.
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from .catalogue import Entry
from .fusion import fused
from .keyword import by_words
from .nearest import Matrices, Numbers
from .postings import Hit, Postings
from .refusal import busy
from .request import Query
from .schema import Field
from .vectors import VectorQuery

TEXT_RECALL = 1_000
"""Hits by words that a fusion takes; the service's default (`maxTextRecallSize`)."""

Embedded = Mapping[tuple[str, int], bytes]
"""Vectors of the texts of a request, packed, by text and dimensions."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the reading thread remembers between queries."""

    postings: Postings
    matrices: Matrices


def found(
    connection: sqlite3.Connection, entry: Entry, query: Query, memory: Memory, embedded: Embedded, *, skip: int, limit: int
) -> tuple[list[Hit], int]:
    """At most `limit` hits after the first `skip`, and how many there are in all, which is 0 where nobody asks."""
    documents = entry.documents(connection)
    if not query.vectors:
        return by_words(connection, documents, query, memory.postings, skip, limit)
    rankings: list[tuple[float, list[Hit]]] = []
    total = 0
    if not query.everything:
        unordered = replace(query, order=())
        hits, total = by_words(connection, documents, unordered, memory.postings, 0, TEXT_RECALL)
        rankings.append((1.0, hits))
    rankings += _by_vectors(connection, entry, query, memory, embedded)
    merged = rankings[0][1] if len(rankings) == 1 else fused([(weight, [number for number, _ in hits]) for weight, hits in rankings])
    ordered = _ordered(connection, entry, query, merged)
    # Where the words fit more documents than a fusion takes, neighbours that no word fits are not counted beside them.
    return ordered[skip : skip + limit], max(total, len(ordered))


def _by_vectors(
    connection: sqlite3.Connection, entry: Entry, query: Query, memory: Memory, embedded: Embedded
) -> list[tuple[float, list[Hit]]]:
    """The neighbours by each field of each vector query, with the query's weight."""
    among: Numbers | None = None
    if query.condition is not None and not query.filter_after:
        documents = entry.documents(connection)
        known = memory.postings.of(connection, documents.values, documents.words)
        among = known.numbers[known.all_passing(query.condition.sql, query.condition.parameters)]
    return [
        (one.weight, memory.matrices.nearest(connection, entry, field, _packed(one, field, embedded), one.k, among))
        for one in query.vectors
        for field in one.fields
    ]


def _packed(one: VectorQuery, field: Field, embedded: Embedded) -> bytes:
    """A text's vector is missing only where the index became another one between two steps of this request: then it may be asked again."""
    packed = one.vector if one.vector is not None else embedded.get((one.text or "", field.dimensions or 0))
    if packed is None or len(packed) != 4 * (field.dimensions or 0):
        raise busy()
    return packed


def _ordered(connection: sqlite3.Connection, entry: Entry, query: Query, hits: list[Hit]) -> list[Hit]:
    """The hits in the order that the request names, those left out to which the filter, applied last, does not apply."""
    filtering = query.condition is not None and query.filter_after
    if not query.order and not filtering:
        return hits
    where = query.condition.sql if query.condition is not None and filtering else "1"
    parameters = query.condition.parameters if query.condition is not None and filtering else []
    values = entry.documents(connection).values
    asked = (
        f"SELECT d.id, json_extract(h.value, '$[1]') AS score FROM json_each(?) AS h JOIN {values} AS d "
        f"ON d.id = json_extract(h.value, '$[0]') WHERE {where} ORDER BY {', '.join([*query.order, 'h.key'])}"
    )
    return connection.execute(asked, [msgspec.json.encode(hits).decode(), *parameters]).fetchall()

"""Runs a query and shows one page of what it finds, with highlights.

Which documents match, and in which order, is decided elsewhere. On a connection, inside a transaction of the store.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from .captions import Reranked, reranked
from .catalogue import Entry
from .documents import Documents
from .highlight import fragments
from .hybrid import Embedded, Memory, found
from .keyword import terms_of
from .matching import Term
from .postings import Hit
from .request import DEFAULT_PAGE, MAX_PAGE, MAX_SKIP, Query
from .reranking import RERANKED
from .semantic import Semantic


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. `rest` are the parameters of the next page, or None when this was the last; `answers` None where not asked."""

    documents: list[dict[str, Any]]
    total: int | None
    rest: dict[str, Any] | None
    answers: list[dict[str, Any]] | None = None


def run(connection: sqlite3.Connection, entry: Entry, query: Query, memory: Memory, embedded: Embedded) -> Page:
    """The page that the query asks for. `embedded` holds the vectors of its texts."""
    size = DEFAULT_PAGE if query.top is None else min(query.top, MAX_PAGE)
    documents = entry.documents(connection)
    terms = terms_of(connection, documents, query, memory.postings)
    if query.semantic is None:
        hits, total = found(connection, entry, query, memory, embedded, skip=query.skip, limit=size + 1)
        shown, answers = _shown(documents, query, hits[:size], terms), None
    else:
        limit = max(RERANKED, query.skip + size + 1)
        hits, total = found(connection, entry, query, memory, embedded, skip=0, limit=limit)
        anew = _reranked(documents, query.semantic, query, hits[:RERANKED])
        hits, answers = [*(hits[place] for place in anew.order), *hits[RERANKED:]][query.skip : query.skip + size + 1], anew.answers
        more = anew.shown[query.skip : query.skip + size]
        shown = _shown(documents, query, hits[:size], terms)
        for one, extra in zip(shown, more, strict=False):  # those beyond the service's 50 have nothing more to show
            one |= extra
    return Page(shown, total if query.count else None, _rest(query, size, more=len(hits) > size), answers)


def _reranked(documents: Documents, semantic: Semantic, query: Query, hits: list[Hit]) -> Reranked:
    key = documents.index.key
    fields = tuple(dict.fromkeys([key, *semantic.fields]))
    return reranked(semantic, list(documents.shown([number for number, _ in hits], fields)), key.name, query.tags)


def _rest(query: Query, size: int, *, more: bool) -> dict[str, Any] | None:
    """The service goes on by itself where no `top` was given, or one above its page size."""
    left = None if query.top is None else query.top - size
    skip = query.skip + size
    if not more or left == 0 or skip > MAX_SKIP:
        return None
    return query.given | {"skip": skip} | ({} if left is None else {"top": left})


def _shown(tables: Documents, query: Query, hits: list[Hit], terms: dict[str, list[Term]]) -> list[dict[str, Any]]:
    numbers = [number for number, _ in hits]
    shown = [{"@search.score": score} for _, score in hits]
    if query.highlights:
        marked = tuple(field for field, _ in query.highlights)
        for result, document in zip(shown, tables.shown(numbers, marked), strict=True):
            result |= _highlights(query, document, terms)
    return [result | document for result, document in zip(shown, tables.shown(numbers, query.shown), strict=True)]


def _highlights(query: Query, document: dict[str, Any], terms: dict[str, list[Term]]) -> dict[str, Any]:
    """`@search.highlights` of one document; nothing where nothing was hit."""
    found: dict[str, list[str]] = {}
    for field, limit in query.highlights:
        value = document[field.name]
        texts = value if isinstance(value, list) else [value] if value else []
        pieces = [piece for text in texts for piece in fragments(text, field.analyzer, terms[field.name], query.tags, limit)][:limit]
        if pieces:
            found[field.name] = pieces
    return {"@search.highlights": found} if found else {}

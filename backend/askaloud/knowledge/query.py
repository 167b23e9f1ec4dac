"""What is asked of the service: the words of a question, an index's shape and who asks, as arguments of the official client.

Pure: it sends nothing. Keyword always; by vector too where the index and the settings offer it (hybrid); ranked semantically where a
configuration is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from azure.search.documents.models import VectorizableTextQuery, VectorizedQuery, VectorQuery

from .shape import Shape

NEIGHBOURS = 50
"""Candidates of a vector query: what the semantic ranker looks at, and enough for the ranks of a hybrid search to mix."""

SEMANTIC_WAIT_MS = 1500
"""Milliseconds that the semantic ranker may take before the service answers without it: a person waits in silence."""

DELIMITERS = (",", "|", ";", "\t")
"""Between the names in `search.in`; the first that stands in none of them is taken."""


OPERATORS = re.compile(r"""(?<!\S)[-+|"'~*()\\]+|[+|"~*()\\]+""")
"""What the service's simple syntax would read as an operator: a person who says "minus" or asks in quotes means words."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as an index knows people: by the groups they are in, and by an id. Nobody in particular reads what everybody may."""

    groups: tuple[str, ...] = ()
    id: str | None = None


def search_arguments(
    query: str, shape: Shape, *, reader: Reader, top: int, semantic: str | None, vector: Sequence[float] | None, by_vector: bool
) -> dict[str, Any]:
    """Keyword arguments for `SearchClient.search`.

    `vector` is the embedded query or None; `by_vector` says whether vector search is wanted at all; `semantic` names a configuration.
    """
    asked: dict[str, Any] = {"search_text": plain_words(query) if shape.words else None, "top": top, "select": shape.selected()}
    readable = readable_by(reader, shape)
    if readable is not None:
        asked["filter"] = readable
    vectors = _vector_queries(query, shape, vector) if by_vector else []
    if vectors:
        asked["vector_queries"] = vectors
        if readable is not None:
            asked["vector_filter_mode"] = "preFilter"
    if semantic is not None:
        asked |= {
            "query_type": "semantic",
            "semantic_configuration_name": semantic,
            "query_caption": "extractive",
            "query_caption_highlight_enabled": False,
            "semantic_error_mode": "partial",
            "semantic_max_wait_in_milliseconds": SEMANTIC_WAIT_MS,
        }
        if not shape.words:
            asked["semantic_query"] = query
    elif shape.highlighted:
        asked["highlight_fields"] = f"{shape.text}-1"
    return asked


def plain_words(query: str) -> str:
    """The words of a question without anything that the simple query syntax gives a meaning; everything where none are left."""
    return " ".join(OPERATORS.sub(" ", query).split()) or "*"


def readable_by(reader: Reader, shape: Shape) -> str | None:
    """The filter for what somebody may read: what everybody may, and what names them or one of their groups.

    Everybody may read what names neither groups nor people. None where the index keeps no such fields.
    """
    limits = [field for field in (shape.groups, shape.people) if field is not None]
    if not limits:
        return None
    everybody = " and ".join(f"not {field}/any()" for field in limits)
    theirs = []
    if shape.groups is not None and reader.groups:
        theirs.append(f"{shape.groups}/any(g: {_one_of(reader.groups)})")
    if shape.people is not None and reader.id:
        theirs.append(f"{shape.people}/any(p: p eq {literal(reader.id)})")
    return " or ".join([f"({everybody})", *theirs]) if theirs else everybody


def literal(text: str) -> str:
    """A string in the filter language: in single quotes, those within it doubled."""
    return "'" + text.replace("'", "''") + "'"


def _one_of(groups: Sequence[str]) -> str:
    delimiter = next((mark for mark in DELIMITERS if not any(mark in group for group in groups)), None)
    if delimiter is None:
        return " or ".join(f"g eq {literal(group)}" for group in groups)
    return f"search.in(g, {literal(delimiter.join(groups))}, {literal(delimiter)})"


def _vector_queries(query: str, shape: Shape, vector: Sequence[float] | None) -> list[VectorQuery]:
    if shape.vector is None:
        return []
    if shape.vector.vectorizer:
        return [VectorizableTextQuery(text=query, k_nearest_neighbors=NEIGHBOURS, fields=shape.vector.name)]
    if vector is not None:
        return [VectorizedQuery(vector=list(vector), k_nearest_neighbors=NEIGHBOURS, fields=shape.vector.name)]
    return []

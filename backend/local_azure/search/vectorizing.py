"""The texts of vector queries made vectors, by whatever the stand-in embeds with.

Owns what is asked of it and how often. It knows no model: that comes in as a function, whose failure is a `Refusal`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from .vectors import VectorQuery

Embed = Callable[[list[str], int], Awaitable[list[bytes]]]
"""Texts and dimensions in; a vector for each out, as packed 32-bit floats. Raises `Refusal`."""


def has_texts(body: object) -> bool:
    """Whether a search request may hold a text to be embedded; a look before the request is checked."""
    queries = body.get("vectorQueries") if isinstance(body, dict) else None
    return isinstance(queries, list) and any(isinstance(one, dict) and one.get("kind") == "text" for one in queries)


async def embedded(queries: Iterable[VectorQuery], embed: Embed) -> dict[tuple[str, int], bytes]:
    """The vectors of all texts, by text and dimensions; one call for each number of dimensions."""
    wanted: dict[int, dict[str, None]] = {}
    for query in queries:
        for field in query.fields:
            if query.text is not None:
                wanted.setdefault(field.dimensions or 0, {})[query.text] = None
    made: dict[tuple[str, int], bytes] = {}
    for dimensions, texts in wanted.items():
        vectors = await embed(list(texts), dimensions)
        made |= {(text, dimensions): vector for text, vector in zip(texts, vectors, strict=True)}
    return made

"""The shape of an index, as far as we use it: its fields by their names, and how a found document becomes a passage.

Which field is which is decided in `fields.py`. It asks nothing of the service itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .excerpt import EXCERPT_CHARS, excerpt, shortened
from .passage import Passage, read_boxes

PAGE_IN_ADDRESS = re.compile(r"#page=(\d{1,6})\b")
"""`handbook.pdf#page=7`: how indexes made for citing by address write the page."""


@dataclass(frozen=True, slots=True)
class VectorField:
    """A field of vectors. `dimensions` is None where it is not known; `vectorizer`: the service embeds the query's text itself."""

    name: str
    dimensions: int | None
    vectorizer: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields to query and to read, by their names in the index; None where the index has no such field.

    `groups` and `people` say who may read a passage. `words`: there is a field to search by words. `highlighted`: the text field may be
    highlighted. `hidden`: what may be filtered by and not read. `semantic`: the names of its semantic configurations; None where they are
    not known. `unlimiting`: what looks as if it said who may read and cannot be filtered by. `ours`: made by `schema.py`, so that every
    field of a `PassageRecord` is there.
    """

    key: str
    text: str
    title: str | None = None
    page: str | None = None
    headings: str | None = None
    source: str | None = None
    path: str | None = None
    document_id: str | None = None
    boxes: str | None = None
    groups: str | None = None
    people: str | None = None
    vector: VectorField | None = None
    words: bool = True
    highlighted: bool = True
    hidden: frozenset[str] = frozenset()
    semantic: tuple[str, ...] | None = ()
    unlimiting: tuple[str, ...] = ()
    ours: bool = False

    def selected(self) -> list[str]:
        """The fields to ask for: all that a `Passage` needs, never the vector."""
        names = (
            self.key,
            self.text,
            self.title,
            self.page,
            self.headings,
            self.source,
            self.path,
            self.document_id,
            self.boxes,
            self.groups,
        )
        return list(dict.fromkeys(name for name in names if name is not None and name not in self.hidden))

    def passage(self, found: Mapping[str, Any], query: str = "") -> Passage:
        """A document of the index as a passage, its excerpt about `query`. Raises TypeError where it lacks key or text."""
        identifier, text = found.get(self.key), found.get(self.text)
        if not isinstance(identifier, str) or not isinstance(text, str | None):
            raise TypeError("a document without a key or with a text that is none")
        words = text or ""
        return Passage(
            id=identifier,
            text=words,
            title=_string(found, self.title) or "",
            page=_page(found, self.page),
            headings=_strings(found, self.headings),
            source=_string(found, self.source),
            path=_string(found, self.path),
            document_id=_string(found, self.document_id),
            boxes=read_boxes(found.get(self.boxes)) if self.boxes else (),
            groups=_strings(found, self.groups),
            score=_score(found),
            excerpt=_caption(found) or excerpt(words, query, _highlights(found, self.text)),
        )


def _string(found: Mapping[str, Any], name: str | None) -> str | None:
    value = found.get(name) if name else None
    return value if isinstance(value, str) and value else None


def _strings(found: Mapping[str, Any], name: str | None) -> tuple[str, ...]:
    value = found.get(name) if name else None
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _page(found: Mapping[str, Any], name: str | None) -> int | None:
    value = found.get(name) if name else None
    if isinstance(value, str):
        address = PAGE_IN_ADDRESS.search(value)
        value = int(address[1]) if address else int(value) if value.isdecimal() and len(value) <= 6 else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def reranked(found: Mapping[str, Any]) -> float | None:
    """What the semantic ranker gave a document, 0 to 4; None where it did not look at it."""
    return _number(found, "@search.reranker_score")


def _score(found: Mapping[str, Any]) -> float:
    score = reranked(found)
    return (_number(found, "@search.score") or 0.0) if score is None else score


def _number(found: Mapping[str, Any], name: str) -> float | None:
    value = found.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _caption(found: Mapping[str, Any]) -> str:
    """What the semantic ranker thinks answers, as plain text; "" where it said nothing."""
    captions = found.get("@search.captions")
    return shortened(captions[0].text, EXCERPT_CHARS) if captions and isinstance(captions[0].text, str) else ""


def _highlights(found: Mapping[str, Any], text: str) -> list[str]:
    highlights = found.get("@search.highlights")
    pieces = highlights.get(text) if isinstance(highlights, Mapping) else None
    return [piece for piece in pieces if isinstance(piece, str)] if isinstance(pieces, list) else []

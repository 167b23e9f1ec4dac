"""The nouns of this room: a passage as it is found, and the record that is written for it.

A passage is a piece of one page that can be read aloud and shown. Nothing here knows the search service.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

BOXES_AT_MOST = 400
"""Rectangles kept for one passage: a passage has a few dozen lines; a drawing made of letters could have thousands."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is seen (rotation applied), in fractions of its width and height, from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the index gives it back.

    `page` counts from 1, None where the format has no pages. `score` compares passages of one search only. `excerpt` is plain text for a
    card. `path` (with `/`) is relative to the folder that was indexed as `source`; both None in an index that does not record them.
    `boxes` say where on the page it stands; empty where that is not known.
    """

    id: str
    text: str
    title: str
    page: int | None = None
    headings: tuple[str, ...] = ()
    source: str | None = None
    path: str | None = None
    document_id: str | None = None
    boxes: tuple[Box, ...] = ()
    groups: tuple[str, ...] = ()
    score: float = 0.0
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage as it is written. Every field of our own index, in its order; `schema.py` holds their types.

    `ordinal` counts the passages of one page from 0; `start` and `end` are character positions in the page's text. `modified` is the
    file's time of change, in UTC. `vector` is None where no embedding deployment is set.
    """

    id: str
    source: str
    path: str
    document_id: str
    title: str
    headings: tuple[str, ...]
    page: int | None
    ordinal: int
    text: str
    start: int
    end: int
    boxes: tuple[Box, ...]
    content_hash: str
    groups: tuple[str, ...]
    modified: datetime
    vector: tuple[float, ...] | None = None

    def document(self) -> dict[str, Any]:
        """The JSON object that the service stores."""
        return {
            "id": self.id,
            "source": self.source,
            "path": self.path,
            "document_id": self.document_id,
            "title": self.title,
            "headings": list(self.headings),
            "page": self.page,
            "ordinal": self.ordinal,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "boxes": write_boxes(self.boxes),
            "content_hash": self.content_hash,
            "groups": list(self.groups),
            "modified": self.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "vector": None if self.vector is None else list(self.vector),
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """What planning needs to know of a passage that is in the index already."""

    id: str
    path: str
    content_hash: str
    groups: tuple[str, ...] = ()


def write_boxes(boxes: Iterable[Box]) -> str:
    """Boxes as the text that the index stores: four numbers each, a ten-thousandth of the page being finer than any screen shows."""
    rows = [[round(side, 4) for side in (box.left, box.top, box.right, box.bottom)] for box in boxes]
    return json.dumps(rows[:BOXES_AT_MOST], separators=(",", ":"))


def read_boxes(written: object) -> tuple[Box, ...]:
    """The boxes of `write_boxes`; none where the text is not one of ours, for a missing mark is no reason to lose a passage."""
    if not isinstance(written, str):
        return ()
    try:
        rows = json.loads(written)
        return tuple(Box(*(float(side) for side in row)) for row in rows[:BOXES_AT_MOST])
    except (ValueError, TypeError):
        return ()

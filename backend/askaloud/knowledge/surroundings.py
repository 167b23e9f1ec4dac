"""What stands around a passage: the passages before and after it on its page, slide or sheet, or in its document where that has no pages.

For whoever looks at a source that has no picture. It asks an index of ours alone, for others do not say where a passage stands; who may
see the passage may see what the same people may read beside it, and nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure.search.documents.aio import SearchClient

from .passage import Passage
from .query import literal
from .search import first_page
from .shape import Shape

EACH_SIDE = 3
"""Passages before and after: together about a page of a book."""

PASSAGES_AT_MOST = 1000
"""Passages of one page: the most that the service lists at a time. Where a document without pages has more, nothing is shown around one."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Text before and after a passage; "" where there is none, or none that is known."""

    before: str = ""
    after: str = ""


async def surroundings(client: SearchClient, shape: Shape, passage: Passage) -> Surroundings:
    """Ask for them, in two requests; in none where the index is not ours."""
    if not shape.ours or passage.document_id is None:
        return Surroundings()
    page = "null" if passage.page is None else str(passage.page)
    where = f"document_id eq {literal(passage.document_id)} and page eq {page}"
    asked: dict[str, Any] = {"select": ["id", "start", "end", "groups"], "order_by": ["id"], "top": PASSAGES_AT_MOST}
    rows = await first_page(await client.search(search_text="*", filter=where, **asked))
    if len(rows) == PASSAGES_AT_MOST:
        return Surroundings()
    before, after = _beside(rows, passage)
    if not before and not after:
        return Surroundings()
    wanted = " or ".join(f"id eq {literal(row['id'])}" for row in (*before, *after))
    found = await first_page(await client.search(search_text="*", filter=wanted, select=["id", "text"], top=2 * EACH_SIDE))
    texts = {each["id"]: each["text"] or "" for each in found}
    return Surroundings(_joined(before, texts), _joined(after, texts))


Row = Mapping[str, Any]


def _beside(rows: Sequence[Row], passage: Passage) -> tuple[list[Row], list[Row]]:
    """The nearest on each side, in order."""
    placed = [row for row in rows if isinstance(row["start"], int) and isinstance(row["end"], int)]
    here = next((row for row in placed if row["id"] == passage.id), None)
    if here is None:
        return [], []
    readable = [row for row in placed if set(row["groups"] or ()) == set(passage.groups)]
    ordered = sorted(readable, key=lambda row: (row["start"], row["id"]))
    before = [row for row in ordered if row["end"] <= here["start"] and row is not here]
    after = [row for row in ordered if row["start"] >= here["end"] and row is not here]
    return before[-EACH_SIDE:], after[:EACH_SIDE]


def _joined(rows: Sequence[Row], texts: Mapping[str, str]) -> str:
    """Their texts with what the document has between them: nothing, the end of a line or sentence, or of a paragraph."""
    parts = [texts.get(rows[0]["id"], "")] if rows else []
    for last, row in itertools.pairwise(rows):
        gap = row["start"] - last["end"]
        parts += ["\n" * min(gap, 2), texts.get(row["id"], "")]
    return "".join(parts)

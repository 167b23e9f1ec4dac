"""What an index holds, document by document, for a person who looks inside. It only reads, and no passage's text.

Knows the fields of an index from its shape; what is asked of the service is said here, how long it may take in `patience.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure.search.documents.aio import SearchClient

from ..settings import SearchDoor
from .batches import WRITE_ATTEMPTS, WRITE_DEADLINE_S
from .patience import patiently
from .query import literal
from .search import first_page
from .shape import Shape

AT_ONCE = 1000
"""Passages in one page of a listing: the most that the service gives."""

SKIP_AT_MOST = 100_000
"""How far the service skips. Of an index that others made, and whose key we may not sort by, no more can be listed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One passage, as a listing knows it. `changed` is its file's time as the service writes it; "" and None where it is not known."""

    id: str
    source: str
    document: str
    page: int | None
    groups: tuple[str, ...]
    changed: str


@dataclass(slots=True)
class Held:
    """One document: its passages' ids, the pages they stand on, who may read them (`open_passages`: everybody) and the latest change."""

    source: str
    document: str
    ids: list[str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    open_passages: int = 0
    changed: str = ""

    def add(self, row: Row) -> None:
        """Count one of its passages."""
        self.ids.append(row.id)
        self.groups.update(row.groups)
        self.open_passages += not row.groups
        self.changed = max(self.changed, row.changed)
        if row.page is not None:
            self.pages.add(row.page)


def by_document(rows: Iterable[Row]) -> list[Held]:
    """The documents of these passages, by source and name."""
    found: dict[tuple[str, str], Held] = {}
    for row in rows:
        found.setdefault((row.source, row.document), Held(row.source, row.document)).add(row)
    return [found[key] for key in sorted(found)]


async def rows(client: SearchClient, shape: Shape, door: SearchDoor) -> AsyncIterator[Row]:
    """All passages of an index; of one that others made as many as the service lets us list. Raises `KnowledgeError`."""
    after, skipped = "", 0
    while skipped <= SKIP_AT_MOST:
        asked: dict[str, Any] = {"search_text": "*", "select": _selected(shape), "top": AT_ONCE}
        if shape.ours:
            asked |= {"order_by": [shape.key]} | ({"filter": f"{shape.key} gt {literal(after)}"} if after else {})
        else:
            asked["skip"] = skipped

        async def page(asked: dict[str, Any] = asked) -> list[Row]:
            return [_row(each, shape) for each in await first_page(await client.search(**asked))]

        found = await patiently(page, door, deadline_s=WRITE_DEADLINE_S, attempts=WRITE_ATTEMPTS)
        for row in found:
            yield row
        if len(found) < AT_ONCE:
            return
        after, skipped = found[-1].id, 0 if shape.ours else skipped + AT_ONCE


def _selected(shape: Shape) -> list[str]:
    names = [shape.key, shape.source, shape.path or shape.title, shape.page, shape.groups, "modified" if shape.ours else None]
    return list(dict.fromkeys(name for name in names if name is not None and name not in shape.hidden))


def _row(found: Mapping[str, Any], shape: Shape) -> Row:
    seen = shape.passage({"": "", **found, shape.text: ""})
    changed = found.get("modified") if shape.ours else None
    name = seen.path or seen.title or seen.id
    return Row(seen.id, seen.source or "", name, seen.page, seen.groups, changed if isinstance(changed, str) else "")

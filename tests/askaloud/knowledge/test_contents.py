from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, scripted, standing_in

from askaloud.errors import KnowledgeError
from askaloud.knowledge import contents
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.contents import AT_ONCE, Row, by_document

OTHERS = {
    "name": "askaloud",
    "fields": [
        {"name": "chunk_id", "type": "Edm.String", "key": True},
        {"name": "chunk", "type": "Edm.String", "searchable": True},
        {"name": "title", "type": "Edm.String"},
    ],
}


async def listed(knowledge: KnowledgeBase) -> list[Row]:
    return [row async for row in knowledge.contents()]


def page(size: int, begin: int = 0, **fields: Any) -> Answer:
    found = [
        {"@search.score": 1.0, "id": f"p{begin + at:06}", "path": "a.pdf", "source": "s", "groups": [], **fields} for at in range(size)
    ]
    return Answer({"value": found})


async def test_every_passage_is_listed_with_what_a_person_asks_after(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put([record("p2", groups=("hr",)), record("p1", path="a's.pdf", page=None, source="t")])
        first, second = await listed(knowledge)
    assert first == Row("p1", "t", "a's.pdf", None, (), "2026-03-01T12:30:00Z")
    assert second == Row("p2", "handbooks", "handbook.pdf", 7, ("hr",), "2026-03-01T12:30:00Z")


async def test_a_large_index_is_listed_page_by_page_in_the_order_of_its_keys() -> None:
    door = ScriptedDoor()
    door.script("search", page(AT_ONCE), page(AT_ONCE, AT_ONCE), page(3, 2 * AT_ONCE))
    async with scripted(door) as knowledge:
        assert len(await listed(knowledge)) == 2 * AT_ONCE + 3
    filters = [body.get("filter") for body in door.bodies("search")]
    assert filters == [None, "id gt 'p000999'", "id gt 'p001999'"]
    assert {(body["orderby"], body["select"]) for body in door.bodies("search")} == {("id", "id,source,path,page,groups,modified")}


async def test_of_an_index_of_others_no_more_is_listed_than_the_service_skips() -> None:
    door = ScriptedDoor(OTHERS)
    pages = contents.SKIP_AT_MOST // AT_ONCE + 1
    door.script("search", *[Answer({"value": [{"chunk_id": f"c{at}", "title": "A"} for at in range(AT_ONCE)]})] * (pages + 1))
    async with scripted(door) as knowledge:
        assert len(await listed(knowledge)) == pages * AT_ONCE
    assert [body["skip"] for body in door.bodies("search")][-1] == contents.SKIP_AT_MOST


async def test_a_listing_that_breaks_off_is_an_error_and_no_shorter_index() -> None:
    door = ScriptedDoor()
    door.script("search", page(AT_ONCE), Answer("down", 500))
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await listed(knowledge)


def test_passages_are_counted_by_document() -> None:
    rows = [
        Row("p1", "s", "b.pdf", 1, ("hr",), "2026-01-01T00:00:00Z"),
        Row("p2", "s", "b.pdf", 1, (), "2026-02-01T00:00:00Z"),
        Row("p3", "s", "b.pdf", 9, ("board",), ""),
        Row("p4", "a", "b.pdf", None, (), ""),
    ]
    other, held = by_document(rows)
    assert (other.source, other.pages, other.open_passages, other.changed) == ("a", set(), 1, "")
    assert (held.ids, held.pages, held.groups) == (["p1", "p2", "p3"], {1, 9}, {"hr", "board"})
    assert (held.open_passages, held.changed) == (1, "2026-02-01T00:00:00Z")

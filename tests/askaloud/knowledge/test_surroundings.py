from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import ScriptedDoor, scripted, standing_in

from askaloud.knowledge.passage import Passage, PassageRecord
from askaloud.knowledge.surroundings import EACH_SIDE, Surroundings


def page_of(texts: Sequence[str], page: int | None = None, **fields: Any) -> list[PassageRecord]:
    """Passages of one page, one after the other with an empty line between them. Their ids come in another order."""
    at = 0
    made = []
    for ordinal, text in enumerate(texts):
        id = f"p{page}-{len(texts) - ordinal}"
        made.append(record(id, text, page=page, ordinal=ordinal, start=at, end=at + len(text), **fields))
        at += len(text) + 2
    return made


async def around(folder: Path, records: Sequence[PassageRecord], id: str) -> Surroundings:
    async with standing_in(folder) as knowledge:
        await knowledge.create()
        await knowledge.put(records)
        return await knowledge.around(await knowledge.read(id))


@pytest.mark.parametrize("page", [None, 4])
async def test_the_passages_before_and_after_come_in_the_order_of_the_text(tmp_path: Path, page: int | None) -> None:
    texts = ["First.", "Second.", "Third.", "Fourth."]
    others = [*page_of(["Another page."], page=9), record("x", "Another document.", document_id="d2", page=page, start=0, end=5)]
    found = await around(tmp_path, [*page_of(texts, page), *others], f"p{page}-2")
    assert found == Surroundings("First.\n\nSecond.", "Fourth.")


async def test_only_the_nearest_are_told(tmp_path: Path) -> None:
    texts = [f"Passage {number}." for number in range(20)]
    found = await around(tmp_path, page_of(texts), "pNone-10")
    assert found.before.split("\n\n") == texts[10 - EACH_SIDE : 10]
    assert found.after.split("\n\n") == texts[11 : 11 + EACH_SIDE]


async def test_what_follows_without_a_gap_is_joined_as_it_stood(tmp_path: Path) -> None:
    rows = [("a", "One. ", 0, 5), ("b", "Two.", 5, 9), ("c", "Three.", 10, 16), ("d", "Here.", 40, 45)]
    found = await around(tmp_path, [record(id, text, page=None, start=start, end=end) for id, text, start, end in rows], "d")
    assert found == Surroundings("One. Two.\nThree.", "")


async def test_what_other_people_may_read_is_not_told(tmp_path: Path) -> None:
    first, second, third = page_of(["Open.", "Of two groups.", "Of one."])
    hidden = [first, record("q", "x", groups=("hr", "board"), page=None, start=second.start, end=second.end), third]
    found = await around(
        tmp_path, [*hidden[:2], record(third.id, "Of one.", groups=("hr",), page=None, start=third.start, end=third.end)], "q"
    )
    assert found == Surroundings()


async def test_an_index_of_others_is_not_asked() -> None:
    door = ScriptedDoor(
        {
            "name": "askaloud",
            "fields": [{"name": "id", "type": "Edm.String", "key": True}, {"name": "chunk", "type": "Edm.String", "searchable": True}],
        }
    )
    async with scripted(door) as knowledge:
        assert await knowledge.around(Passage("p1", "Words.", "Title", document_id="d1")) == Surroundings()
    assert door.bodies("search") == []

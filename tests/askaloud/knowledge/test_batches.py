from __future__ import annotations

from typing import Any

import pytest
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, scripted

from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.knowledge.batches import BATCH_BYTES, BATCH_PASSAGES, batches


def told(*statuses: tuple[str, int]) -> Answer:
    rows = [{"key": key, "status": code < 300, "errorMessage": None, "statusCode": code} for key, code in statuses]
    return Answer({"value": rows}, 200 if all(code < 300 for _, code in statuses) else 207)


def keys(body: Any) -> list[str]:
    return [row["id"] for row in body["value"]]


def test_batches_stay_below_both_limits_and_lose_nothing() -> None:
    small = [{"id": str(number)} for number in range(BATCH_PASSAGES + 1)]
    assert [len(batch) for batch in batches(small)] == [BATCH_PASSAGES, 1]
    large = [{"id": str(number), "text": "x" * (BATCH_BYTES // 3)} for number in range(5)]
    assert [len(batch) for batch in batches(large)] == [2, 2, 1]
    assert [row for batch in batches(large) for row in batch] == large


def test_a_document_larger_than_a_batch_goes_alone() -> None:
    huge = {"id": "huge", "text": "x" * (BATCH_BYTES + 1)}
    assert [len(batch) for batch in batches([{"id": "a"}, huge, {"id": "b"}])] == [1, 1, 1]


def test_nothing_makes_no_batch() -> None:
    assert list(batches([])) == []


async def test_only_what_the_service_was_too_busy_for_is_sent_again() -> None:
    door = ScriptedDoor()
    door.script("write", told(("p1", 201), ("p2", 503), ("p3", 422)), told(("p2", 200), ("p3", 200)))
    async with scripted(door) as knowledge:
        written = await knowledge.put([record("p1"), record("p2"), record("p3")])
    assert (written.taken, written.refused) == (3, ())
    assert [keys(body) for body in door.bodies("write")] == [["p1", "p2", "p3"], ["p2", "p3"]]


async def test_what_the_service_does_not_take_is_named_and_the_rest_is_written() -> None:
    door = ScriptedDoor()
    door.script("write", told(("p1", 201), ("p2", 400)))
    async with scripted(door) as knowledge:
        written = await knowledge.put([record("p1"), record("p2")])
    assert (written.taken, written.refused) == (1, ("p2",))
    assert len(door.bodies("write")) == 1


async def test_a_passage_that_the_answer_forgets_is_sent_again() -> None:
    door = ScriptedDoor()
    door.script("write", told(("p1", 201)), told(("p2", 201)))
    async with scripted(door) as knowledge:
        assert (await knowledge.put([record("p1"), record("p2")])).taken == 2
    assert [keys(body) for body in door.bodies("write")] == [["p1", "p2"], ["p2"]]


async def test_a_batch_that_is_throttled_is_sent_again() -> None:
    door = ScriptedDoor()
    door.script("write", *[Answer("busy", 429, {"Retry-After": "0"})] * 3)
    async with scripted(door) as knowledge:
        assert (await knowledge.remove(["p1"])).refused == ()
    assert [body["value"][0]["@search.action"] for body in door.bodies("write")] == ["delete"] * 4


async def test_a_batch_that_is_refused_as_a_whole_is_a_notice() -> None:
    door = ScriptedDoor()
    door.script("write", Answer({"error": {"code": "", "message": "no"}}, 403))
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError) as raised:
            await knowledge.put([record("p1")])
    assert raised.value.notice.code is NoticeCode.SEARCH_REFUSED

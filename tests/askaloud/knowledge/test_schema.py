from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import INDEX, Answer, ScriptedDoor, scripted, standing_in

from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.knowledge.schema import DIMENSIONS, RANKING, our_index
from askaloud.settings import Settings


def wire() -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in our_index("any").as_dict()["fields"]}


def test_the_key_can_be_compared_and_sorted_for_listing_in_pages() -> None:
    key = wire()["id"]
    assert key["key"]
    assert key["filterable"]
    assert key["sortable"]


def test_only_words_are_searched_and_in_no_particular_language() -> None:
    searched = {name: field.get("analyzer") for name, field in wire().items() if field["searchable"]}
    assert searched == {"title": "standard.lucene", "headings": "standard.lucene", "text": "standard.lucene", "vector": None}


def test_what_planning_and_trimming_filter_by_is_filterable() -> None:
    assert {name for name, field in wire().items() if field.get("filterable")} == {
        "id", "source", "path", "document_id", "page", "groups", "modified",
    }  # fmt: skip


def test_the_vector_can_be_read_back_and_has_a_profile() -> None:
    vector = wire()["vector"]
    assert vector["retrievable"]
    assert vector["dimensions"] == DIMENSIONS
    definition = our_index("any").as_dict()["vectorSearch"]
    assert [profile["name"] for profile in definition["profiles"]] == [vector["vectorSearchProfile"]]


async def test_the_official_client_sends_the_definition_as_the_service_reads_it() -> None:
    door = ScriptedDoor()
    door.script("index", Answer({"error": {"code": "", "message": "No index"}}, 404))
    async with scripted(door) as knowledge:
        await knowledge.create()
    (sent,) = door.bodies("create")
    assert sent["name"] == INDEX
    assert {field["name"]: field for field in sent["fields"]} == wire()


async def test_a_service_that_takes_no_semantic_configuration_gets_the_definition_without_it() -> None:
    door = ScriptedDoor()
    door.script("index", Answer({"error": {"code": "", "message": "No index"}}, 404))
    door.script("create", Answer({"error": {"code": "", "message": "Not in this tier"}}, 400))
    async with scripted(door) as knowledge:
        await knowledge.create()
    first, second = door.bodies("create")
    assert [each["name"] for each in first["semantic"]["configurations"]] == [RANKING]
    assert not second.get("semantic")
    assert second["fields"] == first["fields"]


async def test_our_own_index_can_be_ranked_semantically(tmp_path: Path) -> None:
    async with standing_in(tmp_path, Settings(azure_search_semantic_configuration=RANKING)) as knowledge:
        await knowledge.create()
        await knowledge.put([record("p1", "You can work from abroad for 30 days."), record("p2", "Lunch is at noon.", headings=())])
        found = await knowledge.find("How long can I work from abroad?")
    assert found.notices == ()
    assert found.passages[0].id == "p1"
    assert 0 < found.passages[0].score <= 4


async def test_the_stand_in_takes_the_definition(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        shape = await knowledge.shape()
    assert shape.ours
    assert shape.groups == "groups"


async def test_no_index_is_made_that_the_settings_could_not_read(tmp_path: Path) -> None:
    async with standing_in(tmp_path, Settings(azure_search_identifier_field="chunk_id")) as knowledge:
        with pytest.raises(KnowledgeError) as refused:
            await knowledge.create()
        assert refused.value.notice.code is NoticeCode.SEARCH_REFUSED
        for named in ("AZURE_SEARCH_IDENTIFIER_FIELD", "'chunk_id'", "not there yet", "AZURE_SEARCH_INDEX"):
            assert named in refused.value.notice.message
        with pytest.raises(KnowledgeError) as missing:
            await knowledge.count()
        assert missing.value.notice.code is NoticeCode.SEARCH_EMPTY

"""Semantic ranking at any search door: scores, captions, answers, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from tests.conformance.search.desk import Desk
from tests.local_azure.search.clients import PASSAGES

SEMANTIC: dict[str, Any] = {"query_type": "semantic", "semantic_configuration_name": "default"}
QUESTION = "How many days may I work from abroad?"
TEXTS = {one["id"]: one["text"] for one in PASSAGES}


async def test_a_semantic_ranking_has_scores_captions_and_keeps_the_first_score(reader: Desk) -> None:
    found = await reader.caller.search(
        "How many days may I work from abroad?",
        query_type="semantic",
        semantic_configuration_name="default",
        query_caption="extractive",
        query_answer="extractive",
    )
    assert found[0]["id"] == "abroad"
    assert all(0 <= one["@search.reranker_score"] <= 4 for one in found)
    assert found[0]["@search.captions"][0].text
    assert found[0]["@search.score"] > 0


async def test_a_semantic_configuration_must_exist_and_excludes_an_order(reader: Desk) -> None:
    for more in ({"semantic_configuration_name": "none"}, {"semantic_configuration_name": "default", "order_by": ["page"]}):
        with pytest.raises(HttpResponseError) as refused:
            await reader.ids("coffee", query_type="semantic", **more)
        assert refused.value.status_code == 400


async def test_captions_are_words_of_the_document_and_mark_what_was_asked(reader: Desk) -> None:
    found = await reader.caller.search(QUESTION, **SEMANTIC, query_caption="extractive")
    for one in found:
        (caption, *_) = one["@search.captions"]
        assert caption.text.strip()
        assert caption.text.strip() in TEXTS[one["id"]]
    assert "<em>" in found[0]["@search.captions"][0].highlights


async def test_captions_can_be_without_marks_or_with_others(reader: Desk) -> None:
    plain = await reader.caller.search(QUESTION, **SEMANTIC, query_caption="extractive", query_caption_highlight_enabled=False)
    assert "<em>" not in (plain[0]["@search.captions"][0].highlights or "")
    other = {"highlight_pre_tag": "[", "highlight_post_tag": "]"}
    tagged = await reader.caller.search(QUESTION, **SEMANTIC, query_caption="extractive", **other)
    assert "<em>" not in tagged[0]["@search.captions"][0].highlights
    assert "[" in tagged[0]["@search.captions"][0].highlights


async def test_no_captions_come_where_none_are_asked_for(reader: Desk) -> None:
    found = await reader.caller.search(QUESTION, **SEMANTIC)
    assert found[0].get("@search.captions") is None


async def test_an_answer_names_its_document_and_is_as_sure_as_asked(reader: Desk) -> None:
    found = await reader.caller.answered(QUESTION, **SEMANTIC, query_answer="extractive", query_answer_count=2)
    assert found
    assert len(found) <= 2
    assert found[0].key == "abroad"
    assert found[0].text
    assert all(0.7 <= one.score <= 1 for one in found)
    sure = await reader.caller.answered(QUESTION, **SEMANTIC, query_answer="extractive", query_answer_threshold=1.0)
    assert all(one.score == 1.0 for one in sure or [])


async def test_no_answer_comes_where_nothing_answers(reader: Desk) -> None:
    assert await reader.caller.answered("Which zebra sings in the opera on Sundays?", **SEMANTIC, query_answer="extractive") == []


async def test_how_long_to_wait_and_what_to_do_with_a_failure_may_be_said(reader: Desk) -> None:
    said = {"semantic_error_mode": "partial", "semantic_max_wait_in_milliseconds": 5_000}
    assert (await reader.ids(QUESTION, **SEMANTIC, **said))[0] == "abroad"


WRONG: list[dict[str, Any]] = [
    {"semantic_max_wait_in_milliseconds": 699},
    {"semantic_error_mode": "ignore"},
    {"query_caption": "generative"},
    {"query_answer": "extractive", "query_answer_count": 11},
    {"query_answer": "extractive", "query_answer_threshold": 2.0},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
async def test_what_makes_no_sense_of_a_semantic_search_is_refused(reader: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await reader.ids(QUESTION, **SEMANTIC, **wrong)
    assert refused.value.status_code == 400

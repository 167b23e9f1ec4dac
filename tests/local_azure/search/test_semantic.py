"""Semantic searches as the official client asks for them, sync and async, over a real socket; and what of them is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from tests.local_azure.search.clients import INDEX, PASSAGES, AsyncCaller, Caller, ids, passages_index
from tests.local_azure.search.vector_index import NAME, near, plane_index

from local_azure.search.refusal import Refusal
from local_azure.search.schema import read_index
from local_azure.search.semantic import read_semantic_query

SEMANTIC: dict[str, Any] = {"query_type": "semantic", "semantic_configuration_name": "default"}
QUESTION = "How many days may I work from abroad?"


@pytest.fixture
async def passages(client: Caller) -> Caller:
    await client.indexes("create_index", passages_index())
    await client.documents("upload_documents", PASSAGES)
    return client


async def test_a_score_from_0_to_4_orders_the_documents_and_the_first_score_stays(passages: Caller) -> None:
    plain = {one["id"]: one["@search.score"] for one in await passages.search(QUESTION)}
    found = await passages.search(QUESTION, **SEMANTIC)
    assert ids(found)[0] == "abroad"
    reranked = [one["@search.reranker_score"] for one in found]
    assert 4 >= reranked[0] > reranked[-1] >= 0
    assert {one["id"]: one["@search.score"] for one in found} == plain
    assert found[0]["@search.captions"] is None


async def test_captions_are_verbatim_and_mark_what_was_asked(passages: Caller) -> None:
    found = await passages.search(QUESTION, **SEMANTIC, query_caption="extractive")
    (caption,) = found[0]["@search.captions"]
    assert caption.text == PASSAGES[0]["text"]
    assert caption.highlights == ("You may <em>work</em> from <em>abroad</em> for up to 20 <em>days</em> a year. Ask your manager first.")


async def test_captions_without_marks_and_with_other_tags(passages: Caller) -> None:
    asked = {**SEMANTIC, "query_caption": "extractive"}
    plain = await passages.search(QUESTION, **asked, query_caption_highlight_enabled=False)
    assert plain[0]["@search.captions"][0].highlights == ""
    tagged = await passages.search(QUESTION, **asked, highlight_pre_tag="[", highlight_post_tag="]")
    assert "[abroad]" in tagged[0]["@search.captions"][0].highlights
    short = await passages.search(QUESTION, **SEMANTIC, query_caption="extractive|maxcharlength-44")
    assert short[0]["@search.captions"][0].text == "You may work from abroad for up to 20 days a"


async def answers(caller: Caller, *asked: Any, **options: Any) -> list[Any]:
    """The answers, through the client's own door for them."""
    found = await caller.answered(*asked, **SEMANTIC, **options)
    return [] if found is None else list(found)


async def test_an_answer_is_a_sentence_with_its_document_and_how_sure_it_is(passages: Caller) -> None:
    (answer,) = await answers(passages, QUESTION, query_answer="extractive", query_answer_count=3)
    assert (answer.key, answer.text) == ("abroad", "You may work from abroad for up to 20 days a year.")
    assert answer.highlights == "You may <em>work</em> from <em>abroad</em> for up to 20 <em>days</em> a year."
    assert 0.7 <= answer.score <= 1


async def test_more_answers_come_where_less_sureness_is_asked_for_and_never_more_than_counted(passages: Caller) -> None:
    many = await answers(passages, QUESTION, query_answer="extractive", query_answer_count=3, query_answer_threshold=0.1)
    assert [one.key for one in many] == ["abroad", "doctor"]
    assert len(await answers(passages, QUESTION, query_answer="extractive|count-1,threshold-0.1")) == 1


async def test_what_is_no_question_or_is_answered_nowhere_has_no_answer(passages: Caller) -> None:
    assert await answers(passages, "work abroad days", query_answer="extractive") == []
    assert await answers(passages, "Which zebra makes coffee on Sundays?", query_answer="extractive") == []


async def test_a_semantic_query_of_its_own_ranks_what_another_query_found(passages: Caller) -> None:
    found = await passages.search("manager", semantic_query="the doctor's note", semantic_configuration_name="default")
    assert ids(found) == ["doctor", "abroad"]
    assert found[0]["@search.reranker_score"] > found[1]["@search.reranker_score"]


@pytest.mark.parametrize("text", ["*", ""])
async def test_nothing_is_ranked_where_nothing_is_asked(passages: Caller, text: str) -> None:
    found = await passages.search(text, **SEMANTIC, query_caption="extractive")
    assert len(found) == 3
    assert [one["@search.reranker_score"] for one in found] == [None] * 3


async def test_the_indexs_default_configuration_serves_where_none_is_named(passages: Caller) -> None:
    found = await passages.search(QUESTION, query_type="semantic", semantic_error_mode="partial", semantic_max_wait_in_milliseconds=1500)
    assert found[0]["@search.reranker_score"] > 0


async def test_pages_of_a_semantic_search_fit_together_and_only_fifty_are_ranked_anew(passages: Caller) -> None:
    await passages.documents("upload_documents", [PASSAGES[0] | {"id": f"d{number}"} for number in range(70)])
    whole = await passages.search(QUESTION, **SEMANTIC, select=["id"])
    assert len(set(ids(whole))) == len(whole) == 72
    assert [one["@search.reranker_score"] is not None for one in whole] == [True] * 50 + [False] * 22
    assert ids(await passages.search(QUESTION, **SEMANTIC, top=5, skip=3)) == ids(whole)[3:8]
    assert set(whole[0]) >= {"id"}
    assert "text" not in whole[0]


async def test_a_hybrid_search_is_ranked_semantically_too(address: str) -> None:
    caller = AsyncCaller(address, index=NAME)
    await caller.indexes("create_index", plane_index())
    await caller.documents(
        "upload_documents",
        [{"id": "a", "text": "Coffee.", "angle": [1, 0]}, {"id": "b", "text": "Descale the coffee machine.", "angle": [0, 1]}],
    )
    found = await caller.search("How to descale the machine?", vector_queries=[near([1.0, 0.0])], **SEMANTIC, query_caption="extractive")
    assert ids(found) == ["b", "a"]
    assert found[0]["@search.captions"][0].text == "Descale the coffee machine."
    only = await caller.search(None, vector_queries=[near([1.0, 0.0])], semantic_query="descale", semantic_configuration_name="default")
    assert ids(only) == ["b", "a"]
    await caller.close()


@pytest.fixture
async def refusing(address: str) -> AsyncIterator[Caller]:
    caller = AsyncCaller(address)
    await caller.indexes("create_index", passages_index())
    yield caller
    await caller.close()


async def test_a_configuration_that_does_not_exist_is_refused_in_the_services_words(refusing: Caller) -> None:
    with pytest.raises(HttpResponseError, match="Unknown semantic configuration 'none'") as refused:
        await refusing.search("coffee", query_type="semantic", semantic_configuration_name="none")
    assert refused.value.error is not None
    assert refused.value.error.code == "InvalidRequestParameter"
    assert [one.code for one in refused.value.error.details] == ["UnknownSemanticConfiguration"]


async def test_an_order_of_fields_and_a_semantic_ranking_exclude_each_other(refusing: Caller) -> None:
    with pytest.raises(HttpResponseError, match="orderby"):
        await refusing.search("coffee", **SEMANTIC, order_by=["page"])


INDEXED = read_index(passages_index(INDEX).as_dict())
GOOD: dict[str, Any] = {"queryType": "semantic", "semanticConfiguration": "default", "search": "coffee"}
WRONG: list[dict[str, Any]] = [
    {"captions": "extractive|highlight-maybe"},
    {"captions": "extractive|count-3"},
    {"captions": "generative"},
    {"captions": 1},
    {"captions": "extractive|maxcharlength-0"},
    {"answers": "extractive|count-11"},
    {"answers": "extractive|count-0"},
    {"answers": "extractive|count-"},
    {"answers": "extractive|threshold-2"},
    {"answers": "extractive|threshold-1.2.3"},
    {"answers": "extractive|highlight-true"},
    {"semanticErrorHandling": "ignore"},
    {"semanticMaxWaitInMilliseconds": 699},
    {"semanticMaxWaitInMilliseconds": True},
    {"semanticQuery": ""},
    {"semanticQuery": 5},
    {"semanticConfiguration": ["default"]},
    {"queryType": "simple", "captions": "extractive"},
    {"queryType": "simple", "answers": "extractive"},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_what_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        read_semantic_query(GOOD | change, INDEXED)
    assert refused.value.status == 400


def test_without_a_default_a_configuration_must_be_named() -> None:
    index = read_index(plane_index().as_dict())
    with pytest.raises(Refusal, match="400"):
        read_semantic_query({"queryType": "semantic", "search": "coffee"}, index)


def test_what_is_asked_for_in_both_forms_of_options_is_read() -> None:
    found = read_semantic_query(GOOD | {"answers": "extractive|count-3,threshold-0.9", "captions": "extractive|highlight-false"}, INDEXED)
    assert found is not None
    assert found.answers is not None
    assert found.captions is not None
    assert (found.answers.count, found.answers.threshold, found.captions.highlight) == (3, 0.9, False)
    assert [field.name for field in found.fields] == ["title", "text"]

"""Searches by words at any search door: both syntaxes, pages, orders, highlights."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from tests.conformance.search.desk import Desk
from tests.local_azure.search.clients import passages_index

ALL = {"abroad", "doctor", "coffee"}


async def test_an_empty_search_and_a_star_find_everything(reader: Desk) -> None:
    for text in (None, "", "*"):
        found = await reader.caller.search(text)
        assert {one["id"] for one in found} == ALL
        assert {one["@search.score"] for one in found} == {1.0}


async def test_the_passage_that_answers_comes_first(reader: Desk) -> None:
    found = await reader.caller.search("How many days can I work from abroad?", top=2)
    assert found[0]["id"] == "abroad"
    scores = [one["@search.score"] for one in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


async def test_the_mode_says_whether_any_word_or_every_word_must_match(reader: Desk) -> None:
    assert set(await reader.ids("manager machine", search_mode="any")) == ALL
    assert await reader.ids("manager machine", search_mode="all") == []
    assert await reader.ids("manager notes", search_mode="all") == ["doctor"]


SIMPLE = {
    '"work from abroad"': {"abroad"},
    '"abroad work"': set(),
    "desc*": {"coffee"},
    "manager +office": {"doctor"},
    "manager -office": {"abroad"},
    "office | beans": {"doctor", "coffee"},
    "(office | beans) + (month | days)": {"doctor", "coffee"},
    "doctor's": {"doctor"},
    "WORKING": {"abroad"},
}


@pytest.mark.parametrize(("text", "found"), SIMPLE.items(), ids=SIMPLE)
async def test_the_simple_syntax_has_words_phrases_prefixes_and_operators(reader: Desk, text: str, found: set[str]) -> None:
    assert set(await reader.ids(text, search_mode="all")) == found


async def test_what_the_simple_syntax_cannot_read_is_passed_over(reader: Desk) -> None:
    for text in ('"coffee', "coffee +", "(coffee", "coffee)", "| coffee"):
        assert "coffee" in await reader.ids(text), text


FULL = {
    "coffee OR doctor": {"coffee", "doctor"},
    "coffee || doctor": {"coffee", "doctor"},
    "manager AND office": {"doctor"},
    "manager && office": {"doctor"},
    "+manager office": {"abroad", "doctor"},
    "manager NOT office": {"abroad"},
    "manager -office": {"abroad"},
    "manager !office": {"abroad"},
    "manager AND (office OR year)": {"abroad", "doctor"},
    "title:machine": {"coffee"},
    "title:(machine handbook) AND days": {"abroad", "doctor"},
    'title:"employee handbook" AND office': {"doctor"},
    '"needed days"~2': {"doctor"},
    '"needed days"~1': set(),
    '"days needed"~1': set(),
    "cofee~1": {"coffee"},
    "caffe~2 AND title:machine": {"coffee"},
    "xoffee~0": set(),
    "mana*": {"abroad", "doctor"},
    "m?nag*": {"abroad", "doctor"},
    "b?an": {"coffee"},
    "/[bm]ean.*/": {"coffee"},
    "/.*ffe/": {"coffee"},
    "coffee^3 doctor^0.5": {"coffee", "doctor"},
    "code:CM\\-100\\ v2": {"coffee"},
    "code:CM\\-1*": {"coffee"},
    "*:* AND manager": {"abroad", "doctor"},
}


@pytest.mark.parametrize(("text", "found"), FULL.items(), ids=FULL)
async def test_the_full_syntax_finds_what_it_says(reader: Desk, text: str, found: set[str]) -> None:
    assert set(await reader.ids(text, query_type="full")) == found


async def test_a_boost_turns_an_order_round(reader: Desk) -> None:
    assert await reader.ids("office^9 year", query_type="full") == ["doctor", "abroad"]
    assert await reader.ids("office year^9", query_type="full") == ["abroad", "doctor"]


async def test_patterns_score_all_alike(reader: Desk) -> None:
    for text, syntax in (("mana*", "simple"), ("mana*", "full"), ("m?nag*", "full"), ("/mana.*/", "full")):
        assert {one["@search.score"] for one in await reader.caller.search(text, query_type=syntax)} == {1.0}, text


TOO_LONG = {"prefix": "a" * 1_001 + "*", "clauses": "a " * 1_025, "length": "a" * 100_001}


@pytest.mark.parametrize("syntax", ["simple", "full"])
@pytest.mark.parametrize("text", TOO_LONG.values(), ids=TOO_LONG)
async def test_a_query_beyond_the_services_limits_is_refused(reader: Desk, text: str, syntax: str) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await reader.ids(text, query_type=syntax)
    assert refused.value.status_code == 400


async def test_a_field_named_in_the_query_counts_before_the_search_fields(reader: Desk) -> None:
    assert await reader.ids("title:machine handbook", query_type="full", search_fields=["text"]) == ["coffee"]


NO_QUERIES = ['""bing"', "(coffee", "coffee)", "AND coffee", "coffee AND", "*offee", "?offee", "coffee^", "/[a/", "-coffee", "title:"]


@pytest.mark.parametrize("text", NO_QUERIES)
async def test_what_is_no_query_in_the_full_syntax_is_refused(reader: Desk, text: str) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await reader.ids(text, query_type="full")
    assert refused.value.status_code == 400


async def test_a_search_can_be_kept_to_some_fields(reader: Desk) -> None:
    assert set(await reader.ids("coffee handbook", search_fields=["title"])) == ALL
    assert await reader.ids("handbook", search_fields=["text"]) == []
    assert await reader.ids("100", search_fields=["code"]) == []


async def test_only_what_was_selected_comes_back(reader: Desk) -> None:
    (found,) = await reader.caller.search("beans", select=["id", "page"])
    assert {name for name in found if not name.startswith("@")} == {"id", "page"}
    (whole,) = await reader.caller.search("beans")
    assert whole["groups"] == []
    assert whole["vector"] is None


async def test_top_and_skip_cut_a_page_out(reader: Desk) -> None:
    assert await reader.ids("*", order_by=["id"], top=1, skip=1) == ["coffee"]
    assert await reader.ids("*", top=0) == []


async def test_the_count_is_of_all_that_match(reader: Desk) -> None:
    assert await reader.caller.counted("*", top=1) == 3
    assert await reader.caller.counted("manager", top=1) == 2


async def test_documents_are_ordered_by_fields_and_by_score(reader: Desk) -> None:
    assert await reader.ids("*", order_by=["page desc"]) == ["doctor", "abroad", "coffee"]
    assert await reader.ids("*", order_by=["length", "id desc"]) == ["coffee", "abroad", "doctor"]
    assert await reader.ids("*", order_by=["length desc"]) == ["doctor", "abroad", "coffee"]
    assert await reader.ids("*", order_by=["source desc", "page desc"]) == ["coffee", "doctor", "abroad"]
    assert await reader.ids("days manager office", order_by=["search.score() desc"], top=1) == ["doctor"]
    assert await reader.ids("manager", order_by=["page desc"]) == ["doctor", "abroad"]


async def test_hits_are_marked(reader: Desk) -> None:
    (found,) = await reader.caller.search("months", highlight_fields="text")
    assert "<em>month</em>" in " ".join(found["@search.highlights"]["text"])
    (tagged,) = await reader.caller.search("months", highlight_fields="text-1", highlight_pre_tag="[", highlight_post_tag="]")
    assert len(tagged["@search.highlights"]["text"]) == 1
    assert "[month]" in tagged["@search.highlights"]["text"][0]
    (full,) = await reader.caller.search("descal*", query_type="full", highlight_fields="text")
    assert "<em>Descale</em>" in full["@search.highlights"]["text"][0]


async def test_everything_comes_page_by_page_until_there_is_no_more(desk: Desk) -> None:
    await desk.caller.indexes("create_index", passages_index(desk.index))
    for start in (0, 800):
        await desk.caller.documents("upload_documents", [{"id": f"{n:04}", "page": n % 7} for n in range(start, start + 800)])
    await desk.holds(1_600)
    assert await desk.ids("*", order_by=["id"], filter="id lt '0120'") == [f"{n:04}" for n in range(120)]
    assert await desk.ids("*", order_by=["id"], top=1_500) == [f"{n:04}" for n in range(1_500)]
    assert await desk.ids("*", order_by=["id"], top=70) == [f"{n:04}" for n in range(70)]
    assert await desk.ids("*", order_by=["id"], skip=1_598) == ["1598", "1599"]


async def test_coverage_is_told_where_it_is_asked_for(reader: Desk) -> None:
    assert set(await reader.ids("manager", minimum_coverage=80, session_id="a", scoring_statistics="global")) == {"abroad", "doctor"}


WRONG: list[dict[str, Any]] = [
    {"order_by": ["text"]},
    {"order_by": ["nothing"]},
    {"order_by": ["page up"]},
    {"order_by": ["groups"]},
    {"select": ["nothing"]},
    {"search_fields": ["page"]},
    {"search_fields": ["nothing"]},
    {"highlight_fields": "page"},
    {"highlight_fields": "text", "highlight_pre_tag": "<b>"},
    {"skip": 100_001},
    {"skip": -1},
    {"top": -1},
    {"minimum_coverage": 101},
    {"query_type": "odd"},
    {"search_mode": "odd"},
]


@pytest.mark.parametrize("asked", WRONG, ids=str)
async def test_what_is_wrong_is_refused(reader: Desk, asked: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await reader.ids("coffee", **asked)
    assert refused.value.status_code == 400


async def test_a_search_in_an_index_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(ResourceNotFoundError):
        await desk.ids("coffee")

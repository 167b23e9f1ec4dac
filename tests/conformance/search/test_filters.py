"""The filter language at any search door."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError
from tests.conformance.search.desk import Desk

FILTERS = {
    "page eq 7": ["abroad"],
    "7 eq page": ["abroad"],
    "page ne 7": ["coffee", "doctor"],
    "page gt 1 and page lt 9": ["abroad"],
    "page ge 7 and page le 9": ["abroad", "doctor"],
    "length eq 1.5": ["abroad"],
    "length lt 2": ["abroad"],
    "length eq null": ["coffee"],
    "length ne null": ["abroad", "doctor"],
    "not (length gt 1)": ["coffee"],
    "draft": ["doctor"],
    "not draft": ["abroad", "coffee"],
    "not draft and page gt 5": ["abroad"],
    "not (draft or page gt 5)": ["coffee"],
    "not (draft) or page eq 9": ["abroad", "coffee", "doctor"],
    "draft eq false": ["abroad"],
    "source eq 'handbook'": ["abroad", "doctor"],
    "source gt 'handbook'": ["coffee"],
    "source eq 'it''s'": [],
    "id gt 'abroad' and id lt 'doctor'": ["coffee"],
    "modified ge 2026-01-02T01:04:05Z and modified lt 2026-02-01T00:00:00+01:00": ["abroad"],
    "page eq 1 or page eq 9": ["coffee", "doctor"],
    "page eq 1 or page eq 9 and draft": ["coffee", "doctor"],
    "(page eq 1 or page eq 9) and draft": ["doctor"],
    "search.in(source, 'manual, other')": ["coffee"],
    "search.in(source, 'manual|other', '|')": ["coffee"],
    "not search.in(id, 'abroad,coffee', ',')": ["doctor"],
    "groups/any()": ["abroad", "doctor"],
    "not groups/any()": ["coffee"],
    "groups/any(g: g eq 'hr')": ["abroad"],
    "groups/any(g: search.in(g, 'hr,board'))": ["abroad"],
    "groups/all(g: g eq 'all')": ["coffee", "doctor"],
    "groups/all(g: g ne 'hr')": ["coffee", "doctor"],
    "code eq 'CM-100 v2'": ["coffee"],
    "true": ["abroad", "coffee", "doctor"],
}


@pytest.mark.parametrize(("text", "found"), FILTERS.items(), ids=FILTERS)
async def test_a_filter_lets_through_what_it_says(reader: Desk, text: str, found: list[str]) -> None:
    assert sorted(await reader.ids("*", filter=text)) == found


async def test_a_filter_narrows_a_search_and_its_count(reader: Desk) -> None:
    assert await reader.ids("manager", filter="page lt 9") == ["abroad"]
    assert await reader.caller.counted("manager", filter="page lt 9") == 1


@pytest.mark.parametrize(
    "text",
    [
        "nothing eq 1",
        "page eq 'one'",
        "source eq 1",
        "page eq",
        "page eq 1 and",
        "(page eq 1",
        "page eq 1)",
        "page is 1",
        "page gt null",
        "groups eq 'all'",
        "source/any(s: s eq 'a')",
        "groups/any(g: h eq 'a')",
        "groups/all()",
        "text eq 'a'",
        "source eq 'open",
        "page eq page",
        "modified gt '2026-01-01T00:00:00Z'",
        "page",
        "not page gt 5",
        "not 5 lt page",
        "draft and not source eq 'handbook'",
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(reader: Desk, text: str) -> None:
    with pytest.raises(HttpResponseError, match=r"\$filter") as refused:
        await reader.ids("*", filter=text)
    assert refused.value.status_code == 400


async def test_not_before_a_comparison_without_parentheses_is_refused_in_the_services_words(reader: Desk) -> None:
    told = "A unary operator with an incompatible type was detected. Found operand type 'Edm.Int32' for operator kind 'Not'."
    with pytest.raises(HttpResponseError) as refused:
        await reader.ids("*", filter="not page gt 5")
    assert told in str(refused.value.message)

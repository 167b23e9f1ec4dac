"""Addresses and bodies at any search door as no client builds them: the documentation's own paths, versions, and what is no JSON."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from tests.conformance.search.desk import SearchPlace
from tests.local_azure.search.clients import API


async def raw(place: SearchPlace, method: str, path: str, **options: Any) -> tuple[int, Any]:
    headers = {"api-key": place.key, "Content-Type": "application/json"}
    async with aiohttp.request(method, f"{place.endpoint}{path}", headers=headers, **options) as answer:
        return answer.status, await answer.json(content_type=None, encoding="utf-8-sig")


async def test_the_documentations_paths_lead_to_the_same(search_place: SearchPlace, library: str) -> None:
    status, found = await raw(
        search_place, "POST", f"/indexes/{library}/docs/search?{API}", json={"search": "coffee", "select": "id", "queryType": "simple"}
    )
    assert (status, [one["id"] for one in found["value"]]) == (200, ["coffee"])
    assert await raw(search_place, "GET", f"/indexes/{library}/docs/$count?{API}") == (200, 3)
    status, document = await raw(search_place, "GET", f"/indexes/{library}/docs/coffee?{API}&$select=page")
    assert (status, document["page"]) == (200, 1)
    status, counted = await raw(search_place, "GET", f"/indexes/{library}/stats?{API}")
    assert (status, counted["documentCount"]) == (200, 3)


@pytest.mark.parametrize("query", ["", "?api-version=1999-01-01", "?api-version="])
async def test_a_version_is_asked_for_and_must_be_one(search_place: SearchPlace, library: str, query: str) -> None:
    for path in ("/indexes", f"/indexes/{library}/docs/$count"):
        status, body = await raw(search_place, "GET", f"{path}{query}")
        assert status == 400, path
        assert "api-version" in body["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"\xff\xfe", b'{"value": 1}', b'{"value": [7]}'])
async def test_a_body_that_is_no_request_is_refused_in_the_services_shape(search_place: SearchPlace, library: str, body: bytes) -> None:
    for path in ("index", "search"):
        status, answer = await raw(search_place, "POST", f"/indexes/{library}/docs/{path}?{API}", data=body)
        assert status == 400, path
        assert set(answer["error"]) >= {"code", "message"}

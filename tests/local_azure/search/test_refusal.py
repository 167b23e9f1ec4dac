"""What the search door refuses, in the service's own shape and by name; and that it never fails, whatever is sent."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import aiohttp
import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.search.documents.indexes.models import SimpleField
from tests.local_azure.search.clients import API, INDEX, KEY, PASSAGES, AsyncCaller, Caller, ids, passages_index


@pytest.fixture
async def filled(client: Caller) -> Caller:
    await client.indexes("create_index", passages_index())
    await client.documents("upload_documents", PASSAGES)
    return client


@pytest.fixture
async def passages(one_client: Caller) -> Caller:
    await one_client.indexes("create_index", passages_index())
    await one_client.documents("upload_documents", PASSAGES)
    return one_client


async def raw(address: str, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """A request as no client of Azure would send it."""
    async with aiohttp.request(method, f"{address}{path}", headers={"api-key": KEY, **options.pop("headers", {})}, **options) as answer:
        return answer.status, await answer.json(content_type=None)


REFUSED: list[dict[str, Any]] = [
    {"facets": ["page"]},
    {"scoring_profile": "mine"},
    {"debug": "all"},
    {"order_by": ["geo.distance(place, geography'POINT(1 1)')"]},
    {"filter": "search.ismatch('coffee')"},
    {"filter": "geo.distance(place, geography'POINT(1 1)') lt 3"},
]


@pytest.mark.parametrize("asked", REFUSED, ids=str)
async def test_what_is_not_offered_is_refused_by_name(passages: Caller, asked: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError, match="not offered by this local stand-in") as refused:
        await passages.search("coffee", **asked)
    assert refused.value.status_code == 400
    assert refused.value.error is not None
    assert refused.value.error.code == "NotOfferedByStandIn"


WRONG: list[dict[str, Any]] = [
    {"filter": "nothing eq 1"},
    {"filter": "page eq 'one'"},
    {"filter": "boxes eq 'one'"},
    {"filter": "page eq"},
    {"order_by": ["text"]},
    {"order_by": ["nothing"]},
    {"select": ["nothing"]},
    {"search_fields": ["page"]},
    {"highlight_fields": "page"},
    {"highlight_fields": "text", "highlight_pre_tag": "<b>"},
    {"skip": 100_001},
    {"top": -1},
    {"minimum_coverage": 101},
]


@pytest.mark.parametrize("asked", WRONG, ids=str)
async def test_what_is_wrong_is_refused_as_wrong(passages: Caller, asked: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await passages.search("coffee", **asked)
    assert refused.value.status_code == 400
    assert refused.value.error is not None
    assert refused.value.error.code == ""


async def test_an_unknown_property_of_a_search_is_refused(address: str, passages: Caller) -> None:
    status, body = await raw(address, "POST", f"/indexes('{INDEX}')/docs/search.post.search?{API}", json={"serch": "coffee"})
    assert status == 400
    assert "'serch'" in body["error"]["message"]


async def test_a_search_in_an_index_that_is_not_there_is_not_found(client: Caller) -> None:
    with pytest.raises(ResourceNotFoundError, match="No index with the name"):
        await client.search("coffee")


async def test_a_wrong_key_is_forbidden(address: str) -> None:
    stranger = AsyncCaller(address, key="another")
    with pytest.raises(HttpResponseError) as refused:
        await stranger.documents("get_document_count")
    assert refused.value.status_code == 403
    await stranger.close()


async def test_an_api_version_is_asked_for_and_must_exist(address: str) -> None:
    for query in ("", "?api-version=2019-01-01"):
        status, body = await raw(address, "GET", f"/indexes{query}")
        assert status == 400
        assert "api-version" in body["error"]["message"]


async def test_the_rest_of_the_service_is_refused_by_name(address: str, passages: Caller) -> None:
    for method, path in (
        ("GET", "/datasources"),
        ("PUT", "/skillsets('s')"),
        ("POST", "/indexers('i')/search.run"),
        ("GET", "/servicestats"),
        ("POST", f"/indexes('{INDEX}')/docs/search.post.suggest"),
        ("GET", f"/indexes('{INDEX}')/docs"),
        ("POST", f"/indexes('{INDEX}')/search.analyze"),
    ):
        status, body = await raw(address, method, f"{path}?{API}")
        assert (status, body["error"]["code"]) == (400, "NotOfferedByStandIn"), path


async def test_the_paths_of_the_documentation_work_too(address: str, passages: Caller) -> None:
    status, found = await raw(address, "POST", f"/indexes/{INDEX}/docs/search?{API}", json={"search": "coffee", "select": "id"})
    assert (status, [one["id"] for one in found["value"]]) == (200, ["coffee"])
    assert (await raw(address, "GET", f"/indexes/{INDEX}/docs/$count?{API}")) == (200, 3)
    assert (await raw(address, "GET", f"/indexes/{INDEX}/docs/coffee?{API}&$select=page")) == (200, {"page": 1})
    assert (await raw(address, "GET", f"/indexes/{INDEX}/stats?{API}"))[1]["documentCount"] == 3


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"null", b'"x"', b"[" * 100_000, b'{"value": 1}', b"\xff\xfe", b'{"value": [7]}', b'{"search": "\xff"}']
)
async def test_a_body_that_makes_no_sense_is_refused_in_the_services_shape(address: str, passages: Caller, body: bytes) -> None:
    for path in ("docs/search.index", "docs/search.post.search"):
        status, answer = await raw(address, "POST", f"/indexes('{INDEX}')/{path}?{API}", data=body)
        assert status == 400, path
        assert set(answer["error"]) >= {"code", "message"}


async def test_too_many_documents_are_too_large(address: str, passages: Caller) -> None:
    actions = [{"id": f"d{n}"} for n in range(1001)]
    status, body = await raw(address, "POST", f"/indexes('{INDEX}')/docs/search.index?{API}", json={"value": actions})
    assert status == 413
    assert "1000" in body["error"]["message"]


async def test_seventeen_megabytes_are_too_large(address: str, passages: Caller) -> None:
    body = io.BytesIO(b'{"value": [' + b" " * (17 * 1024 * 1024) + b"]}")
    status, answer = await raw(address, "POST", f"/indexes('{INDEX}')/docs/search.index?{API}", data=body)
    assert (status, answer["error"]["code"]) == (413, "RequestEntityTooLarge")


async def test_the_words_of_other_languages_are_found(one_client: Caller) -> None:
    await one_client.indexes("create_index", passages_index(INDEX, SimpleField(name="extra", type="Edm.Int64")))
    await one_client.documents("upload_documents", [{"id": "1", "text": "Größe der Übergänge: 10 µm", "extra": 2**40}])
    assert ids(await one_client.search("ÜBERGÄNGE")) == ["1"]
    assert (await one_client.documents("get_document", "1"))["extra"] == 2**40


ASKED: dict[str, Any] = {
    "search": "work abroad",
    "filter": "page gt 1",
    "orderby": "id",
    "select": "id,page",
    "top": 3,
    "skip": 1,
    "count": True,
    "highlight": "text",
    "searchFields": "text",
    "searchMode": "any",
    "minimumCoverage": 50,
    "vectorQueries": [{"kind": "vector", "vector": [1, 0, 0], "k": 3, "fields": "vector"}],
    "vectorFilterMode": "preFilter",
    "queryType": "simple",
    "facets": None,
}
ODD: list[Any] = [
    None,
    1,
    -1,
    2**70,
    1.5,
    "",
    [],
    {},
    "x",
    "*",
    "\x00",
    "'",
    "(",
    True,
    ["a"],
    {"a": 1},
    "id desc",
    "ö" * 50,
    "page eq 1",
    '"',
]
TIMES = 400


async def test_whatever_is_sent_the_server_never_fails(address: str, passages: Caller) -> None:
    chance = random.Random(3)  # noqa: S311 - the same nonsense each time
    async with aiohttp.ClientSession(address, headers={"api-key": KEY}) as session:
        for number in range(TIMES):
            action = {
                "@search.action": chance.choice(["upload", "merge", "x", 1]),
                "id": chance.choice(["a", 1, None]),
                "text": chance.choice(ODD),
            }
            search = ASKED | {chance.choice(list(ASKED)): chance.choice(ODD) for _ in range(2)}
            body = bytearray(json.dumps(search if number % 3 else {"value": [action]}).encode())
            if number % 4 == 0:
                body[chance.randrange(len(body))] = chance.randrange(256)
            path = "search.post.search" if number % 3 else "search.index"
            async with session.post(f"/indexes('{INDEX}')/docs/{path}?{API}", data=bytes(body)) as answer:
                assert answer.status < 500, body
                assert await answer.json(content_type=None)

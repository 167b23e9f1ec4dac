"""The two doors behind one guard, over real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.local_azure.realtime.doubles import EnergyEars, ToneMouth
from tests.serving import serving
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from local_azure.app import Voice, create_app
from local_azure.embeddings.request import Input
from local_azure.mind import QuotingMind
from local_azure.search.store import Store

KEY = "a-key-for-tests"
SEARCH = "/indexes?api-version=2026-04-01"
REALTIME = "/openai/v1/realtime?model=any"


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[str]:
    store = Store(tmp_path / "index.sqlite")
    await store.open()
    async with serving(create_app(KEY, store, Voice(EnergyEars(), ToneMouth(), QuotingMind()))) as host:
        yield host
    await store.close()


async def asked(host: str, path: str, **headers: str) -> tuple[int, Any]:
    async with aiohttp.request("GET", f"http://{host}{path}", headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def status_at_socket(host: str, path: str = REALTIME, **headers: str) -> int:
    """101, or the status of the refusal before anything was accepted."""
    try:
        async with connect(f"ws://{host}{path}", additional_headers=headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_both_doors_open_to_the_key_in_either_header(host: str) -> None:
    for headers in ({"api-key": KEY}, {"Authorization": f"Bearer {KEY}"}):
        assert await asked(host, SEARCH, **headers) == (200, {"value": []})
        assert await status_at_socket(host, **headers) == 101


async def test_without_the_key_search_says_403_and_realtime_401(host: str) -> None:
    for headers in ({}, {"api-key": "wrong"}):
        status, body = await asked(host, SEARCH, **headers)
        assert (status, body["error"]["code"]) == (403, "Forbidden")
        assert await status_at_socket(host, **headers) == 401


@pytest.mark.parametrize("headers", [{"Host": "example.com"}, {"Origin": "http://localhost:8765"}, {"Origin": "null"}])
async def test_pages_and_other_names_are_refused_at_both_doors_before_anything_is_accepted(host: str, headers: dict[str, str]) -> None:
    assert (await asked(host, SEARCH, **headers, **{"api-key": KEY}))[0] == 403
    if "Origin" in headers:
        assert await status_at_socket(host, **headers, **{"api-key": KEY}) == 403


async def test_an_address_that_nobody_answers_has_the_services_error_shape(host: str) -> None:
    status, body = await asked(host, "/nothing", **{"api-key": KEY})
    assert status == 404
    assert set(body["error"]) >= {"code", "message"}


async def test_a_socket_at_another_address_is_refused(host: str) -> None:
    assert await status_at_socket(host, "/v1/chat", **{"api-key": KEY}) in {403, 404}


class BrokenModel:
    """A `Model` with a fault whose text repeats what it was given."""

    async def vectors(self, inputs: Sequence[Input], model: str, dimensions: int | None) -> list[list[float]]:
        """Never."""
        raise ValueError(f"cannot embed {inputs}")


async def test_a_fault_is_logged_with_its_place_and_without_what_was_sent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path / "index.sqlite")
    await store.open()
    body = json.dumps({"model": "any", "input": "planted words"})
    async with serving(create_app(KEY, store, None, BrokenModel())) as host:
        asking = aiohttp.request("POST", f"http://{host}/openai/v1/embeddings", data=body, headers={"api-key": KEY})
        async with asking as answer:
            status, told = answer.status, await answer.text()
    await store.close()
    assert status == 500
    assert "ValueError" in caplog.text
    assert "in vectors" in caplog.text
    assert "planted" not in caplog.text + told


async def test_a_damaged_index_file_is_told_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "index.sqlite"
    store = Store(path)
    await store.open()
    async with serving(create_app(KEY, store, None)) as host:
        for name in ("index.sqlite", "index.sqlite-wal"):
            file = tmp_path / name
            if file.exists():
                file.write_bytes(b"x" * file.stat().st_size)
        status, body = await asked(host, SEARCH, **{"api-key": KEY})
    await store.close()
    assert (status, body["error"]["code"]) == (500, "InternalServerError")
    assert "the index file failed: SQLITE_" in caplog.text

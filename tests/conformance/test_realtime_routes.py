"""The two addresses of the Realtime door: who gets in, and what is answered before anything is accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeServerEvent
from tests.conformance.realtime_client import Place, Talk, ga, preview
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus


async def turned_away(url: str, key: str) -> tuple[int, dict[str, Any]]:
    """The status of a refused handshake, and its error."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, additional_headers={"api-key": key}):
            pass
    body = refused.value.response.body
    return refused.value.response.status_code, json.loads(body)["error"] if body else {}


async def test_a_ga_session_opens_with_the_key_as_a_bearer(place: Place) -> None:
    async with ga(place) as talk:
        assert talk.kinds() == ["session.created"]


async def test_a_ga_session_opens_with_the_key_as_a_header(place: Place) -> None:
    async with ga(place, as_header=True) as talk:
        assert talk.kinds() == ["session.created"]


async def test_a_ga_session_opens_with_the_key_in_the_query(place: Place) -> None:
    async with connect(f"{place.ga}/realtime?model={place.deployment}&api-key={place.key}") as socket:
        assert json.loads(await socket.recv())["type"] == "session.created"


async def test_a_wrong_key_is_401_at_both_addresses(place: Place) -> None:
    for url in (
        f"{place.ga}/realtime?model={place.deployment}",
        f"{place.preview}/realtime?api-version=2025-04-01-preview&deployment={place.deployment}",
    ):
        status, _ = await turned_away(url, "wrong")
        assert status == 401


async def test_a_ga_address_with_an_api_version_is_401(place: Place) -> None:
    status, _ = await turned_away(f"{place.ga}/realtime?model={place.deployment}&api-version=2025-04-01-preview", place.key)
    assert status == 401


async def test_a_ga_address_without_a_model_is_400(place: Place) -> None:
    status, _ = await turned_away(f"{place.ga}/realtime", place.key)
    assert status == 400


async def test_the_betas_header_at_the_ga_address_is_told_off_and_closed_with_4000(place: Place) -> None:
    client = AsyncOpenAI(api_key=place.key, websocket_base_url=place.ga)
    async with client, client.beta.realtime.connect(model=place.deployment) as connection:
        talk = Talk(connection, RealtimeServerEvent)
        error = (await talk.until("error"))["error"]
        assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", "beta_api_shape_disabled", None)
        with pytest.raises(ConnectionClosed) as closed:
            await talk.next()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4000, "invalid_request_error.beta_api_shape_disabled")


async def test_a_preview_session_opens_by_version_and_deployment(place: Place) -> None:
    for version in ("2024-10-01-preview", "2025-04-01-preview"):
        async with preview(place, version) as talk:
            assert talk.kinds() == ["session.created"]


async def test_the_preview_without_a_version_is_404(place: Place) -> None:
    status, error = await turned_away(f"{place.preview}/realtime?deployment={place.deployment}", place.key)
    assert (status, error["code"], error["message"]) == (404, "404", "Resource not found")


async def test_the_preview_with_an_unknown_version_is_400(place: Place) -> None:
    status, error = await turned_away(f"{place.preview}/realtime?api-version=1999-01-01&deployment={place.deployment}", place.key)
    assert (status, error["code"], error["message"]) == (400, "BadRequest", "API version not supported")


async def test_the_preview_without_a_deployment_is_400(place: Place) -> None:
    status, _ = await turned_away(f"{place.preview}/realtime?api-version=2025-04-01-preview", place.key)
    assert status == 400


async def test_joining_a_call_is_refused_by_name(stand_in_place: Place) -> None:
    status, error = await turned_away(f"{stand_in_place.ga}/realtime?call_id=rtc_1", stand_in_place.key)
    assert (status, error["code"], error["param"]) == (404, "not_supported", "call_id")


async def test_a_session_for_transcription_alone_is_refused_by_name(stand_in_place: Place) -> None:
    status, error = await turned_away(f"{stand_in_place.ga}/realtime?intent=transcription", stand_in_place.key)
    assert (status, error["code"], error["param"]) == (400, "not_supported", "intent")

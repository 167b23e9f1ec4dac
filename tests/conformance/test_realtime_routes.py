"""The two addresses of the Realtime door: who gets in, and what is answered before anything is accepted."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, BadRequestError
from openai.resources.beta import realtime as beta_resources
from openai.resources.realtime import calls, client_secrets, translations
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


SENSELESS: list[tuple[str | bytes, str, str | None]] = [
    ("this is not JSON", "invalid_json", None),
    (b"\x00\x01", "invalid_json", None),
    ("[1]", "invalid_type", None),
    ("{}", "missing_required_parameter", "type"),
    ('{"type": 7}', "invalid_type", "type"),
]


async def test_a_frame_that_is_no_event_is_told_so_and_the_session_goes_on(place: Place) -> None:
    async with ga(place) as talk:
        for frame, code, param in SENSELESS:
            await talk.connection.send_raw(frame)
            error = (await talk.until("error"))["error"]
            assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param), frame
        assert (await talk.say("still here"))["item"]["content"][0]["text"] == "still here"


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


async def test_a_session_for_translation_is_refused_by_name(stand_in_place: Place) -> None:
    client = AsyncOpenAI(api_key=stand_in_place.key, websocket_base_url=stand_in_place.ga)
    with pytest.raises(InvalidStatus) as refused:
        async with client, client.realtime.translations.connect(model=stand_in_place.deployment):
            pass
    error = json.loads(refused.value.response.body or b"")["error"]
    assert (refused.value.response.status_code, error["code"]) == (400, "not_supported")
    assert error["message"].startswith("Translation sessions are not offered")


Asking = Callable[[Any], Awaitable[Any]]
BY_HTTP: dict[type, dict[str, tuple[str, Asking]]] = {
    client_secrets.AsyncClientSecrets: {"create": ("A client secret is", lambda client: client.realtime.client_secrets.create())},
    translations.AsyncClientSecrets: {
        "create": (
            "A client secret for a translation",
            lambda client: client.realtime.translations.client_secrets.create(session={"model": "gpt-realtime"}),
        )
    },
    calls.AsyncCalls: {
        "create": ("A call by WebRTC", lambda client: client.realtime.calls.create(sdp="v=0")),
        "accept": ("Accepting a call", lambda client: client.realtime.calls.accept("rtc_1", type="realtime")),
        "hangup": ("Hanging up a call", lambda client: client.realtime.calls.hangup("rtc_1")),
        "refer": ("Referring a call", lambda client: client.realtime.calls.refer("rtc_1", target_uri="tel:+1")),
        "reject": ("Rejecting a call", lambda client: client.realtime.calls.reject("rtc_1")),
    },
    beta_resources.AsyncSessions: {
        "create": ("A session with a client secret", lambda client: client.beta.realtime.sessions.create()),
    },
    beta_resources.AsyncTranscriptionSessions: {
        "create": ("A session for transcription alone", lambda client: client.beta.realtime.transcription_sessions.create()),
    },
}
"""For each resource of the SDK that asks by HTTP, its methods, and how the refusal begins."""


@pytest.mark.parametrize("resource", BY_HTTP)
def test_nothing_that_the_sdk_asks_by_http_is_left_out(resource: type) -> None:
    asked = {name for name, _ in inspect.getmembers(resource, inspect.iscoroutinefunction) if not name.startswith("_")}
    assert asked == set(BY_HTTP[resource])


@pytest.mark.parametrize("of_azure", [False, True])
async def test_what_is_asked_by_http_is_refused_by_name(stand_in_place: Place, of_azure: bool) -> None:
    key, ga = stand_in_place.key, stand_in_place.ga.replace("ws:", "http:")
    azure = AsyncAzureOpenAI(api_key=key, api_version="2025-04-01-preview", azure_endpoint=ga.removesuffix("/openai/v1"))
    async with azure if of_azure else AsyncOpenAI(api_key=key, base_url=ga) as client:
        for begins, ask in (method for methods in BY_HTTP.values() for method in methods.values()):
            with pytest.raises(BadRequestError) as refused:
                await ask(client)
            assert (refused.value.type, refused.value.code, refused.value.param) == ("invalid_request_error", "not_supported", None)
            assert str(refused.value.body["message"]).startswith(begins)  # type: ignore[index]  # the SDK types it as an object

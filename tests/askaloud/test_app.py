"""Where the rooms meet: who is let into a conversation, and what is opened and closed with the process."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

import pytest
from tests.askaloud.knowledge.search_doors import INDEX, Answer, ScriptedDoor
from tests.askaloud.knowledge.search_doors import KEY as SEARCH_KEY
from tests.askaloud.visiting import PORT, READ_MAX_S, Service, silent, visiting
from tests.planted import secret
from tests.scripted_model import scripted_model
from tests.serving import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from askaloud.app import create_app
from askaloud.conversation.lobby import CONVERSATIONS_MAX
from askaloud.doors import Doors
from askaloud.settings import RealtimeDoor, SearchDoor, Settings
from askaloud.site import HEADERS

KEY = secret("access key of some length")
CLOSED = Settings(access_key=KEY)


def talk(service: Service, query: str = "?askaloud=1", **options: Any) -> connect:
    return connect(f"ws://{service.address}/v1/realtime{query}", proxy=None, **options)


async def ending(page: ClientConnection) -> tuple[list[dict[str, Any]], int | None, str | None]:
    """All that is heard, and the code and reason of the end."""
    heard: list[dict[str, Any]] = []
    try:
        while True:
            heard.append(json.loads(await page.recv()))
    except ConnectionClosed:
        return heard, page.close_code, page.close_reason


async def test_another_host_or_origin_is_refused_before_accept_with_403() -> None:
    async with visiting() as service:
        host, _, port = service.address.partition(":")
        rebound = connect("ws://evil.example/v1/realtime", host=host, port=int(port), proxy=None)
        foreign = [talk(service, additional_headers={"Origin": origin}) for origin in ("http://evil.example", "null", "http://127.0.0.1:1")]
        for knocking in (rebound, *foreign):
            with pytest.raises(InvalidStatus) as refused:
                await knocking
            assert refused.value.response.status_code == 403
            assert b"ASKALOUD_ALLOWED_" in bytes(refused.value.response.body or b"")
            assert all(refused.value.response.headers[name] == value for name, value in HEADERS.items())


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8765", "http://localhost:8765"])
async def test_our_own_page_is_let_in(origin: str) -> None:
    async with visiting() as service, talk(service, additional_headers={"Origin": origin}) as page:
        assert json.loads(await page.recv())["type"] == "session.created"


async def test_another_path_is_no_conversation() -> None:
    async with visiting() as service:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{service.address}/v1/other", proxy=None):
                pass
        assert refused.value.response.status_code in {400, 404}


async def test_without_the_key_a_page_hears_why_and_is_closed_with_1008() -> None:
    async with visiting(CLOSED) as service, talk(service) as page:
        heard, code, reason = await ending(page)
        assert [(event["type"], event["code"]) for event in heard] == [("askaloud.notice", "wrong_access_key")]
        assert (code, reason) == (1008, "wrong key")
        assert len(service.app.lobby) == 0


async def test_without_the_key_another_client_hears_why_as_an_error() -> None:
    async with visiting(CLOSED) as service, talk(service, "", additional_headers={"Authorization": "Bearer wrong"}) as page:
        heard, code, _ = await ending(page)
        assert [(event["type"], event["error"]["code"]) for event in heard] == [("error", "wrong_access_key")]
        assert code == 1008


async def test_who_comes_when_all_places_are_taken_hears_when_to_come_again() -> None:
    async with visiting() as service:

        async def take_a_place() -> None:
            page = await connect(f"ws://{service.address}/v1/realtime?askaloud=1", proxy=None, compression=None)
            await page.send('{"type":"session.update","session":{}}')
            while json.loads(await page.recv())["type"] != "session.updated":
                pass
            page.transport.abort()  # without a goodbye the place is kept for a while

        for _ in range(CONVERSATIONS_MAX // 50):
            await asyncio.gather(*(take_a_place() for _ in range(50)))
        async with talk(service) as late:
            heard, code, reason = await ending(late)
    assert [(event["code"], event["retry_after_ms"]) for event in heard] == [("too_many_conversations", 30_000)]
    assert (code, reason) == (1013, "too many conversations")


@pytest.mark.parametrize("header", ["Authorization", "api-key", "Cookie"])
async def test_the_key_or_a_cookie_opens_the_conversation(header: str) -> None:
    async with visiting(CLOSED) as service:
        value = {"Authorization": f"Bearer {KEY}", "api-key": KEY, "Cookie": f"askaloud_access={service.app.door.cookie()}"}[header]
        async with talk(service, additional_headers={header: value}) as page:
            assert json.loads(await page.recv())["type"] == "session.created"


async def test_a_page_hears_our_events_and_another_client_does_not() -> None:
    async with visiting() as service, talk(service) as page, talk(service, "?model=any") as other:
        assert [json.loads(await page.recv())["type"] for _ in range(2)] == ["session.created", "askaloud.conversation"]
        assert json.loads(await other.recv())["type"] == "session.created"
        await other.send("nonsense")
        assert json.loads(await other.recv())["type"] == "error", "nothing of ours came between"


async def test_conversations_have_different_ids_and_say_which_doors_they_use() -> None:
    async with visiting() as service, talk(service) as one, talk(service) as other:
        told = []
        for page in (one, other):
            await page.recv()
            told.append(json.loads(await page.recv()))
        assert told[0]["conversation_id"] != told[1]["conversation_id"]
        assert told[0]["doors"] == {"realtime": "azure", "search": "azure"}


async def test_when_the_server_goes_away_everybody_hears_so_and_nobody_new_comes_in() -> None:
    async with visiting() as service, talk(service) as page:
        await page.recv()
        await service.app.drain()
        heard, code, reason = await ending(page)
        assert heard[-1]["code"] == "server_going_away"
        assert (code, reason) == (1001, "server going away")
        async with talk(service) as late:
            heard, code, _ = await ending(late)
            assert ([event["code"] for event in heard], code) == (["server_going_away"], 1001)


def test_the_lobby_holds_more_people_than_two_cores_carry() -> None:
    assert CONVERSATIONS_MAX > 200


async def test_samples_that_could_not_be_indexed_are_tried_again() -> None:
    search = ScriptedDoor()
    refused = Answer({"error": {"code": "", "message": "not yet"}}, 403)
    search.script("index", refused)
    search.script("create", refused)
    async with scripted_model(silent) as model, serving(search.app) as searching:
        doors = Doors(model.door, SearchDoor(f"http://{searching}", INDEX, SEARCH_KEY, "stand-in"))
        app = create_app(Settings(), doors, host="127.0.0.1", port=PORT)
        async with serving(app) as address, asyncio.timeout(READ_MAX_S):
            service = Service(address, app, search)
            said = {"ready": False}
            sentences = []
            while not said["ready"]:
                said = json.loads((await service.get("/ready")).body)
                sentences.append(said["search"])
    assert any("could not be indexed" in sentence for sentence in sentences)
    assert sentences[-1] == "ok"


@pytest.mark.parametrize(
    ("kind", "setting", "model"),
    [
        ("stand-in", None, "whisper-1"),
        ("openai", None, "whisper-1"),
        ("azure", None, None),
        ("azure", "our-transcriber", "our-transcriber"),
        ("stand-in", "", None),
    ],
)
def test_words_are_written_down_by_the_named_model_and_on_azure_by_no_other(kind: str, setting: str | None, model: str | None) -> None:
    doors = Doors(RealtimeDoor("ws://127.0.0.1:1/v1", "gpt-realtime", None, kind), SearchDoor("http://127.0.0.1:1", INDEX, None, kind))
    app = create_app(Settings(transcription_model=setting), doors, host="127.0.0.1", port=PORT)
    assert app.policy.transcription_model == model


async def test_what_the_index_has_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "askaloud")
    async with visiting() as service:
        async with asyncio.timeout(READ_MAX_S):
            assert service.app._index
            await service.app._index
    rows = dict(re.findall(r"index: (.{20}) (.+)", caplog.text))
    assert rows["text".ljust(20)] == "text"
    assert rows["search by vector".ljust(20)].endswith("(AZURE_OPENAI_EMBEDDING_DEPLOYMENT)")


async def test_an_index_that_cannot_be_used_is_told_at_the_start_and_keeps_nobody_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "askaloud")
    fields = [
        {"name": "id", "type": "Edm.String", "key": True},
        {"name": "one", "type": "Edm.String"},
        {"name": "two", "type": "Edm.String"},
    ]
    async with visiting(search=ScriptedDoor({"name": INDEX, "fields": fields})) as service, talk(service) as page:
        async with asyncio.timeout(READ_MAX_S):
            assert service.app._index
            await service.app._index
        assert json.loads(await page.recv())["type"] == "session.created"
    assert "AZURE_SEARCH_CONTENT_FIELD" in caplog.text

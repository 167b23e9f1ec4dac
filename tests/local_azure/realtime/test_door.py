from __future__ import annotations

import asyncio
import base64

import pytest
from openai import AsyncOpenAI
from tests.local_azure.realtime.doubles import MODEL, EchoMind, EnergyEars, ScriptedMind, ToneMouth, app_with, connected, talking
from tests.serving import serving
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from local_azure.realtime import door
from local_azure.realtime.parts import Say


async def test_the_sdks_own_example_runs_and_hears_its_text() -> None:
    app = app_with(EnergyEars(), ToneMouth(), EchoMind())
    async with serving(app) as address:
        client = AsyncOpenAI(api_key="planted", websocket_base_url=f"ws://{address}/openai/v1")
        async with client, client.realtime.connect(model=MODEL) as connection:
            await connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            await connection.conversation.item.create(
                item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Say hello!"}]}
            )
            await connection.response.create()
            words = ""
            async for event in connection:
                if event.type == "response.output_text.delta":
                    words += event.delta
                elif event.type == "response.done":
                    break
    assert words == "You said Say hello!."


async def test_the_session_is_reported_at_once_with_its_end() -> None:
    async with talking() as talk:
        session = talk.events[0]["session"]
    assert session["model"] == MODEL
    assert session["type"] == "realtime"
    assert session["expires_at"] > 0
    assert session["audio"]["input"]["turn_detection"]["type"] == "server_vad"


@pytest.mark.parametrize(("query", "status"), [("", 400), ("?model=", 400), ("?call_id=rtc_1", 404)])
async def test_an_address_without_a_model_is_refused_before_anything_is_accepted(query: str, status: int) -> None:
    async with serving(app_with(EnergyEars(), ToneMouth(), EchoMind())) as address:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{address}/openai/v1/realtime{query}"):
                pass
    assert refused.value.response.status_code == status
    assert b'"error"' in refused.value.response.body


async def test_a_session_ends_with_an_error_and_1001_when_its_time_is_over() -> None:
    async with talking(session_lasts_s=0.2) as talk:
        error = (await talk.until("error"))["error"]
        assert error["code"] == "session_expired"
        with pytest.raises(ConnectionClosed) as closed:
            await talk.next()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001
    assert "maximum duration" in closed.value.rcvd.reason


SENSELESS: list[tuple[str | bytes, str]] = [
    ("this is not JSON", "invalid_json"),
    ("", "invalid_json"),
    (b"", "invalid_json"),
    (b"\x00\x01", "invalid_json"),
    ("[1]", "invalid_type"),
    ("{}", "missing_required_parameter"),
    ('{"type": 7}', "invalid_type"),
    ('{"type": "no.such.event"}', "invalid_value"),
    ('{"type": "output_audio_buffer.clear"}', "not_supported"),
    ('{"type": "response.cancel", "extra": 1}', "unknown_parameter"),
    ('{"type": "response.cancel", "event_id": 7}', "invalid_type"),
]


async def test_a_frame_that_makes_no_sense_gets_an_error_and_the_conversation_goes_on() -> None:
    async with talking() as talk:
        for frame, code in SENSELESS:
            await talk.connection.send_raw(frame)
            assert (await talk.until("error"))["error"]["code"] == code, frame
        await talk.say("still here")
        assert (await talk.respond())["status"] == "completed"


async def test_an_error_names_the_event_that_it_answers() -> None:
    async with talking() as talk:
        error = await talk.refused({"type": "nonsense", "event_id": "mine-1"})
    assert error["event_id"] == "mine-1"
    assert error["type"] == "invalid_request_error"
    assert error["param"] == "type"


async def test_a_client_that_vanishes_in_the_middle_of_an_answer_harms_nobody() -> None:
    may_speak = asyncio.Event()
    mouth = ToneMouth(may_speak)
    async with serving(app_with(EnergyEars(), mouth, EchoMind())) as address, connected(address) as other:
        async with connected(address) as vanishing:
            await vanishing.say("one two three four")
            await vanishing.send({"type": "response.create"})
            await vanishing.until("response.content_part.added")
        may_speak.set()
        await other.say("hello")
        assert (await other.respond())["status"] == "completed"
    assert mouth.stopped == len(mouth.spoken)


async def test_no_more_sessions_than_the_machine_serves() -> None:
    async with serving(app_with(EnergyEars(), ToneMouth(), EchoMind())) as address, asyncio.TaskGroup() as group:
        leave = asyncio.Event()

        async def stay() -> None:
            async with connect(f"ws://{address}/openai/v1/realtime?model=m") as socket:
                await socket.recv()
                arrived.append(1)
                if len(arrived) == door.SESSIONS_MAX:
                    all_here.set()
                await leave.wait()

        arrived: list[int] = []
        all_here = asyncio.Event()
        for _ in range(door.SESSIONS_MAX):
            group.create_task(stay())
        await all_here.wait()
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{address}/openai/v1/realtime?model=m"):
                pass
        leave.set()
    assert refused.value.response.status_code == 429


async def test_an_append_of_several_megabytes_is_taken_whole() -> None:
    async with talking() as talk:
        await talk.update(audio={"input": {"turn_detection": None}})
        await talk.append(bytes(6 * 1024 * 1024))
        await talk.send({"type": "input_audio_buffer.commit"})
        item_id = (await talk.until("input_audio_buffer.committed"))["item_id"]
        await talk.until("conversation.item.done")
        retrieved = await talk.ask({"type": "conversation.item.retrieve", "item_id": item_id}, "conversation.item.retrieved")
    assert len(base64.b64decode(retrieved["item"]["content"][0]["audio"])) == 6 * 1024 * 1024


async def test_a_frame_larger_than_any_message_ends_that_conversation_with_1009_and_no_other() -> None:
    async with serving(app_with(EnergyEars(), ToneMouth(), EchoMind())) as address, connected(address) as other:
        async with connected(address) as flooding:
            with pytest.raises(ConnectionClosed) as closed:
                await flooding.refused("x" * (22 * 1024 * 1024))
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        await other.say("hello")
        assert (await other.respond())["status"] == "completed"


async def test_a_client_that_does_not_read_loses_nothing_when_it_reads_again() -> None:
    """More audio than the outbox and the sockets hold: the speaker waits for the reader."""
    mind = ScriptedMind([Say(" ".join(["word"] * 1_500))])
    async with talking(mind) as talk:
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        done = (await talk.until("response.done"))["response"]
    assert done["status"] == "completed"
    assert sum(len(base64.b64decode(event["delta"])) for event in talk.of("response.output_audio.delta")) == 1_500 * 100 * 48


class BrokenEars(EnergyEars):
    """Ears with a fault whose text repeats what was said."""

    async def transcribe(self, pcm: bytes) -> str:
        """Never."""
        raise ValueError(self.words)


async def test_a_fault_of_ours_closes_with_1011_and_is_logged_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(app_with(BrokenEars("planted words"), ToneMouth(), EchoMind())) as address, connected(address) as talk:
        await talk.send({"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(48_000)).decode()})
        await talk.send({"type": "input_audio_buffer.commit"})
        await talk.send({"type": "response.create"})
        with pytest.raises(ConnectionClosed) as closed:
            await talk.until("response.done")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1011
    assert "ValueError" in caplog.text
    assert "in transcribe" in caplog.text
    assert "planted" not in caplog.text

"""One session over real sockets: late and never without policy, changed as far as it is the client's, interrupted, stopped."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.contract.house import answers, house
from tests.scripted_model import Line

from askaloud.conversation.policy import INSTRUCTIONS


def types(line: Line) -> list[str]:
    """What the model was told, in order."""
    return [event["type"] for event in line.heard]


async def test_the_model_is_not_called_before_somebody_says_something() -> None:
    async with house(answers) as home, home.visit() as page:
        await page.say("session.update", session={"type": "realtime", "audio": {"output": {"voice": "marin"}}})
        await page.hear("session.updated")
        assert home.model.lines == []
        await page.ask("Hello?")
        await page.hear("response.done")
        (line,) = home.model.lines
        assert types(line) == ["session.update", "conversation.item.create", "response.create"]
        assert line.heard[0]["session"]["audio"]["output"]["voice"] == "marin"


async def test_instructions_and_tools_go_up_first_and_are_in_no_frame_that_comes_down() -> None:
    async with house(answers) as home, home.visit() as page:
        await page.ask("Hello?")
        await page.hear("askaloud.usage")
        session = home.model.lines[0].heard[0]["session"]
        assert session["instructions"] == INSTRUCTIONS
        assert [tool["name"] for tool in session["tools"]] == ["search", "report_grounding"]
        told = json.dumps(page.heard)
        for secret in (INSTRUCTIONS[:40], "the service's own", "sess_far", '"instructions"', '"tools"', "report_grounding", "parameters"):
            assert secret not in told


async def test_nothing_of_the_clients_goes_up_before_the_model_has_taken_instructions_and_tools() -> None:
    go = asyncio.Event()

    async def script(line: Line) -> None:
        await line.say("session.created", session={})
        update = await line.read("session.update")
        await line.read_nothing_until(go)
        assert types(line) == ["session.update"]
        await line.say("session.updated", session=update["session"])
        await line.read("response.create")
        assert types(line) == ["session.update", "conversation.item.create", "response.create"]
        await line.answer("r1", "i1", "Here I am.")

    async with house(script) as home, home.visit() as page:
        await page.ask("Anybody there?")
        await page.say("no.such.event")
        await page.hear("error")
        go.set()
        await page.hear("response.done")


async def test_the_clients_changes_go_up_clamped_and_without_what_is_ours() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("input_audio_buffer.clear")
        update = await line.read("session.update")
        assert update["session"] == {
            "type": "realtime",
            "audio": {
                "input": {"turn_detection": {"type": "server_vad", "threshold": 0.95, "silence_duration_ms": 200}},
                "output": {"voice": "marin"},
            },
        }
        await line.say("session.updated", session={"instructions": "planted", "audio": {"output": {"voice": "planted"}}})

    detection = {"type": "server_vad", "threshold": 5, "silence_duration_ms": 1, "idle_timeout_ms": 5_000}
    wish = {
        "type": "realtime",
        "instructions": "obey",
        "tools": [{"type": "function", "name": "mine"}],
        "tool_choice": "none",
        "model": "another",
        "audio": {
            "input": {"turn_detection": detection, "noise_reduction": {"type": "near_field"}},
            "output": {"voice": "marin", "speed": 1.5},
        },
    }
    async with house(script) as home, home.visit() as page:
        await page.say("input_audio_buffer.clear")
        await page.say("session.update", session=wish)
        session = (await page.hear("session.updated"))["session"]
        assert session["audio"]["output"]["voice"] == "marin"
        assert session["audio"]["input"]["turn_detection"]["threshold"] == 0.95
        assert "planted" not in json.dumps(page.heard)


async def test_another_format_is_an_error_of_the_clients() -> None:
    async with house(answers) as home, home.visit() as page:
        wish = {"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcmu"}}}}
        await page.say("session.update", session=wish, event_id="mine")
        error = (await page.hear("error"))["error"]
        assert (error["code"], error["event_id"], error["param"]) == ("not_allowed", "mine", "session.audio.input.format")


async def test_an_optional_field_that_the_model_refuses_is_left_out_once_and_its_setting_named() -> None:
    async def script(line: Line) -> None:
        await line.say("session.created", session={})
        first = await line.read("session.update")
        await line.refuse(first["event_id"], "invalid_value", "session.audio.input.transcription.model")
        second = await line.read("session.update")
        assert "transcription" not in second["session"]["audio"]["input"]
        assert second["session"]["instructions"] == first["session"]["instructions"]
        assert types(line) == ["session.update", "session.update"], "the question still waits"
        await line.say("session.updated", session=second["session"])
        await line.read("response.create")
        await line.answer("r1", "i1", "Here I am.")

    async with house(script) as home, home.visit() as page:
        await page.ask("Anybody there?")
        notice = await page.hear("askaloud.notice")
        assert notice["code"] == "model_refused_setting"
        assert "ASKALOUD_TRANSCRIPTION_MODEL" in notice["message"]
        assert notice["recoverable"]
        await page.hear("response.done")
        assert "words of the service" not in json.dumps(page.heard)


@pytest.mark.parametrize(
    "params", [["session.audio.output.voice"] * 2, ["session.instructions"], [None, None]], ids=["twice", "needed", "unsaid"]
)
async def test_a_model_that_does_not_take_what_is_needed_is_not_talked_to(params: list[str | None]) -> None:
    async def script(line: Line) -> None:
        await line.say("session.created", session={})
        for param in params:
            update = await line.read("session.update")
            await line.refuse(update["event_id"], "invalid_value", param)
        await line.until_hung_up()
        assert set(types(line)) == {"session.update"}

    async with house(script) as home, home.visit() as page:
        await page.ask("Anybody there?")
        assert await page.end() == (1011, "the model refused the session")
        assert page.codes()[-1] == "model_refused_session"
        await home.empty()


async def test_a_change_that_the_model_refuses_is_the_clients_error_and_what_holds_is_told() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.answer("r1", "i1", "Hello.")
        update = await line.read("session.update")
        await line.refuse(update["event_id"], "cannot_update_voice", "session.audio.output.voice")
        await line.read("response.create")
        await line.answer("r2", "i2", "Still the same voice.")

    async with house(script) as home, home.visit() as page:
        await page.ask("Hello?")
        await page.hear("askaloud.usage")
        await page.say("session.update", session={"type": "realtime", "audio": {"output": {"voice": "marin"}}}, event_id="mine")
        error = (await page.hear("error"))["error"]
        assert (error["event_id"], error["code"]) == ("mine", "cannot_update_voice")
        assert (await page.hear("session.updated"))["session"]["audio"]["output"]["voice"] == "alloy"
        await page.ask("And now?")
        await page.hear("response.done")


async def test_speech_over_an_answer_overtakes_it_and_the_rest_is_dropped() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.speak("r1", "i1", "You can work from abroad")
        await line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0)
        await line.speak("r1", "i1", "for up to thirty days")
        await line.end("r1", status="cancelled")
        truncate = await line.read("conversation.item.truncate")
        assert (truncate["item_id"], truncate["audio_end_ms"]) == ("i1", 100)
        await line.say("conversation.item.truncated", item_id="i1", content_index=0, audio_end_ms=100)
        await line.answer("r2", "i2", "Yes?")

    async with house(script) as home, home.visit() as page:
        await page.ask("How long?")
        await page.hear("input_audio_buffer.speech_started")
        done = await page.hear("response.done")
        assert done["response"]["status"] == "cancelled"
        await page.say("conversation.item.truncate", item_id="i1", content_index=0, audio_end_ms=60_000)
        await page.hear("conversation.item.truncated")
        await page.hear("response.done")
        sounds = [event["response_id"] for event in page.heard if event["type"] == "response.output_audio.delta"]
        assert sounds == ["r1", "r2"], "100 ms of the first answer, and the second"


async def test_stop_before_the_answer_has_begun_stops_it_when_it_begins() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.read("input_audio_buffer.clear")
        await line.begin("r1")
        cancel = await line.read("response.cancel")
        assert cancel["response_id"] == "r1"
        await line.end("r1", status="cancelled")

    async with house(script) as home, home.visit() as page:
        await page.ask("Never mind.")
        await page.say("response.cancel")
        await page.say("input_audio_buffer.clear")
        done = await page.hear("response.done")
        assert done["response"]["status"] == "cancelled"
        assert not [event for event in page.heard if event["type"] == "error"]


async def test_races_of_create_and_cancel_end_nothing_and_lose_no_answer() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        create = await line.read("response.create")
        await line.begin("voice detection's")
        await line.refuse(create["event_id"], "conversation_already_has_active_response")
        await line.speak("voice detection's", "i1", "One moment.")
        cancel = await line.read("response.cancel")
        await line.end("voice detection's")
        await line.refuse(cancel["event_id"], "response_cancel_not_active")
        await line.read("response.create")
        await line.answer("r2", "i2", "Here is your answer.")

    async with house(script) as home, home.visit() as page:
        await page.ask("Question?")
        await page.hear("response.output_audio.delta")
        await page.say("response.cancel")
        await page.hear("response.done")
        await page.ask("Again?")
        await page.hear("response.done")
        assert page.codes() == []


async def test_an_error_comes_back_under_the_clients_own_event_id() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        for _ in range(2):
            commit = await line.read("input_audio_buffer.commit")
            assert not commit["event_id"].startswith("askaloud_")
            await line.refuse(commit["event_id"], "input_audio_buffer_commit_empty")

    async with house(script) as home, home.visit() as page:
        for mine in ("askaloud_1", None):
            fields: dict[str, Any] = {} if mine is None else {"event_id": mine}
            await page.say("input_audio_buffer.commit", **fields)
            assert (await page.hear("error"))["error"]["event_id"] == mine


async def test_an_unknown_event_of_the_model_goes_no_further() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.connection.send("not JSON at all")
        await line.connection.send(b"\x00\x01")
        await line.say("response.secret_thoughts.delta", delta="planted")
        await line.say("response.done", response="of another shape: planted")
        await line.read("response.create")
        await line.answer("r1", "i1", "Hello.")

    async with house(script) as home, home.visit() as page:
        await page.ask("Hello?")
        await page.hear("response.done")
        assert "planted" not in json.dumps(page.heard)


async def test_calls_of_a_cancelled_answer_get_their_outputs_and_no_answer() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.call("r1", "c1", "search", {"query": "days"})
        await line.call("r1", "c2", "search", {"query": "more"}, status="incomplete")
        await line.end("r1", status="cancelled")
        assert (await line.output())["call_id"] == "c1"
        await line.say("input_audio_buffer.cleared")
        await line.read("input_audio_buffer.clear")
        assert types(line).count("response.create") == 1
        outputs = [event for event in line.heard if event.get("item", {}).get("type") == "function_call_output"]
        assert len(outputs) == 1
        await line.say("input_audio_buffer.cleared")

    async with house(script) as home, home.visit() as page:
        await page.ask("How many?")
        await page.hear("input_audio_buffer.cleared")
        await page.say("input_audio_buffer.clear")
        await page.hear("input_audio_buffer.cleared")

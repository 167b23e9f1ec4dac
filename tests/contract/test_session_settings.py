"""What a deployment chose of the session: it is sent as its server knows it, and left out once, by its name, where a model refuses it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest
from tests.contract.house import HEARD_MAX_S, Visitor, house
from tests.scripted_model import Line, scripted_model

from askaloud.conversation.agreement import OPTIONAL
from askaloud.conversation.dialect import SESSION
from askaloud.conversation.patience import Patience
from askaloud.settings import Settings

CHOSEN = Settings(
    azure_openai_realtime_voice_choice="marin",
    transcription_model="our-transcriber",
    transcription_language="en",
    vad_threshold=0.6,
    noise_reduction="far_field",
    max_output_tokens=900,
    speed=1.25,
    reasoning_effort="low",
    truncation=0.8,
    temperature=0.7,
)
SEMANTIC = replace(CHOSEN, turn_detection="semantic_vad", vad_eagerness="low")
OLD = "2025-04-01-preview"
GA_NAMES = {".".join(("session", *path)): f"session.{name}" for name, path in SESSION.items()}


def in_preview(path: str) -> str | None:
    """Where the preview has a field of GA; None where it has none."""
    for ga, preview in GA_NAMES.items():
        if f"{path}.".startswith(f"{ga}."):
            return preview + path.removeprefix(ga)
    return None


def at(session: Any, path: str) -> Any:
    """What stands at this place, or None."""
    for name in path.split(".")[1:]:
        session = session.get(name) if isinstance(session, dict) else None
    return session


def only_notice(visitor: Visitor) -> str:
    """The sentence of the one notice that was heard."""
    (sentence,) = [event["message"] for event in visitor.heard if event["type"] == "askaloud.notice"]
    return str(sentence)


ROWS = [
    *((path, setting, None) for path, setting in OPTIONAL.items() if path != "session.temperature"),
    *((path, setting, OLD) for path, setting in OPTIONAL.items() if in_preview(path)),
]


@pytest.mark.parametrize(("path", "setting", "preview"), ROWS, ids=[f"{path} {preview or 'GA'}" for path, _, preview in ROWS])
async def test_a_refused_setting_is_left_out_once_named_in_page_and_log_and_the_conversation_goes_on(
    path: str, setting: str, preview: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "askaloud")
    place = (in_preview(path) or path) if preview else path
    updates: list[dict[str, Any]] = []

    async def refuses_it(line: Line) -> None:
        while True:
            update = await line.read("session.update")
            updates.append(update["session"])
            if at(update["session"], place) is None:
                break
            await line.refuse(update["event_id"], "unknown_parameter", place)
        await line.say("session.updated", session={})
        await line.read("response.create")
        await line.begin("r")
        await line.speak("r", "a", "This is an answer.")
        await line.end("r")

    settings = SEMANTIC if path.endswith("eagerness") else CHOSEN
    async with scripted_model(refuses_it) as far:
        door = replace(far.door, preview=preview)
        async with house(refuses_it, settings=settings, realtime=door) as home, home.visit() as visitor:
            await visitor.ask("Hello?")
            notice = await visitor.hear("askaloud.notice")
            await visitor.hear("response.done")
            assert visitor.codes() == ["model_refused_setting"]
    assert notice["recoverable"]
    assert f"the setting {setting};" in notice["message"]
    assert [line for line in caplog.text.splitlines() if setting in line and "model_refused_setting" in line]
    refused, taken = updates
    assert at(refused, place) is not None
    assert taken["instructions"] == refused["instructions"]
    assert taken["tools"] == refused["tools"]


async def test_a_model_that_refuses_one_setting_after_another_is_asked_without_each_of_them_and_then_no_more() -> None:
    refused: list[str] = []

    async def refuses_all(line: Line) -> None:
        while True:
            update = await line.read("session.update")
            param = next((path for path in OPTIONAL if at(update["session"], path) is not None), "session.tools")
            refused.append(param)
            await line.refuse(update["event_id"], "unknown_parameter", param)

    async with house(refuses_all, settings=CHOSEN) as home, home.visit() as visitor:
        await visitor.ask("Hello?")
        assert await visitor.end() == (1011, "the model refused the session")
    assert visitor.codes() == ["model_refused_setting"] * (len(refused) - 1) + ["model_refused_session"]
    assert len(refused) == len(set(refused)) > 6


async def test_a_setting_that_is_refused_again_ends_the_conversation() -> None:
    async def insists(line: Line) -> None:
        while True:
            update = await line.read("session.update")
            await line.refuse(update["event_id"], "invalid_value", "session.audio.output.speed")

    async with house(insists, settings=CHOSEN) as home, home.visit() as visitor:
        await visitor.ask("Hello?")
        assert await visitor.end() == (1011, "the model refused the session")
        assert visitor.codes() == ["model_refused_setting", "model_refused_session"]


async def test_what_a_client_chose_and_the_model_refuses_gives_way_to_the_servers_own_and_the_conversation_goes_on_and_rests() -> None:
    updates: list[dict[str, Any]] = []
    rested = asyncio.Event()

    async def knows_no_sense(line: Line) -> None:
        while True:
            update = await line.read("session.update")
            updates.append(update["session"])
            detection = update["session"]["audio"]["input"].get("turn_detection", {})
            if detection.get("type") != "semantic_vad":
                break
            await line.refuse(update["event_id"], "invalid_value", "session.audio.input.turn_detection.type")
        await line.say("session.updated", session={})
        await line.read("response.create")
        await line.answer("r", "a", "This is an answer.")
        await line.until_hung_up()
        rested.set()

    async with house(knows_no_sense, patience=Patience(rest_s=0.5)) as home, home.visit() as visitor:
        own = visitor.heard[-1]["session"]["audio"]["input"]["turn_detection"]
        wish = {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}}
        await visitor.say("session.update", session=wish)
        await visitor.ask("Hello?")
        await visitor.hear("response.done")
        for _ in range(10):
            await visitor.sound(4_800)
        async with asyncio.timeout(HEARD_MAX_S):
            await rested.wait()
    assert [update["audio"]["input"]["turn_detection"]["type"] for update in updates] == ["semantic_vad", "server_vad"]
    reports = [event["session"]["audio"]["input"]["turn_detection"] for event in visitor.heard if event["type"] == "session.updated"]
    assert [report["type"] for report in reports] == ["semantic_vad", "server_vad"]
    assert reports[-1] == own == updates[-1]["audio"]["input"]["turn_detection"]
    assert "ASKALOUD_TURN_DETECTION as the client chose it;" in only_notice(visitor)


async def test_everything_that_was_chosen_goes_up_in_ga_and_none_of_it_is_temperature() -> None:
    updates: list[dict[str, Any]] = []

    async def listens(line: Line) -> None:
        updates.append(await line.greet())
        await line.read("response.create")
        await line.say("input_audio_buffer.cleared")

    async with house(listens, settings=SEMANTIC) as home, home.visit() as visitor:
        await visitor.ask("Hello?")
        await visitor.hear("input_audio_buffer.cleared")
    (session,) = updates
    del session["instructions"], session["tools"]
    assert session == {
        "type": "realtime",
        "tool_choice": "auto",
        "output_modalities": ["audio"],
        "max_output_tokens": 900,
        "reasoning": {"effort": "low"},
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.8},
        "audio": {
            "input": {
                "format": {"type": "audio/pcm", "rate": 24_000},
                "transcription": {"model": "our-transcriber", "language": "en"},
                "noise_reduction": {"type": "far_field"},
                "turn_detection": {"type": "semantic_vad", "eagerness": "low", "create_response": True, "interrupt_response": True},
            },
            "output": {"format": {"type": "audio/pcm", "rate": 24_000}, "voice": "marin", "speed": 1.25},
        },
    }

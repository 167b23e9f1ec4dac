from __future__ import annotations

import asyncio
from typing import Any

from tests.local_azure.realtime.doubles import MODEL, ScriptedMind, Talk, ToneMouth, talking

from local_azure.realtime.fields import TOOLS_MAX
from local_azure.realtime.parts import Say
from local_azure.realtime.session import Session

TOOL = {"type": "function", "name": "look_up", "description": "Looks things up.", "parameters": {"type": "object", "properties": {}}}


async def test_an_update_changes_what_it_names_and_nothing_else() -> None:
    async with talking() as talk:
        before = talk.events[0]["session"]
        after = (await talk.update(instructions="Be brief.", tools=[TOOL], audio={"output": {"voice": "marin"}}))["session"]
    assert after["instructions"] == "Be brief."
    assert after["tools"] == [TOOL]
    assert after["audio"]["output"]["voice"] == "marin"
    assert after["audio"]["input"] == before["audio"]["input"]
    assert (after["id"], after["expires_at"], after["model"]) == (before["id"], before["expires_at"], before["model"])


async def test_empty_values_clear_and_null_switches_turn_detection_off() -> None:
    async with talking() as talk:
        await talk.update(instructions="Be brief.", tools=[TOOL], audio={"input": {"transcription": {"model": "whisper-1"}}})
        after = (await talk.update(instructions="", tools=[], audio={"input": {"turn_detection": None, "transcription": None}}))["session"]
    assert after["instructions"] == ""
    assert after["tools"] == []
    assert after["audio"]["input"]["turn_detection"] is None
    assert after["audio"]["input"]["transcription"] is None


async def test_turn_detection_is_completed_with_the_defaults_of_its_kind() -> None:
    async with talking() as talk:
        first = await talk.update(audio={"input": {"turn_detection": {"type": "semantic_vad"}}})
        second = await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 200}}})
    assert first["session"]["audio"]["input"]["turn_detection"]["eagerness"] == "auto"
    detection = second["session"]["audio"]["input"]["turn_detection"]
    assert (detection["silence_duration_ms"], detection["threshold"], detection["create_response"]) == (200, 0.5, True)


async def test_what_clients_send_unasked_is_accepted_and_reported() -> None:
    async with talking() as talk:
        session = (
            await talk.update(
                model=MODEL,
                tracing="auto",
                reasoning={"effort": "low"},
                parallel_tool_calls=True,
                max_output_tokens=100,
                truncation="auto",
                audio={
                    "input": {"format": {"type": "audio/pcm", "rate": 24000}, "noise_reduction": {"type": "near_field"}},
                    "output": {"format": {"type": "audio/pcm", "rate": 24000}, "speed": 1.2},
                },
            )
        )["session"]
    assert session["audio"]["input"]["noise_reduction"] == {"type": "near_field"}
    assert session["audio"]["output"]["speed"] == 1.2


WRONG: list[tuple[Any, str, str | None]] = [
    ({"instructions": "x"}, "missing_required_parameter", "session.type"),
    ({"type": "realtime", "voice": "alloy"}, "unknown_parameter", "session.voice"),
    ({"type": "realtime", "audio": {"output": {"pitch": 1}}}, "unknown_parameter", "session.audio.output.pitch"),
    ({"type": "realtime", "instructions": 7}, "invalid_type", "session.instructions"),
    ({"type": "realtime", "output_modalities": ["text", "audio"]}, "invalid_value", "session.output_modalities"),
    ({"type": "realtime", "output_modalities": ["smell"]}, "invalid_value", "session.output_modalities[0]"),
    ({"type": "realtime", "audio": {"output": {"voice": "nobody"}}}, "invalid_value", "session.audio.output.voice"),
    ({"type": "realtime", "audio": {"output": {"voice": {"id": "voice_1"}}}}, "not_supported", "session.audio.output.voice"),
    ({"type": "realtime", "audio": {"output": {"speed": 9}}}, "decimal_above_max_value", "session.audio.output.speed"),
    ({"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcmu"}}}}, "not_supported", "session.audio.input.format"),
    ({"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}}}, "integer_below_min_value", None),
    (
        {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "create_response": None}}}},
        "invalid_type",
        "session.audio.input.turn_detection.create_response",
    ),
    ({"type": "realtime", "audio": {"input": {"turn_detection": {"threshold": 0.5}}}}, "missing_required_parameter", None),
    (
        {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 4999}}}},
        "integer_below_min_value",
        "session.audio.input.turn_detection.idle_timeout_ms",
    ),
    ({"type": "realtime", "tools": [{"type": "mcp", "server_label": "x"}]}, "not_supported", "session.tools[0]"),
    ({"type": "realtime", "tools": [{"type": "function"}]}, "missing_required_parameter", "session.tools[0].name"),
    ({"type": "realtime", "tools": [TOOL] * (TOOLS_MAX + 1)}, "array_above_max_length", "session.tools"),
    ({"type": "realtime", "tool_choice": "sometimes"}, "invalid_value", "session.tool_choice"),
    ({"type": "realtime", "max_output_tokens": 0}, "integer_below_min_value", "session.max_output_tokens"),
    ({"type": "realtime", "model": "another"}, "invalid_value", "session.model"),
    ({"type": "realtime", "prompt": {"id": "p"}}, "not_supported", "session.prompt"),
    ({"type": "realtime", "truncation": "sometimes"}, "invalid_value", "session.truncation"),
    ({"type": "realtime", "truncation": {"type": "retention_ratio"}}, "missing_required_parameter", "session.truncation.retention_ratio"),
    ({"type": "transcription"}, "invalid_parameter", "session.type"),
    ("realtime", "invalid_type", "session"),
]


async def test_a_wrong_update_is_refused_with_the_services_code_and_changes_nothing() -> None:
    async with talking() as talk:
        for session, code, param in WRONG:
            error = await talk.refused({"type": "session.update", "session": session})
            assert error["code"] == code, session
            assert param is None or error["param"] == param, session
        after = (await talk.update())["session"]
    assert after == talk.events[0]["session"]


async def test_a_right_field_beside_a_wrong_one_is_not_taken() -> None:
    async with talking() as talk:
        await talk.refused({"type": "session.update", "session": {"type": "realtime", "instructions": "new", "nonsense": 1}})
        assert (await talk.update())["session"]["instructions"] != "new"


async def _spoken(talk: Talk) -> None:
    await talk.say("hello")
    await talk.respond()


async def test_the_voice_stays_once_it_was_heard() -> None:
    async with talking() as talk:
        await talk.update(audio={"output": {"voice": "ash"}})
        await _spoken(talk)
        error = await talk.refused({"type": "session.update", "session": {"type": "realtime", "audio": {"output": {"voice": "sage"}}}})
        assert error["code"] == "cannot_update_voice"
        same = await talk.update(audio={"output": {"voice": "ash"}})
    assert same["session"]["audio"]["output"]["voice"] == "ash"


async def test_a_written_answer_does_not_fix_the_voice() -> None:
    async with talking() as talk:
        await talk.update(output_modalities=["text"])
        await _spoken(talk)
        after = await talk.update(audio={"output": {"voice": "sage"}})
    assert after["session"]["audio"]["output"]["voice"] == "sage"


async def test_the_speed_stays_during_a_response() -> None:
    may_speak = asyncio.Event()
    async with talking(ScriptedMind([Say("one two three")]), mouth=ToneMouth(may_speak)) as talk:
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        faster = {"type": "session.update", "session": {"type": "realtime", "audio": {"output": {"speed": 1.5}}}}
        error = await talk.refused(faster)
        assert (error["code"], error["param"]) == ("invalid_value", "session.audio.output.speed")
        may_speak.set()
        await talk.until("response.done")
        assert (await talk.ask(faster, "session.updated"))["session"]["audio"]["output"]["speed"] == 1.5


async def test_tracing_stays_once_it_is_on() -> None:
    async with talking() as talk:
        await talk.update(tracing="auto")
        error = await talk.refused({"type": "session.update", "session": {"type": "realtime", "tracing": {"workflow_name": "x"}}})
        assert (error["code"], error["param"]) == ("invalid_value", "session.tracing")
        assert (await talk.update(tracing=None))["session"]["tracing"] is None


def test_each_eagerness_is_a_silence_of_its_own() -> None:
    session = Session("m", 1)
    silences = []
    for eagerness in ("low", "medium", "auto", "high"):
        detection = {"type": "semantic_vad", "eagerness": eagerness}
        session.update({"type": "realtime", "audio": {"input": {"turn_detection": detection}}}, spoken=False)
        assert session.turn_detection is not None
        silences.append(session.turn_detection.voice.silence_duration_ms)
    low, medium, auto, high = silences
    assert low > medium == auto > high

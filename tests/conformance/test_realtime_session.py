"""`session.*` in GA: what a session reports, what may change and when, and the code and place of every fault."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conformance.realtime_client import TOOL, TRIES, Place, ga

PCM = {"type": "audio/pcm", "rate": 24000}


async def test_a_session_reports_itself_as_azure_was_recorded_to(place: Place) -> None:
    async with ga(place) as talk:
        session = talk.events[0]["session"]
    assert session.keys() >= {"type", "object", "id", "model", "output_modalities", "instructions", "tools", "tool_choice", "audio"}
    assert session.keys() >= {"max_output_tokens", "tracing", "truncation", "prompt", "expires_at", "include"}
    assert (session["type"], session["object"], session["id"][:5]) == ("realtime", "realtime.session", "sess_")
    assert (session["output_modalities"], session["tools"], session["tool_choice"]) == (["audio"], [], "auto")
    assert (session["max_output_tokens"], session["truncation"]) == ("inf", "auto")
    assert session["audio"]["input"].keys() == {"format", "transcription", "noise_reduction", "turn_detection"}
    assert session["audio"]["input"]["format"] == session["audio"]["output"]["format"] == PCM
    assert session["audio"]["input"]["transcription"] is None
    assert session["audio"]["input"]["turn_detection"].items() >= {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300}.items()
    assert session["audio"]["output"].keys() == {"format", "voice", "speed"}


async def test_nothing_follows_the_session_unasked(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update()
        assert talk.kinds() == ["session.created", "session.updated"]


async def test_an_update_changes_what_it_names_and_nothing_else(place: Place) -> None:
    async with ga(place) as talk:
        before = talk.events[0]["session"]
        after = await talk.update(instructions="Be brief.", tools=[TOOL], audio={"output": {"voice": "marin", "speed": 1.25}})
        assert (after["instructions"], after["tools"][0]["name"]) == ("Be brief.", "look_up")
        assert (after["audio"]["output"]["voice"], after["audio"]["output"]["speed"]) == ("marin", 1.25)
        assert after["audio"]["input"] == before["audio"]["input"]
        assert (after["id"], after["expires_at"]) == (before["id"], before["expires_at"])


async def test_empty_values_clear_and_null_switches_off(place: Place) -> None:
    async with ga(place) as talk:
        written = await talk.update(
            instructions="Be brief.", tools=[TOOL], audio={"input": {"transcription": {"model": place.transcriber}}}
        )
        assert written["audio"]["input"]["transcription"] == {"model": place.transcriber, "language": None, "prompt": None}
        after = await talk.update(instructions="", tools=[], audio={"input": {"turn_detection": None, "transcription": None}})
    assert (after["instructions"], after["tools"]) == ("", [])
    assert (after["audio"]["input"]["turn_detection"], after["audio"]["input"]["transcription"]) == (None, None)


async def test_turn_detection_is_completed_with_its_defaults(place: Place) -> None:
    async with ga(place) as talk:
        semantic = await talk.update(audio={"input": {"turn_detection": {"type": "semantic_vad"}}})
        server = await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 700}}})
    expected = {"type": "semantic_vad", "eagerness": "auto", "create_response": True, "interrupt_response": True}
    assert semantic["audio"]["input"]["turn_detection"] == expected
    detection = server["audio"]["input"]["turn_detection"]
    assert (detection["silence_duration_ms"], detection["threshold"], detection["prefix_padding_ms"]) == (700, 0.5, 300)
    assert (detection["create_response"], detection["interrupt_response"], detection["idle_timeout_ms"]) == (True, True, None)


async def test_an_idle_timeout_and_every_eagerness_are_taken(place: Place) -> None:
    async with ga(place) as talk:
        idle = await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000}}})
        assert idle["audio"]["input"]["turn_detection"]["idle_timeout_ms"] == 6000
        for eagerness in ("low", "medium", "high", "auto"):
            session = await talk.update(audio={"input": {"turn_detection": {"type": "semantic_vad", "eagerness": eagerness}}})
            assert session["audio"]["input"]["turn_detection"]["eagerness"] == eagerness


async def test_every_way_to_shorten_a_conversation_is_taken(place: Place) -> None:
    async with ga(place) as talk:
        for truncation in ("disabled", {"type": "retention_ratio", "retention_ratio": 0.8}, "auto"):
            assert (await talk.update(truncation=truncation))["truncation"] == truncation


async def test_noise_reduction_is_taken_and_switched_off(place: Place) -> None:
    async with ga(place) as talk:
        for kind in ("near_field", "far_field"):
            session = await talk.update(audio={"input": {"noise_reduction": {"type": kind}}})
            assert session["audio"]["input"]["noise_reduction"]["type"] == kind
        assert (await talk.update(audio={"input": {"noise_reduction": None}}))["audio"]["input"]["noise_reduction"] is None


VAD = "session.audio.input.turn_detection"
FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("no type", {"instructions": "x"}, "missing_required_parameter", "session.type"),
    ("a flat voice", {"type": "realtime", "voice": "alloy"}, "unknown_parameter", "session.voice"),
    ("flat modalities", {"type": "realtime", "modalities": ["text"]}, "unknown_parameter", "session.modalities"),
    ("an unknown field", {"type": "realtime", "audio": {"output": {"pitch": 1}}}, "unknown_parameter", "session.audio.output.pitch"),
    ("a wrong type", {"type": "realtime", "instructions": 7}, "invalid_type", "session.instructions"),
    ("an unknown voice", {"type": "realtime", "audio": {"output": {"voice": "nobody"}}}, "invalid_value", "session.audio.output.voice"),
    (
        "a null that is no value",
        {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "create_response": None}}}},
        "invalid_type",
        f"{VAD}.create_response",
    ),
    (
        "an idle timeout too short",
        {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 4999}}}},
        "integer_below_min_value",
        f"{VAD}.idle_timeout_ms",
    ),
    (
        "an unknown detection",
        {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "telepathy"}}}},
        "invalid_value",
        f"{VAD}.type",
    ),
    ("no tokens", {"type": "realtime", "max_output_tokens": 0}, "integer_below_min_value", "session.max_output_tokens"),
    ("too many tokens", {"type": "realtime", "max_output_tokens": 4097}, "integer_above_max_value", "session.max_output_tokens"),
    ("an unknown choice", {"type": "realtime", "tool_choice": "sometimes"}, "invalid_value", "session.tool_choice"),
    ("a tool without a name", {"type": "realtime", "tools": [{"type": "function"}]}, "missing_required_parameter", "session.tools[0].name"),
]


@pytest.mark.parametrize(("session", "code", "param"), [pytest.param(*fault, id=name) for name, *fault in FAULTS])
async def test_a_faulty_update_has_its_code_and_place_and_changes_nothing(
    place: Place, session: dict[str, Any], code: str, param: str
) -> None:
    async with ga(place) as talk:
        before = talk.events[0]["session"]
        error = await talk.refused("session.update", session=session)
        assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param)
        assert await talk.update() == before


async def test_both_modalities_at_once_are_refused(place: Place) -> None:
    async with ga(place) as talk:
        error = await talk.refused("session.update", session={"type": "realtime", "output_modalities": ["audio", "text"]})
    assert (error["code"], error["param"]) == ("invalid_value", "session.output_modalities")
    assert error["message"] == "Invalid modalities: ['audio', 'text']. Supported combinations are: ['text'] and ['audio']."


async def test_a_conversation_cannot_become_a_transcription(place: Place) -> None:
    async with ga(place) as talk:
        error = await talk.refused("session.update", session={"type": "transcription"})
    assert error["message"] == "Passing a transcription session update event to a realtime session is not allowed."


async def test_the_preview_events_name_for_it_is_unknown(place: Place) -> None:
    async with ga(place) as talk:
        error = await talk.refused("transcription_session.update", session={})
    assert (error["code"], error["param"]) == ("invalid_value", "type")
    assert error["message"].startswith("Invalid value: 'transcription_session.update'")


async def test_the_voice_stays_once_it_was_heard(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio={"output": {"voice": "ash"}})
        await talk.say("Say hello.")
        await talk.respond()
        error = await talk.refused("session.update", session={"type": "realtime", "audio": {"output": {"voice": "sage"}}})
        assert error["code"] == "cannot_update_voice"
        assert error["message"] == "Cannot update a conversation's voice if assistant audio is present."
        assert (await talk.update(audio={"output": {"voice": "ash"}}))["audio"]["output"]["voice"] == "ash"


async def test_the_speed_stays_while_an_answer_is_given(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Tell me everything that you can do, in many sentences.")
        faster = {"type": "realtime", "audio": {"output": {"speed": 1.5}}}
        for _ in range(TRIES):
            await talk.begin()
            await talk.send("session.update", event_id="faster", session=faster)
            answers = [(await talk.until_any("error", "session.updated", "response.done")) for _ in range(2)]
            if {event["type"] for event in answers} == {"error", "response.done"}:
                break
            await talk.update(audio={"output": {"speed": 1.0}})  # the answer had ended before
        else:
            raise AssertionError("every answer had ended before its speed could be changed")
        error = next(event["error"] for event in answers if event["type"] == "error")
        assert (error["code"], error["param"], error["event_id"]) == ("invalid_value", "session.audio.output.speed", "faster")
        assert (await talk.update(audio={"output": {"speed": 1.5}}))["audio"]["output"]["speed"] == 1.5


async def test_another_model_or_another_tracing_is_refused(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(tracing="auto")
        tracing = await talk.refused("session.update", session={"type": "realtime", "tracing": {"workflow_name": "x"}})
        model = await talk.refused("session.update", session={"type": "realtime", "model": "another"})
    assert (tracing["code"], tracing["param"]) == ("invalid_value", "session.tracing")
    assert (model["code"], model["param"]) == ("invalid_value", "session.model")


async def test_what_is_too_long_is_left_out_of_what_an_answer_is_made_from(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(output_modalities=["text"], instructions="Be brief.")
        for _ in range(6):
            await talk.say("word " * 400)
        whole = await talk.respond(conversation="none")
        limits = {"post_instructions": 1_000}
        await talk.update(truncation={"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": limits})
        short = await talk.respond(conversation="none")
        assert (whole["status"], short["status"]) == ("completed", "completed")
        assert whole["usage"]["input_token_details"]["text_tokens"] > 2_400
        assert short["usage"]["input_token_details"]["text_tokens"] < 1_000


async def test_where_nothing_may_be_left_out_a_conversation_too_long_for_the_model_is_refused(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(output_modalities=["text"], truncation="disabled")
        await talk.say("word " * 140_000)
        assert (await talk.refused("response.create"))["code"] == "context_length_exceeded"


async def test_an_error_names_the_event_it_answers_or_none(place: Place) -> None:
    async with ga(place) as talk:
        named = await talk.refused("nonsense")
        await talk.send("nonsense")
        nameless = (await talk.until("error"))["error"]
    assert named["event_id"]
    assert nameless["event_id"] is None
    assert named.keys() == nameless.keys() == {"type", "code", "message", "param", "event_id"}


REFUSED_HERE: list[tuple[str, dict[str, Any], str]] = [
    ("an mcp tool", {"tools": [{"type": "mcp", "server_label": "x", "server_url": "https://none.invalid"}]}, "session.tools[0]"),
    ("an mcp choice", {"tool_choice": {"type": "mcp", "server_label": "x"}}, "session.tool_choice"),
    ("g711 in", {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}, "session.audio.input.format"),
    ("g711 out", {"audio": {"output": {"format": {"type": "audio/pcma"}}}}, "session.audio.output.format"),
    ("a custom voice", {"audio": {"output": {"voice": {"id": "voice_1"}}}}, "session.audio.output.voice"),
    ("a stored prompt", {"prompt": {"id": "pmpt_1"}}, "session.prompt"),
    ("log probabilities", {"include": ["item.input_audio_transcription.logprobs"]}, "session.include[0]"),
]


@pytest.mark.parametrize(("session", "param"), [pytest.param(*case, id=name) for name, *case in REFUSED_HERE])
async def test_what_this_stand_in_lacks_is_refused_by_name(stand_in_place: Place, session: dict[str, Any], param: str) -> None:
    async with ga(stand_in_place) as talk:
        error = await talk.refused("session.update", session={"type": "realtime", **session})
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", "not_supported", param)


async def test_another_rate_is_refused(place: Place) -> None:
    async with ga(place) as talk:
        session = {"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}}}
        error = await talk.refused("session.update", session=session)
    assert error["param"] == "session.audio.input.format.rate"

"""The preview dialect by the Azure client and its beta namespace: names, shapes, both ways, and the faults in its own words."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.conformance.realtime_client import TOOL, Place, Talk, preview, silence, spoken
from tests.conformance.test_realtime_responses import cancelled, without_deltas

CREATED = "conversation.item.created"
NO_DETECTION = {"turn_detection": None}


async def update(talk: Talk, **session: Any) -> dict[str, Any]:
    updated: dict[str, Any] = (await talk.ask("session.updated", "session.update", session=session))["session"]
    return updated


async def test_a_preview_session_is_flat(place: Place) -> None:
    async with preview(place) as talk:
        session = talk.events[0]["session"]
    assert "type" not in session
    assert "audio" not in session
    assert sorted(session["modalities"]) == ["audio", "text"]
    assert (session["input_audio_format"], session["output_audio_format"], session["voice"]) == ("pcm16", "pcm16", "alloy")
    assert (session["temperature"], session["max_response_output_tokens"], session["tool_choice"]) == (0.8, "inf", "auto")
    assert session["turn_detection"].items() >= {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300}.items()
    assert (session["input_audio_transcription"], session["tools"]) == (None, [])


async def test_a_preview_update_changes_what_it_names(place: Place) -> None:
    async with preview(place) as talk:
        session = await update(
            talk,
            modalities=["text"],
            instructions="Be brief.",
            voice="ash",
            temperature=0.7,
            max_response_output_tokens=100,
            input_audio_format="pcm16",
            input_audio_transcription={"model": place.transcriber},
            turn_detection={"type": "server_vad", "silence_duration_ms": 700, "create_response": False},
            tools=[TOOL],
            tool_choice="auto",
        )
    assert (session["modalities"], session["instructions"], session["voice"]) == (["text"], "Be brief.", "ash")
    assert (session["temperature"], session["max_response_output_tokens"]) == (0.7, 100)
    assert session["input_audio_transcription"]["model"] == place.transcriber
    assert session["turn_detection"].items() >= {"silence_duration_ms": 700, "create_response": False}.items()
    assert session["tools"][0]["name"] == "look_up"


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("ga's type", {"type": "realtime"}, "unknown_parameter", "session.type"),
    ("ga's modalities", {"output_modalities": ["text"]}, "unknown_parameter", "session.output_modalities"),
    ("ga's audio", {"audio": {"output": {"voice": "ash"}}}, "unknown_parameter", "session.audio"),
    ("an unknown voice", {"voice": "nobody"}, "invalid_value", "session.voice"),
    ("a wrong type", {"instructions": 7}, "invalid_type", "session.instructions"),
    ("one modality too few", {"modalities": ["audio"]}, "invalid_value", "session.modalities"),
    (
        "a null that is no value",
        {"turn_detection": {"type": "server_vad", "create_response": None}},
        "invalid_type",
        "session.turn_detection.create_response",
    ),
    ("too warm", {"temperature": 1.3}, "decimal_above_max_value", "session.temperature"),
    ("no tokens", {"max_response_output_tokens": 0}, "integer_below_min_value", "session.max_response_output_tokens"),
    ("an unknown format", {"input_audio_format": "mp3"}, "invalid_value", "session.input_audio_format"),
]


@pytest.mark.parametrize(("session", "code", "param"), [pytest.param(*fault, id=name) for name, *fault in FAULTS])
async def test_a_fault_is_told_in_the_previews_words(place: Place, session: dict[str, Any], code: str, param: str) -> None:
    async with preview(place) as talk:
        error = await talk.refused("session.update", session=session)
        assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param)
        assert "session.audio" not in error["message"] or param == "session.audio"
        assert await update(talk) == talk.events[0]["session"]


async def test_a_spoken_preview_answer_has_the_previews_names(place: Place) -> None:
    async with preview(place) as talk:
        await talk.say("Say hello.", CREATED)
        heard = len(talk.events)
        done = await talk.respond()
    assert without_deltas(talk.kinds()[heard:]) == [
        "response.created",
        "response.output_item.added",
        CREATED,
        "response.content_part.added",
        "response.audio.done",
        "response.audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.done",
    ]
    said = "".join(event["delta"] for event in talk.of("response.audio_transcript.delta"))
    content = done["output"][0]["content"][0]
    assert (content["type"], content["transcript"]) == ("audio", said)
    assert sorted(done["modalities"]) == ["audio", "text"]
    assert (done["voice"], done["output_audio_format"]) == ("alloy", "pcm16")
    assert "audio" not in done
    assert b"".join(base64.b64decode(event["delta"]) for event in talk.of("response.audio.delta"))


async def test_a_written_preview_answer_has_the_previews_names(place: Place) -> None:
    async with preview(place) as talk:
        await talk.say("Say hello.", CREATED)
        done = await talk.respond(modalities=["text"], max_response_output_tokens=500, temperature=0.6)
    said = "".join(event["delta"] for event in talk.of("response.text.delta"))
    assert said == talk.of("response.text.done")[0]["text"] == done["output"][0]["content"][0]["text"]
    assert (done["output"][0]["content"][0]["type"], done["modalities"]) == ("text", ["text"])
    assert done["max_output_tokens"] == 500


async def test_a_preview_call_has_no_name_at_its_end_and_is_answered(place: Place) -> None:
    async with preview(place) as talk:
        await update(talk, tools=[TOOL], modalities=["text"])
        await talk.say("What is the hotel limit in London?", CREATED)
        call = (await talk.respond(tool_choice={"type": "function", "name": "look_up"}))["output"][-1]
        assert (call["type"], call["name"]) == ("function_call", "look_up")
        assert "name" not in talk.of("response.function_call_arguments.done")[0]
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "The hotel limit in London is 180 pounds."}
        await talk.ask(CREATED, "conversation.item.create", item=output)
        answer = await talk.respond(tool_choice="none")
    assert "180" in answer["output"][0]["content"][0]["text"]


async def test_preview_items_have_the_previews_contents(place: Place) -> None:
    async with preview(place) as talk:
        item = {"type": "message", "role": "assistant", "id": "mine", "content": [{"type": "text", "text": "I said so."}]}
        created = await talk.ask(CREATED, "conversation.item.create", item=item)
        assert created["item"]["content"][0].items() >= {"type": "text", "text": "I said so."}.items()
        got = await talk.ask("conversation.item.retrieved", "conversation.item.retrieve", item_id="mine")
        assert got["item"]["content"][0]["type"] == "text"
        await talk.ask("conversation.item.deleted", "conversation.item.delete", item_id="mine")
        wrong = {**item, "content": [{"type": "output_text", "text": "I said so."}]}
        error = await talk.refused("conversation.item.create", item=wrong)
    assert (error["code"], error["param"]) == ("invalid_value", "item.content[0].type")


async def test_a_preview_turn_by_hand_is_written_down(place: Place) -> None:
    async with preview(place) as talk:
        await update(talk, **NO_DETECTION, input_audio_transcription={"model": place.transcriber})
        await talk.append(spoken())
        await talk.ask("input_audio_buffer.committed", "input_audio_buffer.commit")
        assert (await talk.until(CREATED))["item"]["content"][0]["type"] == "input_audio"
        completed = await talk.until("conversation.item.input_audio_transcription.completed")
        assert completed["transcript"]


async def test_a_preview_turn_is_noticed_and_answered(place: Place) -> None:
    async with preview(place) as talk:
        await talk.append(silence(500) + spoken() + silence(1_500))
        assert (await talk.until("response.done"))["response"]["status"] == "completed"
    assert talk.of("input_audio_buffer.speech_started")[0]["item_id"] == talk.of(CREATED)[0]["item"]["id"]


async def test_a_preview_answer_can_be_cancelled_and_cut(place: Place) -> None:
    async with preview(place) as talk:
        await talk.say("Tell me everything that you can do, in many sentences.", CREATED)
        assert (await cancelled(talk, by_id=False))["status_details"]["reason"] == "client_cancelled"
        item_id = (await talk.respond())["output"][0]["id"]
        await talk.ask("conversation.item.truncated", "conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=50)


async def test_a_preview_response_beside_the_conversation(place: Place) -> None:
    async with preview(place) as talk:
        own = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Say hello."}]}
        await talk.say("My name is Ada.", CREATED, id="known")
        reference = {"type": "item_reference", "id": "known"}
        aside = await talk.respond(conversation="none", input=[reference, own], modalities=["text"], metadata={"kind": "aside"})
        error = await talk.refused("response.create", response={"output_modalities": ["text"]})
    assert (aside["conversation_id"], aside["metadata"]) == (None, {"kind": "aside"})
    assert (error["code"], error["param"]) == ("unknown_parameter", "response.output_modalities")


REFERRING = {
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "As I said:"}, {"type": "item_reference", "id": "known"}],
}


@pytest.mark.parametrize(
    ("kind", "fields", "param"),
    [
        ("transcription_session.update", {"session": {}}, "type"),
        ("output_audio_buffer.clear", {}, "type"),
        ("session.update", {"session": {"input_audio_format": "g711_ulaw"}}, "session.input_audio_format"),
        ("session.update", {"session": {"client_secret": {}}}, "session.client_secret"),
        ("response.create", {"response": {"input": [REFERRING]}}, "response.input[0].content[1]"),
        ("conversation.item.create", {"item": REFERRING}, "item.content[1]"),
    ],
)
async def test_what_the_preview_lacks_here_is_refused_by_name(stand_in_place: Place, kind: str, fields: dict[str, Any], param: str) -> None:
    async with preview(stand_in_place) as talk:
        error = await talk.refused(kind, **fields)
    assert (error["code"], error["param"]) == ("not_supported", param)

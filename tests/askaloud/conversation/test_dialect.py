"""The preview's names and shapes, put on towards the model and taken off towards us: the table, row by row."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.beta.realtime import RealtimeServerEvent as PreviewServerEvent
from openai.types.beta.realtime import SessionUpdateEvent as PreviewSessionUpdate
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from askaloud.conversation.dialect import CONTENT, ITEMS_KEPT, NAMES, RESPONSE, SESSION, WISH, Preview, path_in_ga
from askaloud.conversation.events import server
from askaloud.conversation.policy import Choice, Policy

PLACE = {"response_id": "r", "item_id": "a", "output_index": 0, "content_index": 0}


def frame(kind: str, **fields: Any) -> bytes:
    return json.dumps({"type": kind, "event_id": "e", **fields}, separators=(",", ":")).encode()


def heard(*frames: bytes, preview: Preview | None = None) -> list[dict[str, Any]]:
    """What we hear in GA's words when a preview server says this."""
    preview = preview or Preview()
    return [json.loads(each) for said in frames for each in preview.from_model(said)]


def sent(kind: str, **fields: Any) -> dict[str, Any]:
    """What a preview server hears when we say this in GA's words."""
    event: dict[str, Any] = json.loads(Preview().to_model(msgspec.json.encode({"type": kind, "event_id": "ours", **fields})))
    return event


def members(union: Any) -> set[str]:
    """The types of the events in one of the SDK's unions."""
    schema = TypeAdapter(union).json_schema()
    return {each["properties"]["type"].get("const") for each in schema["$defs"].values() if "type" in each.get("properties", {})} - {None}


# names


@pytest.mark.parametrize(("preview", "ga"), NAMES.items())
def test_each_event_has_its_name_in_ga(preview: str, ga: str) -> None:
    item = {"id": "u", "type": "message", "role": "user", "status": "in_progress", "content": []}
    (event,) = heard(frame(preview, **PLACE, delta="AAAA", text="t", transcript="t", item=item, previous_item_id=None))
    assert event["type"] == ga
    assert event["event_id"] == "e"
    assert event["item_id"] == "a"


def test_the_names_are_those_of_the_sdks_two_trees() -> None:
    preview, ga = members(PreviewServerEvent), members(RealtimeServerEvent)
    assert set(NAMES) <= preview
    assert set(NAMES.values()) <= ga
    unchanged = {name for name in preview - set(NAMES) if not name.startswith(("transcription_session", "conversation.created"))}
    assert unchanged - ga == set()


@pytest.mark.parametrize(
    "kind",
    [
        "input_audio_buffer.speech_started",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.truncated",
        "response.content_part.added",
        "rate_limits.updated",
        "something.new",
    ],
)
def test_what_has_one_name_goes_through_byte_for_byte(kind: str) -> None:
    said = frame(kind, item_id="u", part={"type": "audio", "transcript": ""})
    assert Preview().from_model(said) == (said,)


@pytest.mark.parametrize("said", [b"", b"[]", b"7", b'{"type":7}', b'{"type":"response.done"}', b'{"type":"error","error":[]}', b"\xff"])
def test_what_cannot_be_read_is_handed_on_as_it_is(said: bytes) -> None:
    assert Preview().from_model(said) == (said,)


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_nothing_that_a_server_may_say_breaks_the_translator(value: Any) -> None:
    for kind in ("response.done", "conversation.item.created", "session.updated", "error", "response.output_item.done"):
        assert heard(frame(kind, response=value, item=value, session=value, error=value))


# sound


@pytest.mark.parametrize("written", ['{"type":"%s","event_id":"e"', '{"type": "%s", "event_id": "e"', '{"event_id":"e","type":"%s"'])
def test_sound_is_renamed_however_it_is_written(written: str) -> None:
    rest = ',"response_id":"r","item_id":"a","output_index":0,"content_index":0,"delta":"AAEC/w=="}'
    (said,) = Preview().from_model((written % "response.audio.delta" + rest).encode())
    event = server.decode(said)
    assert isinstance(event, server.AudioDelta)
    assert bytes(event.delta) == b'"AAEC/w=="'


def test_sound_is_not_decoded_on_its_way() -> None:
    not_even_base64 = b'{"type":"response.audio.delta","delta":"\\u00e4 ! \x01"}'
    assert Preview().from_model(not_even_base64) == (b'{"type":"response.output_audio.delta","delta":"\\u00e4 ! \x01"}',)


def test_a_long_frame_of_sound_is_copied_once() -> None:
    said = frame("response.audio.delta", **PLACE, delta="A" * 4_000_000)
    preview = Preview()
    tracemalloc.start()
    preview.from_model(said)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2.2 * len(said)


def test_microphone_sound_goes_up_untouched() -> None:
    said = b'{"type":"input_audio_buffer.append","audio":"AAAA"}'
    assert Preview().to_model(said) is said


# items


@pytest.mark.parametrize(("preview", "ga"), CONTENT.items())
@pytest.mark.parametrize("kind", ["response.output_item.added", "response.output_item.done", "conversation.item.retrieved"])
def test_parts_of_the_assistants_items_have_their_names_in_ga(kind: str, preview: str, ga: str) -> None:
    item = {"id": "a", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": preview, "transcript": "w"}]}
    event = heard(frame(kind, response_id="r", output_index=0, item=item))[0]
    assert event["item"]["content"] == [{"type": ga, "transcript": "w"}]


@pytest.mark.parametrize(("preview", "ga"), CONTENT.items())
def test_and_their_names_in_the_preview_on_the_way_up(preview: str, ga: str) -> None:
    item = {"type": "message", "role": "assistant", "content": [{"type": ga, "text": "w"}]}
    assert sent("conversation.item.create", item=item)["item"]["content"] == [{"type": preview, "text": "w"}]


def test_what_the_person_said_and_what_a_tool_gave_are_the_same_in_both() -> None:
    for item in (
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "w"}]},
        {"type": "function_call_output", "call_id": "c", "output": "found"},
    ):
        assert sent("conversation.item.create", item=item) == {"type": "conversation.item.create", "event_id": "ours", "item": item}


def test_an_item_that_is_created_complete_is_added_and_done() -> None:
    item = {"id": "u", "type": "message", "role": "user", "status": "completed", "content": [{"type": "input_audio"}]}
    added, done = heard(frame("conversation.item.created", item=item, previous_item_id="b"))
    assert (added["type"], done["type"]) == ("conversation.item.added", "conversation.item.done")
    assert added["item"] == done["item"] == item
    assert added["previous_item_id"] == done["previous_item_id"] == "b"
    assert added["event_id"] != done["event_id"]


@pytest.mark.parametrize("status", ["completed", "incomplete"])
def test_an_answers_item_is_done_when_its_output_is(status: str) -> None:
    item = {"id": "a", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    ended = {**item, "status": status, "content": [{"type": "audio", "transcript": "w"}]}
    events = heard(
        frame("response.output_item.added", response_id="r", output_index=0, item=item),
        frame("conversation.item.created", item=item, previous_item_id="u"),
        frame("response.output_item.done", response_id="r", output_index=0, item=ended),
    )
    assert [event["type"] for event in events] == [
        "response.output_item.added",
        "conversation.item.added",
        "response.output_item.done",
        "conversation.item.done",
    ]
    assert events[-1]["item"] == events[-2]["item"]
    assert events[-1]["item"]["status"] == status
    assert events[-1]["previous_item_id"] == "u"


def test_the_arguments_of_a_call_get_the_name_that_ga_requires() -> None:
    item = {"id": "i", "type": "function_call", "status": "in_progress", "call_id": "c", "name": "search", "arguments": ""}
    events = heard(
        frame("response.output_item.added", response_id="r", output_index=0, item=item),
        frame("response.function_call_arguments.done", response_id="r", item_id="i", call_id="c", output_index=0, arguments="{}"),
    )
    assert events[-1]["name"] == "search"


def test_a_server_that_never_ends_an_item_fills_no_memory() -> None:
    preview = Preview()
    for number in range(ITEMS_KEPT * 3):
        item = {"id": f"i{number}", "type": "function_call", "status": "in_progress", "name": "search"}
        preview.from_model(frame("conversation.item.created", item=item))
    assert len(preview._open) == len(preview._names) == ITEMS_KEPT


# shapes

VALUES: dict[str, tuple[Any, Any]] = {
    "model": ("m", "m"),
    "instructions": ("be brief", "be brief"),
    "tools": ([{"type": "function", "name": "search"}], [{"type": "function", "name": "search"}]),
    "tool_choice": ("auto", "auto"),
    "temperature": (0.8, 0.8),
    "modalities": (["text", "audio"], ["audio"]),
    "max_response_output_tokens": ("inf", "inf"),
    "voice": ("alloy", "alloy"),
    "speed": (1.2, 1.2),
    "output_audio_format": ("pcm16", {"type": "audio/pcm", "rate": 24_000}),
    "input_audio_format": ("g711_ulaw", {"type": "audio/pcmu"}),
    "input_audio_transcription": ({"model": "whisper-1", "language": "en"}, {"model": "whisper-1", "language": "en"}),
    "input_audio_noise_reduction": ({"type": "near_field"}, {"type": "near_field"}),
    "turn_detection": ({"type": "semantic_vad", "eagerness": "low"}, {"type": "semantic_vad", "eagerness": "low"}),
}
"""For each field of a session: a value of the preview and GA's."""


def placed(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for step in reversed(path):
        value = {step: value}
    shape: dict[str, Any] = value
    return shape


def test_every_row_of_a_session_is_tried() -> None:
    assert VALUES.keys() == SESSION.keys()


@pytest.mark.parametrize("name", SESSION)
def test_each_field_of_a_session_has_its_place_in_both(name: str) -> None:
    old, new = VALUES[name]
    session = placed(SESSION[name], new)
    assert sent("session.update", session={"type": "realtime", **session})["session"] == {name: old}
    (event,) = heard(frame("session.updated", session={"id": "s", "expires_at": 7, name: old}))
    assert event["session"] == {"type": "realtime", "id": "s", "expires_at": 7, **session}


@pytest.mark.parametrize("name", ["truncation", "reasoning", "include", "prompt", "tracing", "parallel_tool_calls"])
def test_what_the_preview_does_not_know_is_not_sent(name: str) -> None:
    assert sent("session.update", session={"type": "realtime", name: "auto"})["session"] == {}


@pytest.mark.parametrize(("ga", "preview"), [(["audio"], ["text", "audio"]), (["text"], ["text"])])
def test_ga_says_one_modality_where_the_preview_says_what_comes_with_it(ga: list[str], preview: list[str]) -> None:
    assert sent("session.update", session={"output_modalities": ga})["session"] == {"modalities": preview}
    (event,) = heard(frame("session.updated", session={"modalities": list(reversed(preview))}))
    assert event["session"]["output_modalities"] == ga


def test_no_turn_detection_is_said_as_null() -> None:
    assert sent("session.update", session={"audio": {"input": {"turn_detection": None}}})["session"] == {"turn_detection": None}


def test_the_defaults_of_detection_that_old_versions_do_not_know_are_not_said() -> None:
    detection = {"type": "server_vad", "threshold": 0.5, "create_response": True, "interrupt_response": False}
    said = sent("session.update", session={"audio": {"input": {"turn_detection": detection}}})["session"]["turn_detection"]
    assert said == {"type": "server_vad", "threshold": 0.5, "interrupt_response": False}


def test_the_whole_session_of_ours_is_one_that_the_sdk_of_the_preview_knows() -> None:
    policy = Policy(model="m", noise_reduction="far_field", speed=1.1, max_output_tokens=900, temperature=0.7, language="en")
    session = sent("session.update", session={**policy.session(Choice()), "instructions": "x", "tools": [], "tool_choice": "auto"})[
        "session"
    ]
    typed = PreviewSessionUpdate.model_validate({"type": "session.update", "session": session}).session
    assert not typed.model_extra
    assert set(session) <= set(type(typed).model_fields)
    assert typed.turn_detection
    assert not typed.turn_detection.model_extra


@pytest.mark.parametrize("name", WISH)
def test_each_field_of_a_wished_answer_has_its_place(name: str) -> None:
    values: dict[str, tuple[Any, Any]] = {**VALUES, "conversation": ("auto",) * 2, "input": ([],) * 2, "metadata": ({"a": "b"},) * 2}
    old, new = values[name]
    assert sent("response.create", response=placed(WISH[name], new))["response"] == {name: old}


def test_a_wish_without_any_wishes_stays_without() -> None:
    assert sent("response.create") == {"type": "response.create", "event_id": "ours"}


@pytest.mark.parametrize("name", RESPONSE)
@pytest.mark.parametrize("kind", ["response.created", "response.done"])
def test_each_field_of_an_answer_has_its_place_in_ga(kind: str, name: str) -> None:
    old, new = VALUES[name]
    (event,) = heard(frame(kind, response={"id": "r", "status": "completed", "temperature": 0.8, "usage": {"total_tokens": 7}, name: old}))
    expected = {"id": "r", "status": "completed", "usage": {"total_tokens": 7}, "output": [], **placed(RESPONSE[name], new)}
    assert event["response"] == expected


def test_an_answers_items_are_translated_where_it_ends() -> None:
    item = {"id": "a", "type": "message", "role": "assistant", "content": [{"type": "audio", "transcript": "w"}]}
    (event,) = heard(frame("response.done", response={"id": "r", "output": [item]}))
    assert event["response"]["output"][0]["content"] == [{"type": "output_audio", "transcript": "w"}]


@pytest.mark.parametrize(
    ("preview", "ga"),
    [
        *((f"session.{name}", f"session.{'.'.join(path)}") for name, path in SESSION.items()),
        ("session.turn_detection.threshold", "session.audio.input.turn_detection.threshold"),
        ("session.input_audio_transcription.model", "session.audio.input.transcription.model"),
        ("response.modalities", "response.output_modalities"),
        ("session.tools[0].name", "session.tools[0].name"),
        ("session.type", "session.type"),
        ("item.content", "item.content"),
        ("", ""),
    ],
)
def test_an_error_names_the_field_where_ga_has_it(preview: str, ga: str) -> None:
    assert path_in_ga(preview) == ga
    (event,) = heard(frame("error", error={"code": "c", "message": "m", "param": preview, "event_id": "ours"}))
    assert event["error"] == {"code": "c", "message": "m", "param": ga, "event_id": "ours"}


@pytest.mark.parametrize("kind", ["response.cancel", "conversation.item.truncate", "input_audio_buffer.commit"])
def test_what_a_client_asks_otherwise_is_the_same_in_both(kind: str) -> None:
    said = msgspec.json.encode({"type": kind, "event_id": "ours", "item_id": "a", "content_index": 0, "audio_end_ms": 7})
    assert Preview().to_model(said) == said

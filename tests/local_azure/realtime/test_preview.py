"""The table of the preview, row by row, and both directions of the translation without a socket."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from openai.types.beta.realtime import realtime_client_event as beta_client
from openai.types.beta.realtime import realtime_response as beta_response
from openai.types.beta.realtime import realtime_server_event as beta_server
from openai.types.beta.realtime import response_create_event as beta_create
from openai.types.beta.realtime import session_update_event as beta_session
from openai.types.realtime import realtime_server_event as ga_server

from local_azure.realtime.actions import Send
from local_azure.realtime.conversation import SHAPES, Conversation
from local_azure.realtime.preview import CONTENT, EVENTS, ONLY_GA_SESSION, RESPONSE, SESSION, Preview, Row
from local_azure.realtime.wire import Refused, error_event

SAMPLES: dict[str, tuple[Any, Any]] = {
    "model": ("m", "m"),
    "modalities": (["text"], ["text"]),
    "instructions": ("Be brief.", "Be brief."),
    "voice": ("ash", "ash"),
    "speed": (1.1, 1.1),
    "input_audio_format": ("pcm16", {"type": "audio/pcm", "rate": 24000}),
    "output_audio_format": ("pcm16", {"type": "audio/pcm", "rate": 24000}),
    "input_audio_transcription": ({"model": "whisper-1"}, {"model": "whisper-1"}),
    "input_audio_noise_reduction": ({"type": "near_field"}, {"type": "near_field"}),
    "turn_detection": ({"type": "semantic_vad", "eagerness": "low"}, {"type": "semantic_vad", "eagerness": "low"}),
    "tools": ([], []),
    "tool_choice": ("none", "none"),
    "tracing": ("auto", "auto"),
    "max_response_output_tokens": (7, 7),
    "conversation": ("none", "none"),
    "metadata": ({"k": "v"}, {"k": "v"}),
    "input": ([], []),
}
"""For each row a value in the preview, and what it is in GA."""


def names(union: Any) -> set[str]:
    members = typing.get_args(typing.get_args(union)[0])
    return {typing.get_args(member.model_fields["type"].annotation)[0] for member in members}


def at(value: Any, place: tuple[str, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


@pytest.mark.parametrize("row", SESSION, ids=lambda row: row[0])
def test_each_field_of_a_session_goes_to_its_place_and_comes_back(row: Row) -> None:
    name, place, _ = row
    given, inside = SAMPLES[name]
    session = Preview().inward({"type": "session.update", "session": {name: given}})["session"]
    assert session.pop("type") == "realtime"
    assert at(session, place) == inside
    told = Preview().outward({"type": "session.updated", "session": session})
    assert told is not None
    assert told["session"][name] == given


@pytest.mark.parametrize("row", RESPONSE, ids=lambda row: row[0])
def test_each_wish_for_a_response_goes_to_its_place(row: Row) -> None:
    name, place, _ = row
    given, inside = SAMPLES[name]
    assert at(Preview().inward({"type": "response.create", "response": {name: given}})["response"], place) == inside


@pytest.mark.parametrize(("path", "rows"), [("session", SESSION), ("response", RESPONSE)])
def test_a_fault_in_each_field_is_told_at_its_place_in_the_preview(path: str, rows: tuple[Row, ...]) -> None:
    for name, place, _ in rows:
        inside = ".".join((path, *place))
        event = error_event(Refused("invalid_type", f"Invalid type for '{inside}.x'.", f"{inside}.x"), None)
        told = Preview().outward(event)
        assert told is not None
        assert (told["error"]["param"], told["error"]["message"]) == (f"{path}.{name}.x", f"Invalid type for '{path}.{name}.x'.")


def test_the_rows_are_all_fields_that_the_sdk_types() -> None:
    own = {"temperature", "client_secret"}
    assert {name for name, _, _ in SESSION} | own == set(beta_session.Session.model_fields)
    assert {name for name, _, _ in RESPONSE} | {"temperature"} == set(beta_create.Response.model_fields)


def test_every_name_of_an_event_is_one_that_the_sdk_types() -> None:
    ga, preview = names(ga_server.RealtimeServerEvent), names(beta_server.RealtimeServerEvent)
    assert set(EVENTS) <= ga
    assert {name for name in EVENTS.values() if name} <= preview
    assert not set(EVENTS) & preview
    assert set(SHAPES) <= names(beta_client.RealtimeClientEvent)


@pytest.mark.parametrize(("ga", "preview"), EVENTS.items())
def test_each_event_has_its_name(ga: str, preview: str | None) -> None:
    told = Preview().outward({"type": ga, "event_id": "event_1"})
    assert told == (None if preview is None else {"type": preview, "event_id": "event_1"})


@pytest.mark.parametrize(("ga", "preview"), CONTENT.items())
def test_each_type_of_content_has_its_name_both_ways(ga: str, preview: str) -> None:
    def item(kind: str) -> dict[str, Any]:
        return {"type": "message", "role": "assistant", "content": [{"type": kind, "text": "x"}]}

    assert Preview().inward({"type": "conversation.item.create", "item": item(preview)})["item"] == item(ga)
    told = Preview().outward({"type": "conversation.item.added", "item": item(ga)})
    assert told is not None
    assert told["item"] == item(preview)


def test_a_session_shows_nothing_that_only_ga_knows() -> None:
    created = Conversation("m", 1).take()[0]
    assert isinstance(created, Send)
    told = Preview().outward(created.event)
    assert told is not None
    assert not set(ONLY_GA_SESSION) & set(told["session"])
    assert "idle_timeout_ms" not in told["session"]["turn_detection"]


def test_a_response_is_told_in_fields_that_the_sdk_types() -> None:
    conversation, preview = Conversation("m", 1), Preview()
    conversation.receive({"type": "response.create"})
    told = [preview.outward(action.event) for action in conversation.take() if isinstance(action, Send)]
    response = next(event["response"] for event in told if event is not None and event["type"] == "response.created")
    assert set(response) <= set(beta_response.RealtimeResponse.model_fields) | {"status_details"}


def test_a_temperature_is_kept_reported_and_never_handed_on() -> None:
    preview = Preview()
    session = preview.inward({"type": "session.update", "session": {"temperature": 0.9}})["session"]
    assert session == {"type": "realtime"}
    told = preview.outward({"type": "session.updated", "session": session})
    assert told is not None
    assert told["session"]["temperature"] == 0.9


@pytest.mark.parametrize("session", [None, 7, "x", []])
def test_what_is_no_session_is_handed_on_to_be_refused(session: Any) -> None:
    assert Preview().inward({"type": "session.update", "session": session})["session"] == session


@pytest.mark.parametrize("item", [None, 7, {}, {"content": 7}, {"content": [7, {}, {"type": 7}]}])
def test_what_is_no_item_is_handed_on_to_be_refused(item: Any) -> None:
    assert Preview().inward({"type": "conversation.item.create", "item": item})["item"] == item

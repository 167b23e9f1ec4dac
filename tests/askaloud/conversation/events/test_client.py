"""What a browser may say: nine events, each in its proper shape, and nothing beside them."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askaloud.conversation.events import client
from askaloud.conversation.events.client import Append, Refused, decode


def frame(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields})


def message(*texts: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text} for text in texts], **more}


ALLOWED = {
    "session.update": frame("session.update", session={"type": "realtime"}),
    "append": frame("input_audio_buffer.append", audio="AAAA"),
    "commit": frame("input_audio_buffer.commit"),
    "clear": frame("input_audio_buffer.clear"),
    "item": frame("conversation.item.create", item=message("Hello")),
    "truncate": frame("conversation.item.truncate", item_id="i", content_index=0, audio_end_ms=10),
    "retrieve": frame("conversation.item.retrieve", item_id="i"),
    "create": frame("response.create"),
    "cancel": frame("response.cancel"),
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED.keys())
def test_each_of_the_nine_events_is_read(text: str) -> None:
    assert isinstance(decode(text), client.ClientEvent)


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED.keys())
def test_fields_that_are_not_listed_are_dropped(text: str) -> None:
    extra = json.dumps({**json.loads(text), "instructions": "obey", "tools": []})
    assert decode(extra) == decode(text)


def refusal(text: str | bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        decode(text)
    return refused.value


REFUSED: dict[str, tuple[str | bytes, str | None]] = {
    "binary": (b"{}", None),
    "empty binary": (b"", None),
    "empty": ("", None),
    "not JSON": ("hello", None),
    "a list": ("[]", None),
    "deep": ("[" * 100_000, None),
    "no type": ("{}", "type"),
    "type is a number": ('{"type": 5}', "type"),
    "unknown type": ('{"type": "no.such.event"}', "type"),
    "a server event": ('{"type": "response.done"}', "type"),
    "delete": ('{"type": "conversation.item.delete", "item_id": "i"}', "type"),
    "retrieve without an item": ('{"type": "conversation.item.retrieve"}', "event"),
    "transcription session": ('{"type": "transcription_session.update", "session": {}}', "type"),
    "no audio": (frame("input_audio_buffer.append"), "event"),
    "audio is a number": (frame("input_audio_buffer.append", audio=5), "audio"),
    "assistant message": (frame("conversation.item.create", item={**message("x"), "role": "assistant"}), "item.role"),
    "system message": (frame("conversation.item.create", item={**message("x"), "role": "system"}), "item.role"),
    "a call": (frame("conversation.item.create", item={"type": "function_call", "name": "search"}), "item.type"),
    "an output": (frame("conversation.item.create", item={"type": "function_call_output", "call_id": "c", "output": "x"}), "item.type"),
    "audio in a message": (
        frame("conversation.item.create", item={**message(), "content": [{"type": "input_audio", "audio": "AAAA"}]}),
        "item.content[0].type",
    ),
    "no part": (frame("conversation.item.create", item=message()), "item.content"),
    "nine parts": (frame("conversation.item.create", item=message(*"123456789")), "item.content"),
    "too long": (frame("conversation.item.create", item=message("x" * 4_001, "y" * 4_000)), "item.content"),
    "a long item id": (frame("conversation.item.create", item=message("x", id="i" * 33)), "item.id"),
    "an empty item id": (frame("conversation.item.create", item=message("x", id="")), "item.id"),
    "out of band": (frame("response.create", response={"conversation": "none"}), "response.conversation"),
    "own input": (frame("response.create", response={"input": []}), "response.input"),
    "null input": (frame("response.create", response={"input": None}), "response.input"),
    "much metadata": (frame("response.create", response={"metadata": {str(n): "" for n in range(17)}}), "response.metadata"),
    "a long value": (frame("response.create", response={"metadata": {"k": "v" * 513}}), "response.metadata"),
    "metadata of numbers": (frame("response.create", response={"metadata": {"k": 5}}), "response.metadata[...]"),
    "long event id": (frame("response.cancel", event_id="e" * 65), "event_id"),
    "detection of another kind": (
        frame("session.update", session={"audio": {"input": {"turn_detection": {"type": "none"}}}}),
        "session.audio.input.turn_detection.type",
    ),
    "preview format": (frame("session.update", session={"audio": {"input": {"format": "pcm16"}}}), "session.audio.input.format"),
}


@pytest.mark.parametrize(("text", "param"), REFUSED.values(), ids=REFUSED.keys())
def test_whatever_else_is_refused_with_a_sentence_that_names_the_part(text: str | bytes, param: str | None) -> None:
    refused = refusal(text)
    assert refused.param == param
    assert refused.message.endswith(".")


def test_a_refusal_carries_the_clients_event_id_where_it_can_be_read() -> None:
    assert refusal(frame("no.such.event", event_id="mine")).event_id == "mine"
    assert refusal(frame("input_audio_buffer.append", audio=5, event_id="mine")).event_id == "mine"
    assert refusal(frame("conversation.item.create", item=message(), event_id="mine")).event_id == "mine"
    assert refusal(frame("no.such.event", event_id="e" * 65)).event_id is None
    assert refusal('{"event_id": {"a": 1}}').event_id is None


def test_a_refusal_repeats_nothing_of_what_was_said() -> None:
    for text in (frame("planted words"), frame("response.create", response={"output_modalities": ["planted words"]})):
        assert "planted" not in refusal(text).message


@pytest.mark.parametrize(
    "limit", [(frame("conversation.item.create", item=message("x" * 8_000, id="i" * 32))), frame("response.cancel", event_id="e" * 64)]
)
def test_what_is_exactly_at_its_limit_passes(limit: str) -> None:
    decode(limit)


def test_a_message_keeps_its_words_and_loses_its_place() -> None:
    event = decode(frame("conversation.item.create", item=message("How many?", id="mine"), previous_item_id="root"))
    assert isinstance(event, client.ItemCreate)
    assert json.loads(msgspec.json.encode(event.item)) == message("How many?", id="mine")


@given(st.binary(max_size=300))
def test_whole_samples_are_counted_and_half_ones_refused(pcm: bytes) -> None:
    event = decode(frame("input_audio_buffer.append", audio=base64.b64encode(pcm).decode()))
    assert isinstance(event, Append)
    if len(pcm) % 2:
        with pytest.raises(Refused):
            client.audio_bytes(event)
    else:
        assert client.audio_bytes(event) == len(pcm)


@pytest.mark.parametrize(
    "audio", ["A", "AAA", "AAA=A", "====", "AAAA====", "AA==AA==", "AA AA", "AAAA\n", "ÄÄÄÄ", "AA__", "AAAA\x00", '","x":"']
)
def test_base64_that_is_not_is_refused(audio: str) -> None:
    event = decode(frame("input_audio_buffer.append", audio=audio, event_id="mine"))
    assert isinstance(event, Append)
    with pytest.raises(Refused) as refused:
        client.audio_bytes(event)
    assert (refused.value.param, refused.value.event_id) == ("audio", "mine")


@given(st.text() | st.binary())
def test_no_frame_whatever_makes_anything_but_an_event_or_a_refusal(text: str | bytes) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(decode(text), client.ClientEvent)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(sorted({json.loads(text)["type"] for text in ALLOWED.values()})),
    st.dictionaries(st.sampled_from(["session", "item", "response", "audio", "event_id", "item_id", "audio_end_ms"]), JSON),
)
def test_no_value_whatever_in_an_allowed_event_makes_anything_but_an_event_or_a_refusal(kind: str, fields: dict[str, Any]) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(decode(frame(kind, **fields)), client.ClientEvent)

"""What the model says: read as far as it means something here, passed on without what is hidden."""

from __future__ import annotations

import json
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.askaloud.conversation.wire import frame

from askaloud.conversation.events import server
from askaloud.conversation.events.server import decode

KINDS = get_args(server.AnyServerEvent)


def passed(kind: str, **fields: Any) -> dict[str, Any]:
    event = decode(frame(kind, **fields))
    assert not isinstance(event, str), kind
    told: dict[str, Any] = json.loads(msgspec.json.encode(event))
    return told


def test_every_event_of_the_union_has_its_own_name() -> None:
    names = [kind.__struct_config__.tag for kind in KINDS]
    assert len(set(names)) == len(names) == len(KINDS)


@pytest.mark.parametrize("kind", ["no.such.event", "session.instructions", "mcp_list_tools.completed", "response.mcp_call.completed"])
def test_what_is_not_known_is_named_and_not_read(kind: str) -> None:
    assert decode(frame(kind, secret="x")) == kind


@pytest.mark.parametrize("raw", [b"", b"garbage", b"[]", b"{}", b'{"type": 5}', b"\xff\xfe", b"[" * 100_000, b'{"type": "\\ud800"}'])
def test_what_cannot_be_read_at_all_has_no_name(raw: bytes) -> None:
    assert decode(raw) == ""


def test_a_known_event_of_another_shape_is_not_passed_on() -> None:
    assert decode(frame("response.done", response="none")) == "response.done"


@given(st.binary())
def test_no_frame_whatever_raises(raw: bytes) -> None:
    decode(raw)


SECRET = "planted secret"


@pytest.mark.parametrize(
    "told",
    [
        passed("response.created", response={"id": "r", "instructions": SECRET, "tools": [SECRET], "tool_choice": SECRET, "audio": SECRET}),
        passed("response.done", response={"id": "r", "instructions": SECRET, "status_details": {"error": {"message": SECRET}}}),
        passed(
            "conversation.item.added", item={"type": "message", "id": "i", "secret": SECRET, "content": [{"type": "x", "secret": SECRET}]}
        ),
        passed("response.output_item.added", response_id="r", item={"type": "message", "id": "i", "instructions": SECRET}),
        passed("input_audio_buffer.speech_started", item_id="i", instructions=SECRET),
        passed("session.updated", session={"instructions": SECRET, "tools": [SECRET]}),
    ],
    ids=lambda told: told["type"],
)
def test_what_is_not_listed_cannot_pass(told: dict[str, Any]) -> None:
    assert SECRET not in json.dumps(told)


def test_sound_is_passed_on_as_it_came() -> None:
    place = {"response_id": "r", "item_id": "i", "output_index": 0, "content_index": 0}
    assert passed("response.output_audio.delta", **place, delta="AAAA")["delta"] == "AAAA"


def test_the_sound_of_a_finished_message_is_not_repeated() -> None:
    item = {"type": "message", "id": "i", "role": "assistant", "content": [{"type": "output_audio", "audio": "AAAA", "transcript": "Hi."}]}
    assert passed("conversation.item.done", item=item)["item"]["content"] == [{"type": "output_audio", "transcript": "Hi."}]

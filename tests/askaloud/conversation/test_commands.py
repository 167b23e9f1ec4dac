"""What the server itself says to the model is what the protocol calls it."""

from __future__ import annotations

import json

from askaloud.conversation import commands
from askaloud.conversation.actions import ToModel


def said(action: ToModel) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(action.payload)
    return decoded


def test_an_answer_is_asked_for_with_what_differs_only() -> None:
    assert said(commands.create_response("e1", {})) == {"type": "response.create", "event_id": "e1"}
    assert said(commands.create_response("e1", {"tool_choice": "none"}))["response"] == {"tool_choice": "none"}


def test_an_answer_is_stopped_by_its_id() -> None:
    assert said(commands.cancel("e1", "r1")) == {"type": "response.cancel", "event_id": "e1", "response_id": "r1"}


def test_an_output_names_its_call_and_survives_half_a_surrogate() -> None:
    event = said(commands.output("e1", "c1", "30 \ud83d days"))
    assert event["item"] == {"type": "function_call_output", "call_id": "c1", "output": "30 ? days"}


def test_sound_and_the_end_of_a_turn() -> None:
    assert said(commands.sound("e1", "AAAA")) == {"type": "input_audio_buffer.append", "event_id": "e1", "audio": "AAAA"}
    assert said(commands.commit("e2")) == {"type": "input_audio_buffer.commit", "event_id": "e2"}

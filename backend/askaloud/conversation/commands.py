"""What we say to the model, encoded: the client events of the protocol that the server itself makes up. Pure."""

from __future__ import annotations

from typing import Any

from .actions import ToModel
from .events import own


def create_response(event_id: str, response: dict[str, Any]) -> ToModel:
    """Please answer; `response` holds what differs from the session."""
    event: dict[str, Any] = {"type": "response.create", "event_id": event_id}
    if response:
        event["response"] = response
    return ToModel(own.encode(event))


def cancel(event_id: str, response_id: str) -> ToModel:
    """Stop this answer."""
    return ToModel(own.encode({"type": "response.cancel", "event_id": event_id, "response_id": response_id}))


def create_item(event_id: str, item: dict[str, Any]) -> ToModel:
    """This belongs to the conversation."""
    return ToModel(own.encode_words({"type": "conversation.item.create", "event_id": event_id, "item": item}))


def output(event_id: str, call_id: str, heard: str) -> ToModel:
    """What came of a call."""
    return create_item(event_id, {"type": "function_call_output", "call_id": call_id, "output": heard})


def sound(event_id: str, audio: str) -> ToModel:
    """Sound of the person, as base64 of 16-bit PCM at 24 kHz."""
    return ToModel(own.encode({"type": "input_audio_buffer.append", "event_id": event_id, "audio": audio}))


def commit(event_id: str) -> ToModel:
    """The person's turn ends here."""
    return ToModel(own.encode({"type": "input_audio_buffer.commit", "event_id": event_id}))

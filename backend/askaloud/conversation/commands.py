"""What we say to the model, encoded: the client events of the protocol that the server itself makes up. Pure."""

from __future__ import annotations

from typing import Any

from .actions import ToModel
from .events import own


def event(event_id: str, kind: str, **fields: Any) -> ToModel:
    """Any client event."""
    return ToModel(own.encode({"type": kind, "event_id": event_id, **fields}))


def create_response(event_id: str, response: dict[str, Any]) -> ToModel:
    """Please answer; `response` holds what differs from the session."""
    return event(event_id, "response.create", **({"response": response} if response else {}))


def cancel(event_id: str, response_id: str) -> ToModel:
    """Stop this answer."""
    return event(event_id, "response.cancel", response_id=response_id)


def create_item(event_id: str, item: dict[str, Any]) -> ToModel:
    """This belongs to the conversation."""
    return ToModel(own.encode_words({"type": "conversation.item.create", "event_id": event_id, "item": item}))


def delete(event_id: str, item_id: str) -> ToModel:
    """This was never said."""
    return event(event_id, "conversation.item.delete", item_id=item_id)


def output(event_id: str, call_id: str, heard: str) -> ToModel:
    """What came of a call."""
    return create_item(event_id, {"type": "function_call_output", "call_id": call_id, "output": heard})


def sound(event_id: str, audio: str) -> ToModel:
    """Sound of the person, as base64 of 16-bit PCM at 24 kHz."""
    return event(event_id, "input_audio_buffer.append", audio=audio)


def commit(event_id: str) -> ToModel:
    """The person's turn ends here."""
    return event(event_id, "input_audio_buffer.commit")

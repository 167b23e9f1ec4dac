"""The outermost layer of the protocol: frames to events, events to frames, ids, and the shape of an error.

Knows no event's meaning. Evidence for codes and shapes: `openai/types/realtime/realtime_error*.py`; messages are ours unless quoted.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec

Event = dict[str, Any]

EVENT_ID_MAX_CHARS = 512
"""A client's `event_id` comes back in errors; longer ones would make every error as large as the client likes."""


class Refused(Exception):  # noqa: N818 - an answer to the client, not a fault of ours
    """A client event that the protocol answers with an `error` event; the session stays open."""

    def __init__(self, code: str, message: str, param: str | None = None, *, kind: str = "invalid_request_error") -> None:
        self.code = code
        self.message = message
        self.param = param
        self.kind = kind
        super().__init__(f"{code}: {message}")


def not_offered(what: str, param: str | None = None) -> Refused:
    """The answer to a feature that the service has and this stand-in does not (yet)."""
    return Refused("not_supported", f"{what} is not offered by this local stand-in.", param)


def new_id(kind: str) -> str:
    """A fresh id such as `item_4f…`; 29 characters or fewer, for clients may send ours back where at most 32 are allowed."""
    return f"{kind}_{secrets.token_hex(12)}"


def server_event(kind: str, **fields: Any) -> Event:
    """One server event with an id of its own."""
    return {"type": kind, "event_id": new_id("event"), **fields}


def error_event(refused: Refused, client_event_id: str | None) -> Event:
    """The `error` event that answers the client's event of that id."""
    error = {
        "type": refused.kind,
        "code": refused.code,
        "message": refused.message,
        "param": refused.param,
        "event_id": client_event_id,
    }
    return server_event("error", error=error)


def decode(frame: str | bytes) -> Event:
    """A client's frame as an event with a string `type`. Raises `Refused`."""
    if isinstance(frame, bytes):
        raise Refused("invalid_json", "Binary frames are not part of this protocol: send each event as JSON text.")
    try:
        event = msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("invalid_json", "The message is not valid JSON.") from None
    if not isinstance(event, dict):
        raise Refused("invalid_type", "An event must be a JSON object.")
    if "type" not in event:
        raise Refused("missing_required_parameter", "Missing required parameter: 'type'.", "type")
    if not isinstance(event["type"], str):
        raise Refused("invalid_type", "Invalid type for 'type': expected a string.", "type")
    return event


def event_id_of(event: Mapping[str, Any]) -> str | None:
    """The client's own id for this event, if it gave a usable one."""
    given = event.get("event_id")
    return given if isinstance(given, str) and len(given) <= EVENT_ID_MAX_CHARS else None


def encode(event: Event) -> str:
    """One event as a text frame."""
    return msgspec.json.encode(event).decode()

"""What the model's events are about: items and their parts, responses, errors. Only the fields listed are read.

Instructions and tools are not among the fields of anything here, so they cannot pass to a client.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType


class SessionReport(Struct):
    """Of the upstream's session we only want to know when it ends (seconds since 1970)."""

    expires_at: float | None = None


class ErrorBody(Struct):
    """What was wrong; `event_id` is that of the event which caused it."""

    type: str | None = None
    code: str | None = None
    message: str = ""
    param: str | None = None
    event_id: str | None = None


class Part(Struct, omit_defaults=True):
    """One part of a message: text, or sound with its transcript. The sound itself is not repeated here."""

    type: str
    text: str | None = None
    transcript: str | None = None


class Item(Struct, omit_defaults=True, kw_only=True):
    """A message or a function call."""

    type: str
    id: str = ""
    object: str | None = None
    status: str | None = None
    role: str | None = None
    content: list[Part] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None


class StatusError(Struct, omit_defaults=True):
    """The kind of a failure; its message stays here, for it may quote what was said."""

    type: str | None = None
    code: str | None = None


class StatusDetails(Struct, omit_defaults=True):
    """Why a response was cancelled, incomplete or failed."""

    type: str | None = None
    reason: str | None = None
    error: StatusError | None = None


class Response(Struct, kw_only=True):
    """One answer of the model. Instructions and tools are not among the fields, so they cannot pass."""

    id: str
    object: str | None = None
    status: str | None = None
    status_details: StatusDetails | None = None
    output: list[Item] = []
    conversation_id: str | UnsetType | None = UNSET
    """Null, and said to be null: the response stands beside the conversation and is nothing of ours. Older servers do not say."""
    output_modalities: list[str] | None = None
    max_output_tokens: Any = None
    metadata: Any = None
    usage: dict[str, Any] | None = None

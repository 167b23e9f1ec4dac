"""What the model says: a closed, typed union of the GA server events that mean something here.

Only the fields listed are read, and only what was read is passed on. Sound is never parsed: `AudioDelta.delta` stays the raw JSON
text. Source: GA server events of the Realtime API; `conversation.item.created` is kept because some servers still send it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

from .objects import ErrorBody, Item, Part, Response, SessionReport, StatusError


class ServerEvent(Struct, tag_field="type", kw_only=True):
    """Any event of the model."""

    event_id: str = ""


class SessionCreated(ServerEvent, tag="session.created", kw_only=True):
    """Never passed on: the client's session is ours."""

    session: SessionReport


class SessionUpdated(ServerEvent, tag="session.updated", kw_only=True):
    """Answers one `session.update`, in order."""

    session: SessionReport


class ErrorEvent(ServerEvent, tag="error", kw_only=True):
    """Something was refused; the session goes on."""

    error: ErrorBody


class _ItemEvent(ServerEvent, kw_only=True):
    item: Item
    previous_item_id: str | None = None


class ItemCreated(_ItemEvent, tag="conversation.item.created", kw_only=True):
    """An item exists (older servers)."""


class ItemAdded(_ItemEvent, tag="conversation.item.added", kw_only=True):
    """An item exists; one of the assistant's is still empty."""


class ItemDone(_ItemEvent, tag="conversation.item.done", kw_only=True):
    """An item is complete."""


class ItemDeleted(ServerEvent, tag="conversation.item.deleted", kw_only=True):
    """An item is gone."""

    item_id: str


class ItemTruncated(ServerEvent, tag="conversation.item.truncated", kw_only=True):
    """The rest of an answer was forgotten."""

    item_id: str
    content_index: int = 0
    audio_end_ms: int = 0


class _Transcription(ServerEvent, kw_only=True):
    item_id: str
    content_index: int = 0


class TranscriptionDelta(_Transcription, tag="conversation.item.input_audio_transcription.delta", kw_only=True):
    """The person's words, as they are written down."""

    delta: str = ""


class TranscriptionCompleted(_Transcription, tag="conversation.item.input_audio_transcription.completed", kw_only=True):
    """The person's words, all of them."""

    transcript: str = ""
    usage: Any = None


class TranscriptionFailed(_Transcription, tag="conversation.item.input_audio_transcription.failed", kw_only=True):
    """The person's words could not be written down; the model may have understood them all the same."""

    error: StatusError


class SpeechStarted(ServerEvent, tag="input_audio_buffer.speech_started", kw_only=True):
    """Somebody began to speak."""

    item_id: str = ""
    audio_start_ms: int = 0


class SpeechStopped(ServerEvent, tag="input_audio_buffer.speech_stopped", kw_only=True):
    """They stopped."""

    item_id: str = ""
    audio_end_ms: int = 0


class Committed(ServerEvent, tag="input_audio_buffer.committed", kw_only=True):
    """The utterance became an item."""

    item_id: str
    previous_item_id: str | None = None


class Cleared(ServerEvent, tag="input_audio_buffer.cleared", kw_only=True):
    """The utterance was forgotten."""


class TimeoutTriggered(ServerEvent, tag="input_audio_buffer.timeout_triggered", kw_only=True):
    """Nobody spoke for a while."""

    item_id: str = ""
    audio_start_ms: int = 0
    audio_end_ms: int = 0


class ResponseCreated(ServerEvent, tag="response.created", kw_only=True):
    """The model begins to answer."""

    response: Response


class ResponseDone(ServerEvent, tag="response.done", kw_only=True):
    """The model has ended, well or not: completed, cancelled, incomplete or failed."""

    response: Response


class _InResponse(ServerEvent, kw_only=True):
    response_id: str


class OutputItemAdded(_InResponse, tag="response.output_item.added", kw_only=True):
    """A message or a call begins."""

    item: Item
    output_index: int = 0


class OutputItemDone(_InResponse, tag="response.output_item.done", kw_only=True):
    """A message or a call is complete, or was broken off (its status says so)."""

    item: Item
    output_index: int = 0


class _InPart(_InResponse, kw_only=True):
    item_id: str
    output_index: int = 0
    content_index: int = 0


class PartAdded(_InPart, tag="response.content_part.added", kw_only=True):
    """A part of a message begins."""

    part: Part


class PartDone(_InPart, tag="response.content_part.done", kw_only=True):
    """A part of a message is complete."""

    part: Part


class TextDelta(_InPart, tag="response.output_text.delta", kw_only=True):
    """Written words."""

    delta: str


class TextDone(_InPart, tag="response.output_text.done", kw_only=True):
    """All written words."""

    text: str


class AudioDelta(_InPart, tag="response.output_audio.delta", kw_only=True):
    """Sound: base64 of 16-bit mono PCM at 24 kHz, as JSON text with its quotes."""

    delta: Raw


class AudioDone(_InPart, tag="response.output_audio.done", kw_only=True):
    """All sound was sent."""


class TranscriptDelta(_InPart, tag="response.output_audio_transcript.delta", kw_only=True):
    """Spoken words."""

    delta: str


class TranscriptDone(_InPart, tag="response.output_audio_transcript.done", kw_only=True):
    """All spoken words."""

    transcript: str


class ArgumentsDelta(_InResponse, tag="response.function_call_arguments.delta", kw_only=True):
    """Hidden, and not needed: a call is started when its item is done."""


class ArgumentsDone(_InResponse, tag="response.function_call_arguments.done", kw_only=True):
    """Hidden likewise; it also comes for calls that were broken off."""


class RateLimits(ServerEvent, tag="rate_limits.updated", kw_only=True):
    """What the deployment still allows."""

    rate_limits: list[dict[str, Any]] = []


AnyServerEvent = (
    SessionCreated
    | SessionUpdated
    | ErrorEvent
    | ItemCreated
    | ItemAdded
    | ItemDone
    | ItemDeleted
    | ItemTruncated
    | TranscriptionDelta
    | TranscriptionCompleted
    | TranscriptionFailed
    | SpeechStarted
    | SpeechStopped
    | Committed
    | Cleared
    | TimeoutTriggered
    | ResponseCreated
    | ResponseDone
    | OutputItemAdded
    | OutputItemDone
    | PartAdded
    | PartDone
    | TextDelta
    | TextDone
    | AudioDelta
    | AudioDone
    | TranscriptDelta
    | TranscriptDone
    | ArgumentsDelta
    | ArgumentsDone
    | RateLimits
)


SAID: tuple[type, ...] = (
    PartAdded,
    PartDone,
    TextDelta,
    TextDone,
    TranscriptDelta,
    TranscriptDone,
    AudioDone,
)
"""Words of an answer, and the beginnings and ends of its parts."""
PASSED: tuple[type, ...] = (
    TranscriptionDelta,
    TranscriptionCompleted,
    TranscriptionFailed,
    TimeoutTriggered,
    ItemTruncated,
    ItemDeleted,
    RateLimits,
)
"""Passed on as they are."""
HIDDEN: tuple[type, ...] = (ArgumentsDelta, ArgumentsDone)
"""Never passed on."""
ITEMS: tuple[type, ...] = (ItemAdded, ItemCreated, ItemDone)
"""An item appears or is complete."""


class _Head(Struct):
    type: str = ""


_decoder: msgspec.json.Decoder[AnyServerEvent] = msgspec.json.Decoder(AnyServerEvent)
_head = msgspec.json.Decoder(_Head)


def decode(frame: bytes | str) -> AnyServerEvent | str:
    """Read one frame: an event, or, for what we do not know or cannot read, its type's name ("" where it has none)."""
    try:
        return _decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        try:
            return _head.decode(frame).type
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return ""

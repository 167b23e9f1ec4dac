"""What a browser, or any Realtime client, may say: a closed, typed union of nine events.

Decodes a frame and checks what can be checked without knowing the conversation; fields that are not listed here are dropped by
the decoding. Source: GA client events of the Realtime API, narrowed by our own allow-list.
"""

from __future__ import annotations

import binascii
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

EVENT_ID_MAX_CHARS = 64
"""Long enough for a UUID with a prefix; an id is echoed, so its size is ours to bound."""
ITEM_ID_MAX_CHARS = 32
"""The service's own limit for ids that a client chooses."""
TEXT_MAX_CHARS = 8_000
"""All parts of one typed message together: about three pages, more than a question needs."""
TEXT_MAX_PARTS = 8
"""A message is one text; a few parts are allowed because SDKs split them."""
METADATA_MAX = 16
"""Pairs of metadata on a response: the service's own limit."""
METADATA_KEY_MAX_CHARS = 64
METADATA_VALUE_MAX_CHARS = 512
SAMPLE_BYTES = 2
"""PCM16: a frame that ends inside a sample would shift every sample after it into noise."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure of ours
    """A frame that may not pass. `param` names the part that is wrong; `event_id` is the client's own, where it gave one."""

    def __init__(self, message: str, param: str | None = None, event_id: str | None = None) -> None:
        self.message = message
        self.param = param
        self.event_id = event_id
        super().__init__(message)


class ClientEvent(Struct, tag_field="type", kw_only=True):
    """Any event of a client. `event_id` comes back in an error that this event causes."""

    event_id: str | None = None


class Append(ClientEvent, tag="input_audio_buffer.append"):
    """Microphone audio: base64 of 16-bit mono PCM at 24 kHz."""

    audio: str


class Commit(ClientEvent, tag="input_audio_buffer.commit"):
    """The utterance is over (push to talk)."""


class Clear(ClientEvent, tag="input_audio_buffer.clear"):
    """Forget the utterance."""


class InputText(Struct, tag_field="type", tag="input_text"):
    """One part of a typed message."""

    text: str


class UserMessage(Struct, tag_field="type", tag="message", kw_only=True, omit_defaults=True):
    """A typed message of the person. No other item may be made by a client."""

    role: Literal["user"]
    content: list[InputText]
    id: str | None = None


class ItemCreate(ClientEvent, tag="conversation.item.create"):
    """Type instead of speak. Where it stands in the conversation is the service's affair: `previous_item_id` is dropped."""

    item: UserMessage


class Truncate(ClientEvent, tag="conversation.item.truncate"):
    """How much of the answer was really played, in milliseconds."""

    item_id: str
    audio_end_ms: int
    content_index: int = 0


class Retrieve(ClientEvent, tag="conversation.item.retrieve"):
    """Tell this item once more, which the server does itself: some clients ask for it whenever they have interrupted an answer."""

    item_id: str


class ResponseWish(Struct, kw_only=True):
    """What a client may ask of one answer; `conversation` and `input` are read only to be refused."""

    output_modalities: list[Literal["text", "audio"]] | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET
    conversation: str | UnsetType | None = UNSET
    input: msgspec.Raw | UnsetType = UNSET


class ResponseCreate(ClientEvent, tag="response.create"):
    """Please answer."""

    response: ResponseWish | None = None


class ResponseCancel(ClientEvent, tag="response.cancel"):
    """Please stop."""

    response_id: str | None = None


class AudioFormat(Struct):
    """Read only to be refused: there is one format, PCM16 at 24 kHz."""

    type: str
    rate: int | UnsetType = UNSET


class TurnDetection(Struct, kw_only=True):
    """When a turn ends. Numbers are clamped by the policy; what is not listed here (`idle_timeout_ms`) is dropped."""

    type: Literal["server_vad", "semantic_vad"]
    threshold: float | UnsetType | None = UNSET
    prefix_padding_ms: int | UnsetType | None = UNSET
    silence_duration_ms: int | UnsetType | None = UNSET
    eagerness: Literal["low", "medium", "high", "auto"] | UnsetType | None = UNSET
    create_response: bool | UnsetType | None = UNSET
    interrupt_response: bool | UnsetType | None = UNSET


class TranscriptionWish(Struct):
    """The language people speak is theirs to say; the model that writes it down is not."""

    language: str | UnsetType | None = UNSET


class AudioInputWish(Struct):
    """`session.audio.input`."""

    format: AudioFormat | UnsetType | None = UNSET
    transcription: TranscriptionWish | UnsetType | None = UNSET
    turn_detection: TurnDetection | UnsetType | None = UNSET


class AudioOutputWish(Struct):
    """`session.audio.output`."""

    format: AudioFormat | UnsetType | None = UNSET
    voice: Any = UNSET
    """A name; voices of another shape (custom ones) are dropped like everything that is not ours to give."""


class AudioWish(Struct):
    """`session.audio`."""

    input: AudioInputWish | UnsetType | None = UNSET
    output: AudioOutputWish | UnsetType | None = UNSET


class SessionWish(Struct):
    """What a client may wish of its session; all else in a `session.update` is dropped."""

    output_modalities: list[Literal["text", "audio"]] | UnsetType | None = UNSET
    audio: AudioWish | UnsetType | None = UNSET


class SessionUpdate(ClientEvent, tag="session.update"):
    """Change the session, as far as that is the client's to change."""

    session: SessionWish


AnyClientEvent = Append | Commit | Clear | ItemCreate | Truncate | Retrieve | ResponseCreate | ResponseCancel | SessionUpdate


class _Head(Struct):
    type: Any = None
    event_id: Any = None


_decoder: msgspec.json.Decoder[AnyClientEvent] = msgspec.json.Decoder(AnyClientEvent)
_head = msgspec.json.Decoder(_Head)


def decode(frame: str | bytes) -> AnyClientEvent:
    """Read one frame. Raises `Refused` for whatever is not one of the nine events in its proper shape."""
    if not isinstance(frame, str):
        raise Refused("Binary frames are not taken here; audio travels as base64 in input_audio_buffer.append.")
    try:
        event = _decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as wrong:
        raise _refusal(frame, wrong) from None
    if event.event_id is not None and len(event.event_id) > EVENT_ID_MAX_CHARS:
        raise Refused(f"An event_id may have {EVENT_ID_MAX_CHARS} characters.", "event_id")
    try:
        _check(event)
    except Refused as refused:
        refused.event_id = event.event_id
        raise
    return event


def audio_bytes(event: Append) -> int:
    """How many bytes of sound an append holds. Raises `Refused` unless it is whole samples in valid base64."""
    try:
        size = len(binascii.a2b_base64(event.audio, strict_mode=True))
    except ValueError:  # binascii.Error, and text that is not ASCII
        raise Refused("The audio is not valid base64.", "audio", event.event_id) from None
    if size % SAMPLE_BYTES:
        raise Refused("The audio ends inside a sample: PCM16 has two bytes a sample.", "audio", event.event_id)
    return size


def _refusal(frame: str, wrong: Exception) -> Refused:
    """Say why a frame could not be read, without repeating what was in it."""
    try:
        head = _head.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Refused("The frame is not a JSON object.")
    event_id = head.event_id if isinstance(head.event_id, str) and len(head.event_id) <= EVENT_ID_MAX_CHARS else None
    if not isinstance(head.type, str):
        return Refused("The event has no type.", "type", event_id)
    if head.type not in _ALLOWED:
        return Refused("This event is not allowed here.", "type", event_id)
    return Refused(f"The event does not have the shape of its type ({_where(wrong)}).", _where(wrong), event_id)


def _where(wrong: Exception) -> str:
    """The path that msgspec names at the end of its message, as in `$.audio`; nothing of the value."""
    _, found, path = str(wrong).rpartition(" - at `")
    if not found:
        return "event"
    return path.rstrip("`").removeprefix("$").removeprefix(".")[:EVENT_ID_MAX_CHARS] or "event"


def _check(event: AnyClientEvent) -> None:
    if isinstance(event, ItemCreate):
        _check_message(event.item)
    elif isinstance(event, ResponseCreate) and event.response is not None:
        _check_wish(event.response)


def _check_message(message: UserMessage) -> None:
    if not 1 <= len(message.content) <= TEXT_MAX_PARTS:
        raise Refused(f"A message has 1 to {TEXT_MAX_PARTS} parts.", "item.content")
    if sum(len(part.text) for part in message.content) > TEXT_MAX_CHARS:
        raise Refused(f"A message may have {TEXT_MAX_CHARS} characters.", "item.content")
    if message.id is not None and not 1 <= len(message.id) <= ITEM_ID_MAX_CHARS:
        raise Refused(f"An item's id may have {ITEM_ID_MAX_CHARS} characters.", "item.id")


def _check_wish(wish: ResponseWish) -> None:
    if wish.conversation not in (UNSET, None, "auto"):
        raise Refused("Responses outside the conversation are not allowed here.", "response.conversation")
    if wish.input is not UNSET:
        raise Refused("A response with an input of its own is not allowed here.", "response.input")
    metadata = wish.metadata or {}
    if len(metadata) > METADATA_MAX or any(
        len(key) > METADATA_KEY_MAX_CHARS or len(value) > METADATA_VALUE_MAX_CHARS for key, value in metadata.items()
    ):
        raise Refused(f"Metadata may have {METADATA_MAX} short pairs.", "response.metadata")


_ALLOWED = frozenset(
    {
        "session.update",
        "input_audio_buffer.append",
        "input_audio_buffer.commit",
        "input_audio_buffer.clear",
        "conversation.item.create",
        "conversation.item.truncate",
        "conversation.item.retrieve",
        "response.create",
        "response.cancel",
    }
)

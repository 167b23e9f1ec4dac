"""The items of a conversation: which a client may create, how each stands on the wire, and what a mind may know of it.

Source: `openai/types/realtime/realtime_conversation_item_*.py`. Knows no order and no other item.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, Literal

from . import parts
from .parts import BYTES_PER_MS
from .shapes import choice, listing, record, tagged, text, unoffered
from .wire import Refused, not_offered

ITEM_ID_MAX_CHARS = 32
"""The service's own limit."""
TEXT_MAX_CHARS = 1_000_000
"""One text part or tool output: far above any prompt, far below what would hold the loop up."""
CONTENT_MAX_PARTS = 64
AUDIO_MAX_BASE64_CHARS = 20 * 1024 * 1024
"""15 MiB of audio, the service's limit for one `append`, in base64."""

PartKind = Literal["input_text", "input_audio", "output_text", "output_audio"]
Status = Literal["completed", "incomplete", "in_progress"]


@dataclass(slots=True)
class Part:
    """One content part. `words` is the text, or the transcript of audio: None where it is not known (yet, or any more)."""

    kind: PartKind
    words: str | None = None
    audio: bytes | None = None
    audio_ms: int = 0
    """How much audio there is, also where `audio` itself is no longer kept."""
    unheard: str = ""
    """Why its words could not be recognised, a sentence for the client; empty where that is not so."""

    def on_wire(self, *, with_audio: bool = False) -> dict[str, Any]:
        """As it stands in an item; audio only where it was asked for with `conversation.item.retrieve`."""
        if self.kind in ("input_text", "output_text"):
            return {"type": self.kind, "text": self.words or ""}
        shown: dict[str, Any] = {"type": self.kind, "transcript": self.words}
        if with_audio:
            shown["audio"] = None if self.audio is None else base64.b64encode(self.audio).decode()
        return shown


@dataclass(slots=True)
class Item:
    """One item. `role` and `content` belong to messages; the last four fields to calls and their outputs."""

    id: str
    kind: Literal["message", "function_call", "function_call_output"]
    status: Status = "completed"
    role: Literal["system", "user", "assistant"] = "user"
    content: list[Part] = field(default_factory=list)
    call_id: str = ""
    name: str = ""
    arguments: str = ""
    output: str = ""

    def on_wire(self, *, with_audio: bool = False) -> dict[str, Any]:
        """As it stands in an event."""
        shown: dict[str, Any] = {"id": self.id, "object": "realtime.item", "type": self.kind, "status": self.status}
        if self.kind == "message":
            return {**shown, "role": self.role, "content": [part.on_wire(with_audio=with_audio) for part in self.content]}
        if self.kind == "function_call":
            return {**shown, "call_id": self.call_id, "name": self.name, "arguments": self.arguments}
        return {**shown, "call_id": self.call_id, "output": self.output}

    def for_mind(self) -> parts.Item | None:
        """What a mind may know of it; None where there is nothing to know, as after a truncation."""
        if self.kind == "function_call":
            return parts.Called(self.call_id, self.name, self.arguments) if self.status == "completed" else None
        if self.kind == "function_call_output":
            return parts.Returned(self.call_id, self.output)
        words = " ".join(part.words for part in self.content if part.words)
        return parts.Said(self.role, words) if words or self.role == "user" else None

    @property
    def weight(self) -> int:
        """About how many bytes this item keeps in memory, its audio apart."""
        return 200 + sum(len(part.words or "") for part in self.content) + len(self.arguments) + len(self.output)

    @property
    def audio_bytes(self) -> int:
        """How many bytes of audio this item keeps."""
        return sum(len(part.audio or b"") for part in self.content)


def decode_audio(value: Any, path: str) -> bytes:
    """Base64 of whole PCM16 samples as bytes. Raises `Refused`."""
    encoded = text(AUDIO_MAX_BASE64_CHARS)(value, path)
    try:
        pcm = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("invalid_value", f"Invalid '{path}': it is not valid base64.", path) from None
    if len(pcm) % 2:
        raise Refused("invalid_value", f"Invalid '{path}': 16-bit audio must have an even number of bytes, got {len(pcm)}.", path)
    return pcm


_words = text(TEXT_MAX_CHARS)
_common = {"id": text(ITEM_ID_MAX_CHARS), "object": choice("realtime.item"), "status": choice("completed", "incomplete", "in_progress")}
_text_part = record({"type": choice("input_text"), "text": _words}, required=("type", "text"))
_audio_part = record({"type": choice("input_audio"), "audio": decode_audio, "transcript": _words}, required=("type", "audio"))
_CONTENT = {
    "user": tagged("type", {"input_text": _text_part, "input_audio": _audio_part, "input_image": unoffered("An image")}),
    "system": tagged("type", {"input_text": _text_part}),
    "assistant": tagged(
        "type",
        {
            "output_text": record({"type": choice("output_text"), "text": _words}, required=("type", "text")),
            "output_audio": unoffered("An assistant's message with audio"),
        },
    ),
}


def _message(role: str) -> Any:
    content = listing(_CONTENT[role], CONTENT_MAX_PARTS, least=1)
    return record(
        {**_common, "type": choice("message"), "role": choice(role), "content": content},
        required=("type", "role", "content"),
    )


_ITEM = tagged(
    "type",
    {
        "message": tagged("role", {role: _message(role) for role in _CONTENT}),
        "function_call": record(
            {**_common, "type": choice("function_call"), "call_id": text(128), "name": text(128), "arguments": _words},
            required=("name", "arguments"),
        ),
        "function_call_output": record(
            {**_common, "type": choice("function_call_output"), "call_id": text(128), "output": _words},
            required=("call_id", "output"),
        ),
        **{
            kind: unoffered(f"An item of type '{kind}'")
            for kind in ("mcp_list_tools", "mcp_call", "mcp_approval_request", "mcp_approval_response")
        },
    },
)


def _part(given: dict[str, Any]) -> Part:
    kind: PartKind = given["type"]
    if kind != "input_audio":
        return Part(kind, given["text"])
    pcm: bytes = given["audio"]
    return Part(kind, given.get("transcript"), pcm, len(pcm) // BYTES_PER_MS)


def read_item(given: Any, path: str, fresh_id: str) -> Item:
    """The item that a client describes, with `fresh_id` where it gave none. Raises `Refused`."""
    checked = _ITEM(given, path)
    item_id = checked.get("id") or fresh_id
    if item_id == "root":
        raise Refused("invalid_value", "An item cannot be called 'root'.", f"{path}.id")
    kind = checked["type"]
    if kind == "message":
        return Item(item_id, kind, role=checked["role"], content=[_part(part) for part in checked["content"]])
    if kind == "function_call":
        call_id = checked.get("call_id") or f"call_{fresh_id.removeprefix('item_')}"
        return Item(item_id, kind, call_id=call_id, name=checked["name"], arguments=checked["arguments"])
    if kind == "function_call_output":
        return Item(item_id, kind, call_id=checked["call_id"], output=checked["output"])
    raise not_offered(f"An item of type '{kind}'", path)

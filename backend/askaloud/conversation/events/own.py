"""What we say ourselves: the `askaloud.*` events, and the three events of the protocol that are ours to send.

Our own events go only to clients that asked for them. Builders give encoded JSON; none of them sees more than it shows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from ...errors import Notice
from ...tool import Source

encode = msgspec.json.encode
RESUME_MAX_CHARS = 128
"""Longer than any id or token that we or the model give."""


class Resume(msgspec.Struct, tag_field="type", tag="askaloud.resume"):
    """The first frame of a page that comes back. It never passes to the model."""

    conversation_id: str
    resume_token: str
    last_event_id: str | None = None


_resume = msgspec.json.Decoder(Resume)


def resume(frame: str | bytes | None) -> Resume | None:
    """Read the first frame of a page that comes back; None for whatever else it is."""
    try:
        read = _resume.decode(frame or "")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    too_long = any(len(text) > RESUME_MAX_CHARS for text in (read.conversation_id, read.resume_token, read.last_event_id or ""))
    return None if too_long else read


def encode_words(event: dict[str, Any]) -> bytes:
    """As `encode`, for words that come from documents: half a surrogate, which no UTF-8 can hold, becomes a question mark."""
    try:
        return encode(event)
    except UnicodeEncodeError:
        return json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")


def session_created(event_id: str, session: dict[str, Any]) -> bytes:
    """The session as the client may know it: our id, no instructions, no tools."""
    return encode({"type": "session.created", "event_id": event_id, "session": session})


def session_updated(event_id: str, session: dict[str, Any]) -> bytes:
    """What holds after a `session.update`, whatever was asked."""
    return encode({"type": "session.updated", "event_id": event_id, "session": session})


def error(
    event_id: str, message: str, *, code: str, kind: str = "invalid_request_error", param: str | None = None, caused_by: str | None = None
) -> bytes:
    """The protocol's own error. `caused_by` is the client's event id."""
    body = {"type": kind, "code": code, "message": message, "param": param, "event_id": caused_by}
    return encode({"type": "error", "event_id": event_id, "error": body})


def conversation(
    event_id: str,
    *,
    conversation_id: str,
    resume_token: str | None,
    resumed: bool,
    grace_ms: int,
    tone_after_ms: int,
    version: str,
    voices: Sequence[str],
    doors: dict[str, str],
) -> bytes:
    """First of ours: who is talking, how long one may stay away, from when on a search takes long. No token: nothing to come back to."""
    return encode(
        {
            "type": "askaloud.conversation",
            "event_id": event_id,
            "conversation_id": conversation_id,
            "resume_token": resume_token,
            "resumed": resumed,
            "grace_ms": grace_ms,
            "tone_after_ms": tone_after_ms,
            "version": version,
            "voices": list(voices),
            "doors": doors,
        }
    )


def searching(event_id: str, call_id: str, query: str) -> bytes:
    """A search began."""
    return encode({"type": "askaloud.searching", "event_id": event_id, "call_id": call_id, "query": query})


def sources(event_id: str, *, call_id: str, response_id: str, user_item_id: str | None, found: Sequence[Source]) -> bytes:
    """What a search found, before the answer's first word. The whole text of a passage stays here."""
    shown = [
        {
            "number": source.number,
            "id": source.id,
            "title": source.title,
            "page": source.page,
            "excerpt": source.excerpt,
            "url": source.url,
            "picture": source.picture,
            "score": source.score,
        }
        for source in found
    ]
    return encode_words(
        {
            "type": "askaloud.sources",
            "event_id": event_id,
            "call_id": call_id,
            "response_id": response_id,
            "user_item_id": user_item_id,
            "sources": shown,
        }
    )


def cited(event_id: str, *, response_id: str, item_id: str | None, source_ids: Sequence[str]) -> bytes:
    """Which sources the answer used."""
    return encode(
        {"type": "askaloud.cited", "event_id": event_id, "response_id": response_id, "item_id": item_id, "source_ids": list(source_ids)}
    )


def notice(event_id: str, what: Notice) -> bytes:
    """One sentence for the person."""
    return encode(
        {
            "type": "askaloud.notice",
            "event_id": event_id,
            "code": what.code,
            "message": what.message,
            "recoverable": what.recoverable,
            "retry_after_ms": what.retry_after_ms,
            **({"detail": what.detail} if what.detail else {}),
        }
    )


def paused(event_id: str, item_id: str) -> bytes:
    """Somebody may want to speak: keep silent for a moment, and keep the place."""
    return encode({"type": "askaloud.paused", "event_id": event_id, "item_id": item_id})


def resumed(event_id: str, item_id: str) -> bytes:
    """It was nothing: go on from where it was."""
    return encode({"type": "askaloud.resumed", "event_id": event_id, "item_id": item_id})


def usage(event_id: str, *, turn: dict[str, int], conversation: dict[str, int]) -> bytes:
    """Tokens by modality, as `input_text`, `input_audio`, `input_cached`, `output_text`, `output_audio`."""
    return encode({"type": "askaloud.usage", "event_id": event_id, "turn": turn, "conversation": conversation})


def heartbeat(event_id: str) -> bytes:
    """Still here."""
    return encode({"type": "askaloud.heartbeat", "event_id": event_id})

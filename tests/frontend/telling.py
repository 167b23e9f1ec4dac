"""What happens in a conversation, as events that a test can string together, and what the reducer makes of them."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

Event = dict[str, Any]

REDUCE = """async (events) => {
  const { BEGINNING, reduce, phase, busy } = await import('/conversation.js');
  const { exchanges } = await import('/turns.js');
  const state = events.reduce(reduce, BEGINNING);
  return { ...state, phase: phase(state), busy: busy(state), exchanges: exchanges(state) };
}"""

HELLO: Event = {
    "type": "askaloud.conversation",
    "conversation_id": "c",
    "voices": ["alloy"],
    "doors": {"realtime": "azure", "search": "azure"},
}
MICROPHONE: Event = {"type": "page.microphone", "state": "on"}
SOURCE: Event = {
    "number": 1,
    "id": "p1",
    "title": "Handbook",
    "page": 7,
    "excerpt": "Thirty days.",
    "url": None,
    "picture": None,
    "score": 1,
}


async def after(bench: Page, *events: Event) -> dict[str, Any]:
    got: dict[str, Any] = await bench.evaluate(REDUCE, list(events))
    return got


def speech(item: str) -> list[Event]:
    return [
        {"type": "input_audio_buffer.speech_started", "item_id": item},
        {"type": "input_audio_buffer.speech_stopped", "item_id": item},
        {"type": "input_audio_buffer.committed", "item_id": item},
    ]


def heard(item: str, words: str) -> Event:
    return {"type": "conversation.item.input_audio_transcription.completed", "item_id": item, "transcript": words}


def item(type_: str, id: str, role: str, previous: str | None = None, **fields: Any) -> Event:
    return {
        "type": f"conversation.item.{type_}",
        "previous_item_id": previous,
        "item": {"id": id, "type": "message", "role": role, **fields},
    }


def answer(response: str, id: str, words: str = "") -> list[Event]:
    return [
        {"type": "response.created", "response": {"id": response}},
        {"type": "response.output_item.added", "response_id": response, "item": {"id": id, "type": "message", "role": "assistant"}},
        {"type": "response.output_audio_transcript.delta", "response_id": response, "item_id": id, "delta": words},
    ]


def done(response: str, status: str = "completed") -> Event:
    return {"type": "response.done", "response": {"id": response, "status": status}}


def said(id: str, words: str, response: str = "r") -> Event:
    return {"type": "response.output_audio_transcript.delta", "response_id": response, "item_id": id, "delta": words}


def notice(code: str, *, recoverable: bool = True) -> Event:
    return {"type": "askaloud.notice", "code": code, "message": "m", "recoverable": recoverable, "retry_after_ms": None}


STOPPED: Event = {"type": "page.stopped"}
SEARCHING: Event = {"type": "askaloud.searching", "call_id": "k", "query": "days abroad"}
FOUND: Event = {"type": "askaloud.sources", "call_id": "k", "response_id": "r0", "user_item_id": "u", "sources": [SOURCE]}
AWAY: Event = {"type": "page.away"}
BACK: Event = {**HELLO, "resumed": True}
CLOSED: Event = {"type": "page.closed", "code": 1001, "reason": "", "opened": True, "lost": False}


def texts(state: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(turn["role"], turn["text"], turn["status"]) for turn in state["turns"]]

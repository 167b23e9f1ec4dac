"""A client that believes in the protocol: each event it is told must be about something that it was told of, and in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.askaloud.conversation.rules import HIDDEN

PART_EVENTS = ("response.content_part.", "response.output_text.", "response.output_audio.", "response.output_audio_transcript.")


@dataclass
class Reply:
    """A response as the client knows it."""

    items: dict[str, list[str]] = field(default_factory=dict)
    """The events of each of its items, by the last word of their types."""
    status: str | None = None


@dataclass
class Onlooker:
    """What one client has been told."""

    replies: dict[str, Reply] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The items on the page, in the order in which they appeared."""
    deleted: set[str] = field(default_factory=set)
    errors: list[dict[str, Any]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    """Items that it has made itself."""
    said: set[str] = field(default_factory=set)
    """Items that it knows to be made of what was said aloud."""
    paused: str | None = None
    """It is to keep silent for a moment, because of this speech."""
    missed: bool = False
    """Its network was away when it was told something."""
    coughs: set[str] = field(default_factory=set)
    """Speech that was nothing."""
    _done: set[str] = field(default_factory=set)

    def told(self, payload: bytes) -> dict[str, Any]:
        """One event."""
        text = payload.decode()
        assert HIDDEN not in text, f"of a hidden item: {text}"
        assert "function_call" not in text, f"of a call: {text}"
        event: dict[str, Any] = json.loads(text)
        kind: str = event["type"]
        assert (event.get("item_id") or event.get("item", {}).get("id")) not in self.coughs, f"of a cough: {text}"
        if kind.startswith(("askaloud.paused", "askaloud.resumed", "input_audio_buffer.")):
            self._speech(kind, event)
        elif kind == "error":
            self.errors.append(event["error"])
        elif kind.startswith("conversation.item."):
            self._item(kind, event)
        elif kind.startswith("response."):
            self._response(kind, event)
        elif kind == "askaloud.cited":
            assert event["response_id"] in self.replies, f"before its response: {event}"
        return event

    def _speech(self, kind: str, event: dict[str, Any]) -> None:
        if kind == "askaloud.resumed":
            assert self.missed or event["item_id"] == self.paused, f"of another speech: {event}"
            self.coughs.add(event["item_id"])
        if kind in {"askaloud.paused", "askaloud.resumed", "input_audio_buffer.speech_started"}:
            self.paused = event["item_id"] if kind == "askaloud.paused" else None
        if kind == "input_audio_buffer.committed":
            self.said.add(event["item_id"])

    def _item(self, kind: str, event: dict[str, Any]) -> None:
        previous = event.get("previous_item_id")
        assert previous is None or previous in self.items, f"after an item that the client does not know: {event}"
        if kind == "conversation.item.added":
            item = event["item"]
            assert item["id"] not in self.items, f"twice: {event}"
            self.items[item["id"]] = item
        elif kind == "conversation.item.done":
            assert event["item"]["id"] in self.items, f"before its beginning: {event}"
            assert event["item"]["id"] not in self._done, f"twice: {event}"
            self._done.add(event["item"]["id"])
        else:
            item_id = event.get("item_id") or event["item"]["id"]
            begun = any(item_id in reply.items for reply in self.replies.values())
            known = item_id in self.items or item_id in self.written or item_id in self.said
            assert begun or known, f"of an item that the client does not know: {event}"
            if kind == "conversation.item.deleted":
                self.deleted.add(item_id)

    def _response(self, kind: str, event: dict[str, Any]) -> None:
        if kind == "response.created":
            assert event["response"]["id"] not in self.replies, f"twice: {event}"
            self.replies[event["response"]["id"]] = Reply()
            return
        response_id = event["response"]["id"] if kind == "response.done" else event["response_id"]
        assert response_id in self.replies, f"before its response: {event}"
        reply = self.replies[response_id]
        assert reply.status is None, f"after its response: {event}"
        if kind == "response.done":
            reply.status = event["response"]["status"]
        elif kind == "response.output_item.added":
            assert event["item"]["id"] not in reply.items, f"twice: {event}"
            reply.items[event["item"]["id"]] = []
        elif kind == "response.output_item.done":
            assert event["item"]["id"] in reply.items, f"before its beginning: {event}"
            assert "item done" not in reply.items[event["item"]["id"]], f"twice: {event}"
            reply.items[event["item"]["id"]].append("item done")
        else:
            assert kind.startswith(PART_EVENTS), f"an unknown event: {event}"
            self._part(kind, event, reply)

    @staticmethod
    def _part(kind: str, event: dict[str, Any], reply: Reply) -> None:
        assert event["item_id"] in reply.items, f"before its item: {event}"
        before = reply.items[event["item_id"]]
        assert "item done" not in before, f"after its item: {event}"
        if kind != "response.content_part.added":
            assert "response.content_part.added" in before, f"before its part: {event}"
        assert kind.removesuffix(".delta") + ".done" not in before, f"after its end: {event}"
        before.append(kind)

    def unfinished(self) -> list[str]:
        """Responses that began and never ended, as the client sees it."""
        return [response_id for response_id, reply in self.replies.items() if reply.status is None]

    def standing(self) -> list[str]:
        """The assistant's items of completed responses that were not taken back."""
        whole = [item_id for reply in self.replies.values() if reply.status == "completed" for item_id in reply.items]
        return [item_id for item_id in whole if item_id not in self.deleted]

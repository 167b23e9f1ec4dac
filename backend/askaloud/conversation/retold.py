"""An item that a client asks to be told once more, as some do after an interruption. Pure; nothing of it goes to the model.

The answer is made of what the server remembers, so it holds no sound, no call of a tool, and nothing that the client has not seen.
"""

from __future__ import annotations

from typing import Any

from ..errors import NoticeCode
from .actions import Action, ToBrowser
from .events import own
from .events.client import Retrieve
from .memory import Memory, Message
from .visible import Visible


def retold(event: Retrieve, event_id: str, memory: Memory, visible: Visible) -> list[Action]:
    """The item as `conversation.item.retrieved`; the protocol's error for what is not there, or not for a client to see."""
    has_sound = visible.audio_ms(event.item_id) is not None
    message = memory.message(event.item_id) or (Message("assistant", shown=True) if has_sound else None)
    if message is None or not (message.shown or message.spoken):
        wrong = "This conversation has no such item to be told again."
        return [ToBrowser(own.error(event_id, wrong, code=NoticeCode.NOT_ALLOWED, param="item_id", caused_by=event.event_id))]
    item: dict[str, Any] = {"id": event.item_id, "object": "realtime.item", "type": "message", "role": message.role}
    if message.text:
        item["status"] = "completed"
    item["content"] = [_part(message, has_sound)]
    return [ToBrowser(own.encode({"type": "conversation.item.retrieved", "event_id": event_id, "item": item}))]


def _part(message: Message, has_sound: bool) -> dict[str, str]:
    side = "output" if message.role == "assistant" else "input"
    if has_sound or message.spoken:
        return {"type": f"{side}_audio", **({"transcript": message.text} if message.text else {})}
    return {"type": f"{side}_text", "text": message.text}

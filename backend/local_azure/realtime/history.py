"""The items of one conversation in their order, and how much of them is kept.

Answers `conversation.item.retrieve`, `.delete` and `.truncate`; knows nothing of responses. Where too much is kept, the oldest audio is
let go first (`retrieve` then shows none), then the oldest items, each with its `conversation.item.deleted`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from .items import Item, Part
from .parts import BYTES_PER_MS
from .wire import Refused

ITEMS_MAX = 1_000
"""An hour of conversation has some hundreds of items."""
WEIGHT_MAX_BYTES = 8 * 1024 * 1024
"""Texts, tool outputs and transcripts together: fifty times the largest model context."""
AUDIO_MAX_BYTES = 16 * 1024 * 1024
"""Nearly six minutes of audio in both directions, so that twenty conversations stay below a third of a gigabyte."""

NO_MODEL_AUDIO = "Only model output audio messages can be truncated"
"""The service's own sentence (livekit/agents#6158)."""


class History:
    """The default conversation's items, first to last."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def get(self, item_id: str) -> Item | None:
        """The item of that id, if it is (still) here."""
        return self._items.get(item_id)

    def before(self, item_id: str) -> str | None:
        """The id of the item before that one, which is here."""
        previous: str | None = None
        for known in self._items:
            if known == item_id:
                break
            previous = known
        return previous

    @property
    def last_id(self) -> str | None:
        """The id of the newest item."""
        return next(reversed(self._items), None)

    def insert(self, item: Item, after: str | None = None) -> str | None:
        """Put an item at the end, behind the item `after`, or first (`root`). Returns the id of the item before it. Raises `Refused`."""
        if item.id in self._items:
            raise Refused("item_create_duplicate_item_id", f"Error adding item: an item with id '{item.id}' already exists.")
        if after is not None and after != "root" and after not in self._items:
            message = f"Error adding item: the previous item with id '{after}' does not exist."
            raise Refused("item_create_invalid_previous_item_id", message, "previous_item_id")
        if after is None or after == self.last_id:
            previous = self.last_id
            self._items[item.id] = item
            return previous
        ids = list(self._items)
        position = 0 if after == "root" else ids.index(after) + 1
        before = dict(islice(self._items.items(), position))
        behind = dict(islice(self._items.items(), position, None))
        self._items = {**before, item.id: item, **behind}
        return None if after == "root" else after

    def delete(self, item_id: str) -> Item:
        """Take an item out and give it back. Raises `Refused`."""
        self._find(item_id, "delet")
        return self._items.pop(item_id)

    def retrieve(self, item_id: str) -> Item:
        """The item of that id. Raises `Refused`."""
        return self._find(item_id, "retriev")

    def truncate(self, item_id: str, content_index: int, audio_end_ms: int) -> None:
        """Cut an assistant's audio to what was heard; its transcript goes, as at the service. Raises `Refused`."""
        item = self._find(item_id, "truncat")
        if item.kind != "message" or item.role != "assistant":
            raise Refused("unsupported_content_type", NO_MODEL_AUDIO)
        part = item.content[content_index] if content_index < len(item.content) else None
        if part is None or part.kind != "output_audio":
            raise Refused("unsupported_content_type", NO_MODEL_AUDIO)
        if audio_end_ms > part.audio_ms:
            message = f"Audio content of {part.audio_ms}ms is already shorter than {audio_end_ms}ms"
            raise Refused("invalid_value", message, "audio_end_ms")
        _cut(part, audio_end_ms)

    def _find(self, item_id: str, doing: str) -> Item:
        item = self._items.get(item_id)
        if item is None:
            message = f"Error {doing}ing item: the item with id '{item_id}' does not exist."
            raise Refused(f"item_{doing}e_invalid_item_id", message, "item_id")
        return item

    def trim(self) -> list[str]:
        """Let go of what is too much, the oldest first; the ids of items that went. Items in the making stay."""
        gone: list[str] = []
        weight = sum(item.weight for item in self)
        audio = sum(item.audio_bytes for item in self)
        for item in list(self._items.values()):
            if audio <= AUDIO_MAX_BYTES:
                break
            if item.status != "in_progress":
                audio -= item.audio_bytes
                for part in item.content:
                    part.audio = None
        for item in list(self._items.values()):
            if len(self._items) <= ITEMS_MAX and weight <= WEIGHT_MAX_BYTES:
                break
            if item.status != "in_progress" and item.id != self.last_id:
                weight -= item.weight
                del self._items[item.id]
                gone.append(item.id)
        return gone


def _cut(part: Part, audio_end_ms: int) -> None:
    part.audio_ms = audio_end_ms
    part.words = None
    if part.audio is not None:
        part.audio = part.audio[: audio_end_ms * BYTES_PER_MS]

"""What a browser was last told, so that one that comes back can be told what it missed: events without sound, bounded.

Kept in the order in which they were handed to the socket; whether they arrived nobody knows, so the page names the last one it heard.
"""

from __future__ import annotations

from collections import deque

import msgspec

from .actions import ToBrowser

EVENTS_KEPT = 1_000
"""Three or four answers: more than the longest absence holds, beside what waits in the outbox."""
BYTES_KEPT = 256 * 1024
"""A few answers and the sources of their searches; the bound on what a conversation costs while its network is away."""


class Replay:
    """Owned by one conversation."""

    def __init__(self) -> None:
        self._kept: deque[bytes] = deque()
        self._bytes = 0

    def record(self, action: ToBrowser) -> None:
        """This is being sent."""
        if action.audio_ms or action.fleeting:
            return
        self._kept.append(action.payload)
        self._bytes += len(action.payload)
        while len(self._kept) > EVENTS_KEPT or self._bytes > BYTES_KEPT:
            self._bytes -= len(self._kept.popleft())

    def after(self, event_id: str | None) -> list[bytes]:
        """What came after this event. One that is not known any more (or was never kept, as sound is not): all there is."""
        kept = list(self._kept)
        if event_id is None:
            return kept
        name = msgspec.json.encode(event_id)
        marks = (b'"event_id":' + name, b'"event_id": ' + name)
        for at in range(len(kept) - 1, -1, -1):
            if any(mark in kept[at] for mark in marks):
                return kept[at + 1 :]
        return kept

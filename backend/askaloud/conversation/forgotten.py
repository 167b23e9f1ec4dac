"""What the model is made to forget: a message that was refused, a cough, an answer to either. Pure.

Keeps which deletions the model has not confirmed, so that the client hears of each refused message that it is gone, whatever becomes of
the line; and which items the client never hears of at all.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from . import commands
from .actions import Action, ToBrowser
from .events import own, server

DELETES_KEPT = 32
"""Deletions of ours that the model has not confirmed."""
STRAYS_KEPT = 64
"""Items of which the model may still say something, though the client knows nothing of them."""


@dataclass(slots=True)
class Forgotten:
    """Owned by one conversation."""

    next_id: Callable[[], str]
    _strays: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _deletes: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=DELETES_KEPT))

    def stray(self, item_id: str) -> None:
        """The client shall never hear of this item."""
        self._strays[item_id] = None
        if len(self._strays) > STRAYS_KEPT:
            self._strays.popitem(last=False)

    def is_stray(self, item_id: str | None) -> bool:
        """Whether the client never hears of it."""
        return item_id in self._strays

    def delete(self, item_id: str) -> Action:
        """Ask the model to forget it."""
        event_id = self.next_id()
        self._deletes.append((event_id, item_id))
        return commands.delete(event_id, item_id)

    def deleted(self, item_id: str) -> None:
        """The model has forgotten it, and the client is told."""
        self._deletes = deque((each for each in self._deletes if each[1] != item_id), DELETES_KEPT)

    def refused(self, event_id: str) -> list[Action] | None:
        """The model never had it, or has dropped it itself: it is gone all the same. None: that was no deletion of ours."""
        item_id = next((item_id for asked, item_id in self._deletes if asked == event_id), None)
        if item_id is None:
            return None
        self.deleted(item_id)
        return [] if self.is_stray(item_id) else [self.taken_back(item_id)]

    def lost(self) -> list[Action]:
        """The line is gone, and with it what was to be forgotten on it: the next one is not told of it."""
        gone = [item_id for _, item_id in self._deletes if not self.is_stray(item_id)]
        self._deletes.clear()
        return [self.taken_back(item_id) for item_id in gone]

    def taken_back(self, item_id: str) -> Action:
        """Tell the client that it is gone."""
        return ToBrowser(own.encode(server.ItemDeleted(event_id=self.next_id(), item_id=item_id)))

"""In which words a socket speaks. Inside there is one dialect, the GA protocol; whoever speaks another is translated at the socket."""

from __future__ import annotations

from typing import Protocol

from .wire import Event


class Dialect(Protocol):
    """Translates one conversation's events, both ways."""

    def inward(self, event: Event) -> Event:
        """The client's event in the words of GA. Raises `Refused`, in the client's own words."""

    def outward(self, event: Event) -> Event | None:
        """An event of ours in the client's words; None where its dialect has none for it."""


class GA:
    """The dialect that is spoken inside."""

    def inward(self, event: Event) -> Event:
        """The event as it is."""
        return event

    def outward(self, event: Event) -> Event | None:
        """The event as it is."""
        return event

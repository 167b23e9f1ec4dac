"""Where the rooms of one conversation lay down what is to be done, in order, for the socket's side to take up."""

from __future__ import annotations

from typing import Any

from .actions import Action, Send
from .wire import Refused, error_event, server_event


class Desk:
    """A list of actions. Its length is bounded by who fills it: one client event, or one step of a response, between two `take`s."""

    def __init__(self) -> None:
        self._actions: list[Action] = []

    def send(self, kind: str, **fields: Any) -> None:
        """Lay down one server event."""
        self._actions.append(Send(server_event(kind, **fields)))

    def refuse(self, refused: Refused, client_event_id: str | None) -> None:
        """Lay down the `error` event for a refusal."""
        self._actions.append(Send(error_event(refused, client_event_id)))

    def ask(self, action: Action) -> None:
        """Lay down any other action."""
        self._actions.append(action)

    def take(self) -> list[Action]:
        """All that was laid down since the last call."""
        taken, self._actions = self._actions, []
        return taken

"""The two ends of a conversation as the relay sees them, whatever library is behind them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class BrowserSocket(Protocol):
    """The person's side, already accepted."""

    @property
    def lost(self) -> bool:
        """Whether it has gone without a goodbye: its network may come back."""

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the browser has gone."""

    def send_now(self, text: str) -> bool:
        """Send without waiting; False, and nothing was sent, while the browser does not read."""

    async def send(self, text: str) -> None:
        """Send; waits while the browser does not read. Does nothing once it has gone."""

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye. Closing twice is harmless."""

    def drop(self) -> None:
        """Break the connection off without a goodbye, where that is possible."""


class ModelSocket(Protocol):
    """The model's side."""

    def send_now(self, payload: bytes) -> bool:
        """Send without waiting; False, and nothing was sent, while the model does not read."""

    async def send(self, payload: bytes) -> None:
        """Send; waits while the model does not read. Does nothing once it has hung up."""

    async def closed(self) -> tuple[int | None, str]:
        """Wait until the model has hung up; the close code, None where there was no word of it, and the reason."""

    async def close(self) -> None:
        """Hang up, within a bounded time."""


Reach = Callable[[Callable[[bytes], None]], Awaitable[ModelSocket]]
"""Opens the model's socket; each frame of the model is handed to the given function."""

"""The browser's socket as Quart gives it, with what Quart leaves out: a bounded inward queue, empty frames, one close.

Quart's own queue is unbounded, breaks on an empty binary frame, cancels the handler when the browser leaves and closes with 1000
whatever happened. These two classes are given to the application; `Browser` is what the relay holds.
"""

from __future__ import annotations

import asyncio
from typing import Any

from quart.asgi import ASGIWebsocketConnection
from quart.wrappers import Websocket

FRAMES_MAX = 64
"""Frames read from the socket and not yet looked at; the relay looks at once, so a longer queue would only hide a flood."""


class BoundedConnection(ASGIWebsocketConnection):
    """Reads no more than the handler takes, so that a flood stays in the kernel; tells the handler when the browser has gone."""

    def __init__(self, app: Any, scope: Any) -> None:
        super().__init__(app, scope)
        self.queue: asyncio.Queue[str | bytes | None] = asyncio.Queue(FRAMES_MAX)
        self.gone = False

    async def handle_messages(self, receive: Any) -> None:
        """Hand frames on until the browser leaves; then wait for the handler, which ends by itself."""
        while (event := await receive())["type"] != "websocket.disconnect":
            if event["type"] == "websocket.receive":
                text = event.get("text")
                await self.queue.put(event.get("bytes") or b"" if text is None else text)
        self.gone = self._closed = True
        await self.queue.put(None)
        await asyncio.get_running_loop().create_future()

    async def send_data(self, send: Any, data: str | bytes) -> None:
        """Send one text frame; nothing once the browser has gone."""
        if not self.gone:
            await send({"type": "websocket.send", "text": data})


class DirectWebsocket(Websocket):
    """Sends and receives without a turn of the event loop in between: the relay's writer is paced by its own queue."""

    async def receive(self) -> Any:
        """The next frame, or None."""
        return await self._receive()

    async def send(self, data: str | bytes) -> None:
        """Send one frame; waits while the browser does not read."""
        await self._send(data)


class Browser:
    """An accepted socket."""

    def __init__(self, websocket: Websocket) -> None:
        self._websocket = websocket
        self._closed = False

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the browser has gone."""
        return await self._websocket.receive()

    async def send(self, text: str) -> None:
        """Send a text frame; a browser that has just gone is no error, its end comes through `receive`."""
        try:
            await self._websocket.send(text)
        except OSError:  # uvicorn's ClientDisconnected
            self._closed = True

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye, once."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._websocket.close(code, reason)
        except (OSError, RuntimeError):  # it has gone, or was closed already
            return

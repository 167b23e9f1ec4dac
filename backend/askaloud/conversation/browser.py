"""The browser's socket as Quart gives it, with what Quart leaves out: backpressure inwards, empty frames, one close.

Quart's own inward queue is unbounded, breaks on an empty binary frame, cancels the handler when the browser leaves and closes with 1000
whatever happened. The two classes at the top are given to the application; `Browser` is what the relay holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from types import SimpleNamespace
from typing import Any

from quart.asgi import ASGIWebsocketConnection
from quart.wrappers import Websocket

ABORT = "askaloud.abort"
"""The ASGI extension in which our server, and no other, offers to drop the connection at once."""

CLOSE_CODE = "askaloud.close_code"
"""Where the connection leaves the browser's close code for whoever asks."""
WITHOUT_GOODBYE = frozenset({None, 1005, 1006, 1011})
"""No close frame came (uvicorn calls that 1005), or the server gave up on pings that were not answered: the network, most likely."""


class DirectConnection(ASGIWebsocketConnection):
    """Asks the server for the next frame when the handler wants one, so that a flood stays in the kernel.

    The handler is told that the browser has gone (by None) and ends by itself.
    """

    def __init__(self, app: Any, scope: Any) -> None:
        super().__init__(app, scope)
        self.queue = SimpleNamespace(get=self.next_frame)  # type: ignore[assignment]  # all that Quart asks of it is `get`
        self.gone = False

    async def __call__(self, receive: Any, send: Any) -> None:
        """Serve one socket."""
        self._asgi_receive = receive
        await self.handle_websocket(self._create_websocket_from_scope(send), send)

    async def next_frame(self) -> str | bytes | None:
        """The next frame; None once the browser has gone."""
        while not self.gone:
            event = await self._asgi_receive()
            if event["type"] == "websocket.receive":
                text: str | None = event.get("text")
                return (event.get("bytes") or b"") if text is None else text
            if event["type"] == "websocket.disconnect":
                self.gone = True
                self.scope[CLOSE_CODE] = event.get("code")  # type: ignore[literal-required]  # a key of ours
        self._closed = True
        return None

    async def send_data(self, send: Any, data: str | bytes) -> None:
        """Send one text frame; nothing once the browser has gone."""
        if not self.gone:
            await send({"type": "websocket.send", "text": data})


class DirectWebsocket(Websocket):
    """Sends and receives without a turn of the event loop in between: what is sent is paced by queues of ours."""

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
        self._unfinished: asyncio.Future[None] | None = None

    @property
    def lost(self) -> bool:
        """Whether it has gone without a goodbye: its network may come back."""
        return self._websocket.scope.get(CLOSE_CODE) in WITHOUT_GOODBYE

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the browser has gone."""
        return await self._websocket.receive()

    def send_now(self, text: str) -> bool:
        """Send a text frame without a task of its own. False, and nothing was sent, while an earlier frame still waits for the browser."""
        if self._unfinished is not None:
            return False
        sending = self._websocket.send(text)
        try:
            waits_for = sending.send(None)  # runs to its end unless the server has to wait for the browser
        except StopIteration:
            return True
        except (OSError, RuntimeError):  # uvicorn's ClientDisconnected, or the server has said goodbye: `receive` tells
            return True
        self._unfinished = asyncio.ensure_future(self._finish(sending, waits_for))
        return True

    async def send(self, text: str) -> None:
        """Send a text frame; waits while the browser does not read. A browser that has gone is no error: `receive` tells."""
        while not self.send_now(text):
            await asyncio.shield(self._unfinished or asyncio.sleep(0))

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye, once."""
        if self._closed:
            return
        self._closed = True
        if self._unfinished is not None:
            self._unfinished.cancel()
        try:
            await self._websocket.close(code, reason)
        except (OSError, RuntimeError):  # it has gone, or was closed already
            return

    def drop(self) -> None:
        """Break the connection off without a goodbye, where the server offers that: what was not read by now never will be."""
        offered: Any = (self._websocket.scope.get("extensions") or {}).get(ABORT)
        if offered is not None:
            offered["call"]()

    async def _finish(self, sending: Coroutine[Any, Any, None], waits_for: Any) -> None:
        try:
            await _Rest(sending, waits_for)
        except (OSError, RuntimeError):  # the browser has gone meanwhile
            return
        finally:
            self._unfinished = None


class _Rest:
    """A coroutine that was begun outside of a task and now waits for something."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun = begun
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                value = yield waits_for
            except BaseException as thrown:
                step = self._begun.throw
                given: Any = thrown
            else:
                step, given = self._begun.send, value  # type: ignore[assignment]  # two ways to go on with one argument each
            try:
                waits_for = step(given)
            except StopIteration:
                return

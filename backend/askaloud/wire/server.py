"""Uvicorn's WebSocket protocol, with plain text frames read and written past its parser, and sockets that end though nobody reads them.

Everything else (handshake, pings, the closing handshake, limits, whatever is not a plain text frame) is uvicorn's. Given to it as `ws=`;
under another server nothing of this is used, and only its own patience with a client that does not read is left.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .framing import Splitter, text_frame

QUEUED_MAX = 16
"""Frames that wait for the application before the socket is read no further: a few, so that a burst costs no pause for each frame."""
DROP_S = 10.0
"""How long a client may take to read what is still to be sent to it once the application is done; uvicorn gives its answer as long."""
ABORT = "askaloud.abort"
"""The ASGI extension whose `call` drops this connection at once, unsent words included."""


class QuickProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    drop_s = DROP_S
    _splitter: Splitter | None = None
    _begun = False
    _drop_timer: asyncio.TimerHandle | None = None

    async def run_asgi(self) -> None:
        """The application's visit; after it the connection ends within a bounded time, for a transport closes only when all is sent."""
        (self.scope["extensions"] or {})[ABORT] = {"call": self.transport.abort}
        try:
            await super().run_asgi()
        finally:
            if not self.disconnected:
                self._drop_timer = self.loop.call_later(self.drop_s, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """A client that does not answer may not read either: it is dropped, and the application hears of it in both cases."""
        super().keepalive_timeout()
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended, whoever ended it."""
        if self._drop_timer is not None:
            self._drop_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of the browser."""
        if self._splitter is None:
            self._begin(data)
            return
        for text, rest in self._splitter.feed(data):
            if text is None:
                super().data_received(rest)
            else:
                self._text(text)

    async def send(self, message: Any) -> None:
        """One message of the application."""
        text = message.get("text")
        if text is None or not self._quick() or not self.writable.is_set():
            await super().send(message)
            return
        frame = text_frame(text.encode(), masked=False)
        if frame is None:
            await super().send(message)
        else:
            self.transport.write(frame)

    def _begin(self, data: bytes) -> None:
        """The request, whole, comes first; whoever sends frames before being accepted, or asks for extensions, is served the long way."""
        first, self._begun = not self._begun, True
        super().data_received(data)
        if first and data.endswith(b"\r\n\r\n") and self.handshake_initiated and not self.conn.extensions:
            self._splitter = Splitter(masked=True)

    def _text(self, text: bytes) -> None:
        if not self._quick():
            return
        try:
            told = {"type": "websocket.receive", "text": text.decode()}
        except UnicodeDecodeError:
            self.frames, self.curr_msg_data_type = [text], "text"
            self.send_receive_event_to_app()  # closes with 1007
            return
        self.queue.put_nowait(told)  # type: ignore[arg-type]  # uvicorn's own events are dicts of these keys
        if not self.read_paused and self.queue.qsize() >= QUEUED_MAX:
            self.read_paused = True
            self.transport.pause_reading()

    def _quick(self) -> bool:
        """Whether the connection is open both ways."""
        return self.handshake_complete and not self.close_sent and not self.disconnected

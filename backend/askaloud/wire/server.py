"""Uvicorn's WebSocket protocol, with plain text frames read and written past its parser.

Everything else (handshake, pings, the closing handshake, limits, whatever is not a plain text frame) is uvicorn's. Given to it as `ws=`;
under another server nothing of this is used and nothing is missed.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .framing import Splitter, text_frame

QUEUED_MAX = 16
"""Frames that wait for the application before the socket is read no further: a few, so that a burst costs no pause for each frame."""


class QuickProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    _splitter: Splitter | None = None
    _begun = False

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

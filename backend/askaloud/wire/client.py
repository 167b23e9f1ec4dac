"""A client connection of `websockets` that hands each frame on as it arrives, without a queue, a task and a parser in between.

Everything else (handshake, proxies, TLS, pings, the closing handshake, limits, whatever is not a plain text frame) is the library's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from .framing import Splitter, text_frame

DATA_FRAMES = frozenset({Opcode.TEXT, Opcode.BINARY, Opcode.CONT})
END_OF_HEAD = b"\r\n\r\n"
SWITCHING = 101

Hear = Callable[[bytes], None]


class Connection(ClientConnection):
    """One connection. `hear` gets each message, whole, and must not raise."""

    def __init__(self, protocol: ClientProtocol, *, hear: Hear, **options: Any) -> None:
        super().__init__(protocol, **options)
        self._hear = hear
        self._pieces: list[bytes] = []
        self._head = b""
        self._splitter: Splitter | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer: the head of its answer and whatever is unusual go to the library, texts to `hear`."""
        if self._splitter is None:
            data = self._past_the_head(data)
        if self._splitter is None:
            if data:
                super().data_received(data)
            return
        for text, rest in self._splitter.feed(data):
            if text is None:
                super().data_received(rest)
            elif self.protocol.state is State.OPEN:
                self._hear(text)

    def eof_received(self) -> None:
        """The peer will send no more."""
        if self._splitter is not None and (rest := self._splitter.rest()):
            super().data_received(rest)
        super().eof_received()

    def process_event(self, event: Any) -> None:
        """Take messages out of the library's hands; `max_size` bounds them, in pieces or whole."""
        if not isinstance(event, Frame) or event.opcode not in DATA_FRAMES:
            super().process_event(event)
        elif event.fin and not self._pieces:
            self._hear(bytes(event.data))
        else:
            self._pieces.append(bytes(event.data))
            if event.fin:
                whole, self._pieces = b"".join(self._pieces), []
                self._hear(whole)

    def send_now(self, payload: bytes) -> bool:
        """Send a text frame unless the peer does not read what was sent before; False: nothing was sent."""
        if self.paused or self.protocol.state is not State.OPEN:
            return False
        frame = None if self.protocol.extensions else text_frame(payload, masked=True)
        if frame is not None:
            self.transport.write(frame)
        else:
            self.protocol.send_text(payload)
            self.send_data()
        return True

    def _past_the_head(self, data: bytes) -> bytes:
        """Give the library the head of the peer's answer; what is left of `data` begins at a frame's boundary, if the peer agreed."""
        self._head += data
        end = self._head.find(END_OF_HEAD)
        if self.response is not None or end < 0:  # refused, with a body; or not all there yet: the library's affair, limits included
            return data
        left = len(self._head) - end - len(END_OF_HEAD)
        super().data_received(data[: len(data) - left])
        if self.response is not None and self.response.status_code == SWITCHING and not self.protocol.extensions:
            self._splitter = Splitter(masked=False)
        return data[len(data) - left :] if left else b""

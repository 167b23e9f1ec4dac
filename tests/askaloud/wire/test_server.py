"""A browser's frames reach the application whole, however they are cut; what is no plain text is uvicorn's; who never reads is dropped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from tests.serving import serving
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.uri import parse_uri

from askaloud.wire.server import ABORT, QuickProtocol

WAIT_MAX_S = 60.0
"""A bound for a broken test."""
LIMIT_BYTES = 100_000


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Says back what it hears, and says `binary` for what is no text."""
    if scope["type"] == "lifespan":
        for word in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{word}.complete"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event.get("text") if event.get("text") is not None else "binary"})


class Raw:
    """A client whose bytes are the test's own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        self.reader = reader
        self.writer = writer
        self.protocol = ClientProtocol(parse_uri(f"ws://{address}/"))
        self._got: list[Any] = []

    async def shake_hands(self) -> None:
        self.protocol.send_request(self.protocol.connect())
        await self.send(b"".join(self.protocol.data_to_send()))
        await self.next()

    async def send(self, data: bytes, size: int | None = None) -> None:
        """All at once, or in chunks."""
        for at in range(0, len(data), size or len(data) or 1):
            self.writer.write(data[at : at + (size or len(data))])
            await self.writer.drain()
            await asyncio.sleep(0)

    async def next(self) -> Any:
        """The next event of the server, as the library reads it."""
        async with asyncio.timeout(WAIT_MAX_S):
            while not self._got:
                data = await self.reader.read(65_536)
                if data:
                    self.protocol.receive_data(data)
                else:
                    self.protocol.receive_eof()
                self._got += self.protocol.events_received()
            return self._got.pop(0)


@asynccontextmanager
async def client() -> AsyncIterator[Raw]:
    async with serving(echo, ws_max_size=LIMIT_BYTES, ws_per_message_deflate=False) as address:
        host, _, port = address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        raw = Raw(reader, writer, address)
        await raw.shake_hands()
        yield raw
        writer.close()
        await writer.wait_closed()


def masked(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin=fin).serialize(mask=True)


@pytest.mark.parametrize("size", [None, 1, 5])
async def test_texts_come_back_in_order_however_they_are_cut(size: int | None) -> None:
    said = ["", "short", "ä" * 100, "x" * 3_000, "y" * 70_000, "last"]
    async with client() as raw:
        await raw.send(b"".join(masked(Opcode.TEXT, words.encode()) for words in said), size and size * 500)
        heard = [cast(Frame, await raw.next()) for _ in said]
        assert [bytes(frame.data).decode() for frame in heard] == said


async def test_a_header_that_comes_byte_by_byte_is_put_together() -> None:
    async with client() as raw:
        await raw.send(masked(Opcode.TEXT, b"z" * 300), 1)
        assert len((await raw.next()).data) == 300


async def test_pieces_pings_and_bytes_go_uvicorns_way() -> None:
    async with client() as raw:
        pieces = masked(Opcode.TEXT, b"in ", fin=False) + masked(Opcode.PING, b"there?") + masked(Opcode.CONT, b"pieces")
        await raw.send(pieces + masked(Opcode.BINARY, b"\0\1") + masked(Opcode.BINARY, b"") + masked(Opcode.TEXT, b"last"))
        got = [cast(Frame, await raw.next()) for _ in range(5)]
        assert [frame.opcode for frame in got if frame.opcode is not Opcode.TEXT] == [Opcode.PONG]
        assert [bytes(frame.data) for frame in got if frame.opcode is Opcode.TEXT] == [b"in pieces", b"binary", b"binary", b"last"]


CLOSED: dict[str, tuple[bytes, int]] = {
    "bytes that are no UTF-8": (masked(Opcode.TEXT, b"\xff\xfe"), 1007),
    "a frame that is not masked": (Frame(Opcode.TEXT, b"hello").serialize(mask=False), 1002),
    "a text within a fragmented message": (masked(Opcode.TEXT, b"a", fin=False) + masked(Opcode.TEXT, b"b"), 1002),
    "a reserved opcode": (b"\x83\x80\0\0\0\0", 1002),
    "more than the limit": (masked(Opcode.TEXT, bytes(LIMIT_BYTES + 1)), 1009),
}


@pytest.mark.parametrize(("data", "code"), CLOSED.values(), ids=CLOSED.keys())
async def test_what_breaks_the_protocol_is_closed_with_its_code(data: bytes, code: int) -> None:
    async with client() as raw:
        await raw.send(data)
        frame = cast(Frame, await raw.next())
        assert frame.opcode is Opcode.CLOSE
        assert Close.parse(bytes(frame.data)).code == code


async def test_a_long_text_of_the_application_is_sent_too() -> None:
    async with client() as raw:
        await raw.send(masked(Opcode.TEXT, b"w" * 90_000))
        assert len((await raw.next()).data) == 90_000


class Hasty(QuickProtocol):
    """Soon out of patience with a client, and tells the test when its connection is lost."""

    drop_s = 0.05
    lost: asyncio.Event

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()


class Talker:
    """An application that says more than a client takes that never reads, and then does as `then` says."""

    def __init__(self, then: str) -> None:
        self.then = then
        self.told = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await echo(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        try:
            await self.talk(scope, receive, send)
        finally:
            self.told.set()

    async def talk(self, scope: Any, receive: Any, send: Any) -> None:
        for _ in range(2 if self.then == "wait for room" else 1):
            await send({"type": "websocket.send", "text": "w" * 20_000_000})
        if self.then == "abort":
            scope["extensions"][ABORT]["call"]()
        if self.then in {"abort", "listen"}:
            assert (await receive())["type"] == "websocket.disconnect"


async def visited_by_a_deaf_client(talker: Talker, **options: Any) -> None:
    """Until the connection is lost and the application has done."""
    Hasty.lost = asyncio.Event()
    async with serving(talker, ws=Hasty, ws_per_message_deflate=False, **options) as address:
        host, _, port = address.partition(":")
        with socket.create_connection((host, int(port))) as deaf:
            protocol = ClientProtocol(parse_uri(f"ws://{address}/"))
            protocol.send_request(protocol.connect())
            deaf.sendall(b"".join(protocol.data_to_send()))
            async with asyncio.timeout(WAIT_MAX_S):
                await talker.told.wait()
                await Hasty.lost.wait()


@pytest.mark.parametrize("then", ["listen", "wait for room"])
async def test_a_client_that_neither_reads_nor_answers_a_ping_is_dropped_and_the_application_hears_of_it(then: str) -> None:
    await visited_by_a_deaf_client(Talker(then), ws_ping_interval=0.05, ws_ping_timeout=0.05)


async def test_an_application_may_drop_a_client_that_does_not_read() -> None:
    await visited_by_a_deaf_client(Talker("abort"), ws_ping_interval=None)


async def test_what_a_client_does_not_read_after_the_application_is_done_is_not_kept_for_long() -> None:
    await visited_by_a_deaf_client(Talker("end"), ws_ping_interval=None)

"""The model's connection hears every message whole, however its bytes are cut, and leaves the rest to the library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from askaloud.wire.client import Connection
from askaloud.wire.framing import QUICK_MAX_BYTES

WAIT_MAX_S = 60.0
"""A bound for a broken test."""


def text(words: bytes) -> bytes:
    return Frame(Opcode.TEXT, words).serialize(mask=False)


@asynccontextmanager
async def connected(port: int, heard: list[bytes], **options: Any) -> AsyncIterator[Connection]:
    async with connect(
        f"ws://127.0.0.1:{port}/",
        create_connection=cast(type[ClientConnection], partial(Connection, hear=heard.append)),
        compression=None,
        proxy=None,
        **options,
    ) as connection:
        yield cast(Connection, connection)


@asynccontextmanager
async def raw_peer(after_head: bytes, chunk: Callable[[int], int]) -> AsyncIterator[int]:
    """A peer that accepts and sends `after_head`, its whole answer cut into chunks of `chunk(length)` bytes."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
        (request,) = protocol.events_received()
        protocol.send_response(protocol.accept(cast(Request, request)))
        stream = b"".join(protocol.data_to_send()) + after_head + Frame(Opcode.CLOSE, (1000).to_bytes(2, "big")).serialize(mask=False)
        size = chunk(len(stream))
        for at in range(0, len(stream), size):
            writer.write(stream[at : at + size])
            await writer.drain()
            await asyncio.sleep(0)
        await reader.read(1)  # its own goodbye
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("chunk", [lambda length: length, lambda length: 1, lambda length: 7], ids=["at once", "byte by byte", "by sevens"])
async def test_messages_that_come_with_the_handshake_are_heard_however_they_are_cut(chunk: Callable[[int], int]) -> None:
    heard: list[bytes] = []
    pieces = Frame(Opcode.TEXT, b"in ", fin=False).serialize(mask=False) + Frame(Opcode.CONT, b"pieces").serialize(mask=False)
    stream = text(b"first") + pieces + text(b"x" * 70_000) + text(b"last")
    async with raw_peer(stream, chunk) as port, connected(port, heard) as connection:
        await asyncio.wait_for(connection.wait_closed(), WAIT_MAX_S)
        assert [message[:9] for message in heard] == [b"first", b"in pieces", b"xxxxxxxxx", b"last"]
        assert len(heard[2]) == 70_000
        assert connection.close_code == 1000


async def test_a_refused_handshake_keeps_its_body_for_the_library() -> None:
    def refuse(connection: ServerConnection, request: Request) -> Any:
        return connection.respond(404, "no such model\n")

    async def never(connection: ServerConnection) -> None:
        raise AssertionError("refused")

    async with serve(never, "127.0.0.1", 0, process_request=refuse) as server:
        with pytest.raises(InvalidStatus) as refused:
            async with connected(next(iter(server.sockets)).getsockname()[1], []):
                pass
    assert refused.value.response.body == b"no such model\n"


@pytest.mark.parametrize("size", [0, 1, 125, 126, 5_000, QUICK_MAX_BYTES, QUICK_MAX_BYTES + 1])
async def test_what_is_sent_arrives(size: int) -> None:
    got: asyncio.Queue[Any] = asyncio.Queue()

    async def listen(connection: ServerConnection) -> None:
        got.put_nowait(await connection.recv())

    async with serve(listen, "127.0.0.1", 0) as server, connected(next(iter(server.sockets)).getsockname()[1], []) as connection:
        assert connection.send_now(b"y" * size)
        assert await asyncio.wait_for(got.get(), WAIT_MAX_S) == "y" * size


async def test_nothing_is_taken_for_a_peer_that_does_not_read() -> None:
    reading = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
        (request,) = protocol.events_received()
        protocol.send_response(protocol.accept(cast(Request, request)))
        writer.write(b"".join(protocol.data_to_send()))
        await reading.wait()
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    async with server, connected(server.sockets[0].getsockname()[1], [], close_timeout=0.1) as connection:
        taken = 0
        while connection.send_now(bytes(60_000)):
            taken += 1
            assert taken < 10_000
            await asyncio.sleep(0)
        assert taken > 0
        reading.set()


async def test_a_peer_that_hangs_up_is_noticed_and_nothing_is_sent_any_more() -> None:
    async def hang_up(connection: ServerConnection) -> None:
        await connection.close(4000, "enough")

    async with serve(hang_up, "127.0.0.1", 0) as server, connected(next(iter(server.sockets)).getsockname()[1], []) as connection:
        await asyncio.wait_for(connection.wait_closed(), WAIT_MAX_S)
        assert (connection.close_code, connection.close_reason) == (4000, "enough")
        assert not connection.send_now(b"too late")


async def test_a_message_beyond_the_limit_ends_the_connection_with_1009() -> None:
    heard: list[bytes] = []

    async def shout(connection: ServerConnection) -> None:
        await connection.send("z" * 200_000)
        await connection.wait_closed()

    async with (
        serve(shout, "127.0.0.1", 0) as server,
        connected(next(iter(server.sockets)).getsockname()[1], heard, max_size=100_000) as connection,
    ):
        await asyncio.wait_for(connection.wait_closed(), WAIT_MAX_S)
        assert connection.protocol.close_sent is not None
        assert connection.protocol.close_sent.code == 1009
    assert heard == []

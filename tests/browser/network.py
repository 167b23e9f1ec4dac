"""A network between a browser and a server that can be cut: a TCP proxy of ours, for a browser's own offline switch leaves WebSockets open.

As a reset, every connection breaks at once and no new one comes about. As a black hole nothing breaks: what is sent goes nowhere, and new
connections get no answer until the network is back. Connections of before the cut stay dead, as those do whose path was lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum

CHUNK_BYTES = 65_536
AT_ONCE = struct.pack("ii", 1, 0)
"""`SO_LINGER` of no time at all: closing sends a reset instead of a goodbye."""


class Cut(Enum):
    """How a network is lost."""

    RESET = "reset"
    BLACK_HOLE = "black hole"


class Network:
    """The way to one server. Its address is what the browser is given."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.target = ""
        """`host:port` of the server; known only once the server runs."""
        self.sockets: list[str] = []
        """Every WebSocket that was asked for: the first line of its request."""
        self._whole = asyncio.Event()
        self._whole.set()
        self._cut: Cut | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()
        self._knocks = asyncio.Condition()

    @property
    def origin(self) -> str:
        """The origin of a page that comes through here."""
        return self.address.rstrip("/")

    def cut(self, how: Cut) -> None:
        """From now on nothing passes."""
        self._cut = how
        self._whole.clear()
        if how is Cut.RESET:
            for writer in self._writers:
                _reset(writer)
        else:
            self._dead |= self._writers

    def mend(self) -> None:
        """New connections come about again."""
        self._cut = None
        self._whole.set()

    async def knocked(self) -> None:
        """Wait for the next attempt to get through a black hole."""
        async with self._knocks:
            await self._knocks.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser's, from its beginning to its end."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if self._cut is Cut.RESET:
                _reset(writer)
            elif self._cut is None or await self._outlasts(reader):
                await self._connect(head, reader, writer)
                return
        writer.close()

    async def _outlasts(self, reader: asyncio.StreamReader) -> bool:
        """Whether the browser still wants this connection when the network is back."""
        async with self._knocks:
            self._knocks.notify_all()
        given_up, back = asyncio.create_task(reader.read(1)), asyncio.create_task(self._whole.wait())
        await asyncio.wait((given_up, back), return_when=asyncio.FIRST_COMPLETED)
        wanted = not given_up.done()
        for task in (given_up, back):
            task.cancel()
        return wanted

    async def _connect(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self.target.partition(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        ends = {writer, far_writer}
        self._writers |= ends
        first = head.partition(b"\r\n")[0].decode()
        if "/v1/realtime" in first:
            self.sockets.append(first)
        far_writer.write(head)
        ways = [asyncio.create_task(self._pass_on(reader, far_writer)), asyncio.create_task(self._pass_on(far_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            self._writers -= ends
            for each in ends - self._dead:
                each.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                if writer not in self._dead:
                    writer.write(data)
                    await writer.drain()

    def close(self) -> None:
        """Let go of everything, the dead included."""
        self.mend()
        for writer in self._writers | self._dead:
            writer.transport.abort()


def _reset(writer: asyncio.StreamWriter) -> None:
    ours: socket.socket | None = writer.get_extra_info("socket")
    if ours is not None:
        with contextlib.suppress(OSError):
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    writer.transport.abort()


@asynccontextmanager
async def network() -> AsyncIterator[Network]:
    """A network on a free port of loopback; its target is still to be named."""
    ways: Network

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ways.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ways = Network(server.sockets[0].getsockname()[1])
    async with server:
        try:
            yield ways
        finally:
            ways.close()

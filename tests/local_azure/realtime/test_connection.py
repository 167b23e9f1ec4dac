"""One client's socket at its end: every frame goes once, also where the sending of one takes long just then."""

from __future__ import annotations

import asyncio
import json

from tests.local_azure.realtime.doubles import EchoMind, EnergyEars, ToneMouth

from local_azure.realtime.connection import Connection, Parts

PATIENCE_S = 60.0
"""A bound for a broken test."""


class SlowSocket:
    """A client that has each frame as soon as it is sent; whoever sent it waits until the client `reads`, or goes away."""

    def __init__(self) -> None:
        self.had: list[dict[str, object]] = []
        self.reads = asyncio.Event()
        self.gone = False
        self.waits = asyncio.Event()
        """A frame is being sent."""
        self.over = asyncio.Event()
        """Nobody listens to the client any more: the session has ended."""
        self.closed: int | None = None

    async def receive(self) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            self.over.set()
        return ""

    async def send(self, data: str) -> None:
        self.had.append(json.loads(data))
        self.waits.set()
        await self.reads.wait()
        if self.gone:
            raise OSError

    async def close(self, code: int, reason: str = "") -> None:
        self.closed = code

    def kinds(self) -> list[object]:
        return [event["type"] for event in self.had]


async def serve(socket: SlowSocket, lasts_s: float) -> None:
    """One session of this length."""
    async with asyncio.timeout(PATIENCE_S):
        await Connection(socket, Parts(EnergyEars(), ToneMouth(), EchoMind()), "gpt-realtime", 0, lasts_s).run()


async def test_a_frame_that_was_being_sent_when_the_session_ended_is_not_sent_twice() -> None:
    socket = SlowSocket()
    serving = asyncio.create_task(serve(socket, lasts_s=0.0))
    await socket.over.wait()
    assert socket.kinds() == ["session.created"]
    socket.reads.set()
    await serving
    assert socket.kinds().count("session.created") == 1
    assert socket.kinds()[-1] == "error"
    assert socket.closed == 1001


async def test_a_client_that_goes_while_it_is_told_something_ends_its_session() -> None:
    socket = SlowSocket()
    serving = asyncio.create_task(serve(socket, lasts_s=3_600.0))
    await socket.waits.wait()
    socket.gone = True
    socket.reads.set()
    await serving
    assert socket.closed is None

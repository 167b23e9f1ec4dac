"""The browser's socket as the relay holds it: empty frames, backpressure, one close, and what is sent keeps its order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from quart import Quart, websocket
from tests.serving import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from askaloud.conversation.browser import Browser, DirectConnection, DirectWebsocket


@asynccontextmanager
async def browsing(handle: Callable[[Browser], Awaitable[None]], **options: Any) -> AsyncIterator[ClientConnection]:
    """A client at a server whose handler is the test's."""
    app = Quart(__name__)
    app.asgi_websocket_class = DirectConnection
    app.websocket_class = DirectWebsocket

    @app.websocket("/")
    async def talk() -> None:
        await websocket.accept()
        await handle(Browser(websocket._get_current_object()))  # type: ignore[attr-defined]  # as in the application

    async with (
        serving(app, ws_max_size=1_000_000, ws_per_message_deflate=False) as address,
        connect(f"ws://{address}/", compression=None, max_size=None, proxy=None, **options) as client,
    ):
        yield client


@pytest.mark.parametrize("frame", ["", b"", "text", b"\x00\x01", "x" * 200_000])
async def test_every_frame_is_received_as_it_came_the_empty_ones_too(frame: str | bytes) -> None:
    received: list[str | bytes | None] = []

    async def handle(browser: Browser) -> None:
        received.append(await browser.receive())
        await browser.send("thank you")

    async with browsing(handle) as client:
        await client.send(frame)
        assert await client.recv() == "thank you"
    assert received == [frame]


async def test_a_browser_that_has_gone_is_received_as_none_and_sent_nothing() -> None:
    done = asyncio.Event()

    async def handle(browser: Browser) -> None:
        try:
            assert await browser.receive() is None
            assert await browser.receive() is None
            assert browser.send_now("to nobody")
            await browser.send("to nobody")
            await browser.close(1011, "to nobody")
        finally:
            done.set()

    async with browsing(handle) as client:
        client.transport.abort()
        async with asyncio.timeout(60):
            await done.wait()


async def test_a_goodbye_has_its_code_and_reason_and_is_said_once() -> None:
    async def handle(browser: Browser) -> None:
        await browser.close(1008, "too fast")
        await browser.close(1011, "another")
        assert browser.send_now("after the end")
        await browser.send("after the end")

    async with browsing(handle) as client:
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert (client.close_code, client.close_reason) == (1008, "too fast")


async def test_a_handler_that_ends_without_a_goodbye_says_a_plain_one() -> None:
    async def handle(browser: Browser) -> None:
        return

    async with browsing(handle) as client:
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert client.close_code == 1000


async def test_a_frame_over_the_limit_closes_with_1009_and_what_is_sent_meanwhile_is_no_mistake() -> None:
    done = asyncio.Event()

    async def handle(browser: Browser) -> None:
        try:
            assert await browser.receive() is None
            assert browser.send_now("too late")
            await browser.send("too late")
        finally:
            done.set()

    async with browsing(handle) as client:
        with contextlib.suppress(ConnectionClosed):
            await client.send("x" * 2_000_000)
            await client.recv()
        assert client.close_code == 1009
        await done.wait()


async def test_while_the_browser_does_not_read_only_waiting_sends_and_in_order() -> None:
    filler = "." * 500_000
    told = asyncio.Event()
    refused = 0

    async def handle(browser: Browser) -> None:
        nonlocal refused
        number = 0
        while browser.send_now(f"{number} {filler}"):
            number += 1
        refused = number
        told.set()
        await browser.send(f"{number} {filler}")
        await browser.send("that is all")
        await browser.receive()

    async with browsing(handle, max_queue=1) as client:
        async with asyncio.timeout(60):
            await told.wait()
            numbers = []
            while (frame := await client.recv()) != "that is all":
                numbers.append(int(str(frame).split()[0]))
        assert numbers == list(range(refused + 1))

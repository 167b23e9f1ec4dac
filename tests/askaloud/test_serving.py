from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import websockets
from quart import Quart, websocket

from askaloud.errors import ListenError
from askaloud.serving import MAX_MESSAGE_BYTES, Server, Stop, address_of, bind


def application() -> Quart:
    app = Quart(__name__)

    @app.websocket("/echo-length")
    async def echo_length() -> None:
        while True:
            await websocket.send(str(len(await websocket.receive())))

    @app.get("/")
    async def index() -> str:
        return "here"

    return app


@asynccontextmanager
async def served(app: Quart) -> AsyncIterator[tuple[Server, str, asyncio.Task[bool]]]:
    ready = asyncio.Event()
    with bind("127.0.0.1", 0) as listener:
        server = Server(app, ready.set)
        task = asyncio.create_task(server.serve_at("127.0.0.1", listener))
        await ready.wait()
        try:
            yield server, address_of("127.0.0.1", listener), task
        finally:
            server.should_exit = True
            await task


def stop_for(server: Server) -> Stop:
    stop = Stop()
    stop.server = server
    return stop


def test_a_name_is_bound_and_shown_as_it_was_typed() -> None:
    with bind("localhost", 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert address_of("localhost", listener).startswith("http://localhost:")


def test_an_address_of_the_sixth_version_is_shown_in_brackets() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        listener = bind("::1", 0)
    except ListenError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert address_of("::1", listener).startswith("http://[::1]:")


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "http://127.0.0.1:"), ("::", "http://[::1]:")])
def test_where_it_listens_at_every_address_one_is_shown_that_can_be_visited(host: str, shown: str) -> None:
    with bind("127.0.0.1", 0) as listener:
        assert address_of(host, listener).startswith(shown)


def test_a_name_that_nobody_knows_is_an_error_in_one_sentence() -> None:
    with pytest.raises(ListenError, match=r"^--host nowhere\.invalid is no address of this machine"):
        bind("nowhere.invalid", 0)


async def test_an_address_taken_between_bind_and_listen_is_the_same_sentence() -> None:
    with bind("127.0.0.1", 0) as first, socket.socket() as second:
        port = first.getsockname()[1]
        second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        second.bind(("127.0.0.1", port))
        second.listen()
        with pytest.raises(ListenError, match=f"Port {port} at 127.0.0.1 is in use"):
            await Server(application(), lambda: None).serve_at("127.0.0.1", first)


async def test_an_application_that_cannot_start_is_told_apart() -> None:
    app = application()

    @app.before_serving
    async def fail() -> None:
        raise RuntimeError("no")

    with bind("127.0.0.1", 0) as listener:
        assert await Server(app, lambda: None).serve_at("127.0.0.1", listener) is False


async def test_a_message_over_the_limit_closes_the_socket_with_1009() -> None:
    async with served(application()) as (_, address, _), websockets.connect(f"ws{address[4:]}echo-length", max_size=None) as browser:
        await browser.send("x" * MAX_MESSAGE_BYTES)
        assert await browser.recv() == str(MAX_MESSAGE_BYTES)
        await browser.send("x" * (MAX_MESSAGE_BYTES + 1))
        await browser.wait_closed()
        assert browser.close_code == 1009


async def test_neither_the_server_nor_compression_is_offered() -> None:
    async with served(application()) as (_, address, _), websockets.connect(f"ws{address[4:]}echo-length") as browser:
        assert browser.response
        assert "Sec-WebSocket-Extensions" not in browser.response.headers
        assert "uvicorn" not in str(browser.response.headers)


async def test_a_signal_drains_first_and_then_ends() -> None:
    said: list[str] = []
    async with served(application()) as (server, _, task):
        stop = stop_for(server)

        async def drain() -> None:
            said.append(f"draining while serving: {not server.should_exit}")

        stop.drain = drain
        stop()
        assert await task is True
    assert said == ["draining while serving: True"]


async def test_a_drain_that_fails_still_ends() -> None:
    async with served(application()) as (server, _, task):
        stop = stop_for(server)

        async def drain() -> None:
            raise RuntimeError("no")

        stop.drain = drain
        stop()
        assert await task is True


async def test_a_second_signal_does_not_wait_for_the_drain() -> None:
    async with served(application()) as (server, _, task):
        stop = stop_for(server)
        draining = asyncio.Event()

        async def drain() -> None:
            draining.set()
            await asyncio.Event().wait()

        stop.drain = drain
        stop()
        await draining.wait()
        stop()
        assert await task is True


async def test_a_signal_before_the_server_is_ready_gives_up() -> None:
    async def start() -> None:
        stop = Stop()
        asyncio.get_running_loop().call_soon(stop)
        await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(start())

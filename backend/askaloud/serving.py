"""How the service listens and how it leaves: the bound socket, uvicorn's measures, and what a signal does.

It must not know what is served, nor where the doors lead.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from .errors import ListenError
from .wire.server import QuickProtocol

logger = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
"""The largest WebSocket message we read; a larger one closes the conversation with 1009. A minute of audio as base64 has 3.8 MB."""
PING_S = 20.0
"""How often a silent browser is asked whether it is still there, and how long it may take to say so."""
DRAIN_S = 5.0
"""How long the conversations may take to say goodbye."""
GRACEFUL_S = 5
"""How long requests under way may take after that."""
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Every address of the machine, and the one of them that is always there: nobody can visit the former."""


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to that address, not yet listening; port 0 takes a free one. Raises `ListenError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)  # `localhost` is 127.0.0.1 first
        with contextlib.ExitStack() as unless_bound:
            listener = unless_bound.enter_context(socket.socket(family, kind, protocol))
            if sys.platform != "win32":  # there it would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.setblocking(False)
            unless_bound.pop_all()
    except OSError as wrong:
        raise ListenError(host, port, wrong) from wrong
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """What a visitor types; where it listens at every address of the machine, what one at the machine itself types."""
    name = HERE.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}/"


class Server(uvicorn.Server):
    """Uvicorn with our measures, told when to stop by us, and telling us when visitors may come."""

    def __init__(self, app: Any, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                ws=QuickProtocol,
                ws_max_size=MAX_MESSAGE_BYTES,
                ws_ping_interval=PING_S,
                ws_ping_timeout=PING_S,
                ws_per_message_deflate=False,  # speech does not shrink
                lifespan="on",
                access_log=False,  # addresses may carry a one-time key or a signature
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACEFUL_S,
            )
        )
        self._on_ready = on_ready

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]  # uvicorn's is a generator's
        """Leaves the signals to us: conversations say goodbye before sockets close."""
        return contextlib.nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, and then says that we are ready."""
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()

    async def serve_at(self, host: str, listener: socket.socket) -> bool:
        """Serve until told to stop; whether the application started at all. Raises `ListenError`."""
        try:
            await self.serve(sockets=[listener])
        except SystemExit:  # uvicorn's way to say that the application did not start; it has logged why
            return False
        except OSError as wrong:
            if wrong.errno == errno.EADDRINUSE:  # somebody listened between our bind and now
                raise ListenError(host, listener.getsockname()[1], wrong) from wrong
            raise
        return True


class Stop:
    """What SIGTERM and Ctrl-C do. Before the server is ready: give up. Then: drain and end. A second time: end at once."""

    def __init__(self) -> None:
        self.server: Server | None = None
        self.drain: Callable[[], Awaitable[object]] | None = None
        self.hush: Callable[[], object] | None = None
        """Called before all is cut off: it would complain, in tracebacks, to whoever asked for just that."""
        self._serving = asyncio.current_task()
        self._draining: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Take over the signals of this process."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self)
            except NotImplementedError:  # Windows
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self))

    def __call__(self) -> None:
        """One signal came."""
        if self.server is None or not self.server.started:
            if self._serving:
                self._serving.cancel()
        elif self._draining is None:
            logger.info("Stopping")
            self._draining = asyncio.create_task(self._drain_and_end(self.server))
        else:
            if self.hush:
                self.hush()
            self.server.force_exit = self.server.should_exit = True

    async def _drain_and_end(self, server: Server) -> None:
        try:
            if self.drain:
                async with asyncio.timeout(DRAIN_S):
                    await self.drain()
        except TimeoutError:
            logger.warning("Some conversations did not end within %.0f s", DRAIN_S)
        except Exception:
            logger.exception("Saying goodbye failed")
        finally:
            server.should_exit = True

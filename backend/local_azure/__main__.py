"""`python -m local_azure`: the stand-in alone, on loopback, until it is told to stop.

Owns the process: arguments, the folder's lock, the port, signals, and what is said on stdout. What it serves is `app`'s affair.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn
from quart import Quart

from .app import open_app
from .embeddings.failure import EmbeddingsSettingError
from .embeddings.model import open_model
from .realtime.lifetime import session_max_s
from .run_file import FolderTaken, Running, announced, sole_tenant
from .search.store import StoreError
from .thinking import SCRIPT, UnclearError, chosen, open_mind

HOST = "127.0.0.1"
KEY_VARIABLE = "LOCAL_AZURE_KEY"
KEY_BYTES = 24
LOG_LEVEL_VARIABLE = "LOCAL_AZURE_LOG_LEVEL"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
GOODBYE_S = 2
"""How long an answer that is being given may take to end when the server is told to stop."""

MAX_FRAME_BYTES = 20 * 1024 * 1024
"""One WebSocket message: 15 MiB of audio as base64, as the service takes it."""

BACKLOG = 128

LOG_LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
"""As those who start it write theirs: both are read as one log."""

USAGE = 2
"""The exit code for arguments and settings that cannot be followed, as argparse's own."""


class _Mishap(Exception):  # noqa: N818 - it is what happened, told in a sentence
    """Why it could not start; the message is the one sentence to be printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal, or the end of stdin, says to stop. Returns the process's exit code."""
    options = _options(arguments)
    logging.basicConfig(stream=sys.stderr, level=options.log_level, format=LOG_LINE, datefmt="%H:%M:%S")
    given = os.environ.get(KEY_VARIABLE)
    try:
        with _alone_in(options.data), _listening(options.port) as listener, asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(options, listener, given or secrets.token_urlsafe(KEY_BYTES), tell_key=not given))
    except _Mishap as mishap:
        sys.stderr.write(f"local_azure: {mishap}\n")
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m local_azure", description="A small Azure on loopback: the Realtime and the Search door.")
    parser.add_argument("--port", type=int, default=9000, help="0 takes any free one (default: 9000)")
    parser.add_argument("--data", type=Path, default=Path(".data"), help="the folder of the index (default: .data)")
    parser.add_argument("--script", type=Path, help=f"follow the steps in this file instead of thinking (default: {SCRIPT})")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does, as a child should")
    options = parser.parse_args(arguments)
    if not 0 <= options.port <= 65_535:
        parser.error("--port must be between 0 and 65535")
    try:
        options.log_level = _log_level()
        options.thinker = chosen(os.environ, options.script)
    except UnclearError as unclear:
        for mistake in str(unclear).splitlines():
            sys.stderr.write(f"local_azure: {mistake}\n")
        sys.exit(USAGE)
    return options


def _log_level() -> str:
    level = os.environ.get(LOG_LEVEL_VARIABLE, "INFO").upper()
    if level not in LOG_LEVELS:
        raise UnclearError(f"{LOG_LEVEL_VARIABLE} must be one of {', '.join(LOG_LEVELS)}.")
    return level


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_tenant(folder))
        except FolderTaken:
            raise _Mishap(f"another stand-in is already running in {folder}. Use that one, or give another folder with --data.") from None
        except OSError as failed:
            raise _Mishap(f"the folder {folder} cannot be used: {failed.strerror}.") from None
        yield


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket on loopback; bound before anything else is begun, so that a busy port costs nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        if sys.platform != "win32":  # there the option means something else: it lets two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(BACKLOG)
        except OSError as failed:
            why = "is in use" if failed.errno == errno.EADDRINUSE else f"cannot be opened ({failed.strerror})"
            raise _Mishap(f"port {port} {why}. Give another one with --port; 0 takes any free one.") from None
        yield listener


def _session_max_s() -> float:
    try:
        return session_max_s(os.environ)
    except ValueError as wrong:
        raise _Mishap(str(wrong)) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # not on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


class _Server(uvicorn.Server):
    """uvicorn, started by us: says when it listens, and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: they are taken in `_serve`, and the process ends with its own exit code."""
        yield

    def stop(self) -> None:
        """Once asks it to finish what it does, twice does not wait for that."""
        self.force_exit = self.should_exit
        self.should_exit = True


async def _serve(options: argparse.Namespace, listener: socket.socket, key: str, *, tell_key: bool) -> None:
    port = listener.getsockname()[1]
    running = Running(f"ws://{HOST}:{port}/openai/v1", f"http://{HOST}:{port}", key, os.getpid())
    with ExitStack() as at_end:

        def ready() -> None:
            at_end.enter_context(announced(options.data, running))
            lines = [f"realtime: {running.realtime}", f"search: {running.search}", *([f"key: {key}"] if tell_key else [])]
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()

        try:
            async with (
                open_mind(options.thinker) as mind,
                open_model(os.environ) as model,
                open_app(options.data, key, mind, _session_max_s(), model) as app,
            ):
                server = _Server(_config(app), ready)
                _stop_on_signals(server)
                if options.until_stdin_closes:
                    _stop_with_stdin(server)
                await server.serve(sockets=[listener])
        except (StoreError, EmbeddingsSettingError) as failed:
            raise _Mishap(str(failed)) from None


def _config(app: Quart) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        lifespan="off",  # `open_app` begins and ends everything, so that what hinders it can be said in a sentence
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        log_config=None,
        log_level="warning",
        access_log=False,  # addresses hold keys of documents
        server_header=False,
        timeout_graceful_shutdown=GOODBYE_S,
    )


def _stop_on_signals(server: _Server) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, server.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(server.stop))


def _stop_with_stdin(server: _Server) -> None:
    """A parent that dies closes our stdin; so nothing is left behind. The descriptor is read without Python's own buffer, whose lock
    would be held at the end."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        loop.call_soon_threadsafe(server.stop)

    threading.Thread(target=watch, name="stdin", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())

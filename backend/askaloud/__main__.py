"""`python -m askaloud`: read the settings, open the doors, serve, and leave in good order.

Prints the address on stdout when visitors may come, and logs to stderr. It must not know what is served.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from .doors import check_host, open_doors
from .errors import AskAloudError, SettingsError
from .serving import Server, Stop, address_of, bind
from .settings import Settings, load_settings

if TYPE_CHECKING:
    from .app import AskAloud

logger = logging.getLogger("askaloud")

MAX_PORT = 65_535


async def serve(settings: Settings, listener: socket.socket, host: str) -> int:
    """Serve at the bound `listener` until a signal comes; gives the exit code. Raises `DoorError` and `ListenError`."""
    stop = Stop()
    stop.hush = partial(logging.disable, logging.ERROR)
    stop.listen()
    try:
        # The application takes about as long to import as the stand-in to start; neither waits for the other.
        loading = asyncio.create_task(asyncio.to_thread(_load_app))
        async with open_doors(settings, host=host) as doors:
            create_app = await loading
            app = create_app(settings, doors, host=host, port=listener.getsockname()[1])
            stop.drain = app.drain
            stop.server = Server(app, lambda: _say_ready(settings, address_of(host, listener)))
            return 0 if await stop.server.serve_at(host, listener) else 1
    except asyncio.CancelledError:
        logger.info("Stopped before it was ready")
        return 0


def _load_app() -> Callable[..., AskAloud]:
    from .app import create_app

    return create_app


def _say_ready(settings: Settings, address: str) -> None:
    if settings.access_key:
        logger.info("Visitors are asked for the access key (ASKALOUD_ACCESS_KEY)")
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def _configure_logging(level: str) -> None:
    """Ours as the settings say; everybody else's from WARNING up, for their INFO and DEBUG tell headers and bodies."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    logger.setLevel(level)


def _new_event_loop() -> asyncio.AbstractEventLoop:
    """Uvloop's where it exists: a third less CPU per message."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _port(word: str) -> int:
    port = int(word)
    if not 0 <= port <= MAX_PORT:
        raise argparse.ArgumentTypeError(f"must lie between 0 and {MAX_PORT}")
    return port


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Gives the exit code: 0 asked to stop, 1 could not serve, 2 the settings or the arguments are wrong."""
    parser = argparse.ArgumentParser(prog="askaloud", description="Talk to your organisation's documents.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8765, help="0 takes a free one (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
        _configure_logging(settings.log_level)
        check_host(settings, options.host)
        with bind(options.host, options.port) as listener, asyncio.Runner(loop_factory=_new_event_loop) as runner:
            return runner.run(serve(settings, listener, options.host))
    except SettingsError as wrong:
        sys.stderr.write("".join(f"{problem}\n" for problem in wrong.problems))
        return 2
    except AskAloudError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

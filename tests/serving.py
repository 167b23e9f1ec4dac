"""Real sockets for tests: an ASGI application behind uvicorn on a free port, in the test's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from askaloud.wire.server import QuickProtocol

STARTUP_POLL_S = 0.005


class _Server(uvicorn.Server):
    """Leaves the signals of the test process alone, and stops when it is told to instead of at its next look."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopped = asyncio.Event()

    async def main_loop(self) -> None:
        """Until `stop`."""
        await self.on_tick(0)
        await self._stopped.wait()

    def stop(self) -> None:
        """Say goodbye to everybody and end."""
        self.should_exit = True
        self._stopped.set()

    def install_signal_handlers(self) -> None:
        """Nothing: the test runner owns them."""


@asynccontextmanager
async def serving(app: Any, **options: Any) -> AsyncIterator[str]:
    """Serve `app` and give "host:port". Ends when the block ends."""
    options = {"ws": QuickProtocol, **options}
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="on", **options)
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                task.result()
                raise RuntimeError("the server ended before it had started")
            await asyncio.sleep(STARTUP_POLL_S)  # uvicorn offers a flag, no event
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
    finally:
        server.stop()
        await task

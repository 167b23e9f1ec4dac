"""The service under another ASGI server: whatever we do for speed under uvicorn, nothing of it is needed."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from tests.askaloud.knowledge.search_doors import INDEX, KEY, Answer, ScriptedDoor, hit
from tests.contract.house import Visitor, searches
from tests.scripted_model import Line, Script, scripted_model
from tests.serving import serving
from websockets.asyncio.client import connect

from askaloud.app import create_app
from askaloud.doors import Doors
from askaloud.settings import SearchDoor, Settings


@asynccontextmanager
async def visiting(script: Script) -> AsyncIterator[Visitor]:
    """A visitor of the service under hypercorn."""
    search = ScriptedDoor()
    search.script("search", Answer({"value": [hit()]}))
    async with scripted_model(script) as model, serving(search.app) as searching:
        app: Any = create_app(
            Settings(), Doors(model.door, SearchDoor(f"http://{searching}", INDEX, KEY, "azure")), host="127.0.0.1", port=0
        )
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            config = Config()
            config.bind = [f"fd://{os.dup(listener.fileno())}"]
            config.loglevel = "ERROR"
            stop = asyncio.Event()
            server = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))
            try:
                address = f"ws://127.0.0.1:{listener.getsockname()[1]}/v1/realtime?askaloud=1"
                async with connect(address, compression=None, max_size=None, proxy=None) as client:
                    yield Visitor(client)
            finally:
                stop.set()
                await server


async def test_a_question_is_answered() -> None:
    async with visiting(searches) as page:
        await page.socket.send(b"")
        await page.hear("error")
        await page.ask("How many days?")
        done = await page.hear("response.done")
        assert done["response"]["status"] == "completed"
        assert "askaloud.sources" in page.kinds()


async def test_the_end_has_its_code_and_its_sentence() -> None:
    async def hangs_up(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.connection.close()

    async with visiting(hangs_up) as page:
        await page.ask("Hello?")
        assert await page.end() == (1011, "the model hung up")
        assert json.dumps(page.codes()) == '["model_hung_up"]'

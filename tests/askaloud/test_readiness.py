"""Whether the doors are open, as a load balancer asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, scripted
from tests.askaloud.visiting import visiting

from askaloud.readiness import Readiness
from askaloud.settings import RealtimeDoor


class Port:
    """Something that listens, counts, and says nothing."""

    def __init__(self) -> None:
        self.visits = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[RealtimeDoor]:
        async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.visits += 1
            assert await reader.read() == b"", "a probe opens no session"
            writer.close()

        async with await asyncio.start_server(visit, "127.0.0.1", 0) as server:
            yield RealtimeDoor(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/openai/v1", "m", "k", "azure")


NOWHERE = RealtimeDoor("ws://127.0.0.1:9/openai/v1", "m", "k", "azure")


async def test_it_is_ready_when_the_model_can_be_reached_and_the_index_holds_something() -> None:
    async with Port().open() as model, scripted(ScriptedDoor()) as knowledge:
        assert await Readiness(model, knowledge).report() == {"ready": True, "realtime": "ok", "search": "ok"}


async def test_it_says_which_door_is_shut() -> None:
    async with scripted(ScriptedDoor()) as knowledge:
        report = await Readiness(NOWHERE, knowledge).report()
        assert (report["ready"], report["search"]) == (False, "ok")
        assert report["realtime"] == "The model's address cannot be reached."


async def test_an_empty_index_is_not_ready() -> None:
    door = ScriptedDoor()
    door.script("count", Answer("0", headers={"Content-Type": "text/plain"}))
    async with Port().open() as model, scripted(door) as knowledge:
        report = await Readiness(model, knowledge).report()
        assert not report["ready"]
        assert report["search"].endswith(".")


async def test_it_asks_once_in_a_while_however_many_ask_it() -> None:
    port, door = Port(), ScriptedDoor()
    async with port.open() as model, scripted(door) as knowledge:
        readiness = Readiness(model, knowledge)
        reports = await asyncio.gather(*(readiness.report() for _ in range(20)))
        asked = len(door.asked)
        assert await readiness.report() == reports[0]
        assert len(door.asked) == asked


async def test_it_is_not_ready_while_the_samples_are_indexed_and_says_so_no_longer_than_that() -> None:
    async with Port().open() as model, scripted(ScriptedDoor()) as knowledge:
        readiness = Readiness(model, knowledge)
        readiness.samples = "The sample documents are being indexed."
        report = await readiness.report()
        assert (report["ready"], report["search"]) == (False, "The sample documents are being indexed.")
        readiness.samples = None
        assert (await readiness.report())["ready"]


async def test_ready_and_health_are_two_questions() -> None:
    door = ScriptedDoor()
    door.script("count", Answer({"error": {"code": "", "message": "planted"}}, 500))
    async with visiting(search=door) as service:
        ready = await service.get("/ready")
        assert ready.status == 503
        assert json.loads(ready.body)["realtime"] == "ok"
        assert b"planted" not in ready.body
        assert (await service.get("/health")).status == 200

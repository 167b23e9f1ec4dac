"""A line to the model that dies without a word: no close, no reset, nothing. It is missed, and what was said into it is not lost."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from tests.contract.house import house
from tests.scripted_model import Line, scripted_model

from askaloud.conversation.patience import Patience

QUICK = Patience(ping_s=0.1, pong_s=2.0, hang_up_s=0.2)
"""Soon out of patience, and not so soon that a living line would be missed where the machine does much else."""
WORDS = (2_000).to_bytes(2, "little") * 4_800


@dataclass
class Road:
    """Between us and the model. What is on the way when it breaks arrives nowhere, and nobody is told."""

    port: int = 0
    broken: list[asyncio.Event] = field(default_factory=list)
    """One for each line, in the order in which they came."""

    travellers: set[asyncio.Task[None]] = field(default_factory=set)

    async def travel(self, ours: asyncio.StreamWriter, reader: asyncio.StreamReader, to: int) -> None:
        """One line, until either end hangs up."""
        broken = asyncio.Event()
        self.broken.append(broken)
        there, theirs = await asyncio.open_connection("127.0.0.1", to)
        ways = {asyncio.create_task(_carry(reader, theirs, broken)), asyncio.create_task(_carry(there, ours, broken))}
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for writer in (ours, theirs):
            writer.transport.abort()
        await asyncio.wait(ways)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, broken: asyncio.Event) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            if not broken.is_set():
                writer.write(data)


@asynccontextmanager
async def road_to(port: int) -> AsyncIterator[Road]:
    road = Road()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        road.travellers.add(asyncio.create_task(road.travel(writer, reader, port)))

    async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
        road.port = server.sockets[0].getsockname()[1]
        yield road
    await asyncio.gather(*road.travellers)


async def test_what_was_said_into_a_line_that_died_without_a_word_is_heard_by_the_next_one() -> None:
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listens(line: Line) -> None:
        await line.greet()
        sound = base64.b64decode((await line.read("input_audio_buffer.append"))["audio"])
        if not road.broken[0].is_set():
            await line.say("input_audio_buffer.cleared")
            return
        heard.set_result(sound)
        await line.user_said("u1", "How many days?")
        await line.answer("r1", "a1", "For 30 days.")

    async with scripted_model(listens) as far, road_to(far.port) as road:
        door = replace(far.door, base_url=f"ws://127.0.0.1:{road.port}/openai/v1")
        async with house(listens, realtime=door, patience=QUICK) as home, home.visit() as page:
            await page.sound(960)
            await page.hear("input_audio_buffer.cleared")
            road.broken[0].set()
            await page.say("input_audio_buffer.append", audio=base64.b64encode(WORDS).decode())
            assert await asyncio.wait_for(heard, 20) == WORDS
            await page.hear("response.done")
            assert page.codes() == []
            assert len(road.broken) == 2

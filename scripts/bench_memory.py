"""What conversations weigh as they go on: resident memory of the second minute against the first, with two hundred people at once.

    python3 scripts/bench_memory.py [--people 200] [--minutes 2]

Everybody sends 100 ms of a quiet room twice a second and asks in writing every 15 seconds; a scripted model searches and answers with a
second of sound, a scripted search door finds three passages. The service is a process of its own, the far ends another. What grows in the
second minute is kept for good or up to a bound; the bounds of one conversation are the constants of `askaloud.conversation`. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import json
import logging
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from quart import Quart
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from bench_relay import READY_MAX_S, memory_kb

FRAME_S = 0.5
SOUND = base64.b64encode((2_000).to_bytes(2, "little") * 2_400).decode()
"""100 ms of an answer."""
ROOM = base64.b64encode((80).to_bytes(2, "little") * 2_400).decode()
"""100 ms of a quiet room: this model never says that it hears somebody, and of what is loud more would be kept for the next line."""
ANSWER_FRAMES = 10
TURN_S = 15.0
MINUTE_S = 60.0
AT_ONCE = 40
WORDS = "You can work from abroad for up to thirty days in each calendar year, if your manager agrees in writing. " * 4
"""A passage of some 400 letters."""


async def say(line: ServerConnection, kind: str, **fields: Any) -> None:
    """Send one event."""
    await line.send(json.dumps({"type": kind, "event_id": "e", **fields}))


async def model(line: ServerConnection) -> None:
    """Searches for what it is asked, then answers."""
    numbers, searched = itertools.count(1), False
    await say(line, "session.created", session={"type": "realtime"})
    try:
        async for frame in line:
            event = json.loads(frame)
            if event["type"] == "session.update":
                await say(line, "session.updated", session={"type": "realtime"})
            elif event["type"] == "conversation.item.create":
                added = {**event["item"], "id": event["item"].get("id") or f"i{next(numbers)}"}
                await say(line, "conversation.item.added", item=added, previous_item_id=None)
                searched = event["item"]["type"] == "function_call_output"
            elif event["type"] == "response.create":
                await (answer if searched else search)(line, next(numbers))
    except ConnectionClosed:
        return


async def search(line: ServerConnection, number: int) -> None:
    """A response that calls the tool."""
    call = {"id": f"f{number}", "type": "function_call", "call_id": f"c{number}", "name": "search", "status": "completed"}
    await say(line, "response.created", response={"id": f"r{number}", "output": []})
    await say(line, "response.output_item.added", response_id=f"r{number}", item=call)
    await say(line, "conversation.item.added", item=call)
    await say(line, "response.output_item.done", response_id=f"r{number}", item={**call, "arguments": f'{{"query": "days {number}"}}'})
    await say(line, "response.done", response={"id": f"r{number}", "status": "completed", "output": []})


async def answer(line: ServerConnection, number: int) -> None:
    """A response that speaks for a second."""
    item = {"id": f"a{number}", "type": "message", "role": "assistant", "content": []}
    place = {"response_id": f"r{number}", "item_id": f"a{number}"}
    await say(line, "response.created", response={"id": f"r{number}", "output": []})
    await say(line, "response.output_item.added", response_id=f"r{number}", item=item)
    await say(line, "conversation.item.added", item=item)
    for _ in range(ANSWER_FRAMES):
        await say(line, "response.output_audio_transcript.delta", **place, delta="thirty days ")
        await say(line, "response.output_audio.delta", **place, delta=SOUND)
    await say(line, "response.output_audio_transcript.done", **place, transcript="thirty days " * ANSWER_FRAMES)
    await say(line, "response.output_item.done", response_id=f"r{number}", item=item)
    await say(line, "response.done", response={"id": f"r{number}", "status": "completed", "output": []})


def search_door() -> Quart:
    """Finds three passages, each time others."""
    door, numbers = Quart("search"), itertools.count(1)
    kinds = (("id", False), ("text", True), ("title", True))
    fields = [{"name": name, "type": "Edm.String", "key": name == "id", "searchable": searched} for name, searched in kinds]

    @door.get("/indexes('bench')")
    async def index() -> dict[str, Any]:
        return {"name": "bench", "fields": fields}

    @door.post("/indexes('bench')/docs/search.post.search")
    async def found() -> dict[str, Any]:
        first = next(numbers) * 3
        return {"value": [{"@search.score": 1.0, "id": f"p{first + n}", "text": f"{first + n} {WORDS}", "title": "H"} for n in range(3)]}

    return door


async def serve_far_ends() -> None:
    """Both of them, until stdin closes; their ports on one line."""
    from askaloud.serving import Server, bind

    listener = bind("127.0.0.1", 0)
    async with serve(model, "127.0.0.1", 0, compression=None, ping_interval=None) as far:
        server = Server(search_door(), lambda: None)
        serving = asyncio.create_task(server.serve_at("127.0.0.1", listener))
        print(next(iter(far.sockets)).getsockname()[1], listener.getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await serving


async def serve_ours(realtime: str, searching: str) -> None:
    """Ask Aloud itself between the two, until stdin closes."""
    from askaloud.app import create_app
    from askaloud.doors import Doors
    from askaloud.serving import Server, bind
    from askaloud.settings import RealtimeDoor, SearchDoor, Settings

    logging.disable(logging.WARNING)  # a search that fails is missing in the count
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    doors = Doors(RealtimeDoor(realtime, "bench", "key", "custom"), SearchDoor(searching, "bench", "key", "azure"))
    server = Server(create_app(Settings(), doors, host="127.0.0.1", port=port), lambda: print(port, flush=True))
    serving = asyncio.create_task(server.serve_at("127.0.0.1", listener))
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


@contextmanager
def role(name: str, *more: str) -> Iterator[tuple[int, list[int]]]:
    """Another process of this script; gives its pid and ports."""
    child = subprocess.Popen([sys.executable, __file__, "--role", name, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if child.stdin is None or child.stdout is None:
        raise AssertionError("both were asked for as pipes")
    try:
        yield child.pid, [int(port) for port in child.stdout.readline().split()]
    finally:
        child.stdin.close()
        try:
            child.wait(READY_MAX_S)
        except subprocess.TimeoutExpired:  # a machine that does much else
            child.kill()
            child.wait()


class People:
    """Everybody who talks, and what they heard."""

    def __init__(self, address: str, count: int) -> None:
        self._address, self._count = address, count
        self.answers = self.found = self.notices = 0
        self.there = 0
        self._knocking = asyncio.Semaphore(AT_ONCE)
        self.all_there = asyncio.Event()
        self.over = asyncio.Event()

    async def talk(self, number: int) -> None:
        """One of them."""
        async with self._knocking:
            page = await connect(self._address, max_size=None, compression=None, ping_interval=None)
        self.there += 1
        if self.there == self._count:
            self.all_there.set()
        await self.all_there.wait()
        listening = asyncio.create_task(self._listen(page))
        loop = asyncio.get_running_loop()
        next_turn = loop.time() + TURN_S * number / self._count
        while not self.over.is_set():
            await page.send(json.dumps({"type": "input_audio_buffer.append", "audio": ROOM}))
            if loop.time() >= next_turn:
                next_turn += TURN_S
                content = [{"type": "input_text", "text": f"How many days may person {number} work from abroad?"}]
                item = {"type": "message", "role": "user", "content": content}
                await page.send(json.dumps({"type": "conversation.item.create", "item": item}))
                await page.send(json.dumps({"type": "response.create"}))
            await asyncio.sleep(FRAME_S)
        await page.close()
        await listening

    async def _listen(self, page: ClientConnection) -> None:
        async for frame in page:
            self.notices += '"askaloud.notice"' in str(frame[:64])
            self.answers += '"response.done"' in str(frame[:64])
            self.found += '"askaloud.sources"' in str(frame[:64])


async def measure(count: int, minutes: int) -> None:
    """The table."""
    print(
        f"{count} people, a turn every {TURN_S:.0f} s; load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True
    )
    with (
        role("far-ends") as (_, (model_port, search_port)),
        role("ours", "--realtime", f"ws://127.0.0.1:{model_port}/v1", "--search", f"http://127.0.0.1:{search_port}") as (pid, (port,)),
    ):
        empty = memory_kb(pid)
        people = People(f"ws://127.0.0.1:{port}/v1/realtime?askaloud=1", count)
        async with asyncio.TaskGroup() as talking:
            for number in range(count):
                talking.create_task(people.talk(number))
            await people.all_there.wait()
            means: list[float] = []
            for minute in range(1, minutes + 1):
                before, samples = (people.answers, people.found), []
                for _ in range(int(MINUTE_S)):
                    await asyncio.sleep(1.0)
                    samples.append(memory_kb(pid))
                means.append(statistics.mean(samples))
                answers, found = people.answers - before[0], people.found - before[1]
                more = f"{answers:>5} answers, {found:>5} searches, {people.notices} notices   {means[-1] / means[0]:.2f} of the first"
                show(f"minute {minute}", means[-1], max(samples), more)
            people.over.set()
        await asyncio.sleep(FRAME_S * 10)
        show("after the last goodbye", memory_kb(pid), memory_kb(pid), f"before the first: {empty / 1024:.0f} MB")


def show(name: str, mean_kb: float, most_kb: float, more: str) -> None:
    """One row."""
    print(f"{name:24} mean {mean_kb / 1024:7.1f} MB   most {most_kb / 1024:7.1f} MB   {more}", flush=True)


def main() -> None:
    """Read the arguments; measure, or be one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200, help="how many talk at once")
    parser.add_argument("--minutes", type=int, default=2, help="for how long")
    parser.add_argument("--role", choices=("far-ends", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--realtime", default="", help=argparse.SUPPRESS)
    parser.add_argument("--search", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role == "far-ends":
        asyncio.run(serve_far_ends())
    elif options.role == "ours":
        asyncio.run(serve_ours(options.realtime, options.search))
    else:
        asyncio.run(measure(options.people, options.minutes))


if __name__ == "__main__":
    main()

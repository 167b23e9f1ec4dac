"""What a slow tool does to the sound: delays of audio frames and of `speech_started` while a search takes two seconds.

    python3 scripts/bench_tool.py [--seconds 2] [--rounds 10]

A scripted model calls the search once in each round; while the search door takes its time, the model sends sound every 20 ms, and from the
middle on `speech_started` every 50 ms (sound after that is dropped: somebody speaks). Beside Ask Aloud stands a relay that awaits its tool
in the loop in which it hears the model, as VoiceRAG's does, between the same two ends.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

import aiohttp
from quart import Quart
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from askaloud.app import create_app
from askaloud.doors import Doors
from askaloud.serving import Server, bind
from askaloud.settings import RealtimeDoor, SearchDoor, Settings

FRAME_S = 0.02
START_S = 0.05
GOAL_MS = 20.0
SILENCE = bytes(952)


def slow_search(seconds: float) -> Quart:
    """A search door that is right, and slow."""
    door = Quart("slow-search")
    fields = [
        {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
        {"name": "text", "type": "Edm.String", "searchable": True},
        {"name": "title", "type": "Edm.String", "searchable": True},
    ]

    @door.get("/indexes('bench')")
    async def index() -> dict[str, Any]:
        return {"name": "bench", "fields": fields}

    @door.post("/indexes('bench')/docs/search.post.search")
    async def search() -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return {"value": [{"@search.score": 1.0, "id": "p", "text": "Thirty days.", "title": "Handbook"}]}

    return door


class Model:
    """Calls the search in each round and sends what is stamped with its time until the output is there."""

    def __init__(self, rounds: int, seconds: float) -> None:
        self.rounds, self.seconds = rounds, seconds

    async def converse(self, line: ServerConnection) -> None:
        """One session."""
        await say(line, "session.created", session={})
        while json.loads(await line.recv())["type"] != "session.update":
            pass
        await say(line, "session.updated", session={})
        await line.recv()
        for number in range(self.rounds):
            await self._round(line, f"r{number}")
        await say(line, "input_audio_buffer.timeout_triggered", item_id="last")
        await line.wait_closed()

    async def _round(self, line: ServerConnection, response: str) -> None:
        item = {"id": "m", "type": "message", "role": "assistant", "content": []}
        call = {"type": "function_call", "id": f"i{response}", "call_id": f"c{response}", "name": "search", "status": "completed"}
        await say(line, "response.created", response={"id": response, "output": []})
        await say(line, "response.output_item.added", response_id=response, item=item)
        await say(line, "response.output_item.done", response_id=response, item={**call, "arguments": '{"query": "days"}'})
        output, begin = asyncio.create_task(self._output(line)), time.monotonic()
        while time.monotonic() - begin < self.seconds / 2 and not output.done():
            stamp = base64.b64encode(time.monotonic_ns().to_bytes(8, "little") + SILENCE).decode()
            await say(line, "response.output_audio.delta", response_id=response, item_id="m", delta=stamp)
            await asyncio.sleep(FRAME_S)
        while not output.done():
            await say(line, "input_audio_buffer.speech_started", item_id=str(time.monotonic_ns()), audio_start_ms=0)
            await asyncio.sleep(START_S)
        await say(line, "response.done", response={"id": response, "status": "cancelled", "output": []})

    async def _output(self, line: ServerConnection) -> None:
        while json.loads(await line.recv()).get("item", {}).get("type") != "function_call_output":
            pass


async def say(line: ServerConnection, kind: str, **fields: Any) -> None:
    """Send one event."""
    await line.send(json.dumps({"type": kind, "event_id": "e", **fields}))


class Awaiting:
    """A relay that searches where it hears the model: nothing else is heard meanwhile."""

    def __init__(self, far: str, search: str) -> None:
        self._far, self._search = far, search

    async def converse(self, browser: ServerConnection) -> None:
        """One conversation."""
        async with aiohttp.ClientSession() as http, connect(self._far, compression=None) as model:
            await model.send(json.dumps({"type": "session.update", "session": {}}))
            upwards = asyncio.create_task(self._upwards(browser, model))
            with contextlib.suppress(ConnectionClosed):
                async for message in model:
                    event = json.loads(message)
                    if event["type"] == "response.output_item.done":
                        async with http.post(self._search, json={"search": "days"}) as found:
                            text = await found.text()
                        output = {"type": "function_call_output", "call_id": event["item"]["call_id"], "output": text}
                        await model.send(json.dumps({"type": "conversation.item.create", "item": output}))
                    else:
                        await browser.send(message)
            await upwards

    @staticmethod
    async def _upwards(browser: ServerConnection, model: ClientConnection) -> None:
        async for message in browser:
            await model.send(message)
        await model.close()


@dataclass
class Delays:
    """How old everything was when it arrived, in milliseconds."""

    frames: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    async def listen(self, address: str) -> None:
        """Ask, and listen until the last round is over."""
        async with connect(address, compression=None) as browser:
            await browser.send(json.dumps({"type": "response.create"}))
            async for message in browser:
                event = json.loads(message)
                if event["type"] == "response.output_audio.delta":
                    sent = int.from_bytes(base64.b64decode(event["delta"])[:8], "little")
                    self.frames.append((time.monotonic_ns() - sent) / 1e6)
                elif event["type"] == "input_audio_buffer.speech_started":
                    self.starts.append((time.monotonic_ns() - int(event["item_id"])) / 1e6)
                elif event["type"] == "input_audio_buffer.timeout_triggered":
                    return

    def show(self, name: str, goal: float | None) -> None:
        """Two rows."""
        for what, delays in (("audio frames", self.frames), ("speech_started", self.starts)):
            ordered = sorted(delays)
            p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
            verdict = "" if goal is None else f"   (goal: p99 under {goal:.0f} ms{', missed' if p99 > goal else ''})"
            print(f"{name:30} {what:15} {len(ordered):>6} {p50:>10.2f} {p99:>10.2f} {ordered[-1]:>10.2f}{verdict}")


async def measure(seconds: float, rounds: int) -> None:
    """Serve everything in this process, listen to one and then to the other, print."""
    search_listener, our_listener = bind("127.0.0.1", 0), bind("127.0.0.1", 0)
    search_port, our_port = search_listener.getsockname()[1], our_listener.getsockname()[1]
    search = Server(slow_search(seconds), lambda: None)
    async with serve(Model(rounds, seconds).converse, "127.0.0.1", 0, compression=None) as far, asyncio.TaskGroup() as tasks:
        far_port = next(iter(far.sockets)).getsockname()[1]
        doors = Doors(
            RealtimeDoor(f"ws://127.0.0.1:{far_port}/v1", "bench", "key", "custom"),
            SearchDoor(f"http://127.0.0.1:{search_port}", "bench", "key", "azure"),
        )
        ready = asyncio.Event()
        ours = Server(create_app(Settings(), doors, host="127.0.0.1", port=our_port), ready.set)
        tasks.create_task(search.serve_at("127.0.0.1", search_listener))
        tasks.create_task(ours.serve_at("127.0.0.1", our_listener))
        await ready.wait()
        awaiting = Awaiting(f"ws://127.0.0.1:{far_port}/v1", f"http://127.0.0.1:{search_port}/indexes('bench')/docs/search.post.search")
        print(f"{rounds} searches of {seconds:.1f} s each; load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{'':30} {'':15} {'count':>6} {'p50 ms':>10} {'p99 ms':>10} {'worst':>10}")
        with_us = Delays()
        await with_us.listen(f"ws://127.0.0.1:{our_port}/v1/realtime?askaloud=1")
        with_us.show("Ask Aloud", GOAL_MS)
        async with serve(awaiting.converse, "127.0.0.1", 0, compression=None) as peer:
            beside = Delays()
            await beside.listen(f"ws://127.0.0.1:{next(iter(peer.sockets)).getsockname()[1]}")
            beside.show("awaiting the tool in the loop", None)
        search.should_exit = ours.should_exit = True


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long the search takes")
    parser.add_argument("--rounds", type=int, default=10, help="how many searches")
    options = parser.parse_args()
    asyncio.run(measure(options.seconds, options.rounds))


if __name__ == "__main__":
    main()

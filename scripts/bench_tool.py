"""What a slow tool does to the sound: delays of audio frames and of `speech_started` while a search takes two seconds.

    python3 scripts/bench_tool.py [--seconds 2] [--rounds 5]

A scripted model calls the search once in each round and sends sound every 20 ms all the while; the search door answers after two
seconds. A relay that awaits its tool in the receive loop (VoiceRAG's) holds up every frame for as long as the tool takes: that is the
limit printed beside.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from quart import Quart
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from askaloud.app import create_app
from askaloud.doors import Doors
from askaloud.serving import Server, bind
from askaloud.settings import RealtimeDoor, SearchDoor, Settings

FRAME_S = 0.02
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
    """Calls the search in each round and sends stamped sound until the output is there."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    async def converse(self, line: ServerConnection) -> None:
        """One session."""
        await say(line, "session.created", session={})
        while json.loads(await line.recv())["type"] != "session.update":
            pass
        await say(line, "session.updated", session={})
        await line.recv()
        for number in range(self.rounds):
            await self._round(line, f"r{number}")
        await line.close()

    async def _round(self, line: ServerConnection, response: str) -> None:
        item = {"id": "m", "type": "message", "role": "assistant", "content": []}
        call = {"type": "function_call", "id": f"i{response}", "call_id": f"c{response}", "name": "search", "status": "completed"}
        await say(line, "response.created", response={"id": response, "output": []})
        await say(line, "response.output_item.added", response_id=response, item=item)
        await say(line, "response.output_item.done", response_id=response, item={**call, "arguments": '{"query": "days"}'})
        output = asyncio.create_task(self._output(line))
        while not output.done():
            stamp = base64.b64encode(time.monotonic_ns().to_bytes(8, "little") + SILENCE).decode()
            await say(line, "response.output_audio.delta", response_id=response, item_id="m", delta=stamp)
            await asyncio.sleep(FRAME_S)
        await say(line, "input_audio_buffer.speech_started", item_id=str(time.monotonic_ns()), audio_start_ms=0)
        await say(line, "response.done", response={"id": response, "status": "cancelled", "output": []})

    async def _output(self, line: ServerConnection) -> None:
        while json.loads(await line.recv()).get("item", {}).get("type") != "function_call_output":
            pass


async def say(line: ServerConnection, kind: str, **fields: Any) -> None:
    """Send one event."""
    await line.send(json.dumps({"type": kind, "event_id": "e", **fields}))


async def listen(address: str, frames: list[float], starts: list[float]) -> int:
    """Ask, and note how old each frame is when it arrives; gives how many searches returned."""
    searches = 0
    async with connect(address) as browser, contextlib.AsyncExitStack() as stack:
        stack.enter_context(contextlib.suppress(ConnectionClosed))  # the model hangs up after the last round
        await browser.send(json.dumps({"type": "response.create"}))
        async for message in browser:
            event = json.loads(message)
            if event["type"] == "response.output_audio.delta":
                sent = int.from_bytes(base64.b64decode(event["delta"])[:8], "little")
                frames.append((time.monotonic_ns() - sent) / 1e6)
            elif event["type"] == "input_audio_buffer.speech_started":
                starts.append((time.monotonic_ns() - int(event["item_id"])) / 1e6)
            searches += event["type"] == "askaloud.sources"
    return searches


async def measure(seconds: float, rounds: int) -> None:
    """Serve everything in this process, listen, print."""
    search_listener, our_listener = bind("127.0.0.1", 0), bind("127.0.0.1", 0)
    search_port, our_port = search_listener.getsockname()[1], our_listener.getsockname()[1]
    search = Server(slow_search(seconds), lambda: None)
    async with serve(Model(rounds).converse, "127.0.0.1", 0, compression=None) as far, asyncio.TaskGroup() as tasks:
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
        frames: list[float] = []
        starts: list[float] = []
        searches = await listen(f"ws://127.0.0.1:{our_port}/v1/realtime?askaloud=1", frames, starts)
        search.should_exit = ours.should_exit = True
    print(f"{searches} of {rounds} searches of {seconds:.1f} s returned")
    show("audio frames", frames)
    show("speech_started", starts)
    print(f"{'awaiting the tool in the loop':30} {'':8} {'':9} up to {seconds * 1000:.0f} ms (by arithmetic)")


def show(name: str, delays: list[float]) -> None:
    """One row."""
    ordered = sorted(delays)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    print(f"{name:30} {len(ordered):>6}   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   (goal: p99 under 20 ms)")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long the search takes")
    parser.add_argument("--rounds", type=int, default=5, help="how many searches")
    options = parser.parse_args()
    asyncio.run(measure(options.seconds, options.rounds))


if __name__ == "__main__":
    main()

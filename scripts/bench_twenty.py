"""How long people wait who type at one time: the stand-in as a program of its own, each conversation with its own documents.

    python3 scripts/bench_twenty.py [--people 20] [--turns 3]

A wait counts from a typed question to the first sound of its answer; in between the stand-in calls the search, which is answered at once.
First one person alone, then all: everybody asks at the same moment, and again as soon as the answer has come whole, so they give the
machine less rest than people do. An answer that does not tell its own price is counted as wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from openai import AsyncOpenAI

from blank import clean_environment

SEARCH = {
    "type": "function",
    "name": "search",
    "description": "Searches the organisation's documents.",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
}
DISHES = ("soup", "salad", "omelette", "pancake", "stew", "pie")
PATIENCE_S = 300.0
"""For everybody's answers together; more is no conversation."""
QUIET_LOAD = 0.5
"""Above this, others are at work on the machine."""

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: how long until the first sound, how long until all of the answer, and whether it told its price."""

    waited_ms: float
    lasted_ms: float
    right: bool


def price(person: int, number: int) -> int:
    """What a dish costs in this person's canteen and in nobody else's."""
    return 100 * person + 7 * number


def passages(person: int) -> str:
    """What this person's search finds."""
    lines = [f"The {dish} in canteen {person} costs {price(person, number)} euros." for number, dish in enumerate(DISHES)]
    return "\n".join(f'<passage id="{number}" title="Menu" page="1">{line}</passage>' for number, line in enumerate(lines, 1))


async def _create(connection: Any, item: Event) -> None:
    await connection.send({"type": "conversation.item.create", "item": item})


async def ask(connection: Any, person: int, number: int) -> Turn:
    """Ask for one price, and read the answer to its end."""
    begun, first = time.perf_counter(), None
    question = f"How much does the {DISHES[number]} in canteen {person} cost?"
    await _create(connection, {"type": "message", "role": "user", "content": [{"type": "input_text", "text": question}]})
    await connection.send({"type": "response.create"})
    while True:
        event: Event = json.loads(await connection.recv_bytes())
        if event["type"] == "error":
            raise SystemExit(event["error"]["message"])
        if event["type"] == "response.output_audio.delta" and first is None:
            first = time.perf_counter()
        if event["type"] != "response.done":
            continue
        calls = [item for item in event["response"]["output"] if item["type"] == "function_call"]
        for call in calls:
            await _create(connection, {"type": "function_call_output", "call_id": call["call_id"], "output": passages(person)})
        if calls:
            await connection.send({"type": "response.create"})
            continue
        now = time.perf_counter()
        said = " ".join(part["transcript"] for item in event["response"]["output"] for part in item["content"])
        right = first is not None and str(price(person, number)) in said.replace(",", "")
        return Turn(1000 * ((first or now) - begun), 1000 * (now - begun), right)


async def converse(address: str, key: str, person: int, turns: int, everybody: asyncio.Barrier) -> list[Turn]:
    """One person's conversation, begun when everybody is there."""
    client = AsyncOpenAI(api_key=key, websocket_base_url=address)
    connection: Any
    async with client, client.realtime.connect(model="gpt-realtime") as connection:
        session = {"type": "realtime", "tools": [SEARCH], "audio": {"input": {"turn_detection": None}}}
        await connection.send({"type": "session.update", "session": session})
        while json.loads(await connection.recv_bytes())["type"] != "session.updated":
            pass
        await everybody.wait()
        return [await ask(connection, person, number) for number in range(turns)]


async def together(address: str, key: str, people: int, turns: int) -> list[Turn]:
    """All turns of so many people."""
    everybody = asyncio.Barrier(people)
    async with asyncio.timeout(PATIENCE_S):
        spoken = await asyncio.gather(*(converse(address, key, person, turns, everybody) for person in range(1, people + 1)))
    return [turn for turns_of_one in spoken for turn in turns_of_one]


@contextmanager
def stand_in() -> Iterator[tuple[str, str]]:
    """The address and the key of a fresh stand-in, a process of its own."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "local_azure", "--port", "0", "--data", data, "--until-stdin-closes"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=clean_environment(Path(data))
        )
        with process:
            said = dict(line.strip().split(": ", 1) for line in islice(process.stdout or (), 3))
            yield said["realtime"], said["key"]


def show(people: int, turns: list[Turn]) -> None:
    """One line of the table."""
    waited = [turn.waited_ms for turn in turns]
    wrong = sum(not turn.right for turn in turns)
    whole = statistics.median(turn.lasted_ms for turn in turns)
    print(
        f"{people:>4} at one time, {len(turns):>3} questions: first sound after a median of {statistics.median(waited):5.0f} ms, "
        f"slowest {max(waited):5.0f}; whole answer {whole:5.0f} ms; wrong {wrong}"
    )


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3, choices=range(1, len(DISHES) + 1))
    options = parser.parse_args()
    with stand_in() as (address, key):
        asyncio.run(together(address, key, 1, 1))  # the first answer of a fresh stand-in waits for the mouth to start
        load = os.getloadavg()[0]
        noise = "" if load < QUIET_LOAD else ", not quiet: the waits are longer than the stand-in's own"
        print(f"{os.cpu_count()} cores, load before {load:.1f}{noise}")
        for people in sorted({1, options.people}):
            show(people, asyncio.run(together(address, key, people, options.turns)))


if __name__ == "__main__":
    main()

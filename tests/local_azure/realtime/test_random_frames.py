"""Random frames at the door's two sockets: whatever comes, the conversation goes on or ends by a code of its own.

The stand-in runs as a process of its own, so that its log and its memory are those of the program that people run.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.stand_in import StandIn, stand_in
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from local_azure.realtime.conversation import SHAPES

WAIT_S = 60.0
"""For the answer to a probe; longer is a hang."""
BATCH = 40
"""Frames between two probes."""
SHORT_BATCHES = 12
LONG_S = 60.0
SEED = 20_261_121
GROWTH_MAX_BYTES = 400 * 1024 * 1024
"""Above what one conversation may keep by its own limits: 16 MiB of buffer, 16 of history, 64 of frames that wait, and copies of each."""
FINE_CODES = {1000, 1008, 1009}
PATHS = ("/v1/realtime?model=m", "/realtime?api-version=2025-04-01-preview&deployment=d")

NAMES = re.findall(r'"([a-z_]+)"', (Path(__file__).parents[3] / "backend/local_azure/realtime/fields.py").read_text(encoding="utf-8"))
"""Every word of the session's grammar, as names and as values."""
NAMES += ["item", "item_id", "id", "content", "text", "transcript", "response", "session", "input", "metadata", "conversation", "arguments"]
NAMES += ["message", "function_call", "function_call_output", "item_reference", "input_text", "input_audio", "user", "assistant", "root"]
ITEMS = ["one", "two", "three", "root", "", "x" * 40]


class Sender:
    """Makes frames from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - frames that can be made again, no secret

    def frame(self) -> str | bytes:
        makers: list[Callable[[], str | bytes]] = [self._bytes, self._text, self._json, *[self._event] * 3, *[self._good] * 2]
        return self._random.choice(makers)()

    def _bytes(self) -> bytes:
        return self._random.randbytes(self._random.randrange(1, 200))

    def _text(self) -> str:
        return "".join(chr(self._random.choice([*range(32, 127), 0, 10, 0x2028, 0x1F600])) for _ in range(self._random.randrange(80)))

    def _json(self) -> str:
        return json.dumps(self._anything(5))

    def _anything(self, depth: int) -> Any:
        random_ = self._random
        kind = random_.randrange(9 if depth else 6)
        if kind < 3:
            return random_.choice([*NAMES, *ITEMS, "", "é\u0000"])
        if kind == 3:
            return random_.choice([0, 1, -1, 3, 2**31, 2**63, -(2**70), 10**400])
        if kind == 4:
            return random_.choice([0.5, -1e308, 24000.0, 1e-9])
        if kind == 5:
            return random_.choice([None, True, False])
        if kind == 6:
            return [self._anything(depth - 1) for _ in range(random_.randrange(4))]
        return {random_.choice(NAMES): self._anything(depth - 1) for _ in range(random_.randrange(6))}

    def _event(self) -> str:
        event: dict[str, Any] = {"type": self._random.choice([*SHAPES, "output_audio_buffer.clear", "transcription_session.update"])}
        for _ in range(self._random.randrange(4)):
            name = self._random.choice(["session", "item", "response", "audio", "item_id", "previous_item_id", "event_id", "content_index"])
            event[name] = self._anything(4)
        if event["type"] == "session.update" and self._random.random() < 0.5:
            event["session"] = {"type": "realtime", self._random.choice(NAMES): self._anything(3)}
        return json.dumps(event)

    def _good(self) -> str:
        random_ = self._random
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": random_.choice(NAMES)}]}
        if random_.random() < 0.5:
            item["id"] = random_.choice(ITEMS)
        where = {"item_id": random_.choice(ITEMS), "content_index": random_.randrange(2), "audio_end_ms": random_.randrange(400)}
        audio = base64.b64encode(random_.randbytes(2 * random_.randrange(4_000))).decode()
        event: dict[str, Any] = random_.choice(
            [
                {"type": "conversation.item.create", "item": item, "previous_item_id": random_.choice([None, *ITEMS])},
                {"type": "conversation.item.delete", "item_id": random_.choice(ITEMS)},
                {"type": "conversation.item.retrieve", "item_id": random_.choice(ITEMS)},
                {"type": "conversation.item.truncate", **where},
                {"type": "input_audio_buffer.append", "audio": audio},
                {"type": "input_audio_buffer.commit"},
                {"type": "input_audio_buffer.clear"},
                {"type": "response.create", "response": {"conversation": random_.choice(["auto", "none"])}},
                {"type": "response.cancel"},
                {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}},
                {"type": "session.update", "session": {"turn_detection": {"type": "server_vad"}, "modalities": ["text"]}},
            ]
        )
        return json.dumps(event)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("random")) as program:
        yield program


async def probe(socket: ClientConnection, name: str) -> None:
    """Wait until everything before has been taken in: the answer to a frame that is always answered."""
    await socket.send(json.dumps({"type": "nothing.of.the.kind", "event_id": name}))
    async with asyncio.timeout(WAIT_S):
        while True:
            event = json.loads(await socket.recv())
            if event["type"] == "error" and event["error"]["event_id"] == name:
                return


async def bombard(program: StandIn, path: str, seed: int, batches: int) -> int | None:
    """Send random frames in one conversation; the code by which the door ended it, or None. Fails where a probe is not answered."""
    sender = Sender(seed)
    url = program.preview + path
    try:
        async with connect(url, additional_headers={"api-key": program.key}, max_size=None) as socket:
            for batch in range(batches):
                for _ in range(BATCH):
                    await socket.send(sender.frame())
                await probe(socket, f"probe-{batch}")
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006
    return None


def memory(pid: int) -> int:
    """Resident bytes of a process (Linux), 0 elsewhere."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 if found else 0


def check(program: StandIn, before: int, codes: set[int | None]) -> None:
    assert codes <= {None, *FINE_CODES}
    said = program.said()
    assert "Traceback" not in said, said[-4_000:]
    assert " ERROR " not in said, said[-4_000:]
    assert memory(program.pid) - before < GROWTH_MAX_BYTES


@pytest.mark.parametrize("path", PATHS)
async def test_random_frames_neither_break_nor_block_a_conversation(running: StandIn, path: str) -> None:
    before = memory(running.pid)
    code = await bombard(running, path, SEED, SHORT_BATCHES)
    check(running, before, {code})


@pytest.mark.long
@pytest.mark.parametrize("path", PATHS)
async def test_a_minute_of_random_frames_neither_breaks_nor_blocks_the_door(running: StandIn, path: str) -> None:
    before = memory(running.pid)
    codes: set[int | None] = set()
    ends = time.monotonic() + LONG_S
    while time.monotonic() < ends:
        seeds = [random.SystemRandom().getrandbits(64) for _ in range(4)]
        print("seeds", seeds)  # noqa: T201 - shown where the test fails, to be tried again
        codes |= set(await asyncio.gather(*(bombard(running, path, seed, SHORT_BATCHES) for seed in seeds)))
        check(running, before, codes)

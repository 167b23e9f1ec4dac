"""Our service between two scripted far ends: a model and a search door, all over real sockets; and a visitor who talks to it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.askaloud.knowledge.search_doors import INDEX, KEY, ScriptedDoor
from tests.planted import overheard
from tests.scripted_model import Line, Script, ScriptedModel, scripted_model
from tests.serving import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from askaloud.app import AskAloud, create_app
from askaloud.conversation.patience import PATIENCE, Patience
from askaloud.doors import Doors
from askaloud.serving import MAX_MESSAGE_BYTES
from askaloud.settings import RealtimeDoor, SearchDoor, Settings
from askaloud.tool import Tool

HEARD_MAX_S = 60.0
"""A bound for a broken test; nothing here takes a second where the machine does nothing else."""


@dataclass
class Visitor:
    """Somebody at `/v1/realtime`: what they heard, in order, and how it ended."""

    socket: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)
    heard_max_s: float = HEARD_MAX_S
    """A bound for a broken test; more where the far end is no script."""

    async def say(self, kind: str, **fields: Any) -> None:
        """Send one event."""
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def ask(self, text: str) -> None:
        """Type a question and want an answer."""
        content = [{"type": "input_text", "text": text}]
        await self.say("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        await self.say("response.create")

    async def sound(self, size: int) -> None:
        """So many bytes of silence."""
        await self.say("input_audio_buffer.append", audio=base64.b64encode(bytes(size)).decode())

    async def hear(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next event of this type, with these fields; what comes before it is kept in `heard`."""
        async with asyncio.timeout(self.heard_max_s):
            while True:
                event = await self._next()
                if event["type"] == kind and all(event.get(name) == value for name, value in wanted.items()):
                    return event

    async def end(self) -> tuple[int | None, str | None]:
        """Listen until the conversation ends: close code and reason."""
        async with asyncio.timeout(HEARD_MAX_S):
            try:
                while True:
                    await self._next()
            except ConnectionClosed:
                return self.socket.close_code, self.socket.close_reason

    async def _next(self) -> dict[str, Any]:
        said = await self.socket.recv()
        overheard("the visitor's line", said)
        event: dict[str, Any] = json.loads(said)
        self.heard.append(event)
        return event

    def codes(self) -> list[str]:
        """The codes of the notices heard so far."""
        return [event["code"] for event in self.heard if event["type"] == "askaloud.notice"]

    def kinds(self) -> list[str]:
        """The types of all events heard so far."""
        return [event["type"] for event in self.heard]


@dataclass
class House:
    """A running service and its far ends."""

    address: str
    app: AskAloud
    model: ScriptedModel
    search: ScriptedDoor

    @asynccontextmanager
    async def visit(self, *, own_events: bool = True, **options: Any) -> AsyncIterator[Visitor]:
        """A visitor who has heard the greeting."""
        query = "?askaloud=1" if own_events else ""
        options = {"open_timeout": HEARD_MAX_S, **options}
        async with connect(f"ws://{self.address}/v1/realtime{query}", max_size=None, compression=None, **options) as socket:
            visitor = Visitor(socket)
            await visitor.hear("session.created")
            yield visitor

    async def empty(self) -> None:
        """Wait until no conversation is alive."""
        async with asyncio.timeout(HEARD_MAX_S):
            while len(self.app.lobby):  # noqa: ASYNC110 - the lobby offers a number, no event
                await asyncio.sleep(0.005)


@asynccontextmanager
async def house(
    script: Script,
    search: ScriptedDoor | None = None,
    *,
    settings: Settings | None = None,
    patience: Patience = PATIENCE,
    realtime: RealtimeDoor | None = None,
    search_at: str | None = None,
    further: Sequence[Tool] = (),
) -> AsyncIterator[House]:
    """Serve. `realtime` and `search_at` name other far ends than the scripted ones; a script that fails makes the block fail."""
    search = search or ScriptedDoor()
    async with scripted_model(script) as model, serving(search.app) as searching:
        doors = Doors(realtime or model.door, SearchDoor(f"http://{search_at or searching}", INDEX, KEY, "azure"))
        app = create_app(settings or Settings(), doors, host="127.0.0.1", port=0, patience=patience, further=further)
        async with serving(app, ws_max_size=MAX_MESSAGE_BYTES, ws_per_message_deflate=False) as address:
            yield House(address, app, model, search)


async def answers(line: Line) -> None:
    """A model that answers whatever it is asked with one spoken sentence, until it is hung up on."""
    await line.greet()
    number = 0
    while True:
        await line.read("response.create")
        number += 1
        await line.begin(f"r{number}")
        await line.speak(f"r{number}", f"a{number}", "This is an answer.")
        await line.end(f"r{number}")


async def searches(line: Line) -> None:
    """A model that searches for what it is asked, and then says what the tool gave."""
    await line.greet()
    number = 0
    while True:
        asked = await line.read("conversation.item.create")
        await line.say("conversation.item.added", item={**asked["item"], "id": f"u{number}"}, previous_item_id=None)
        await line.read("response.create")
        number += 1
        query = asked["item"]["content"][0]["text"]
        await line.begin(f"s{number}")
        await line.call(f"s{number}", f"call{number}", "search", {"query": query})
        await line.end(f"s{number}")
        output = await line.read("conversation.item.create")
        await line.read("response.create")
        await line.begin(f"r{number}")
        await line.speak(f"r{number}", f"a{number}", output["item"]["output"][:400])
        await line.end(f"r{number}")

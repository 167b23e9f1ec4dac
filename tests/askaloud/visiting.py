"""The service as a browser's requests meet it: over real sockets, byte for byte where a client would tidy up an address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.askaloud.knowledge.search_doors import INDEX, KEY, ScriptedDoor
from tests.planted import overheard
from tests.scripted_model import Line, scripted_model
from tests.serving import serving

from askaloud.app import AskAloud, create_app
from askaloud.doors import Doors
from askaloud.settings import SearchDoor, Settings

PORT = 8765
"""The port that the service believes it has."""
READ_MAX_S = 60.0
"""A bound for a broken test."""


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """A running service."""

    address: str
    app: AskAloud
    search: ScriptedDoor

    async def request(
        self, method: str, path: str, *, body: bytes = b"", host: str | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """One request, its path as it is written; `_` in a header's name stands for `-`."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.address}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in (headers or {}).items()]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        name, _, port = self.address.partition(":")
        async with asyncio.timeout(READ_MAX_S):
            reader, writer = await asyncio.open_connection(name, int(port))
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            reply = await reader.read()
            overheard("an answer of the service", reply)
            head, _, rest = reply.partition(b"\r\n\r\n")
            writer.close()
        first, *fields = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in fields)
        return Reply(int(first.split()[1]), {name.lower(): value for name, _, value in pairs}, rest)

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.request("GET", path, headers=headers)

    async def post(self, path: str, body: str = "", **headers: str) -> Reply:
        form = {"Content_Type": "application/x-www-form-urlencoded", **headers}
        return await self.request("POST", path, body=body.encode(), headers=form)


async def silent(line: Line) -> None:
    """A model that nobody is expected to reach."""
    await line.greet()


@asynccontextmanager
async def visiting(
    settings: Settings | None = None, search: ScriptedDoor | None = None, *, host: str = "127.0.0.1"
) -> AsyncIterator[Service]:
    """Serve the application between a silent model and a scripted search door. `host`: where it believes that it listens."""
    door = search or ScriptedDoor()
    async with scripted_model(silent) as model, serving(door.app) as searching:
        doors = Doors(model.door, SearchDoor(f"http://{searching}", INDEX, KEY, "azure"))
        app = create_app(settings or Settings(), doors, host=host, port=PORT)
        async with serving(app) as address:
            yield Service(address, app, door)

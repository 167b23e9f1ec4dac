"""A search door that keeps what is written, counts it, and is in trouble as a service may be: busy, partly busy, strict, or cut off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.askaloud.knowledge.search_doors import KEY, Answer, ScriptedDoor
from tests.serving import serving

from askaloud.knowledge.base import KnowledgeBase
from askaloud.settings import SearchDoor, Settings

PAGE = 1000
CHUNK_BYTES = 65_536


class KeepingDoor(ScriptedDoor):
    """Keeps documents as an index would. More than `most` in one write are too large."""

    def __init__(self, *, most: int = 1000) -> None:
        super().__init__()
        self.kept: dict[str, dict[str, Any]] = {}
        self.uploads = self.deletes = 0
        self.takes_one = False
        """Of the next write, take the last document alone and be too busy for the others."""
        self._most = most

    def _usual(self, what: str, body: Any) -> Answer:
        if what == "write":
            return self._write(body["value"])
        if what == "search":
            source = re.search(r"source eq '((?:[^']|'')*)'", body["filter"])
            after = re.search(r"id gt '([^']*)'", body["filter"])
            rows = (row for row in self.kept.values() if source and row["source"] == source[1].replace("''", "'"))
            found = sorted((row for row in rows if after is None or row["id"] > after[1]), key=lambda row: str(row["id"]))
            names = body["select"].split(",")
            return Answer({"value": [{"@search.score": 1.0, **{name: row[name] for name in names}} for row in found[:PAGE]]})
        if what == "read":
            id = re.search(r"docs\('([^']*)'\)", self.asked[-1].path)
            return Answer(self.kept[id[1]]) if id and id[1] in self.kept else super()._usual(what, body)
        return super()._usual(what, body)

    def _write(self, rows: list[dict[str, Any]]) -> Answer:
        if len(rows) > self._most:
            return Answer({"error": {"code": "", "message": "too large"}}, 413)
        taken, self.takes_one = rows[-1:] if self.takes_one else rows, False
        for row in taken:
            self._do(row)
        said = [{"key": row["id"], "status": row in taken, "statusCode": 200 if row in taken else 503} for row in rows]
        return Answer({"value": said}, 200 if taken is rows else 207)

    def _do(self, row: dict[str, Any]) -> None:
        if row["@search.action"] == "delete":
            self.deletes += 1
            self.kept.pop(row["id"], None)
        else:
            self.uploads += 1
            self.kept[row["id"]] = {name: value for name, value in row.items() if name != "@search.action"}


@asynccontextmanager
async def keeping(
    door: KeepingDoor, settings: Settings | None = None, *, lost: Collection[int] = (), unanswered: Collection[int] = ()
) -> AsyncIterator[KnowledgeBase]:
    """A knowledge base at this door. Of the writes, counted from 1, `lost` ones never reach it; `unanswered` ones do."""
    async with serving(door.app) as address, _cutting(address, lost, unanswered) as front:
        knowledge = await KnowledgeBase.open(SearchDoor(f"http://{front}", "askaloud", KEY, "azure"), settings or Settings())
        try:
            yield knowledge
        finally:
            await knowledge.close()


@asynccontextmanager
async def _cutting(address: str, lost: Collection[int], unanswered: Collection[int]) -> AsyncIterator[str]:
    """A stretch of network in front of an address, which breaks at certain writes."""
    host, port = address.split(":")
    writes = 0
    tasks: set[asyncio.Task[None]] = set()

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, both: tuple[asyncio.StreamWriter, ...], up: bool) -> None:
        nonlocal writes
        answer_is_lost = False
        with suppress(OSError):
            while chunk := await source.read(CHUNK_BYTES):
                if up and b"search.index" in chunk:
                    writes += 1
                    answer_is_lost = writes in unanswered
                    if writes in lost:
                        break
                target.write(chunk)
                await target.drain()
                if answer_is_lost and len(chunk) < CHUNK_BYTES:
                    break
        for each in both:
            each.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        both = (writer, far_writer)
        for source, target, up in ((reader, far_writer, True), (far_reader, writer, False)):
            tasks.add(asyncio.create_task(pass_on(source, target, both, up)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield "{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Search doors for tests: the stand-in's own, and a scripted one that answers as a service in trouble would and remembers what came."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quart import Quart, Response, request
from tests.planted import secret
from tests.serving import serving

from askaloud.knowledge.base import SEARCH_DEADLINE_S, KnowledgeBase
from askaloud.knowledge.schema import our_index
from askaloud.settings import SearchDoor, Settings
from local_azure.app import create_app
from local_azure.search.store import Store

KEY = secret("search-key")
INDEX = "askaloud"


@dataclass(frozen=True)
class Answer:
    """What the scripted door says. `body` is JSON unless it is text already; `hangs` answers only when the client has given up."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False


@dataclass(frozen=True)
class Asked:
    """What the scripted door was asked: the operation, and the request as it came; `raw` is its path before anything was decoded."""

    what: str
    path: str
    headers: Mapping[str, str]
    body: Any
    raw: str


def hit(id: Any = "p1", **fields: Any) -> dict[str, Any]:
    """A found document as the service writes one."""
    words = "You can work from abroad for 30 days."
    return {"@search.score": 1.5, "id": id, "title": "Handbook", "page": 7, "text": words, "headings": ["Leave"], **fields}


class ScriptedDoor:
    """Answers each operation (`index`, `create`, `search`, `read`, `count`, `write`) as it was scripted, else as an empty index would."""

    def __init__(self, definition: dict[str, Any] | None = None) -> None:
        self.asked: list[Asked] = []
        self.echo = False
        """Find for each question a passage that repeats it."""
        self.definition = definition or dict(our_index(INDEX).as_dict())
        self._script: dict[str, list[Answer]] = defaultdict(list)
        self.app = Quart(__name__)
        self.app.add_url_rule("/<path:rest>", view_func=self._answer, methods=["GET", "POST", "PUT", "DELETE"])

    def script(self, what: str, *answers: Answer) -> None:
        """The next answers to an operation, in order."""
        self._script[what] += answers

    def bodies(self, what: str) -> list[Any]:
        """What was sent with an operation, in order."""
        return [each.body for each in self.asked if each.what == what]

    async def _answer(self, rest: str) -> Response:
        raw = await request.get_data()
        body = json.loads(raw) if raw else None
        what = _operation(request.method, rest)
        self.asked.append(Asked(what, request.full_path, dict(request.headers), body, request.scope["raw_path"].decode()))
        answer = self._script[what].pop(0) if self._script[what] else self._usual(what, body)
        if answer.hangs:
            await asyncio.Event().wait()
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        kind = "text/html" if text.startswith("<") else "application/json"
        return Response(text, answer.status, headers={"Content-Type": kind, **answer.headers})

    def _usual(self, what: str, body: Any) -> Answer:
        if what == "index":
            return Answer(self.definition)
        if what == "create":
            return Answer(body, 201)
        if what == "search" and self.echo:
            return Answer({"value": [hit(body["search"].replace(" ", "-"), text=f"{body['search']}, says the handbook.")]})
        if what == "search":
            return Answer({"value": []})
        if what == "count":
            return Answer("7", headers={"Content-Type": "text/plain"})
        if what == "write":
            return Answer({"value": [{"key": row["id"], "status": True, "statusCode": 200} for row in body["value"]]})
        return Answer({"error": {"code": "", "message": "Not Found"}}, 404)


def _operation(method: str, path: str) -> str:
    if path.endswith("search.post.search"):
        return "search"
    if path.endswith("search.index"):
        return "write"
    if path.endswith("$count"):
        return "count"
    if "/docs(" in path:
        return "read"
    return "create" if method in {"POST", "PUT"} else "index"


@asynccontextmanager
async def scripted(
    door: ScriptedDoor, settings: Settings | None = None, *, deadline_s: float = SEARCH_DEADLINE_S, key: str | None = KEY
) -> AsyncIterator[KnowledgeBase]:
    """A knowledge base whose search service is the scripted door."""
    async with serving(door.app) as address:
        knowledge = await KnowledgeBase.open(
            SearchDoor(f"http://{address}", INDEX, key, "azure"), settings or Settings(), deadline_s=deadline_s
        )
        try:
            yield knowledge
        finally:
            await knowledge.close()


@asynccontextmanager
async def standing_in(folder: Path, settings: Settings | None = None) -> AsyncIterator[KnowledgeBase]:
    """A knowledge base whose search service is the stand-in's search door, its index kept in `folder`."""
    store = Store(folder / "index.sqlite")
    await store.open()
    try:
        async with serving(create_app(KEY, store, None)) as address:
            knowledge = await KnowledgeBase.open(SearchDoor(f"http://{address}", INDEX, KEY, "stand-in"), settings or Settings())
            try:
                yield knowledge
            finally:
                await knowledge.close()
    finally:
        await store.close()

"""A search service with indexers for tests, scripted: it takes what is set up and remembers it, and tells of runs as it was told to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from quart import Quart, Response, request


@dataclass(frozen=True)
class Asked:
    """One request: method, path as it came (with what stands after the question mark), headers and body."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


def run(begun: int, status: str = "success", **fields: Any) -> dict[str, Any]:
    """One run of an indexer as the service tells of it."""
    usual: dict[str, Any] = {"errorMessage": None, "errors": [], "warnings": [], "itemsProcessed": 0, "itemsFailed": 0}
    return {"status": status, "startTime": f"2026-03-01T00:00:{begun:02}Z", "endTime": None, **usual, **fields}


def wrong(status: int, message: str = "planted") -> tuple[int, Any]:
    """A refusal in the service's shape."""
    return status, {"error": {"code": "", "message": message}}


@dataclass
class IndexerDoor:
    """`runs` are the answers to each look at the indexer, the last of them for ever; None: there is no such indexer yet.

    `answers`, by the beginning of a path, go before the usual ones, once each.
    """

    runs: list[dict[str, Any] | None]
    index: dict[str, Any] | None = None
    answers: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make its application."""
        self.app = Quart(__name__)
        self.app.add_url_rule("/<path:rest>", view_func=self._answer, methods=["GET", "POST", "PUT", "DELETE"])

    def sent(self, begin: str) -> Any:
        """The body of the only request whose path begins so and that brought one."""
        (body,) = (each.body for each in self.asked if each.path.startswith(begin) and each.body is not None)
        return body

    def calls(self) -> list[str]:
        """Methods and paths in order, without the version; looks at runs are counted once in a row."""
        made: list[str] = []
        for each in self.asked:
            call = f"{each.method} {each.path.partition('?')[0]}"
            if not (made and made[-1] == call and call.endswith("search.status")):
                made.append(call)
        return made

    async def _answer(self, rest: str) -> Response:
        raw = await request.get_data()
        path = request.full_path
        self.asked.append(Asked(request.method, path, dict(request.headers), json.loads(raw) if raw else None))
        status, body = self._scripted(path) or self._usual(rest, self.asked[-1].body)
        return Response(b"" if body is None else json.dumps(body), status, content_type="application/json")

    def _scripted(self, path: str) -> tuple[int, Any] | None:
        for begin, answers in self.answers.items():
            if path.startswith(begin) and answers:
                return answers.pop(0)
        return None

    def _usual(self, rest: str, body: Any) -> tuple[int, Any]:
        if rest.endswith("search.status"):
            last = self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]
            if last is None:
                return wrong(404)
            return 200, {"name": "x", "status": "running", "lastResult": last, "executionHistory": [], "limits": {}}
        if rest.endswith("search.run"):
            return 202, None
        if request.method == "GET":
            return (200, self.index) if self.index is not None else wrong(404)
        return 201, body

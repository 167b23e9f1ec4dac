"""A container of Azure Blob Storage for tests, scripted: it serves what it holds, or answers as one in trouble would."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field

from quart import Quart, Response, request

NAME = "originals"


@dataclass(frozen=True)
class Asked:
    """One request: its path as it came, before anything was decoded, and what came with it."""

    raw: str
    query: str
    headers: dict[str, str]


@dataclass
class BlobDoor:
    """A container called `NAME`. `blobs` by name; `status` other than 200 is answered instead; `gate`, if any, must be opened first."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make its application."""
        self.arrived = asyncio.Event()
        self.app = Quart(__name__)
        self.app.add_url_rule(f"/{NAME}/<path:name>", view_func=self._answer, methods=["GET"])

    async def _answer(self, name: str) -> Response:
        scope = request.scope
        self.asked.append(Asked(scope["raw_path"].decode(), scope["query_string"].decode(), dict(request.headers)))
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.status != 200:
            return Response("<Error><Code>Told</Code></Error>", self.status, headers=self.headers)
        content = self.blobs.get(name)
        if content is None:
            return Response("<Error><Code>BlobNotFound</Code></Error>", 404)
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(b"", 304, headers={"ETag": etag})
        return Response(content, 200, headers={"ETag": etag, **self.headers}, content_type="application/octet-stream")

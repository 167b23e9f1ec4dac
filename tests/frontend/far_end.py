"""The server as the page sees it, in the hands of a test: it serves the frontend under the service's own headers and speaks at
`/v1/realtime` exactly what the test says.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import math
import mimetypes
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from quart import Quart, Response, request, websocket
from tests.serving import serving

from askaloud.site import HEADERS, packed

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
KINDS = frozenset({".html", ".css", ".js", ".json", ".svg"})
RATE = 24_000
SOURCE: dict[str, Any] = {
    "number": 1,
    "id": "p1",
    "title": "Handbook",
    "page": 7,
    "excerpt": "Thirty days.",
    "url": None,
    "picture": None,
    "score": 1.0,
}
"""A passage as `askaloud.sources` tells it."""
PATIENCE_S = 60.0
"""The longest that a test waits for a word of the page; only a failure takes this long."""
SILENCE_MS = 3_600_000
"""This server has no heartbeat: its page must not take a test that is slow to speak for a lost network."""


def tone(seconds: float, hertz: float = 440.0) -> bytes:
    """PCM16 at 24 kHz in which no sample is zero for long: what is counted at the speaker can be compared with its length."""
    count = int(seconds * RATE)
    return struct.pack(f"<{count}h", *(int(9000 * math.sin(2 * math.pi * hertz * n / RATE)) or 1 for n in range(count)))


def _served() -> list[Path]:
    return [path for path in FRONTEND.rglob("*") if path.suffix in KINDS and "node_modules" not in path.parts]


@dataclass(eq=False)
class Line:
    """One WebSocket of a page: what the page said, and a way to speak to it."""

    received: list[dict[str, Any]] = field(default_factory=list)
    audio_bytes: int = 0
    _to_page: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    left_with: int | None = None
    """The code with which the page closed the socket, once it is gone; `None` where this side did."""

    def say(self, type_: str, /, **fields: Any) -> None:
        """Send one event."""
        self._to_page.put_nowait(json.dumps({"type": type_, **fields}))

    def say_raw(self, frame: str | bytes) -> None:
        """Send a frame as it is."""
        self._to_page.put_nowait(frame)

    def close(self, code: int, reason: str = "") -> None:
        """End the socket from this side, after everything said so far."""
        self._to_page.put_nowait((code, reason))

    def welcome(self, **fields: Any) -> None:
        """The first two events of every conversation."""
        self.say("session.created", session={"type": "realtime", "id": "sess_1"})
        said = {"conversation_id": "conv_1", "resume_token": "t", "resumed": False, "grace_ms": 0, "version": "0.1.0"}
        doors = {"realtime": "stand-in", "search": "stand-in"}
        self.say("askaloud.conversation", **{**said, "voices": ["alloy", "marin"], "doors": doors, **fields})

    def question(self, item: str, words: str | None, *, previous: str | None = None) -> None:
        """A spoken turn from its first sound to its commit; without `words` the transcription is left for later."""
        self.say("input_audio_buffer.speech_started", item_id=item, audio_start_ms=0)
        self.say("input_audio_buffer.speech_stopped", item_id=item, audio_end_ms=900)
        self.say("input_audio_buffer.committed", item_id=item, previous_item_id=previous)
        content = [{"type": "input_audio", "transcript": None}]
        self.say(
            "conversation.item.added", item={"id": item, "type": "message", "role": "user", "content": content}, previous_item_id=previous
        )
        if words is not None:
            self.transcription(item, words)

    def transcription(self, item: str, words: str) -> None:
        """The person's words, in one piece."""
        self.say("conversation.item.input_audio_transcription.completed", item_id=item, content_index=0, transcript=words)

    def answer_begins(self, response: str, item: str, words: str = "", *, previous: str | None = None) -> None:
        """The answer up to its first words."""
        self.say("response.created", response={"id": response, "status": "in_progress", "output": []})
        message = {"id": item, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        self.say("response.output_item.added", response_id=response, output_index=0, item=message)
        self.say("conversation.item.added", item=message, previous_item_id=previous)
        if words:
            self.words(response, item, words)

    def words(self, response: str, item: str, words: str) -> None:
        """A piece of the answer's transcript."""
        self.say("response.output_audio_transcript.delta", response_id=response, item_id=item, content_index=0, delta=words)

    def sound(self, response: str, item: str, pcm: bytes, *, piece: int = 9_600) -> None:
        """The answer's sound, in pieces as servers send them."""
        for at in range(0, len(pcm), piece):
            delta = base64.b64encode(pcm[at : at + piece]).decode()
            self.say("response.output_audio.delta", response_id=response, item_id=item, content_index=0, delta=delta)

    def answer_ends(self, response: str, item: str, *, status: str = "completed") -> None:
        """The rest of an answer."""
        self.say("response.output_audio.done", response_id=response, item_id=item, content_index=0)
        output = [{"id": item, "type": "message", "role": "assistant", "status": "completed", "content": []}]
        self.say("response.done", response={"id": response, "status": status, "output": output})

    def of_type(self, type_: str) -> list[dict[str, Any]]:
        """What the page has said of one type."""
        return [event for event in self.received if event["type"] == type_]

    async def heard(self, type_: str, count: int = 1) -> dict[str, Any]:
        """The `count`-th event of a type that the page sends; waits for it."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: len(self.of_type(type_)) >= count)
        return self.of_type(type_)[count - 1]

    async def heard_audio(self, size: int) -> None:
        """Wait until the page has sent so many bytes of sound."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: self.audio_bytes >= size)

    async def run(self) -> None:
        """Hold the socket until one of both ends it."""
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self._write())
            try:
                while True:
                    await self._read(json.loads(await websocket.receive()))
            finally:
                writing.cancel()

    async def _write(self) -> None:
        while True:
            frame = await self._to_page.get()
            if isinstance(frame, tuple):
                await websocket.close(*frame)
                return
            await websocket.send(frame)

    async def _read(self, event: dict[str, Any]) -> None:
        async with self._news:
            if event["type"] == "input_audio_buffer.append":
                self.audio_bytes += len(base64.b64decode(event["audio"], validate=True))
            self.received.append(event)
            self._news.notify_all()


class FarEnd:
    """The server. `passages` answers `/v1/passages/…`: a path to a status, a content type and a body."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[Line] = asyncio.Queue()
        self.passages: dict[str, tuple[int, str, bytes]] = {}
        self.files = {str(path.relative_to(FRONTEND).as_posix()): path.read_bytes() for path in _served()}
        self.files["index.html"] = self.files["index.html"].replace(b"<body", f'<body data-silence-ms="{SILENCE_MS}"'.encode(), 1)
        self.asked: list[str] = []
        self._held: set[Line] = set()
        self.address = ""
        self.app = Quart(__name__, static_folder=None)
        self.app.after_request(self._guard)
        self.app.add_url_rule("/", view_func=self._file)
        self.app.add_url_rule("/blank.html", view_func=self._blank)
        self.app.add_url_rule("/<path:path>", view_func=self._file)
        self.app.add_url_rule("/v1/passages/<path:path>", view_func=self._passage)
        self.app.add_websocket("/v1/realtime", view_func=self._realtime)

    async def line(self) -> Line:
        """The next page that connects. One that has left already was the business of a test before."""
        async with asyncio.timeout(PATIENCE_S):
            while (line := await self.lines.get()).gone.is_set():
                pass
            return line

    async def deserted(self) -> None:
        """Wait until every page has left. A test that begins earlier could take another's line for its own."""
        async with asyncio.timeout(PATIENCE_S):
            for line in list(self._held):
                await line.gone.wait()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The application, with an ear for how a page closes its socket."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        line = scope["line"] = Line()

        async def overheard() -> Any:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                line.left_with = event["code"]
            return event

        self._held.add(line)
        try:
            await self.app(scope, overheard, send)
        finally:
            line.gone.set()
            self._held.discard(line)

    async def _file(self, path: str = "index.html") -> Response:
        body = self.files.get(path)
        if body is None:
            return Response("Not found.\n", status=404)
        answer = Response(packed(body), content_type=mimetypes.guess_type(path)[0])
        answer.content_encoding = "gzip"  # as the service does for browsers, and the rest of this
        answer.set_etag(hashlib.sha256(body).hexdigest())
        answer.headers["Cache-Control"] = "no-cache"
        return await answer.make_conditional(request)

    async def _blank(self) -> Response:
        return Response('<!doctype html><title>bench</title><link rel="icon" href="icon.svg">', content_type="text/html")

    async def _passage(self, path: str) -> Response:
        self.asked.append(request.full_path)
        status, kind, body = self.passages.get(path, (404, "text/plain", b""))
        return Response(body, status=status, content_type=kind)

    async def _realtime(self) -> None:
        line = cast(dict[str, Any], websocket.scope)["line"]
        self.lines.put_nowait(line)
        await line.run()

    @staticmethod
    async def _guard(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response


@asynccontextmanager
async def far_end() -> AsyncIterator[FarEnd]:
    """A far end that serves on a free port of loopback."""
    server = FarEnd()
    async with serving(server) as host:
        server.address = f"http://{host}/"
        yield server

"""A chat server whose every byte is written in the test, over a real socket. One reply for each request, in order; the last is repeated."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from local_azure.chat.server import ChatServer

Reply = Callable[[asyncio.StreamWriter], Coroutine[Any, Any, None]]
WAIT_S = 60.0
"""A bound for a broken test."""


class FarServer:
    """What it was asked, and whether who asked has gone."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.asked = asyncio.Event()
        self.gone = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            self.paths.append(head[0].split()[1])
            self.headers.append(headers)
            self.requests.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
            self.asked.set()
            reply = asyncio.create_task((self.replies.pop(0) if len(self.replies) > 1 else self.replies[0])(writer))
            leaving = asyncio.create_task(reader.read())
            await asyncio.wait([reply, leaving], return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                self.gone.set()
            reply.cancel()
            leaving.cancel()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def messages(self, number: int = -1) -> list[dict[str, Any]]:
        """The messages of a request."""
        messages: list[dict[str, Any]] = self.requests[number]["messages"]
        return messages


@asynccontextmanager
async def chat_server(*replies: Reply, key: str = "") -> AsyncIterator[tuple[FarServer, ChatServer]]:
    """The server, and how it is named to a mind."""
    far = FarServer(*replies)
    server = await asyncio.start_server(far.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield far, ChatServer(f"http://127.0.0.1:{port}/v1", "a-model", key)


def words(content: str | None = None, finish: str | None = None, **delta: Any) -> str:
    """One chunk of an answer."""
    choice = {"index": 0, "delta": {**({} if content is None else {"content": content}), **delta}, "finish_reason": finish}
    return "data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}) + "\n\n"


def calls(*pieces: tuple[int | None, str | None, str | None, str | None]) -> str:
    """One chunk with pieces of calls: index, id, name, arguments."""
    made = [
        {**({} if index is None else {"index": index}), "id": call_id, "type": "function", "function": {"name": name, "arguments": text}}
        for index, call_id, name, text in pieces
    ]
    return words(tool_calls=made)


DONE = "data: [DONE]\n\n"
BEGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def streams(*parts: str | asyncio.Event) -> Reply:
    """These chunks, waiting at each event until the test sets it; then the end."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(BEGIN)
        for part in parts:
            if isinstance(part, asyncio.Event):
                async with asyncio.timeout(WAIT_S):
                    await part.wait()
            else:
                writer.write(part.encode())
                await writer.drain()

    return reply


def says(text: str) -> Reply:
    """A whole answer in one chunk."""
    return streams(words(text), words(finish="stop"), DONE)


def calls_for(name: str, arguments: dict[str, Any]) -> Reply:
    """A whole answer that is one call."""
    return streams(calls((0, "x", name, json.dumps(arguments))), words(finish="tool_calls"), DONE)


def refuses(status: int, body: str = "planted words") -> Reply:
    """A status and some text."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()

    return reply


def breaks(*parts: str) -> Reply:
    """Promises more than it sends: the connection is cut in the middle of a chunk."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        text = "".join(parts).encode()
        writer.write(BEGIN.replace(b"Connection: close", b"Transfer-Encoding: chunked") + b"%x\r\n" % (len(text) + 100) + text)
        await writer.drain()

    return reply


async def stalls(writer: asyncio.StreamWriter) -> None:
    """Begins an answer, and says nothing more until who asked has gone."""
    writer.write(BEGIN + words("Yes. N").encode())
    await asyncio.Event().wait()


async def silent(writer: asyncio.StreamWriter) -> None:
    """Says nothing at all, until who asked has gone."""
    await asyncio.Event().wait()

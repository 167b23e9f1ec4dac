"""The official clients at a Realtime door: GA and preview, with every event read as the SDK's own class for it."""

from __future__ import annotations

import asyncio
import base64
import json
import typing
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from openai import AsyncAzureOpenAI, AsyncOpenAI, omit
from openai.types.beta.realtime import RealtimeServerEvent as PreviewServerEvent
from openai.types.realtime import RealtimeServerEvent as GAServerEvent
from pydantic import BaseModel, TypeAdapter

VERSION = "2025-04-01-preview"
WAIT_S = 60.0
"""How long a test waits for an event before it fails, on a machine that does much else; nothing is measured with it."""
TRIES = 5
"""So often a race with an answer's end may be lost."""
TOOL = {
    "type": "function",
    "name": "look_up",
    "description": "Looks a word up.",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
}

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One Realtime door: its two addresses, and the names of the deployments behind it. Nothing says whose it is."""

    ga: str
    preview: str
    key: str = field(repr=False)
    deployment: str
    transcriber: str


@cache
def _classes(union: Any) -> dict[str, type[BaseModel]]:
    """The SDK's class for each event, by the event's type."""
    members = typing.get_args(typing.get_args(union)[0])
    return {typing.get_args(member.model_fields["type"].annotation)[0]: member for member in members}


@cache
def _adapter(shape: type[BaseModel]) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def types_of(union: Any) -> set[str]:
    """The names of all events in one of the SDK's unions."""
    return set(_classes(union))


@cache
def spoken() -> bytes:
    """A question in a synthetic voice, as 24 kHz PCM."""
    with wave.open(str(Path(__file__).parents[1] / "browser" / "questions" / "hotel-slt.wav")) as file:
        frames: bytes = file.readframes(file.getnframes())
    return frames


def silence(ms: int) -> bytes:
    return bytes(ms * 48)


class Talk:
    """A connection of the official client that keeps what it hears."""

    def __init__(self, connection: Any, union: Any) -> None:
        self.connection = connection
        self.events: list[Event] = []
        self._classes = _classes(union)

    async def send(self, kind: str, **fields: Any) -> None:
        await self.connection.send({"type": kind, **fields})

    async def next(self) -> Event:
        async with asyncio.timeout(WAIT_S):
            event: Event = json.loads(await self.connection.recv_bytes())
        shape = self._classes.get(event["type"])
        assert shape is not None, f"the SDK knows no event {event['type']}"
        _adapter(shape).validate_json(json.dumps(event))
        self.events.append(event)
        return event

    async def until(self, kind: str, where: Callable[[Event], bool] = lambda _: True) -> Event:
        """Read up to and with the first event of this type."""
        while True:
            event = await self.next()
            assert event["type"] != "error" or kind == "error", event["error"]
            if event["type"] == kind and where(event):
                return event

    async def until_any(self, *kinds: str) -> Event:
        """Read up to and with the first event of one of these types."""
        while True:
            event = await self.next()
            if event["type"] in kinds:
                return event

    async def ask(self, answer: str, kind: str, **fields: Any) -> Event:
        """Send an event of this `kind` and read up to the `answer`."""
        await self.send(kind, **fields)
        return await self.until(answer)

    async def refused(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send something wrong; the error that answers it, by its event id."""
        event_id = f"mine-{len(self.events)}"
        await self.send(kind, event_id=event_id, **fields)
        error: dict[str, Any] = (await self.until("error", lambda event: event["error"]["event_id"] == event_id))["error"]
        return error

    async def update(self, **session: Any) -> dict[str, Any]:
        """The session as it holds after a GA update."""
        updated: dict[str, Any] = (await self.ask("session.updated", "session.update", session={"type": "realtime", **session}))["session"]
        return updated

    async def say(self, words: str, done: str = "conversation.item.done", **item: Any) -> Event:
        """Put typed words of the person into the conversation."""
        message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": words}], **item}
        return await self.ask(done, "conversation.item.create", item=message)

    async def respond(self, **response: Any) -> dict[str, Any]:
        """Ask for a response and read it to its end."""
        done: dict[str, Any] = (await self.ask("response.done", "response.create", response=response))["response"]
        return done

    async def append(self, pcm: bytes) -> None:
        for start in range(0, len(pcm), 48_000):
            await self.send("input_audio_buffer.append", audio=base64.b64encode(pcm[start : start + 48_000]).decode())

    async def begin(self, **response: Any) -> str:
        """Ask for a response and read up to its beginning; its id."""
        created: str = (await self.ask("response.created", "response.create", response=response))["response"]["id"]
        return created

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["type"] == kind]


@asynccontextmanager
async def ga(place: Place, *, as_header: bool = False) -> AsyncIterator[Talk]:
    """A GA conversation, `session.created` already read. `as_header`: the key as `api-key` and not as a bearer."""
    headers = {"default_headers": {"api-key": place.key, "Authorization": omit}} if as_header else {}
    client = AsyncOpenAI(api_key=place.key, websocket_base_url=place.ga, **headers)  # type: ignore[arg-type]  # a header may be omitted
    async with client, client.realtime.connect(model=place.deployment) as connection:
        talk = Talk(connection, GAServerEvent)
        await talk.until("session.created")
        yield talk


@asynccontextmanager
async def preview(place: Place, version: str = VERSION) -> AsyncIterator[Talk]:
    """A preview conversation by the Azure client and its beta namespace, `session.created` already read."""
    client = AsyncAzureOpenAI(
        api_key=place.key, api_version=version, azure_endpoint="https://none.invalid", websocket_base_url=place.preview
    )
    async with client, client.beta.realtime.connect(model=place.deployment) as connection:
        talk = Talk(connection, PreviewServerEvent)
        await talk.until("session.created")
        yield talk

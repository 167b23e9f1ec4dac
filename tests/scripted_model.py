"""A far end that does as it is told: a Realtime server over a real socket whose every word is written in the test.

Each conversation runs the test's own coroutine with a `Line` to read from and to speak on. Events that the script sends are GA events;
`answer` and `call` build whole responses out of them.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.planted import overheard, secret
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from askaloud.settings import RealtimeDoor

READ_MAX_S = 60.0
"""A bound for a broken test."""


class Line:
    """One conversation as the far end sees it."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []
        self._count = itertools.count(1)

    async def read(self, *kinds: str) -> dict[str, Any]:
        """The next event of one of these types (of any, if none is named); what comes before it is kept in `heard`."""
        async with asyncio.timeout(READ_MAX_S):
            while True:
                said = await self.connection.recv()
                overheard("the model's line", said)
                event: dict[str, Any] = json.loads(said)
                self.heard.append(event)
                if not kinds or event["type"] in kinds:
                    return event

    async def say(self, kind: str, **fields: Any) -> None:
        """Send one event."""
        await self.connection.send(json.dumps({"type": kind, "event_id": f"event_{next(self._count)}", **fields}))

    async def read_nothing_until(self, event: asyncio.Event) -> None:
        """Leave what comes in the socket until then."""
        async with asyncio.timeout(READ_MAX_S):
            await event.wait()

    async def read_all_until(self, event: asyncio.Event) -> None:
        """Read whatever comes until then, as a model does: one that leaves sound in the socket leaves pings there too, and is given up."""
        reading = asyncio.create_task(self.until_hung_up())
        try:
            await event.wait()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def greet(self) -> dict[str, Any]:
        """Session created, and the first update taken. Gives that update's session."""
        await self.say("session.created", session={"type": "realtime", "id": "sess_far", "instructions": "the service's own"})
        update = await self.read("session.update")
        await self.say("session.updated", session={**update["session"], "id": "sess_far"})
        session: dict[str, Any] = update["session"]
        return session

    async def user_said(self, item_id: str, transcript: str) -> None:
        """A spoken turn as voice detection reports it."""
        await self.say("input_audio_buffer.speech_started", item_id=item_id, audio_start_ms=0)
        await self.say("input_audio_buffer.speech_stopped", item_id=item_id, audio_end_ms=1000)
        await self.say("input_audio_buffer.committed", item_id=item_id, previous_item_id=None)
        item = {"id": item_id, "type": "message", "role": "user", "status": "completed", "content": [{"type": "input_audio"}]}
        await self.say("conversation.item.added", item=item, previous_item_id=None)
        await self.say("conversation.item.done", item=item, previous_item_id=None)
        words = {"item_id": item_id, "content_index": 0, "transcript": transcript, "usage": {"type": "duration", "seconds": 1}}
        await self.say("conversation.item.input_audio_transcription.completed", **words)

    async def begin(self, response_id: str) -> None:
        """A response begins."""
        response = {"id": response_id, "object": "realtime.response", "status": "in_progress", "output": []}
        await self.say("response.created", response=response)

    async def speak(
        self, response_id: str, item_id: str, words: str, audio: bytes = b"\x01\x00" * 2400, previous: str | None = None
    ) -> None:
        """A message item with sound, from its beginning to its end."""
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        item: dict[str, Any] = {"id": item_id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        await self.say("response.output_item.added", response_id=response_id, output_index=0, item=item)
        await self.say("conversation.item.added", item=item, previous_item_id=previous)
        await self.say("response.content_part.added", **place, part={"type": "audio", "transcript": ""})
        await self.say("response.output_audio_transcript.delta", **place, delta=words)
        await self.say("response.output_audio.delta", **place, delta=base64.b64encode(audio).decode())
        await self.say("response.output_audio.done", **place)
        await self.say("response.output_audio_transcript.done", **place, transcript=words)
        await self.say("response.content_part.done", **place, part={"type": "audio", "transcript": words})
        item = {**item, "status": "completed", "content": [{"type": "output_audio", "transcript": words}]}
        await self.say("response.output_item.done", response_id=response_id, output_index=0, item=item)
        await self.say("conversation.item.done", item=item, previous_item_id=previous)

    async def call(self, response_id: str, call_id: str, name: str, arguments: str | dict[str, Any], status: str = "completed") -> None:
        """A function call item, from its beginning to its end."""
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        item = {
            "id": f"item_{call_id}",
            "type": "function_call",
            "status": "in_progress",
            "call_id": call_id,
            "name": name,
            "arguments": "",
        }
        await self.say("response.output_item.added", response_id=response_id, output_index=0, item=item)
        await self.say("conversation.item.added", item=item, previous_item_id=None)
        place = {"response_id": response_id, "item_id": item["id"], "output_index": 0, "call_id": call_id}
        await self.say("response.function_call_arguments.delta", **place, delta=text)
        await self.say("response.function_call_arguments.done", **place, arguments=text, name=name)
        item = {**item, "status": status, "arguments": text}
        await self.say("response.output_item.done", response_id=response_id, output_index=0, item=item)
        await self.say("conversation.item.done", item=item, previous_item_id=None)

    async def end(self, response_id: str, status: str = "completed", output: list[dict[str, Any]] | None = None, tokens: int = 10) -> None:
        """A response ends."""
        usage = {
            "total_tokens": 2 * tokens,
            "input_tokens": tokens,
            "output_tokens": tokens,
            "input_token_details": {"text_tokens": tokens, "audio_tokens": 0, "cached_tokens": 0},
            "output_token_details": {"text_tokens": tokens, "audio_tokens": 0},
        }
        response = {"id": response_id, "object": "realtime.response", "status": status, "output": output or [], "usage": usage}
        await self.say("response.done", response=response)

    async def answer(self, response_id: str, item_id: str, words: str, previous: str | None = None, tokens: int = 10) -> None:
        """A whole response that speaks one message."""
        await self.begin(response_id)
        await self.speak(response_id, item_id, words, previous=previous)
        item = {"id": item_id, "type": "message", "role": "assistant", "status": "completed", "content": []}
        await self.end(response_id, output=[item], tokens=tokens)

    async def calls(self, response_id: str, *calls: tuple[str, str, dict[str, Any]], tokens: int = 10) -> None:
        """A whole response that holds these calls (id, name, arguments) and nothing else."""
        await self.begin(response_id)
        for call_id, name, arguments in calls:
            await self.call(response_id, call_id, name, arguments)
        output = [{"id": f"item_{call_id}", "type": "function_call", "call_id": call_id, "name": name} for call_id, name, _ in calls]
        await self.end(response_id, output=output, tokens=tokens)

    async def output(self) -> dict[str, Any]:
        """The next output of a call that comes up."""
        while (await self.read("conversation.item.create"))["item"]["type"] != "function_call_output":
            pass
        item: dict[str, Any] = self.heard[-1]["item"]
        return item

    async def refuse(self, event_id: str | None, code: str, param: str | None = None, message: str = "words of the service") -> None:
        """An error event."""
        await self.say(
            "error", error={"type": "invalid_request_error", "code": code, "message": message, "param": param, "event_id": event_id}
        )

    async def until_hung_up(self) -> None:
        """Read whatever comes until the other side closes."""
        try:
            while True:
                await self.read()
        except ConnectionClosed:
            return


Script = Callable[[Line], Awaitable[None]]


class ScriptedModel:
    """The far end: its address, and the conversations it has had."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.lines: list[Line] = []
        self.failures: list[BaseException] = []

    @property
    def door(self) -> RealtimeDoor:
        """As the settings would name it."""
        return RealtimeDoor(f"ws://127.0.0.1:{self.port}/openai/v1", "test-model", secret("key-of-the-far-end"), "azure")


@asynccontextmanager
async def scripted_model(script: Script) -> AsyncIterator[ScriptedModel]:
    """Serve the script, once for each conversation. A script that fails makes the block fail."""
    far: ScriptedModel

    async def converse(connection: ServerConnection) -> None:
        line = Line(connection)
        far.lines.append(line)
        try:
            await script(line)
            await line.until_hung_up()
        except ConnectionClosed:
            return
        except Exception as wrong:  # kept for the test, which is told at the end
            far.failures.append(wrong)

    async with serve(converse, "127.0.0.1", 0, max_size=None, compression=None) as server:
        far = ScriptedModel(next(iter(server.sockets)).getsockname()[1])
        yield far
    if far.failures:
        raise AssertionError("the script failed") from far.failures[0]

"""Named stand-ins for ears, mouth and mind, as simple as they can be, and a door over them on a real socket."""

from __future__ import annotations

import array
import asyncio
import base64
import json
import math
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from openai.types import realtime as typed
from pydantic import TypeAdapter
from quart import Quart
from tests.serving import serving

from local_azure.realtime.door import blueprint
from local_azure.realtime.parts import (
    BYTES_PER_MS,
    CallTool,
    Ears,
    Item,
    Listener,
    Mind,
    Moment,
    Mouth,
    PartUnavailable,
    Said,
    Say,
    SpeechStarted,
    SpeechStopped,
    VoiceDetection,
)

MODEL = "gpt-realtime-test"
WAIT_S = 60.0
"""How long a test waits for an event before it fails, on a machine that does much else; nothing is measured with it."""
LOUD = 1_000

Event = dict[str, Any]


@cache
def tone(ms: int) -> bytes:
    """A loud tone of 440 Hz."""
    return array.array("h", (int(12_000 * math.sin(2 * math.pi * 440 * n / 24_000)) for n in range(ms * 24))).tobytes()


def silence(ms: int) -> bytes:
    """Nothing to be heard."""
    return bytes(ms * BYTES_PER_MS)


class EnergyListener:
    """Hears whoever is loud, in frames of 10 ms."""

    def __init__(self, detection: VoiceDetection) -> None:
        self._detection = detection
        self._ms = 0
        self._quiet_ms = 0
        self._speaking = False
        self.closed = False

    async def feed(self, pcm: bytes) -> Sequence[SpeechStarted | SpeechStopped]:
        noticed: list[SpeechStarted | SpeechStopped] = []
        frame = 10 * BYTES_PER_MS
        for start in range(0, len(pcm), frame):
            samples = array.array("h", pcm[start : start + frame])
            loud = max(map(abs, samples), default=0) > LOUD
            if loud and not self._speaking:
                self._speaking = True
                noticed.append(SpeechStarted(max(0, self._ms - self._detection.prefix_padding_ms)))
            self._ms += 10
            self._quiet_ms = 0 if loud else self._quiet_ms + 10
            if self._speaking and self._quiet_ms >= self._detection.silence_duration_ms:
                self._speaking = False
                noticed.append(SpeechStopped(self._ms))
        return noticed

    async def close(self) -> None:
        self.closed = True


class EnergyEars:
    """Finds energy, and "recognises" what the test says was spoken: the same words for every utterance."""

    def __init__(self, words: str = "how many days", *, hears: asyncio.Event | None = None) -> None:
        self.words = words
        self.hears = hears
        self.utterances: list[bytes] = []
        self.listeners: list[EnergyListener] = []

    def listener(self, detection: VoiceDetection) -> Listener:
        self.listeners.append(EnergyListener(detection))
        return self.listeners[-1]

    async def transcribe(self, pcm: bytes) -> str:
        self.utterances.append(pcm)
        if self.hears is not None:
            await self.hears.wait()
        return self.words


class DeafEars:
    """Ears that cannot work on this machine."""

    def listener(self, detection: VoiceDetection) -> Listener:
        raise PartUnavailable("There are no ears here.")

    async def transcribe(self, pcm: bytes) -> str:
        raise PartUnavailable("There are no ears here.")


class ToneMouth:
    """Makes a tone of 100 ms for each word; waits before each chunk until `may_speak` is set, if there is one."""

    def __init__(self, may_speak: asyncio.Event | None = None) -> None:
        self.may_speak = may_speak
        self.spoken: list[tuple[str, str, float]] = []
        self.stopped = 0

    async def speak(self, sentence: str, *, voice: str, speed: float) -> AsyncIterator[bytes]:
        self.spoken.append((sentence, voice, speed))
        try:
            for index, _ in enumerate(sentence.split()):
                if self.may_speak is not None and index:
                    await self.may_speak.wait()
                yield tone(100)
        finally:
            self.stopped += 1


class MuteMouth:
    """A mouth that cannot work on this machine."""

    async def speak(self, sentence: str, *, voice: str, speed: float) -> AsyncIterator[bytes]:
        raise PartUnavailable("There is no mouth here.")
        yield b""


class ScriptedMind:
    """Thinks what the test gave it, one list for each response, and keeps the moments it was given. The last list is repeated."""

    def __init__(self, *scripts: Iterable[Say | CallTool]) -> None:
        self.scripts = [list(script) for script in scripts]
        self.moments: list[Moment] = []

    async def think(self, moment: Moment) -> AsyncIterator[Say | CallTool]:
        self.moments.append(moment)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        for thought in script:
            yield thought


class EchoMind:
    """Says what it was last told."""

    async def think(self, moment: Moment) -> AsyncIterator[Say | CallTool]:
        said = [item for item in moment.items if isinstance(item, Said) and item.role == "user"]
        yield Say(f"You said {said[-1].text if said else 'nothing'}.")


class BrokenMind:
    """Fails as a program fails."""

    async def think(self, moment: Moment) -> AsyncIterator[Say | CallTool]:
        raise ZeroDivisionError("secret words")
        yield Say("")


TYPES: dict[str, Any] = {
    "error": typed.RealtimeErrorEvent,
    "session.created": typed.SessionCreatedEvent,
    "session.updated": typed.SessionUpdatedEvent,
    "conversation.item.added": typed.ConversationItemAdded,
    "conversation.item.done": typed.ConversationItemDone,
    "conversation.item.deleted": typed.ConversationItemDeletedEvent,
    "conversation.item.truncated": typed.ConversationItemTruncatedEvent,
    "conversation.item.input_audio_transcription.delta": typed.ConversationItemInputAudioTranscriptionDeltaEvent,
    "conversation.item.input_audio_transcription.completed": typed.ConversationItemInputAudioTranscriptionCompletedEvent,
    "conversation.item.input_audio_transcription.failed": typed.ConversationItemInputAudioTranscriptionFailedEvent,
    "input_audio_buffer.speech_started": typed.InputAudioBufferSpeechStartedEvent,
    "input_audio_buffer.speech_stopped": typed.InputAudioBufferSpeechStoppedEvent,
    "input_audio_buffer.committed": typed.InputAudioBufferCommittedEvent,
    "input_audio_buffer.cleared": typed.InputAudioBufferClearedEvent,
    "input_audio_buffer.timeout_triggered": typed.InputAudioBufferTimeoutTriggered,
    "response.created": typed.ResponseCreatedEvent,
    "response.done": typed.ResponseDoneEvent,
    "response.output_item.added": typed.ResponseOutputItemAddedEvent,
    "response.output_item.done": typed.ResponseOutputItemDoneEvent,
    "response.content_part.added": typed.ResponseContentPartAddedEvent,
    "response.content_part.done": typed.ResponseContentPartDoneEvent,
    "response.output_audio.delta": typed.ResponseAudioDeltaEvent,
    "response.output_audio.done": typed.ResponseAudioDoneEvent,
    "response.output_audio_transcript.delta": typed.ResponseAudioTranscriptDeltaEvent,
    "response.output_audio_transcript.done": typed.ResponseAudioTranscriptDoneEvent,
    "response.output_text.delta": typed.ResponseTextDeltaEvent,
    "response.output_text.done": typed.ResponseTextDoneEvent,
    "response.function_call_arguments.delta": typed.ResponseFunctionCallArgumentsDeltaEvent,
    "response.function_call_arguments.done": typed.ResponseFunctionCallArgumentsDoneEvent,
    "rate_limits.updated": typed.RateLimitsUpdatedEvent,
}
"""The SDK's class for each event this door sends; `conversation.item.retrieved` is built by hand in the SDK as an item event too."""
EXTRA_FIELDS = {"session": {"id", "object", "expires_at"}}
"""Fields that the service sends and the SDK's request-shaped session class does not name (`RealtimeSessionCreateResponse` does)."""


@cache
def _reader(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def validate(event: Event) -> None:
    """Fail unless the SDK's own class for this event takes it, and takes every field of it."""
    kind = event["type"]
    shape = typed.ConversationItemAdded if kind == "conversation.item.retrieved" else TYPES[kind]
    plain = {**event, "type": "conversation.item.added"} if kind == "conversation.item.retrieved" else event
    parsed = _reader(shape).validate_json(json.dumps(plain), strict=True)
    unknown = _unknown(parsed.session if "session" in event else parsed, "session" if "session" in event else kind)
    assert not unknown, f"{kind} has fields that the SDK does not know: {unknown}"


def _unknown(model: Any, where: str) -> set[str]:
    extra = set(model.model_extra or {}) - EXTRA_FIELDS.get(where, set())
    found = {f"{where}.{name}" for name in extra}
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, "model_extra"):
                found |= _unknown(one, f"{where}.{name}")
    return found


class Talk:
    """A client of the official SDK that keeps what it hears; every event is checked against the SDK's types."""

    def __init__(self, connection: AsyncRealtimeConnection) -> None:
        self.connection = connection
        self.events: list[Event] = []

    async def send(self, event: Event | str) -> None:
        await self.connection.send_raw(event if isinstance(event, str) else json.dumps(event))

    async def next(self) -> Event:
        async with asyncio.timeout(WAIT_S):
            event: Event = json.loads(await self.connection.recv_bytes())
        validate(event)
        self.events.append(event)
        return event

    async def until(self, kind: str, where: Callable[[Event], bool] = lambda _: True) -> Event:
        """Read up to and with the first event of this type."""
        while True:
            event = await self.next()
            if event["type"] == kind and where(event):
                return event

    async def ask(self, event: Event, kind: str) -> Event:
        await self.send(event)
        return await self.until(kind)

    async def refused(self, event: Event | str) -> dict[str, Any]:
        """Send something wrong; the error that answers it."""
        await self.send(event)
        error: dict[str, Any] = (await self.until("error"))["error"]
        return error

    async def update(self, **session: Any) -> Event:
        return await self.ask({"type": "session.update", "session": {"type": "realtime", **session}}, "session.updated")

    async def say(self, words: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": words}]}
        await self.ask({"type": "conversation.item.create", "item": item}, "conversation.item.done")

    async def respond(self, **response: Any) -> Event:
        """Ask for a response and hear it to its end."""
        done: dict[str, Any] = (await self.ask({"type": "response.create", "response": response}, "response.done"))["response"]
        return done

    async def append(self, pcm: bytes, event_id: str | None = None) -> None:
        event = {"type": "input_audio_buffer.append", "audio": base64.b64encode(pcm).decode()}
        await self.send({**event, **({"event_id": event_id} if event_id else {})})

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["type"] == kind]


def app_with(ears: Ears, mouth: Mouth, mind: Mind, **options: Any) -> Quart:
    """An application with nothing but the door."""
    app = Quart(__name__)
    app.register_blueprint(blueprint(ears, mouth, mind, **options))
    return app


@asynccontextmanager
async def talking(mind: Mind | None = None, *, ears: Ears | None = None, mouth: Mouth | None = None, **options: Any) -> AsyncIterator[Talk]:
    """A conversation over a real socket, `session.created` already heard."""
    app = app_with(ears or EnergyEars(), mouth or ToneMouth(), mind or EchoMind(), **options)
    async with serving(app) as address, connected(address) as talk:
        yield talk


@asynccontextmanager
async def connected(address: str, key: str = "planted") -> AsyncIterator[Talk]:
    """One more client of a door that is already served; only the whole program asks for a key."""
    client = AsyncOpenAI(api_key=key, websocket_base_url=f"ws://{address}/openai/v1")
    async with client, client.realtime.connect(model=MODEL) as connection:
        talk = Talk(connection)
        await talk.until("session.created")
        yield talk


def items_of(moment: Moment) -> list[Item]:
    return list(moment.items)

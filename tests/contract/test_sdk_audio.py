"""Sound through the official client, as its users do it: append a WAV, let voice detection end the turn, gather the spoken answer."""

from __future__ import annotations

import asyncio
import base64
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from openai import AsyncOpenAI, OpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from tests.whole import Whole

QUESTION = Path(__file__).resolve().parents[1] / "browser" / "questions" / "abroad-slt.wav"
RATE = 24_000
PIECE_BYTES = RATE * 2 // 5
"""200 ms: what the SDK's own example for a microphone sends at a time, roughly."""
ANSWER_MAX_S = 120.0
"""An answer takes a second; the rest is for a busy machine."""
MODEL = "gpt-realtime"


@dataclass
class Answer:
    """One turn as the client sees it."""

    kinds: list[str] = field(default_factory=list)
    heard: str = ""
    said: str = ""
    pcm: bytes = b""
    statuses: list[str | None] = field(default_factory=list)

    def take(self, event: Any) -> None:
        """One event of the SDK."""
        if not self.kinds or self.kinds[-1] != event.type:
            self.kinds.append(event.type)
        if event.type == "conversation.item.input_audio_transcription.completed":
            self.heard = event.transcript
        elif event.type == "response.output_audio.delta":
            self.pcm += base64.b64decode(event.delta)
        elif event.type == "response.output_audio_transcript.delta":
            self.said += event.delta
        elif event.type == "response.done":
            self.statuses.append(event.response.status)
        elif event.type == "error":
            raise AssertionError(event.error)


def pcm_of(path: Path) -> bytes:
    """A WAV's frames; it must be what the protocol speaks."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return bytes(file.readframes(file.getnframes()))


async def speak(connection: AsyncRealtimeConnection, pcm: bytes) -> None:
    """Append sound in pieces, as fast as it goes."""
    for start in range(0, len(pcm), PIECE_BYTES):
        await connection.input_audio_buffer.append(audio=base64.b64encode(pcm[start : start + PIECE_BYTES]).decode())


async def answer_to(connection: AsyncRealtimeConnection) -> Answer:
    """Everything up to the first `response.done` that came with its sound, where other people's clients stop listening."""
    answer = Answer()
    async with asyncio.timeout(ANSWER_MAX_S):
        async for event in connection:
            answer.take(event)
            if event.type == "response.done":
                return answer
    raise AssertionError("the connection ended before the answer did")


def is_audible(pcm: bytes) -> bool:
    """Whether there is at least a second of speech in it, neither silent nor clipped."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    loudness = float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0
    return samples.size > RATE and loudness > 300 and float(np.mean(np.abs(samples) >= 32_767)) < 0.001


@pytest_asyncio.fixture
async def connection(whole: Whole) -> AsyncIterator[AsyncRealtimeConnection]:
    """A conversation at our own door, opened as the SDK's README opens one."""
    whole.wait_for_ears()
    client = AsyncOpenAI(websocket_base_url=f"ws://{whole.host}/v1", api_key="a key that nobody asks for on loopback")
    async with client, client.realtime.connect(model=MODEL) as opened:
        yield opened


async def test_a_wave_is_heard_and_answered_aloud_in_one_response(connection: AsyncRealtimeConnection) -> None:
    await connection.session.update(
        session={"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}, "output_modalities": ["audio"]}
    )
    await speak(connection, pcm_of(QUESTION))
    answer = await answer_to(connection)
    assert answer.statuses == ["completed"]
    assert "abroad" in answer.heard
    assert "30 days" in answer.said
    assert is_audible(answer.pcm)
    wanted = ["session.created", "session.updated", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]
    wanted += [
        "input_audio_buffer.committed",
        "response.created",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.done",
    ]
    in_order = iter(answer.kinds)
    assert all(kind in in_order for kind in wanted), answer.kinds
    assert not [kind for kind in answer.kinds if kind.startswith(("askaloud.", "response.function_call"))]


async def test_a_turn_that_the_client_ends_itself_is_answered_when_it_asks(connection: AsyncRealtimeConnection) -> None:
    await connection.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
    await speak(connection, pcm_of(QUESTION))
    await connection.input_audio_buffer.commit()
    await connection.response.create()
    answer = await answer_to(connection)
    assert "30 days" in answer.said
    assert "input_audio_buffer.speech_started" not in answer.kinds
    assert is_audible(answer.pcm)


async def test_the_stand_in_hears_the_same_wave_and_speaks_from_the_clients_own_tool(whole: Whole) -> None:
    whole.wait_for_ears()
    record = whole.stand_in()
    client = AsyncOpenAI(websocket_base_url=record["realtime"], api_key=record["key"])
    async with client, client.realtime.connect(model=MODEL) as connection:
        parameters = {"type": "object", "properties": {"wanted": {"type": "string"}}, "required": ["wanted"]}
        await connection.session.update(
            session={
                "type": "realtime",
                "audio": {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": {"type": "server_vad"}}},
                "tools": [{"type": "function", "name": "look_up", "description": "Looks things up.", "parameters": parameters}],
            }
        )
        await speak(connection, pcm_of(QUESTION))
        call = None
        async with asyncio.timeout(ANSWER_MAX_S):
            async for event in connection:
                if event.type == "response.function_call_arguments.done":
                    call = event
                if event.type == "response.done":
                    break
        assert call is not None
        assert "abroad" in call.arguments
        passage = '<passage id="1" title="Rules">People of this club may work abroad for 12 days a year.</passage>'
        await connection.conversation.item.create(item={"type": "function_call_output", "call_id": call.call_id, "output": passage})
        await connection.response.create()
        answer = await answer_to(connection)
        assert "12 days" in answer.said
        assert is_audible(answer.pcm)


@pytest.mark.filterwarnings("ignore:connect.. must be used as a context manager:DeprecationWarning")  # the SDK's own use of websockets 17
def test_the_client_without_asyncio_hears_an_answer_as_well(whole: Whole) -> None:
    answer = Answer()
    with (
        OpenAI(websocket_base_url=f"ws://{whole.host}/v1", api_key="a key that nobody asks for on loopback") as client,
        client.realtime.connect(model=MODEL) as connection,
    ):
        connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "What is the hotel limit in London?"}]}
        )
        connection.response.create()
        for event in connection:
            answer.take(event)
            if event.type == "response.done":
                break
    assert "210 euros" in answer.said
    assert is_audible(answer.pcm)

"""One conversation with every far end: spoken question, search, spoken answer, an interruption, a typed question, an answer that is
cancelled, goodbye. The person's side and all that is asserted are the same for each row; adding a far end is a row.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter
from tests.askaloud.knowledge.search_doors import ScriptedDoor
from tests.contract.account import account
from tests.contract.far_ends import Ga, Preview, plays
from tests.contract.house import House, Visitor, house
from tests.contract.test_preview import preview_door
from tests.contract.test_sdk_audio import PIECE_BYTES, QUESTION, pcm_of
from tests.scripted_model import scripted_model
from tests.whole import Whole
from websockets.asyncio.client import connect

from askaloud.conversation.policy import INSTRUCTIONS

GA_EVENT: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
HELLO = QUESTION.with_name("hello-slt.wav")
HEARD_MAX_S = 120.0
"""An answer takes a second; the rest is for a busy machine, or a service far away."""
TRIES = 10
"""An answer may have ended before the interruption or the cancellation comes: then another is asked for."""
LONG = "Tell me everything about business travel: flights, trains, hotels, meals and taxis."
PLAYED_MS = 20
NOT_OF_INTEREST = frozenset({"rate_limits.updated", "session.updated", "conversation.item.input_audio_transcription.delta"})
"""Of the model's own timing and bookkeeping; everything else that it says is looked at."""


def normalised(heard: Iterable[dict[str, Any]]) -> list[str]:
    """The kinds of events, a run of the same kind being one; without what each server sends when it likes."""
    kinds = [event["type"] for event in heard if event["type"] not in NOT_OF_INTEREST]
    return [kind for number, kind in enumerate(kinds) if number == 0 or kinds[number - 1] != kind]


def in_order(wanted: Iterable[str], kinds: Iterable[str]) -> bool:
    left = iter(kinds)
    return all(each in left for each in wanted)


@dataclass
class Person:
    """Who goes through the scenario."""

    visitor: Visitor

    async def speak(self, sound: bytes) -> None:
        for start in range(0, len(sound), PIECE_BYTES):
            piece = sound[start : start + PIECE_BYTES]
            await self.visitor.say("input_audio_buffer.append", audio=base64.b64encode(piece).decode())

    async def ask(self, text: str, **response: Any) -> None:
        content = [{"type": "input_text", "text": text}]
        await self.visitor.say("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        await self.visitor.say("response.create", **({"response": response} if response else {}))

    async def speaks_and_is_answered(self) -> None:
        """Speak, search, speak."""
        since = len(self.visitor.heard)
        await self.speak(pcm_of(QUESTION))
        sources = await self.visitor.hear("askaloud.sources")
        assert sources["sources"]
        await self.visitor.hear("response.output_audio.delta")
        done = (await self.visitor.hear("response.done"))["response"]
        assert done["status"] == "completed"
        assert done["usage"]["total_tokens"] > 0
        heard = self.visitor.heard[since:]
        spoken = "".join(event["delta"] for event in heard if event["type"] == "response.output_audio_transcript.delta")
        assert "30" in spoken
        written = [event["transcript"] for event in heard if event["type"].endswith("transcription.completed")]
        assert "abroad" in "".join(written)
        before = ["speech_started", "speech_stopped", "committed"]
        wanted = [*(f"input_audio_buffer.{each}" for each in before), "askaloud.searching", "askaloud.sources"]
        answer = ["response.created", "response.output_audio.delta", "response.output_audio.done", "response.done"]
        assert in_order([*wanted, *answer], normalised(heard))

    async def interrupts(self) -> None:
        """Speak over an answer: it falls silent, is cut to what was played, and the new turn is answered."""
        for _ in range(TRIES):
            await self.ask(LONG)
            delta = await self.visitor.hear("response.output_audio.delta")
            await self.speak(pcm_of(HELLO))
            await self.visitor.hear("input_audio_buffer.speech_started")
            since = len(self.visitor.heard)
            await self.visitor.say("conversation.item.truncate", item_id=delta["item_id"], content_index=0, audio_end_ms=PLAYED_MS)
            answered = await self._answer_after(delta["response_id"])
            assert answered["status"] == "completed"
            cut = self._heard_since(since, "conversation.item.truncated") or await self.visitor.hear("conversation.item.truncated")
            assert (cut["item_id"], cut["audio_end_ms"]) == (delta["item_id"], PLAYED_MS)
            assert self._heard_since(since, "input_audio_buffer.committed")
            after = self.visitor.heard[since:]
            assert not [each for each in after if each["type"].endswith(".delta") and each.get("response_id") == delta["response_id"]]
            if self._end_of(delta["response_id"])["status"] == "cancelled":
                return
        raise AssertionError("every answer had ended before somebody could speak over it")

    async def types(self) -> None:
        """Ask in writing, and be answered in writing."""
        since = len(self.visitor.heard)
        await self.ask("What is the hotel limit in London?", output_modalities=["text"])
        await self.visitor.hear("response.output_text.done")
        done = (await self.visitor.hear("response.done"))["response"]
        assert done["status"] == "completed"
        (part,) = done["output"][-1]["content"]
        assert part["type"] == "output_text"
        assert "210" in part["text"]
        kinds = normalised(self.visitor.heard[since:])
        assert in_order(["conversation.item.added", "response.created", "response.output_text.delta", "response.done"], kinds)
        assert "response.output_audio.delta" not in kinds

    async def cancels(self) -> None:
        """Stop an answer that has begun."""
        for _ in range(TRIES):
            await self.ask(LONG)
            created = await self.visitor.hear("response.created")
            await self.visitor.say("response.cancel")
            done = (await self.visitor.hear("response.done"))["response"]
            assert done["id"] == created["response"]["id"]
            if done["status"] == "cancelled":
                return
            assert (await self.visitor.hear("error"))["error"]["code"] == "response_cancel_not_active"
        raise AssertionError("every answer had ended before it could be cancelled")

    async def _answer_after(self, response_id: str) -> dict[str, Any]:
        while (done := (await self.visitor.hear("response.done"))["response"])["id"] == response_id:
            pass
        return dict(done)

    def _heard_since(self, since: int, kind: str) -> dict[str, Any] | None:
        return next((event for event in self.visitor.heard[since:] if event["type"] == kind), None)

    def _end_of(self, response_id: str) -> dict[str, Any]:
        (done,) = [
            each["response"] for each in self.visitor.heard if each["type"] == "response.done" and each["response"]["id"] == response_id
        ]
        return dict(done)

    def heard_nothing_else(self) -> None:
        """What holds for the whole conversation: GA's words, each response begun and ended once, nothing of ours that is hidden."""
        events = [event for event in self.visitor.heard if not event["type"].startswith("askaloud.")]
        for event in events:
            assert GA_EVENT.validate_python(event).type == event["type"]
        begun = [event["response"]["id"] for event in events if event["type"] == "response.created"]
        ended = [event["response"]["id"] for event in events if event["type"] == "response.done"]
        assert begun == ended
        assert len(set(begun)) == len(begun)
        assert not [event["type"] for event in events if "function_call" in event["type"] or event["type"] == "conversation.item.created"]
        seen = json.dumps(events)
        for ours in ("function_call", "report_grounding", INSTRUCTIONS[:40], "<passage"):
            assert ours not in seen
        assert self.visitor.codes() == []


Row = Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Person]]


@asynccontextmanager
async def at(address: str) -> AsyncIterator[Person]:
    """A person who has been greeted, and who says goodbye at the end."""
    async with connect(f"ws://{address}/v1/realtime?askaloud=1", max_size=None, compression=None, proxy=None) as socket:
        person = Person(Visitor(socket, heard_max_s=HEARD_MAX_S))
        await person.visitor.hear("askaloud.conversation")
        yield person
        await socket.close()
        assert socket.close_code == 1000


@asynccontextmanager
async def stand_in(request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """The whole program with its own stand-in: ears, mind, mouth and search."""
    whole: Whole = request.getfixturevalue("whole")
    whole.wait_for_ears()
    async with at(whole.host) as person:
        yield person


def library() -> ScriptedDoor:
    door = ScriptedDoor()
    door.echo = True
    return door


async def until_hung_up(home: House, lines: list[Any]) -> None:
    """Goodbye reaches the model."""
    await home.empty()
    (line,) = lines
    await line.connection.wait_closed()


@asynccontextmanager
async def scripted_ga(request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """A GA server whose every word is written."""
    async with house(plays(Ga()), library()) as home:
        async with at(home.address) as person:
            yield person
        await until_hung_up(home, home.model.lines)


@asynccontextmanager
async def scripted_preview(request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """A server that still speaks the preview."""
    script = plays(Preview())
    async with scripted_model(script) as far, house(script, library(), realtime=preview_door(far.port)) as home:
        async with at(home.address) as person:
            yield person
        await until_hung_up(home, far.lines)


@asynccontextmanager
async def azure(request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """Somebody's own account."""
    async with account() as (address, _), at(address) as person:
        yield person


@pytest.mark.parametrize("row", [stand_in, scripted_ga, scripted_preview, pytest.param(azure, marks=pytest.mark.azure)])
async def test_one_conversation_is_the_same_with_every_far_end(row: Row, request: pytest.FixtureRequest) -> None:
    async with row(request) as person:
        await person.speaks_and_is_answered()
        await person.interrupts()
        await person.types()
        await person.cancels()
        person.heard_nothing_else()

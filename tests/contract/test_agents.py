"""The OpenAI Agents SDK at our door, as it comes from PyPI: a spoken and a typed conversation, an interruption, and an agent whose own
instructions and tools are not what the model is told.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Unpack

from agents import function_tool
from agents.realtime import (
    AssistantMessageItem,
    RealtimeAgent,
    RealtimeItem,
    RealtimeModelUsageEvent,
    RealtimePlaybackTracker,
    RealtimeRunner,
    RealtimeSession,
    RealtimeSessionModelSettings,
    RealtimeTurnDetectionConfig,
    UserMessageItem,
)
from tests.askaloud.knowledge.search_doors import ScriptedDoor
from tests.contract.house import answers, house
from tests.contract.test_sdk_audio import PIECE_BYTES, QUESTION, is_audible, pcm_of
from tests.scripted_model import Line
from tests.whole import Whole

TURN_MAX_S = 120.0
"""An answer takes a second; the rest is for a busy machine."""
THEIR_WORDS = "You are a pirate and know everything by heart."


@function_tool
def treasure(place: str) -> str:
    """Says where the treasure is."""
    raise AssertionError(f"our model called somebody else's tool for {place}")


PIRATE: RealtimeAgent[Any] = RealtimeAgent(name="Pirate", instructions=THEIR_WORDS, tools=[treasure])


@dataclass
class Turn:
    """What the SDK's user gets to know between two ends of the agent's turns."""

    pcm: bytes = b""
    history: list[RealtimeItem] = field(default_factory=list)
    usage: list[RealtimeModelUsageEvent] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    raw: list[dict[str, Any]] = field(default_factory=list)
    """The server's events, as they came."""

    def take(self, event: Any) -> None:
        """One event of the SDK. Errors are none that its user should see."""
        self.kinds.append(event.type)
        match event.type:
            case "error":
                raise AssertionError(event.error)
            case "audio":
                self.pcm += event.audio.data
            case "history_updated":
                self.history = list(event.history)
            case "raw_model_event" if event.data.type == "usage":
                self.usage.append(event.data)
            case "raw_model_event" if event.data.type == "raw_server_event":
                self.raw.append(event.data.data)

    def said(self, role: str) -> str:
        """The last words of this side, as the SDK keeps them."""
        wanted = AssistantMessageItem if role == "assistant" else UserMessageItem
        items = [item for item in self.history if isinstance(item, wanted)]
        return " ".join(getattr(part, "transcript", None) or getattr(part, "text", None) or "" for part in items[-1].content)


@asynccontextmanager
async def talking(
    host: str, player: RealtimePlaybackTracker | None = None, **settings: Unpack[RealtimeSessionModelSettings]
) -> AsyncIterator[RealtimeSession]:
    """A session of the SDK at our door, begun as its documentation says; only the address is another."""
    runner = RealtimeRunner(PIRATE, config={"model_settings": settings})
    session = await runner.run(
        model_config={
            "api_key": "nobody asks for it on loopback",
            "url": f"ws://{host}/v1/realtime?model=any",
            "playback_tracker": player or RealtimePlaybackTracker(),
        }
    )
    async with session, asyncio.timeout(TURN_MAX_S):
        yield session


async def until(session: RealtimeSession, kind: str) -> Turn:
    """Everything up to the next event of this kind."""
    turn = Turn()
    async for event in session:
        turn.take(event)
        if event.type == kind:
            return turn
    raise AssertionError(f"the session ended before {kind}")


async def test_a_typed_and_a_spoken_question_are_answered_aloud_from_the_documents(whole: Whole) -> None:
    whole.wait_for_ears()
    async with talking(whole.host) as session:
        await session.send_message("What is the hotel limit in London?")
        typed = await until(session, "agent_end")
        assert "210 euros" in typed.said("assistant")
        assert typed.said("user") == "What is the hotel limit in London?"
        assert is_audible(typed.pcm)
        sound = pcm_of(QUESTION)
        for start in range(0, len(sound), PIECE_BYTES):
            await session.send_audio(sound[start : start + PIECE_BYTES])
        spoken = await until(session, "agent_end")
    assert "30 days" in spoken.said("assistant")
    assert "abroad" in spoken.said("user")
    assert is_audible(spoken.pcm)
    for turn in (typed, spoken):
        (usage,) = turn.usage
        assert usage.usage.output_tokens > 0
        assert not {"tool_start", "tool_end", "handoff"} & set(turn.kinds)
        assert not [event["type"] for event in turn.raw if "function_call" in event["type"] or event["type"].startswith("askaloud.")]


async def test_the_agents_own_instructions_tools_and_model_are_dropped_and_ours_stay_hidden() -> None:
    asked: list[dict[str, Any]] = []

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.calls("s", ("c", "search", {"query": "days"}))
        await line.output()
        await line.read("response.create")
        await line.answer("r", "a", "Thirty days.")
        await line.until_hung_up()
        asked.extend(line.heard)

    door = ScriptedDoor()
    door.echo = True
    async with house(script, door) as home:
        async with talking(home.address) as session:
            await session.send_message("How many days?")
            turn = await until(session, "agent_end")
        await home.empty()
    updates = [event["session"] for event in asked if event["type"] == "session.update"]
    first, *later = updates
    assert [tool["name"] for tool in first["tools"]] == ["search", "report_grounding"]
    assert not any({"instructions", "tools", "tool_choice", "model", "tracing"} & update.keys() for update in later)
    assert THEIR_WORDS not in json.dumps(asked)
    assert "treasure" not in json.dumps(asked)
    heard = json.dumps(turn.raw)
    assert first["instructions"][:40] not in heard
    assert "report_grounding" not in heard
    assert not any({"instructions", "tools"} & event["session"].keys() for event in turn.raw if "session" in event)


async def test_its_wishes_that_are_the_clients_hold() -> None:
    async with house(answers) as home, talking(home.address, voice="verse", turn_detection={"type": "server_vad"}) as session:
        await session.send_message("Hello?")
        turn = await until(session, "agent_end")
    shown = [event["session"] for event in turn.raw if event["type"] == "session.updated"][-1]
    assert shown["audio"]["output"]["voice"] == "verse"
    assert shown["audio"]["input"]["turn_detection"]["type"] == "server_vad"


async def test_an_interruption_cuts_the_answer_and_its_history_and_the_next_question_is_answered() -> None:
    """The SDK truncates what it has played and then asks for the item again, which we tell from memory."""

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.speak("r1", "a1", "This answer goes on and on and on.", audio=bytes(48_000))
        truncate = await line.read("conversation.item.truncate")
        await line.say("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=truncate["audio_end_ms"])
        await line.read("response.cancel")
        await line.end("r1", status="cancelled")
        await line.read("response.create")
        await line.answer("r2", "a2", "And this is short.")

    player = RealtimePlaybackTracker()
    detection: RealtimeTurnDetectionConfig = {"type": "server_vad", "interrupt_response": False}
    async with house(script) as home, talking(home.address, player, turn_detection=detection) as session:
        await session.send_message("Tell me a story.")
        await until(session, "audio_end")
        player.on_play_ms("a1", 0, 500)
        await session.interrupt()
        cut = await until(session, "agent_end")
        assert "audio_interrupted" in cut.kinds
        await session.send_message("And now?")
        turn = await until(session, "agent_end")
        assert turn.said("assistant") == "And this is short."
        assert "conversation.item.retrieved" in [event["type"] for event in cut.raw + turn.raw]
        first = next(item for item in turn.history if isinstance(item, AssistantMessageItem))
        assert [getattr(part, "transcript", None) for part in first.content] == ["This answer goes …"]

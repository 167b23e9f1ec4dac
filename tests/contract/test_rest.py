"""A silence over real sockets: the model is let go of though the room's sound goes on, and the next word calls it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.contract.house import HEARD_MAX_S, house
from tests.scripted_model import Line, Script

from askaloud.conversation.patience import Patience
from askaloud.settings import Settings

SOON = Patience(rest_s=0.5)
FRAMES = 10
"""Of silence, a tenth of a second each."""

Refuses = Callable[[Any], bool]


def lines(rested: asyncio.Event, refuses: Refuses) -> Script:
    """Each line answers whatever it is asked, and says when it was hung up on."""
    number = 0

    async def agreed(line: Line) -> None:
        while True:
            update = await line.read("session.update")
            if not refuses(update["session"]["audio"]["input"].get("turn_detection")):
                break
            await line.refuse(update["event_id"], "invalid_value", "session.audio.input.turn_detection.type")
        await line.say("session.updated", session={})

    async def script(line: Line) -> None:
        nonlocal number
        await agreed(line)
        await line.read("response.create")
        number += 1
        await line.answer(f"r{number}", f"a{number}", "This is an answer.")
        await line.until_hung_up()
        rested.set()

    return script


def nothing(detection: Any) -> bool:
    return False


def sense(detection: Any) -> bool:
    return bool(detection) and detection["type"] == "semantic_vad"


def all_of_it(detection: Any) -> bool:
    return detection is not None


@pytest.mark.parametrize("chosen", ["server_vad", "semantic_vad"])
@pytest.mark.parametrize("refuses", [nothing, sense, all_of_it], ids=["taken", "semantic refused", "any refused"])
async def test_a_silence_rests_the_conversation_whichever_turn_detection_the_model_takes(chosen: str, refuses: Refuses) -> None:
    rested = asyncio.Event()
    async with (
        house(lines(rested, refuses), settings=Settings(turn_detection=chosen), patience=SOON) as home,
        home.visit() as visitor,
    ):
        await visitor.ask("Hello?")
        await visitor.hear("response.done")
        for _ in range(FRAMES):
            await visitor.sound(4_800)
        async with asyncio.timeout(HEARD_MAX_S):
            await rested.wait()
        await visitor.ask("And abroad?")
        await visitor.hear("response.done")
        assert "model_hung_up" not in visitor.codes()
        _, second = home.model.lines
        said = [event["item"]["content"][0]["text"] for event in second.heard if event["type"] == "conversation.item.create"]
        assert said == ["Hello?", "This is an answer.", "And abroad?"]

"""A conversation of hundreds of turns over several lines: what a new line is told is bounded, and the last turn is as good as the first."""

from __future__ import annotations

import json
from typing import Any

from tests.askaloud.knowledge.search_doors import ScriptedDoor
from tests.contract.house import house
from tests.scripted_model import Line

from askaloud.conversation.memory import MESSAGES_KEPT, PASSAGES_KEPT
from askaloud.conversation.patience import Patience

LINES, TURNS = 4, 60
QUICK = Patience(reopen_s=(0.0, 0.0))


async def told_at_first(line: Line) -> dict[str, Any]:
    """The first answer that is asked for; what came before it stands in `heard`."""
    await line.greet()
    return await line.read("response.create")


async def test_the_fourth_line_of_a_long_conversation_is_told_no_more_than_the_second_and_knows_the_last_turns() -> None:
    begun: list[list[dict[str, Any]]] = []

    async def lasts_for_a_while(line: Line) -> None:
        await told_at_first(line)
        begun.append(items(line))
        for number in range(TURNS):
            if number:
                await line.read("response.create")
            asked = next(item for item in reversed(items(line)) if item.get("role") == "user")
            await line.say("conversation.item.added", item={**asked, "status": "completed"}, previous_item_id=None)
            question = asked["content"][0]["text"]
            name = f"{len(begun)}-{number}"
            await line.calls(f"s{name}", (f"c{name}", "search", {"query": question}))
            await line.output()
            await line.read("response.create")
            await line.answer(f"r{name}", f"a{name}", f"{question} For 30 days.")
        await line.connection.close(1001, "session expired")

    door = ScriptedDoor()
    door.echo = True
    async with house(lasts_for_a_while, door, patience=QUICK) as home, home.visit() as page:
        for number in range(LINES * TURNS):
            await page.ask(f"Question {number:03}")
            await page.hear("response.output_audio_transcript.done", transcript=f"Question {number:03} For 30 days.")
            await page.hear("response.done")
        assert page.codes() == ["conversation_too_long"], "said once, when its beginning is forgotten"
        numbers = [source["number"] for event in page.heard if event["type"] == "askaloud.sources" for source in event["sources"]]
        assert numbers == list(range(1, LINES * TURNS + 1)), "sources are numbered on over all lines"
    assert len(begun) == LINES
    sizes = [len(json.dumps(items)) for items in begun]
    assert sizes[0] < sizes[1]
    assert sizes[3] <= sizes[1] * 1.02, "ids and numbers may grow by a digit, and nothing else"
    for line in begun[1:]:
        assert sum(item["type"] == "message" for item in line) == MESSAGES_KEPT
        assert sum(item["type"] == "function_call_output" for item in line) == PASSAGES_KEPT
    assert "Question 179 For 30 days." in json.dumps(begun[3])
    assert "Question 180" in json.dumps(begun[3][-1]), "the question itself comes last"


def items(line: Line) -> list[dict[str, Any]]:
    return [event["item"] for event in line.heard if event["type"] == "conversation.item.create"]

"""Twenty conversations at one time through the stand-in's own mind, each with its own documents: nobody hears another's answer."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

from tests.local_azure.realtime.doubles import EnergyEars, Talk, ToneMouth, app_with, connected
from tests.serving import serving
from tests.stand_in import stand_in

from local_azure.mind import QuotingMind
from local_azure.realtime.parts import BYTES_PER_MS

PEOPLE = 20
SHORTEST_ANSWER_MS = 1_000
"""A price is told in a sentence; a second is less than any voice needs for it."""
TURNS = 3
SEARCH = {
    "type": "function",
    "name": "search",
    "description": "Searches the organisation's documents.",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
}
DISHES = ("soup", "salad", "omelette")


def passages(person: int) -> str:
    """What this person's search finds: prices that no other person's documents have."""
    lines = [f"The {dish} in canteen {person} costs {100 * person + 7 * number} euros." for number, dish in enumerate(DISHES, 1)]
    return "\n".join(f'<passage id="{number}" title="Menu" page="1">{line}</passage>' for number, line in enumerate(lines, 1))


async def answer(talk: Talk, question: str, found: str) -> str:
    """The words of the answer to a typed question; every call is given what was found."""
    await talk.say(question)
    for _ in range(4):
        done: dict[str, Any] = await talk.respond()
        calls = [item for item in done["output"] if item["type"] == "function_call"]
        if not calls:
            return " ".join(part.get("transcript") or part["text"] for item in done["output"] for part in item["content"])
        for call in calls:
            assert "query" in json.loads(call["arguments"])
            item = {"type": "function_call_output", "call_id": call["call_id"], "output": found}
            await talk.ask({"type": "conversation.item.create", "item": item}, "conversation.item.done")
    raise AssertionError("the mind went on searching")


async def converse(address: str, person: int, key: str = "planted") -> tuple[list[str], int]:
    """The words of this person's answers, and how many milliseconds of sound came with them."""
    async with connected(address, key) as talk:
        await talk.update(tools=[SEARCH], audio={"input": {"turn_detection": None}})
        words = [await answer(talk, f"How much does the {dish} in canteen {person} cost?", passages(person)) for dish in DISHES[:TURNS]]
        return words, sum(len(base64.b64decode(event["delta"])) for event in talk.of("response.output_audio.delta")) // BYTES_PER_MS


def hold_right(heard: list[list[str]]) -> None:
    """Everybody's answers tell their own prices."""
    for person, words in enumerate(heard, 1):
        for number, said in enumerate(words, 1):
            assert str(100 * person + 7 * number) in said.replace(",", ""), (person, number, said)


async def test_twenty_people_who_type_at_one_time_get_their_own_right_answers() -> None:
    async with serving(app_with(EnergyEars(), ToneMouth(), QuotingMind())) as address:
        heard = await asyncio.gather(*(converse(address, person) for person in range(1, PEOPLE + 1)))
    hold_right([words for words, _ in heard])


async def test_the_program_itself_gives_twenty_people_their_own_right_answers_each_to_be_heard(tmp_path: Path) -> None:
    with stand_in(tmp_path) as running:
        address = running.realtime.removeprefix("ws://").removesuffix("/openai/v1")
        heard = await asyncio.gather(*(converse(address, person, running.key) for person in range(1, PEOPLE + 1)))
        said = running.said()
    hold_right([words for words, _ in heard])
    assert min(sound_ms for _, sound_ms in heard) >= TURNS * SHORTEST_ANSWER_MS
    assert "Traceback" not in said

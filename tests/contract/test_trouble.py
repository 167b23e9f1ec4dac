"""What may fail on the far sides, each over a real socket: the person gets a code and a sentence, and what was said stays.

How the model's side fails before a conversation has begun is the table in test_failures.py.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.contract.house import HEARD_MAX_S, answers, house, searches
from tests.scripted_model import Line

from askaloud.conversation.patience import PATIENCE, Patience

NOT_ANSWERED, NOT_FOUND = replace(PATIENCE, setup_s=0.3), replace(PATIENCE, tool_s=1.0)
"""Patience for the tests that wait for its end; whatever comes in them may come late where the machine does much else."""


def in_trouble(*searches: Answer) -> ScriptedDoor:
    door = ScriptedDoor()
    door.script("search", *searches)
    return door


SEARCH_TROUBLE: dict[str, tuple[Answer, str]] = {
    "500": (Answer({"error": {"code": "", "message": "planted words"}}, 500), "search_down"),
    "refused": (Answer({"error": {"code": "", "message": "planted words"}}, 403), "search_refused"),
    "a page instead of JSON": (Answer("<html>planted words</html>"), "search_down"),
    "another shape": (Answer({"value": 7}), "search_down"),
}


@pytest.mark.parametrize(("trouble", "code"), SEARCH_TROUBLE.values(), ids=SEARCH_TROUBLE.keys())
async def test_a_search_that_fails_is_told_and_the_conversation_goes_on(trouble: Answer, code: str) -> None:
    async with house(searches, in_trouble(trouble)) as home, home.visit() as visitor:
        home.search.script("search", Answer({"value": [hit()]}))
        await visitor.ask("First question")
        await visitor.hear("response.done")
        assert visitor.codes() == [code]
        assert "planted words" not in json.dumps(visitor.heard)
        await visitor.ask("Second question")
        await visitor.hear("askaloud.sources")
        await visitor.hear("response.done")


async def test_a_search_door_that_is_down_is_told() -> None:
    async with house(searches, search_at="127.0.0.1:9") as home, home.visit() as visitor:
        await visitor.ask("Anybody there?")
        await visitor.hear("response.done")
        assert visitor.codes() == ["search_down"]


async def test_an_empty_index_is_told() -> None:
    door = ScriptedDoor()
    door.script("count", Answer("0", headers={"Content-Type": "text/plain"}))
    async with house(searches, door) as home, home.visit() as visitor:
        await visitor.ask("Anything?")
        await visitor.hear("response.done")
        assert visitor.codes() == ["search_index_empty"]


async def test_a_passage_that_was_cut_within_a_character_ends_nothing() -> None:
    found = '{"value":[{"@search.score":1.0,"id":"p1","title":"H\\ud800","page":1,"text":"Thirty \\ud83d days","headings":["\\udfff"]}]}'
    async with house(searches, in_trouble(Answer(found))) as home, home.visit() as visitor:
        await visitor.ask("How many days?")
        sources = await visitor.hear("askaloud.sources")
        assert sources["sources"][0]["title"].startswith("H")
        said = await visitor.hear("response.output_audio_transcript.done")
        assert "Thirty" in said["transcript"]
        assert visitor.codes() == []


async def test_a_search_that_hangs_holds_up_no_sound_and_ends_in_an_answer() -> None:
    sounded = asyncio.Event()

    async def talks_meanwhile(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("s")
        await line.call("s", "c", "search", {"query": "slow"})
        await line.end("s")
        await line.user_said("u2", "Are you still there?")
        await asyncio.wait_for(sounded.wait(), HEARD_MAX_S)
        output = await line.read("conversation.item.create")
        assert "could not be looked up" in output["item"]["output"]
        await line.read("response.create")
        await line.begin("r")
        await line.speak("r", "a", "Sorry.")
        await line.end("r")

    async with house(talks_meanwhile, in_trouble(Answer(hangs=True)), patience=NOT_FOUND) as home, home.visit() as visitor:
        await visitor.ask("Slow question")
        await visitor.hear("askaloud.searching")
        await visitor.hear("input_audio_buffer.speech_started")
        assert visitor.codes() == []
        sounded.set()
        await visitor.hear("response.done")
        assert visitor.codes() == ["tool_failed"]


async def test_a_model_that_never_takes_our_instructions_is_told_and_hears_nothing_of_the_person() -> None:
    async def deaf(line: Line) -> None:
        await line.say("session.created", session={})

    async with house(deaf, patience=NOT_ANSWERED) as home, home.visit() as visitor:
        await visitor.ask("A secret question")
        assert await visitor.end() == (1011, "the model did not answer")
        assert visitor.codes() == ["model_timeout"]
        await home.empty()
        assert [event["type"] for event in home.model.lines[0].heard] == ["session.update"]


async def test_a_client_without_our_events_hears_of_the_end_in_the_protocols_words() -> None:
    async def hangs_up(line: Line) -> None:
        await line.greet()
        await line.connection.close()

    async with house(hangs_up, patience=Patience(reopen_s=(0.0,))) as home, home.visit(own_events=False) as visitor:
        await visitor.ask("Hello?")
        assert (await visitor.end())[0] == 1011
        error = next(event for event in visitor.heard if event["type"] == "error")["error"]
        assert error["code"] == "model_hung_up"
        assert not [kind for kind in visitor.kinds() if kind.startswith("askaloud.")]


def calling(name: str, arguments: str | dict[str, Any]) -> Any:
    """A model that makes one call and tells what it got."""

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("s")
        await line.call("s", "c", name, arguments)
        await line.end("s")
        output = await line.read("conversation.item.create")
        await line.read("response.create")
        await line.begin("r")
        await line.speak("r", "a", output["item"]["output"])
        await line.end("r")

    return script


BAD_CALLS: dict[str, tuple[str, str | dict[str, Any], str]] = {
    "an unknown tool": ("delete_everything", {}, "no tool of that name"),
    "arguments that are not JSON": ("search", "{query:", "not a JSON object"),
    "arguments that are a list": ("search", "[1]", "not a JSON object"),
    "arguments of the wrong kind": ("search", {"query": 7}, ""),
    "no arguments": ("search", {}, ""),
}


@pytest.mark.parametrize(("name", "arguments", "told"), BAD_CALLS.values(), ids=BAD_CALLS.keys())
async def test_a_bad_call_gets_an_output_and_the_conversation_an_answer(name: str, arguments: str | dict[str, Any], told: str) -> None:
    async with house(calling(name, arguments)) as home, home.visit() as visitor:
        await visitor.ask("Question")
        said = await visitor.hear("response.output_audio_transcript.done")
        assert told in said["transcript"]
        await visitor.hear("response.done")


PATIENCES: dict[str, Patience] = {"as in production": PATIENCE, "short": replace(PATIENCE, connect_s=3.0, setup_s=3.0, tool_s=0.5)}


@pytest.mark.parametrize("patience", PATIENCES.values(), ids=PATIENCES.keys())
async def test_a_server_that_goes_away_says_goodbye_to_everybody(patience: Patience) -> None:
    async with house(answers, patience=patience) as home, home.visit() as one, home.visit() as other:
        await one.ask("Hello?")
        await one.hear("response.done")
        await home.app.drain()
        assert await one.end() == (1001, "server going away")
        assert await other.end() == (1001, "server going away")
        assert one.codes() == other.codes() == ["server_going_away"]
        assert len(home.app.lobby) == 0

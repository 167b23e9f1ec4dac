"""A service that ends the session at any moment: one continuous conversation, no answer doubled or lost, the sources kept."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.contract.house import HEARD_MAX_S, House, Visitor, house
from tests.scripted_model import Line, Script

from askaloud.conversation.patience import Patience

QUICK = Patience(reopen_s=(0.0, 0.0, 0.0))
PASSAGE = "You can work from abroad for 30 days, of which 10 are paid double."
FOUND = Answer({"value": [hit("p1", text=PASSAGE)]})
QUESTION = "How long may I work from abroad?"
TIMES_UP = (1001, "session expired")


def searching() -> ScriptedDoor:
    door = ScriptedDoor()
    door.script("search", FOUND)
    return door


def in_turn(*scripts: Script) -> Script:
    """The first line follows the first script, and so on; the last one all that come after it."""
    begun = 0

    async def follow(line: Line) -> None:
        nonlocal begun
        begun += 1
        await scripts[min(begun, len(scripts)) - 1](line)

    return follow


async def answers(line: Line) -> None:
    """A whole answer to whatever is asked."""
    await line.greet()
    number = 0
    while True:
        await line.read("response.create")
        number += 1
        name = f"{len(line.heard)}_{number}"
        await line.answer(f"r_{name}", f"a_{name}", "For 30 days.")


def told(line: Line) -> list[dict[str, Any]]:
    """The items that this line was told."""
    return [event["item"] for event in line.heard if event["type"] == "conversation.item.create"]


def seen(page: Visitor) -> list[str]:
    """The spoken answers that stand on the page in the end."""
    taken_back = {event["item_id"] for event in page.heard if event["type"] == "conversation.item.deleted"}
    done = [event for event in page.heard if event["type"] == "response.output_audio_transcript.done"]
    return [event["transcript"] for event in done if event["item_id"] not in taken_back]


async def second_line(home: House) -> Line:
    async with asyncio.timeout(HEARD_MAX_S):
        while len(home.model.lines) < 2:  # noqa: ASYNC110 - the far end offers a list, no event
            await asyncio.sleep(0.005)
    return home.model.lines[1]


async def test_at_rest_the_next_question_goes_to_a_new_line_that_knows_what_was_said_and_found() -> None:
    async def searches(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.calls("r1", ("c1", "search", {"query": "abroad"}))
        await line.output()
        await line.read("response.create")
        await line.answer("r2", "a2", "For 30 days.")
        await line.read("input_audio_buffer.clear")
        await line.say("input_audio_buffer.cleared")
        await line.connection.close(*TIMES_UP)

    async with house(in_turn(searches, answers), searching(), patience=QUICK) as home, home.visit() as page:
        await page.ask(QUESTION)
        await page.hear("askaloud.usage")
        await page.say("input_audio_buffer.clear")
        await page.hear("input_audio_buffer.cleared")
        await page.ask("And how many of them are paid double?")
        await page.hear("response.done")
        line = await second_line(home)
        assert [item["type"] for item in told(line)] == ["message", "function_call", "function_call_output", "message", "message"]
        assert PASSAGE in told(line)[2]["output"]
        assert told(line)[3]["content"] == [{"type": "output_text", "text": "For 30 days."}]
        assert page.codes() == []
        assert seen(page) == ["For 30 days.", "For 30 days."]
        assert len([event for event in page.heard if event["type"] == "session.created"]) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011])
async def test_in_mid_answer_the_answer_is_taken_back_and_given_whole(code: int) -> None:
    async def breaks_off(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        item = {"id": "a1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        await line.say("response.output_item.added", response_id="r1", output_index=0, item=item)
        place = {"response_id": "r1", "item_id": "a1", "output_index": 0, "content_index": 0}
        await line.say("response.output_audio_transcript.delta", **place, delta="For 3")
        await line.connection.close(code, "planted words")

    async with house(in_turn(breaks_off, answers), patience=QUICK) as home, home.visit() as page:
        await page.ask(QUESTION)
        await page.hear("conversation.item.deleted", item_id="a1")
        first = await page.hear("response.done")
        assert (first["response"]["id"], first["response"]["status"]) == ("r1", "cancelled")
        last = await page.hear("response.done")
        assert last["response"]["status"] == "completed"
        assert seen(page) == ["For 30 days."]
        assert [item["content"][0]["text"] for item in told(await second_line(home))] == [QUESTION]
        assert page.codes() == []
        assert "planted words" not in json.dumps(page.heard)


async def test_in_mid_tool_its_output_goes_to_the_new_line_and_is_answered_once() -> None:
    door = searching()

    async def calls(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.call("r1", "c1", "search", {"query": "abroad"})
        await line.connection.close(*TIMES_UP)

    async with house(in_turn(calls, answers), door, patience=QUICK) as home, home.visit() as page:
        await page.ask(QUESTION)
        done = await page.hear("response.done")
        assert done["response"]["status"] == "completed"
        line = await second_line(home)
        assert [item["type"] for item in told(line)] == ["message", "function_call", "function_call_output"]
        assert sum(event["type"] == "response.create" for event in line.heard) == 1
        (sources,) = [event for event in page.heard if event["type"] == "askaloud.sources"]
        assert [source["number"] for source in sources["sources"]] == [1]
        assert seen(page) == ["For 30 days."]


async def test_twice_in_a_row_and_still_one_answer() -> None:
    async def ends(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin(f"r{id(line)}")
        await line.connection.close(*TIMES_UP)

    async with house(in_turn(ends, ends, answers), patience=QUICK) as home, home.visit() as page:
        await page.ask(QUESTION)
        await page.hear("response.done")
        assert seen(page) == ["For 30 days."]
        assert len(home.model.lines) == 3
        assert page.codes() == []


@pytest.mark.parametrize("named", [True, False], ids=["names the question", "names nothing"])
@pytest.mark.parametrize("looked_up", [True, False], ids=["after a search", "at once"])
async def test_a_service_that_says_that_the_session_is_over_before_it_hangs_up_loses_no_answer(looked_up: bool, named: bool) -> None:
    async def expires(line: Line) -> None:
        await line.greet()
        asked = await line.read("response.create")
        if looked_up:
            await line.calls("r1", ("c1", "search", {"query": "abroad"}))
            asked = await line.read("response.create")
        await line.refuse(asked["event_id"] if named else None, "session_expired")
        await line.connection.close(*TIMES_UP)

    async with house(in_turn(expires, answers), searching(), patience=QUICK) as home, home.visit() as page:
        await page.ask(QUESTION)
        done = await page.hear("response.done")
        assert done["response"]["status"] == "completed"
        assert seen(page) == ["For 30 days."]
        assert page.kinds().count("response.created") == page.kinds().count("response.done") == 1
        assert [event["type"] for event in (await second_line(home)).heard].count("response.create") == 1
        assert page.codes() == []


async def test_a_service_that_ends_every_session_is_given_up_with_a_sentence() -> None:
    async def ends(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.connection.close(1011, "planted words")

    async with house(ends, patience=QUICK) as home, home.visit() as page:
        await page.ask(QUESTION)
        assert await page.end() == (1011, "the model hung up")
        assert page.codes() == ["model_hung_up"]
        await home.empty()
        assert len(home.model.lines) == 1 + len(QUICK.reopen_s)


async def test_a_session_near_its_end_is_followed_by_another_while_nobody_speaks() -> None:
    async def short(line: Line) -> None:
        await line.say("session.created", session={"type": "realtime", "id": "sess_far"})
        update = await line.read("session.update")
        await line.say("session.updated", session=update["session"])
        await line.read("response.create")
        await line.answer("r1", "a1", "For 30 days.")
        await line.until_hung_up()

    async def lasting(line: Line) -> None:
        """It says that it ends in an hour: else this one, too, would be followed by another where the test takes its time."""
        await line.say("session.created", session={"type": "realtime", "id": "sess_far", "expires_at": int(time.time()) + 3_600})
        update = await line.read("session.update")
        await line.say("session.updated", session=update["session"])
        await line.read("response.create")
        await line.answer("r2", "a2", "For 30 days.")

    async with house(in_turn(short, lasting), patience=Patience(model_session_s=3.0)) as home, home.visit() as page:
        await page.ask(QUESTION)
        await page.hear("response.done")
        line = await second_line(home)
        await page.ask("And abroad?")
        await page.hear("response.done")
        assert [item["content"][0]["text"] for item in told(line)] == [QUESTION, "For 30 days.", "And abroad?"]
        assert page.codes() == []

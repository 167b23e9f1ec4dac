"""A follow-up on a line that was not there when the question before it was answered: the stand-in's real mind, over a line that is cut."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.browser.network import Cut, Network, network
from tests.contract.house import Visitor, answers, house
from tests.planted import known
from tests.stand_in import stand_in

from askaloud.conversation.patience import Patience
from askaloud.settings import RealtimeDoor

PASSAGE = "Working from abroad: you can work from abroad for 30 days a year, and 10 of those days are paid double."
QUICK = Patience(reopen_s=(0.0, 0.0))
NOTICED_MAX_S = 20.0


async def ask(page: Visitor, text: str) -> str:
    """Ask in writing, to be answered in writing."""
    content = [{"type": "input_text", "text": text}]
    await page.say("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await page.say("response.create", response={"output_modalities": ["text"]})
    said = await page.hear("response.output_text.done")
    await page.hear("response.done")
    return str(said["text"])


async def lost(roads: Network, caplog: pytest.LogCaptureFixture) -> None:
    """The line breaks at rest, and the service has noticed."""
    roads.cut(Cut.RESET)
    roads.mend()
    async with asyncio.timeout(NOTICED_MAX_S):
        while "the conversation goes on" not in caplog.text:  # noqa: ASYNC110 - the log offers text, no event
            await asyncio.sleep(0.005)


async def test_a_follow_up_on_a_new_line_is_asked_and_answered_with_what_was_said_and_found_on_the_old_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = ScriptedDoor()
    door.script("search", *[Answer({"value": [hit("p1", title="Working from abroad", text=PASSAGE)]})] * 4)
    with stand_in(tmp_path) as model:
        known(model.key)
        async with network() as roads:
            roads.target = model.realtime.removeprefix("ws://").partition("/")[0]
            address = f"ws://{roads.origin.removeprefix('http://')}/openai/v1"
            realtime = RealtimeDoor(address, "gpt-realtime", model.key, "stand-in")
            async with house(answers, door, realtime=realtime, patience=QUICK) as home, home.visit() as page:
                page.heard_max_s = 60.0
                assert "30 days" in await ask(page, "How long may I work from abroad?")
                await lost(roads, caplog)
                answer = await ask(page, "And how many of them are paid double?")
                assert page.codes() == []
                queries = [body["search"] for body in door.bodies("search")]
                assert len(queries) > 1
                assert "abroad" in queries[-1], "the query stands for itself"
                assert "10" in answer
                sources = [event["sources"] for event in page.heard if event["type"] == "askaloud.sources"]
                assert len(sources) == len(queries)
                assert {source["number"] for found in sources for source in found} == {1}, "the same passage keeps its number"

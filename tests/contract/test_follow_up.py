"""A follow-up is answered from where the answer before it stood: on a line that was not there for that, over distractors, and over the
real samples, by the stand-in's real mind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.browser.network import Cut, Network, network
from tests.contract.house import Visitor, answers, house
from tests.planted import known
from tests.stand_in import stand_in

from askaloud.conversation.patience import Patience
from askaloud.doors import open_doors
from askaloud.indexing.sync import sync
from askaloud.knowledge.base import KnowledgeBase
from askaloud.settings import RealtimeDoor, Settings
from bench_answers import SAMPLES
from bench_answers import ask as asked
from local_azure.mind import NOT_FOUND

ABROAD = "You can work from abroad for 30 days a year. Only working days count."
PAY = "Of the days that you work from abroad 12 are paid double."
DOUBLE = "Work on Sundays is paid double, for at most 8 days a year."
LESSONS = "German lessons are paid in full for colleagues who come from abroad, and two hours a week of them are working time."
FOUND = [
    hit("p1", title="Handbook", page=7, headings=["Working from abroad"], text=ABROAD),
    hit("p2", title="Handbook", page=12, headings=["Languages"], text=LESSONS),
    hit("p3", title="Handbook", page=5, headings=["Sundays"], text=DOUBLE),
    hit("p4", title="Handbook", page=7, headings=["Pay while abroad"], text=PAY),
]
QUICK = Patience(reopen_s=(0.0, 0.0))
NOTICED_MAX_S = 60.0


@pytest.fixture
async def samples(tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    """The sample documents, indexed by a fresh stand-in."""
    settings = Settings(data=tmp_path)
    async with open_doors(settings) as doors:
        knowledge = await KnowledgeBase.open(doors.search, settings)
        try:
            await sync(SAMPLES, SAMPLES.name, knowledge)
            yield knowledge
        finally:
            await knowledge.close()


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
    door.script("search", *[Answer({"value": FOUND})] * 4)
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
                assert answer == PAY
                sources = [event["sources"] for event in page.heard if event["type"] == "askaloud.sources"]
                assert len(sources) == len(queries)
                assert all([source["number"] for source in found] == [1, 2, 3, 4] for found in sources), "a passage keeps its number"
                await page.hear("askaloud.cited", source_ids=["p4"])
                assert [event["source_ids"] for event in page.heard if event["type"] == "askaloud.cited"] == [["p1"], ["p4"]]


@pytest.mark.parametrize(
    ("first", "told", "then", "answer", "cited"),
    [
        (
            "How many days can I work from abroad?",
            "up to 30 days",
            "And how much of it is paid?",
            "Your salary is paid as usual while you work from abroad.",
            ("Employee Handbook", 7),
        ),
        ("How many days of annual leave do I get?", "30 days of annual leave", "And how much of it is paid?", NOT_FOUND, None),
        (
            "How many days of annual leave do I get?",
            "30 days of annual leave",
            "And how many can I carry over?",
            "Unused annual leave can be carried over until 31 March of the following year, but no more than ten days.",
            ("Employee Handbook", 8),
        ),
    ],
)
async def test_a_follow_up_over_the_samples_is_answered_from_where_the_answer_before_it_stood_or_not_at_all(
    samples: KnowledgeBase, first: str, told: str, then: str, answer: str, cited: tuple[str, int] | None
) -> None:
    """The handbook does not say whether annual leave is paid; much else in it is."""
    assert told in (await asked({"question": first}, samples)).said
    given = await asked({"question": then, "before": [first]}, samples)
    assert given.said == answer
    assert [(source.title, source.page) for source in given.sources if source.id in given.cited] == ([cited] if cited else [])

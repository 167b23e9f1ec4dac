"""Tools that misbehave, over real sockets: each call ends in a sentence for the model, and the call lives."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest
from tests.askaloud.conversation.room import raises, room, searches, tools
from tests.askaloud.conversation.wire import source
from tests.scripted_model import Line

from askaloud.conversation.errand import TOOLS_MAX, usable
from askaloud.conversation.patience import PATIENCE
from askaloud.errors import Notice, NoticeCode, ToolError
from askaloud.tool import Call, Outcome

SHORT = replace(PATIENCE, tool_s=0.05)
"""Patience for the tool that never returns. The others are waited for as long as usual, for on a busy machine they may take a while."""


async def refuses(call: Call) -> Outcome:
    raise ToolError("Say that it is closed.", Notice(NoticeCode.SEARCH_DOWN, "The search is down."))


async def gives_nothing(call: Call) -> Outcome:
    return None  # type: ignore[return-value]  # this is the misbehaviour


async def gives_words(call: Call) -> Outcome:
    return "words"  # type: ignore[return-value]  # this is the misbehaviour


async def gives_a_number(call: Call) -> Outcome:
    return Outcome(5)  # type: ignore[arg-type]  # this is the misbehaviour


async def gives_names_for_sources(call: Call) -> Outcome:
    return Outcome("found", sources=("p1",))  # type: ignore[arg-type]  # this is the misbehaviour


async def gives_a_number_for_what_is_cited(call: Call) -> Outcome:
    return Outcome("found", cited=5)  # type: ignore[arg-type]  # this is the misbehaviour


async def gives_words_for_notices(call: Call) -> Outcome:
    return Outcome("found", notices=("words",))  # type: ignore[arg-type]  # this is the misbehaviour


async def is_cancelled(call: Call) -> Outcome:
    raise asyncio.CancelledError("planted words")


async def waits_for_what_is_cancelled(call: Call) -> Outcome:
    other = asyncio.ensure_future(asyncio.sleep(3_600))
    asyncio.get_running_loop().call_soon(other.cancel)
    await other
    raise AssertionError("it was cancelled")


async def never_returns(call: Call) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets that event")


@pytest.mark.parametrize(
    ("search", "sentence", "code"),
    [
        (raises, "That failed.", "tool_failed"),
        (refuses, "Say that it is closed.", "search_down"),
        (gives_nothing, "That gave no usable result.", "tool_failed"),
        (gives_words, "That gave no usable result.", "tool_failed"),
        (gives_a_number, "That gave no usable result.", "tool_failed"),
        (gives_names_for_sources, "That gave no usable result.", "tool_failed"),
        (gives_a_number_for_what_is_cited, "That gave no usable result.", "tool_failed"),
        (gives_words_for_notices, "That gave no usable result.", "tool_failed"),
        (is_cancelled, "That failed.", "tool_failed"),
        (waits_for_what_is_cancelled, "That failed.", "tool_failed"),
        (never_returns, "That took too long.", "tool_failed"),
    ],
)
async def test_however_a_tool_ends_the_model_hears_a_sentence_and_the_person_an_answer_and_a_notice(
    search: Any, sentence: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        patience = SHORT if search is never_returns else PATIENCE
        async with room(searches, tools(search), patience=patience) as here, here.visit() as page:
            await page.ask("How many days?")
            spoken = await page.hear("response.output_audio_transcript.done")
            await page.hear("response.done")
            assert spoken["transcript"].startswith(sentence)
            assert page.codes() == [code]
    assert "planted words" not in caplog.text


async def test_more_tools_at_once_than_anybody_needs_are_told_so() -> None:
    started = 0
    all_started, finish = asyncio.Event(), asyncio.Event()

    async def slow(call: Call) -> Outcome:
        nonlocal started
        started += 1
        if started == TOOLS_MAX:
            all_started.set()
        await finish.wait()
        return Outcome("found")

    async def script(line: Line) -> None:
        await line.greet()
        for name in ("r1", "r2"):
            await line.read("response.create")
            await line.calls(name, *((f"{name}-{number}", "search", {"query": "x"}) for number in range(TOOLS_MAX // 2)))
        await all_started.wait()
        await line.read("response.create")
        await line.calls("r3", ("one more", "search", {"query": "x"}))
        refused = await line.output()
        assert refused["call_id"] == "one more"
        assert refused["output"].startswith("Too many")
        finish.set()
        assert {(await line.output())["output"] for _ in range(TOOLS_MAX)} == {"found"}
        await line.say("input_audio_buffer.cleared")

    async with room(script, tools(slow)) as here, here.visit() as page:
        for _ in range(3):
            await page.say("response.create", response={"metadata": {"turn": str(_)}})
        await page.hear("input_audio_buffer.cleared")


GOOD = Outcome("found", (source(1), source(2)), ("p1",), (Notice(NoticeCode.SEARCH_REDUCED, "Words only."),))


@pytest.mark.parametrize("given", [GOOD, Outcome("found"), replace(GOOD, sources=(replace(source(), page=None, score=1),))])
def test_a_proper_outcome_stays_as_it_is(given: Outcome) -> None:
    assert usable(given) == given


@pytest.mark.parametrize("field", [{"number": "1"}, {"id": 5}, {"page": "7"}, {"text": None}, {"score": "high"}, {"url": b"/"}])
def test_a_source_that_has_anything_of_another_kind_makes_an_outcome_useless(field: dict[str, Any]) -> None:
    assert usable(Outcome("found", (source(1), replace(source(2), **field)))) is None


def test_an_outcome_that_cannot_even_be_looked_at_is_useless() -> None:
    assert usable(Outcome("found", cited=(name for name in ["p1"]))) is None  # type: ignore[arg-type]  # this is the misbehaviour

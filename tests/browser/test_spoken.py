"""Questions spoken into a real Chromium's microphone and answered by the whole program: heard, written down, answered aloud, with the page
that the answer came from.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from tests.browser.driving import chromium
from tests.browser.visit import RATE, Event, Visit, visiting
from tests.whole import Whole

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

QUESTIONS = Path(__file__).with_name("questions")
LISTED = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))

AT_ONCE = 2
"""Browsers that run at the same time: one a core. With more, the pretended microphones begin to stutter."""
RIGHT_AT_LEAST = 5
"""Of the six questions; the stand-in's ears mishear now and then, and one such turn is no failure of the rest."""
HEARD_AT_LEAST = RATE
"""Frames of an answer to be heard before it counts as audible: a second of it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one spoken question came to."""

    wave: str
    asked: str
    transcript: str
    first: Event
    """The passage of the first card."""
    cited: list[Event]
    """The passages that the page says were used."""
    answer: str
    sounding: int
    expected: dict[str, Any]

    @property
    def is_right(self) -> bool:
        """Whether the first card is of the right document and page."""
        return (self.first["path"], self.first["page"]) == (self.expected["document"], self.expected["page"])

    def __str__(self) -> str:
        """Three lines for a person."""
        leaf = "" if self.first["page"] is None else f", page {self.first['page']}"
        return (
            f"{'right' if self.is_right else 'WRONG'}  {self.wave}: heard “{self.transcript}”\n"
            f"       first source: {self.first['path']}{leaf}\n       answer: {self.answer}"
        )


async def ask(whole: Whole, wave: str, expected: dict[str, Any]) -> Answered:
    """Let a browser of its own hear one wave."""
    async with chromium(QUESTIONS / wave) as browser, visiting(browser, whole.address) as visit:
        await visit.talk()
        answer = await visit.answered()
        sources = (await visit.wire.hears("askaloud.sources"))["sources"]
        used = (await visit.wire.hears("askaloud.cited"))["source_ids"]
        await visit.at_least("frames-sounding", HEARD_AT_LEAST)
        return Answered(
            wave=wave,
            asked=expected["text"],
            transcript=await visit.page.locator(".question").first.inner_text(),
            first=await visit.passage(sources[0]),
            cited=[await visit.passage(source) for source in sources if source["id"] in used],
            answer=answer,
            sounding=await visit.measured("frames-sounding"),
            expected=expected,
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def six(whole: Whole) -> list[Answered]:
    """All six waves, asked."""
    whole.wait_for_ears()
    room = asyncio.Semaphore(AT_ONCE)

    async def in_turn(wave: str, expected: dict[str, Any]) -> Answered:
        async with room:
            return await ask(whole, wave, expected)

    return list(await asyncio.gather(*(in_turn(wave, entry) for entry in LISTED["questions"] for wave in entry["waves"])))


async def test_five_of_six_spoken_questions_at_least_show_the_right_page(six: list[Answered], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("", *six, sep="\n")  # noqa: T201 - all six are to be read, also when enough of them are right
    assert len(six) == 6
    assert sum(answered.is_right for answered in six) >= RIGHT_AT_LEAST


async def test_the_words_of_both_sides_stand_on_the_page(six: list[Answered]) -> None:
    for answered in six:
        heard, asked = answered.transcript.lower().strip("?").split(), answered.asked.lower().strip("?").split()
        assert len(set(heard) & set(asked)) >= len(set(asked)) / 2, answered  # misheard words are the ears' affair, an empty page is not
        assert answered.answer.endswith((".", "!", "?")), answered


async def test_what_is_marked_as_used_holds_what_was_asked_for(six: list[Answered]) -> None:
    for answered in six:
        if answered.is_right:
            used = " ".join(passage["text"] for passage in answered.cited).lower()
            assert all(word in " ".join(used.split()) for word in answered.expected["words"]), answered


async def test_every_answer_is_heard_at_the_speaker(six: list[Answered]) -> None:
    assert min(answered.sounding for answered in six) >= HEARD_AT_LEAST


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def interrupted(whole: Whole) -> AsyncIterator[Visit]:
    """A visit in which an answer was spoken over, and whatever was answered to that has been heard to its end."""
    whole.wait_for_ears()
    async with chromium(QUESTIONS / LISTED["interruption"]["wave"]) as browser, visiting(browser, whole.address) as visit:
        await visit.talk()
        await visit.wire.says("conversation.item.truncate")
        await visit.wire.hears("askaloud.usage", 2)
        await visit.in_phase("listening")
        yield visit


async def test_an_answer_that_is_spoken_over_falls_silent_and_the_server_hears_how_much_of_it_was_played(interrupted: Visit) -> None:
    wire = interrupted.wire
    cut = {event["item_id"]: event["audio_end_ms"] for event in wire.said("conversation.item.truncate")}
    to_their_end = sum(frames for item, frames in wire.frames.items() if item not in cut)
    played_of_cut = await interrupted.measured("frames-played") - to_their_end
    # Not one frame more was played of what was cut off than the server was told: each figure was rounded down to a millisecond.
    assert 0 <= played_of_cut - sum(cut.values()) * RATE // 1_000 <= len(cut) * RATE // 1_000
    for item, milliseconds in cut.items():
        assert 0 < milliseconds < wire.frames[item] * 1_000 // RATE
    assert {event["item_id"] for event in wire.heard("conversation.item.truncated")} == set(cut)
    assert all(event["audio_end_ms"] <= cut[event["item_id"]] for event in wire.heard("conversation.item.truncated"))
    await interrupted.page.locator('.answer[data-status="interrupted"] .mark').wait_for()


async def test_the_conversation_goes_on_after_an_interruption_and_the_next_question_may_be_typed(interrupted: Visit) -> None:
    expected = LISTED["questions"][1]
    await interrupted.type(expected["text"])
    await interrupted.wire.hears("askaloud.usage", 3)
    await interrupted.page.locator("article").nth(2).locator('.answer[data-status="done"]').wait_for()
    spoken, *_, typed = interrupted.wire.heard("askaloud.sources")  # to "stop" there may have been nothing to look up
    first = await interrupted.passage(typed["sources"][0])
    assert (first["path"], first["page"]) == (expected["document"], expected["page"])
    assert (await interrupted.passage(spoken["sources"][0]))["path"] == LISTED["interruption"]["document"]
    assert await interrupted.page.locator(".question").last.inner_text() == expected["text"]

"""Other ways to hold a conversation, with the whole program: holding a key to speak, reading instead of hearing, taking it home."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from tests.browser.driving import chromium
from tests.browser.visit import WAIT_S, Visit, visiting
from tests.whole import Whole

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

QUESTIONS = Path(__file__).with_name("questions")
FILTER = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))["questions"]
ABROAD = "How many days can I work from abroad?"


async def choose(visit: Visit, label: str) -> None:
    await visit.page.get_by_role("button", name="Settings").click()
    await visit.page.get_by_label(label).check()
    await visit.wire.hears("session.updated")
    await visit.page.get_by_role("button", name="Done").click()


async def test_a_question_is_asked_while_the_space_bar_is_held_and_answered_after_it(whole: Whole) -> None:
    whole.wait_for_ears()
    expected = FILTER[0]
    wave = QUESTIONS / expected["waves"][0]
    frames = wave.stat().st_size // 2
    async with chromium(wave) as browser, visiting(browser, whole.address) as visit:
        await choose(visit, "Push to talk")
        await expect(visit.page.get_by_role("button", name="Hold to talk")).to_be_focused()  # until then the space bar is another button's
        updated = visit.wire.heard("session.updated")[-1]["session"]
        assert updated["audio"]["input"]["turn_detection"] is None
        await visit.page.keyboard.down(" ")
        await visit.at_least("frames-recorded", frames)
        assert visit.wire.heard("input_audio_buffer.speech_started") == []
        assert visit.wire.heard("response.created") == []
        await visit.page.keyboard.up(" ")
        await visit.answered()
        heard = (await visit.page.locator(".question").first.inner_text()).lower().strip("?").split()
        asked = expected["text"].lower().strip("?").split()
        assert len(set(heard) & set(asked)) >= len(set(asked)) / 2, heard
        first = await visit.passage((await visit.wire.hears("askaloud.sources"))["sources"][0])
        assert (first["path"], first["page"]) == (expected["document"], expected["page"])
        await visit.was_in_phase("speaking")


async def test_who_reads_gets_the_answer_in_writing_without_a_sound(visit: Visit) -> None:
    await choose(visit, "Read the answers")
    await visit.type(ABROAD)
    assert "30 days" in await visit.answered()
    await visit.in_phase("idle")
    assert visit.wire.frames == {}
    assert await visit.measured("frames-received") == 0
    await expect(visit.page.locator(".card").first).to_be_visible()


async def test_the_words_of_an_answer_are_marked_as_they_are_heard(visit: Visit) -> None:
    await visit.type(ABROAD)
    text = visit.page.locator(".answer .text")
    await expect(text.locator(".heard")).to_have_text(re.compile(r"\w"), timeout=WAIT_S * 1_000)
    before = len(await text.locator(".heard").inner_text())
    longer = "(before) => (document.querySelector('.answer .heard')?.textContent.length ?? 0) > before"
    await visit.page.wait_for_function(longer, arg=before)
    await visit.in_phase("idle")
    await expect(text.locator("span")).to_have_count(0)


async def test_the_conversation_is_saved_with_the_source_that_was_used(browser: Browser, whole: Whole) -> None:
    async with visiting(browser, whole.address, accept_downloads=True) as visit:
        await visit.type(ABROAD)
        answer = await visit.answered()
        async with visit.page.expect_download() as coming:
            await visit.page.get_by_role("button", name="Save the conversation").click()
        words = await asyncio.to_thread(Path(await (await coming.value).path()).read_text, "utf-8")
        assert f"## {ABROAD}" in words
        assert answer.split()[0] in words
        assert "Page 7 – Used in the answer" in words

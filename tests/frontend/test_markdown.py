"""The conversation saved as Markdown, with its sources."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from tests.frontend.far_end import SOURCE, FarEnd
from tests.frontend.looking import welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def saved(page: Page) -> tuple[str, str]:
    """Press the button with the keyboard; the name and the words of what comes."""
    button = page.get_by_role("button", name="Save the conversation with its sources")
    await button.focus()
    async with page.expect_download() as coming:
        await page.keyboard.press("Enter")
    file = await coming.value
    return file.suggested_filename, await asyncio.to_thread(Path(await file.path()).read_text, "utf-8")


async def test_questions_answers_and_sources_are_saved_with_what_was_used(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.question("u", "How many days?")
    second = {**SOURCE, "number": 2, "id": "p2", "title": "Travel [draft]", "page": None, "excerpt": "1. Hotels\n# Not a heading"}
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[SOURCE, second])
    line.answer_begins("r", "a", "Thirty *calendar* days.")
    line.answer_ends("r", "a")
    line.say("askaloud.cited", response_id="r", item_id="a", source_ids=["p1"])
    line.question("u2", None)
    line.answer_begins("r2", "a2", "And")
    line.say("input_audio_buffer.speech_started", item_id="u3", audio_start_ms=0)
    await expect(page.get_by_text("Stopped before its end was spoken")).to_be_visible()
    name, words = await saved(page)
    assert name.startswith("ask-aloud-")
    assert name.endswith(".md")
    title, *rest = words.split("\n\n")
    assert title.startswith("# Asked aloud on ")
    assert rest[:3] == ["## How many days?", "Thirty \\*calendar\\* days.", "### Sources"]
    assert "- **No. 1 Handbook**, Page 7 – Used in the answer\n\n  > Thirty days.\n" in words
    assert "- **No. 2 Travel \\[draft\\]** – Not used in the answer\n\n  > 1\\. Hotels\n  > \\# Not a heading\n" in words
    assert words.count("## ") == 4
    assert "## A spoken question that could not be written down\n\nAnd\n\n*Stopped before its end was spoken*" in words


async def test_there_is_nothing_to_save_before_the_first_word(page: Page, far: FarEnd) -> None:
    await welcomed(far)
    await expect(page.get_by_role("button", name="Save the conversation with its sources")).to_be_hidden()

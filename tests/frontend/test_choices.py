"""What a person chooses: to read instead of hear. (The voice stands in `test_page.py`, the manner of talking in `test_push.py`.)"""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.frontend.far_end import RATE, FarEnd, tone
from tests.frontend.looking import asked, at_least, in_phase, measured, reported, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

READING = "Read the answers instead of hearing them"


async def test_answers_are_asked_for_in_writing_and_remembered_and_spoken_again(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label(READING).check()
    assert (await line.heard("session.update"))["session"] == {"type": "realtime", "output_modalities": ["text"]}
    await page.reload()
    again = await welcomed(far)
    assert (await again.heard("session.update"))["session"] == {"type": "realtime", "output_modalities": ["text"]}
    again.say("response.created", response={"id": "r"})
    again.say("response.output_text.delta", response_id="r", item_id="a", content_index=0, delta="Thirty days.")
    again.say("response.done", response={"id": "r", "status": "completed"})
    await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty days.")
    await page.get_by_role("button", name="Settings").click()
    await expect(page.get_by_label(READING)).to_be_checked()
    await page.get_by_label(READING).uncheck()
    assert (await again.heard("session.update", 2))["session"] == {"type": "realtime", "output_modalities": ["audio"]}


async def test_who_chooses_to_read_in_mid_answer_hears_no_more_of_it_and_reads_the_rest(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty")
    line.sound("r", "a", tone(20))
    await at_least(page, "frames-sounding", 1)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label(READING).check()
    await line.heard("session.update")
    line.words("r", "a", " days.")
    line.sound("r", "a", tone(2))
    line.answer_ends("r", "a")
    await in_phase(page, "idle")
    await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty days.")
    sounded = await measured(page, "frames-sounding")
    await reported(page, RATE)
    assert await measured(page, "frames-sounding") == sounded < 20 * RATE
    assert line.of_type("conversation.item.truncate") == []  # it was not cut short: the rest was read

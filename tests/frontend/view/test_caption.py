"""Words on the page that were heard, and those that are still to come."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect
from tests.frontend.far_end import RATE, FarEnd, tone
from tests.frontend.looking import asked, at_least, in_phase

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CAPTION = """async (steps) => {
  const { caption } = await import('/view/caption.js');
  const target = document.createElement('p');
  return steps.map(([words, heard]) => {
    caption(target, words, heard ?? undefined);
    return [target.querySelector('.heard')?.textContent ?? null, target.textContent];
  });
}"""


async def shown(bench: Page, *steps: tuple[str, int | None]) -> list[Any]:
    got: list[Any] = await bench.evaluate(CAPTION, [list(step) for step in steps])
    return got


async def test_a_word_counts_as_heard_from_its_first_sound_on(bench: Page) -> None:
    words = "Thirty days, then."
    got = await shown(bench, (words, 0), (words, 1), (words, 8), (words + " Ask.", 8), (words, 17), (words, None))
    assert [heard for heard, _ in got] == ["", "Thirty", "Thirty days,", "Thirty days,", None, None]
    assert [text for _, text in got] == [words, words, words, words + " Ask.", words, words]


async def test_a_script_without_spaces_goes_on_by_the_character(bench: Page) -> None:
    words = "您每年最多可以在国外工作三十天，但须事先得到经理的同意，并且要提前通知人事部门。"
    assert (await shown(bench, (words, 5)))[0][0] == words[:5]


async def test_the_words_of_an_answer_are_marked_as_they_are_played_and_stay_so_where_it_is_stopped(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty days in a calendar year. ")
    line.sound("r", "a", tone(1))
    line.words("r", "a", "Then ask.")
    line.sound("r", "a", tone(30))
    line.answer_ends("r", "a")
    text = page.locator(".answer .text")
    await expect(text.locator(".heard")).to_have_text("Thirty days in a calendar year. Then")
    await expect(text).to_have_text("Thirty days in a calendar year. Then ask.")
    await page.keyboard.press("Escape")
    await in_phase(page, "idle")
    await expect(text.locator(".ahead")).to_have_text("ask.")
    await expect(page.get_by_role("log").locator("p").last).to_have_text("Answer: Thirty days in a calendar year. Then ask.")


async def test_an_answer_that_was_heard_to_its_end_is_plain_again(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty days.")
    line.sound("r", "a", tone(1))
    line.answer_ends("r", "a")
    await at_least(page, "frames-sounding", RATE)
    await in_phase(page, "idle")
    await expect(page.locator(".answer .text > *")).to_have_count(0)
    await expect(page.locator(".answer .text")).to_have_text("Thirty days.")

"""Where notices stand, what room they take, and where a person is led whose notice has gone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.codes import SENTENCES
from tests.frontend.far_end import FarEnd, Line
from tests.frontend.looking import in_phase, welcomed
from tests.frontend.stage import Stage
from tests.frontend.words import ENGLISH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CODES = ("search_reduced", "conversation_too_long", "tool_failed")
IN_SIGHT = """(code) => {
  const row = document.querySelector(`.notice[data-key="${code}"]`).getBoundingClientRect();
  const room = document.querySelector('ask-notices').getBoundingClientRect();
  return row.height > 0 && row.top >= room.top - 1 && row.bottom <= room.bottom + 1 && row.bottom <= innerHeight;
}"""
LISTEN = """() => {
  window.spoken = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const here = target instanceof Element ? target : target.parentElement;
      if (!here.closest('[aria-hidden=true]')) spoken.push(target.textContent);
    }
  }).observe(document.querySelector('ask-notices'), { subtree: true, childList: true, characterData: true });
}"""
"""Keeps what of the notices changes for a screen reader."""
ROOM_PX = 150
"""What is left for the answer: some lines of it."""


def tell(line: Line, code: str) -> None:
    line.say("askaloud.notice", code=code, message="", recoverable=True, retry_after_ms=None)


@pytest.mark.parametrize(("width", "height", "shown"), [(360, 640, 1), (1280, 720, 3)])
async def test_the_newest_is_in_sight_and_the_answer_keeps_its_room(
    browser: Browser, far: FarEnd, width: int, height: int, shown: int
) -> None:
    async with page_in(browser, viewport={"width": width, "height": height}) as page:
        await page.goto(far.address)
        stage = Stage(page, far, await far.line(), ENGLISH)
        await stage.welcome()
        await stage.ask()
        stage.answer()
        for code in CODES:
            await stage.notice(code)
            assert await page.evaluate(IN_SIGHT, code)
        assert await page.locator(".notice:visible").count() == shown
        assert await page.evaluate("document.querySelector('main').clientHeight") >= ROOM_PX
        for code in reversed(CODES):  # and the older ones come into sight as the newer are put away
            assert await page.evaluate(IN_SIGHT, code)
            await page.locator(f'.notice[data-key="{code}"] .dismiss').click()
            await expect(page.locator(f'.notice[data-key="{code}"]')).to_have_count(0)


async def test_what_ended_the_conversation_stands_before_all_else(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    tell(line, "search_reduced")
    line.say("askaloud.notice", code="model_unreachable", message="", recoverable=False, retry_after_ms=None)
    tell(line, "tool_failed")
    await expect(page.locator(".notice")).to_have_count(3)
    keys = await page.locator(".notice").evaluate_all("(rows) => rows.map((row) => row.dataset.key)")
    assert keys == ["model_unreachable", "tool_failed", "search_reduced"]


async def test_who_puts_them_away_by_keys_is_led_from_one_to_the_next_and_then_to_the_round_button(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    for code in CODES:
        tell(line, code)
    await expect(page.locator(".notice")).to_have_count(3)
    buttons = page.get_by_role("button", name="Dismiss")
    await buttons.nth(1).focus()
    for left in (2, 1):
        await page.keyboard.press("Enter")
        await expect(buttons).to_have_count(left)
        await expect(buttons.last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(buttons).to_have_count(0)
    await expect(page.get_by_role("button", name="Talk")).to_be_focused()


async def test_who_starts_again_by_keys_stands_at_the_round_button(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.close(1000)
    await in_phase(page, "error")
    await page.locator(".notice .again").focus()
    await page.keyboard.down("Enter")
    await welcomed(far)
    await expect(page.locator(".notice")).to_have_count(0)
    await expect(page.locator(".talk")).to_be_focused()
    await page.keyboard.down("Enter")  # the key is still down
    await page.keyboard.up("Enter")
    await in_phase(page, "idle")


async def test_a_time_to_wait_for_is_counted_down_for_the_eye_and_told_once(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.clock.install()
        await page.goto(far.address)
        line = await welcomed(far)
        line.say("askaloud.notice", code="model_quota", message="", recoverable=True, retry_after_ms=60_000)
        seen = page.locator(".notice .countdown")
        await expect(seen).to_contain_text("again in")
        await page.evaluate(LISTEN)
        await page.clock.fast_forward(5_000)
        await expect(seen).to_contain_text(re.compile(r"in (5[0-5]|4\d) seconds\."))
        await expect(seen).to_have_attribute("aria-hidden", "true")
        await page.clock.fast_forward(4_000)
        await expect(seen).to_contain_text(re.compile(r"in (5[01]|4\d) seconds\."))
        await expect(page.locator(".notice .sentence")).to_contain_text("in 60 seconds.")
        assert await page.evaluate("spoken") == []
        line.say("askaloud.notice", code="model_quota", message="", recoverable=True, retry_after_ms=None)
        await expect(page.locator(".notice .sentence")).to_have_text(SENTENCES["notice.model_quota"])
        await expect(seen).to_be_empty()


async def test_who_is_elsewhere_stays_there_when_one_goes_by_itself(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    tell(line, CODES[0])
    await expect(page.locator(".notice")).to_have_count(1)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_have_count(0)
    await expect(page.get_by_role("textbox")).to_be_focused()

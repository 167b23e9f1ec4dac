"""A search that takes long: from the soft limit on a quiet tone is heard and the page says that it still looks, until the answer's first
sound or whatever ends the wait. Sound is counted at the loudspeaker; the page's clock is the test's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import PATIENCE_S, RATE, FarEnd, Line
from tests.frontend.looking import at_least, measured, welcomed
from tests.frontend.tapping import heard, hears, tap

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SOFT_MS = 1_500
STEP_MS = 20
"""One step of the page's clock: it draws within it."""
A_LEAP_S = 60
A_WHILE = RATE // 2
"""Frames of silence that prove that nothing sounds: the tone itself is never silent for so long."""


@pytest_asyncio.fixture(loop_scope="module")
async def still(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """The page, listened to; its clock stands unless the test moves it."""
    async with page_in(browser, bypass_csp=True) as page:
        with console_of(page) as said:
            await tap(page)
            await page.clock.install()
            await page.goto(far.address)
            yield page
            assert said == []


async def stop_clock(page: Page) -> None:
    """Let the page's clock stand. It can stop only at a time to come, and goes on while it is told at which."""
    await page.clock.pause_at(await page.evaluate("Date.now() / 1000") + A_LEAP_S)


async def searching(page: Page, far: FarEnd, **greeting: Any) -> Line:
    """A typed question whose search has begun this very moment, by the page's clock."""
    line = await welcomed(far, **greeting)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    await hears(page, "frames", 1)
    await stop_clock(page)
    line.say("askaloud.searching", call_id="k", query="days abroad")
    await drawn(page, '[data-phase="searching"]')
    return line


async def drawn(page: Page, what: str) -> None:
    """Move the clock in small steps until the desk shows something."""
    async with asyncio.timeout(PATIENCE_S):
        while not await page.locator(f"ask-controls{what}").count():
            await page.clock.run_for(STEP_MS)


async def long_searching(page: Page, far: FarEnd) -> Line:
    line = await searching(page, far)
    await page.clock.run_for(SOFT_MS)
    await hears(page, "sounding", A_WHILE)
    return line


async def test_nothing_is_heard_before_the_soft_limit_a_tone_from_then_on_and_none_from_the_answer_on(still: Page, far: FarEnd) -> None:
    line = await searching(still, far)
    await still.clock.run_for(SOFT_MS - 2 * STEP_MS)
    before = await heard(still)
    before = await hears(still, "frames", before.frames + A_WHILE)
    assert before.sounding == 0
    await still.clock.run_for(3 * STEP_MS)
    meanwhile = await hears(still, "sounding", RATE)
    assert meanwhile.sounding > 0.9 * (meanwhile.sounding + meanwhile.silent)
    await expect(still.locator(".word")).to_have_text("Still looking")
    await expect(still.locator("ask-controls [role=status]").last).to_have_text("Still looking")
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[])
    line.answer_begins("r", "a", "Thirty days.")
    tone_of_all = await hears(still, "sounding", (await heard(still)).sounding + A_WHILE)  # words alone are not heard
    line.sound("r", "a", bytes(2 * RATE))  # a second of nothing, in which a tone would be heard
    line.answer_ends("r", "a")
    await at_least(still, "frames-played", RATE)
    after = await hears(still, "silent", A_WHILE)
    assert after.sounding >= tone_of_all.sounding
    assert after.silent >= RATE - RATE // 100
    await drawn(still, ":not([data-lasting])")


async def test_the_server_may_say_from_when_on_a_search_takes_long(still: Page, far: FarEnd) -> None:
    await searching(still, far, tone_after_ms=SOFT_MS // 3)
    await still.clock.run_for(SOFT_MS // 3 + STEP_MS)
    await hears(still, "sounding", A_WHILE)
    await expect(still.locator(".word")).to_have_text("Still looking")


Ending = Callable[[Page, Line], Awaitable[None]]


async def stop(page: Page, _line: Line) -> None:
    await page.keyboard.press("Escape")


async def speak(_page: Page, line: Line) -> None:
    line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0)


async def fail(_page: Page, line: Line) -> None:
    line.say("askaloud.notice", code="model_failed", message="", recoverable=True, retry_after_ms=None)


async def hang_up(_page: Page, line: Line) -> None:
    line.close(1011)


async def read(page: Page, _line: Line) -> None:
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Read the answers instead of hearing them").check()


async def ask_again(page: Page, _line: Line) -> None:
    await page.get_by_role("textbox").fill("And paid?")
    await page.keyboard.press("Enter")


@pytest.mark.parametrize("end", [stop, speak, fail, hang_up, read, ask_again])
async def test_whatever_ends_the_wait_ends_the_tone(still: Page, far: FarEnd, end: Ending) -> None:
    line = await long_searching(still, far)
    await end(still, line)
    quiet = await hears(still, "silent", A_WHILE)
    await still.clock.run_for(2 * SOFT_MS)
    at_last = await hears(still, "silent", quiet.silent + A_WHILE)
    assert at_last.sounding == quiet.sounding > 0


async def test_while_it_is_not_known_whether_somebody_interrupts_the_tone_waits(still: Page, far: FarEnd) -> None:
    line = await long_searching(still, far)
    line.say("askaloud.paused")
    quiet = await hears(still, "silent", A_WHILE)
    line.say("askaloud.resumed")
    await hears(still, "sounding", quiet.sounding + A_WHILE)


async def test_a_search_that_ends_in_time_is_not_heard(still: Page, far: FarEnd) -> None:
    line = await searching(still, far)
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[])
    await drawn(still, '[data-phase="thinking"]')
    await still.clock.run_for(4 * SOFT_MS)
    quiet = await hears(still, "silent", A_WHILE)
    assert quiet.sounding == 0
    assert await still.locator("[data-lasting]").count() == 0


async def test_who_reads_is_told_without_a_tone(still: Page, far: FarEnd) -> None:
    await still.get_by_role("button", name="Settings").click()
    await still.get_by_label("Read the answers instead of hearing them").check()
    await still.keyboard.press("Escape")
    await searching(still, far)
    await still.clock.run_for(SOFT_MS)
    await drawn(still, "[data-lasting]")
    quiet = await hears(still, "silent", A_WHILE)
    assert quiet.sounding == 0


async def test_what_the_answer_says_before_it_searches_is_heard_without_the_tone(still: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await still.get_by_role("textbox").fill("How many?")
    await still.keyboard.press("Enter")
    await line.heard("response.create")
    line.answer_begins("r", "a", "Let me look.")
    line.sound("r", "a", bytes(4 * RATE))
    await at_least(still, "frames-played", 1)
    await stop_clock(still)
    line.say("askaloud.searching", call_id="k", query="days abroad")
    line.answer_ends("r", "a")
    await at_least(still, "frames-received", 2 * RATE)
    await still.clock.run_for(SOFT_MS + STEP_MS)
    while (played := await measured(still, "frames-played")) < 2 * RATE:
        assert (await heard(still)).sounding == 0 or await measured(still, "frames-played") == 2 * RATE, played
    await hears(still, "sounding", A_WHILE)
    await drawn(still, "[data-lasting]")

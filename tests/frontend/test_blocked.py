"""Sound that the browser holds back: a phone pauses it for a call, or wants to be touched first. It is said, a touch lets it go on, and not
one frame of the answer is lost.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import RATE, FarEnd, Line, tone
from tests.frontend.looking import asked, at_least, in_phase, measured, reported, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PAUSING = """() => {
  let held = false;
  const contexts = [];
  const Whole = window.AudioContext;
  window.AudioContext = class extends Whole {
    constructor(options) { super(options); contexts.push(this); }
    resume() { return held ? new Promise(() => {}) : super.resume(); }
  };
  window.hold = async () => { held = true; await Promise.all(contexts.map((context) => context.suspend())); };
  for (const touch of ['touchend', 'mouseup', 'keydown']) addEventListener(touch, () => { held = false; }, true);
  addEventListener('pointerup', () => { held = false; }, true);
}"""
"""A browser that pauses what sounds, and goes on only when it is asked to after a finger was lifted or a key was pressed. (Putting a finger
down does not count: WebKit and Chromium both wait to see whether it scrolls.)"""


OUT_OF_REACH = """() => {
  window.away = true;
  const add = AudioWorklet.prototype.addModule;
  AudioWorklet.prototype.addModule = function (...given) {
    return away ? Promise.reject(new DOMException('', 'AbortError')) : add.apply(this, given);
  };
}"""
"""A network that does not give what plays the answers."""


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """The page in such a browser, with a touch screen."""
    async with page_in(browser, has_touch=True, viewport={"width": 390, "height": 780}) as page:
        with console_of(page) as said:
            await page.add_init_script(f"({PAUSING})()")
            await page.goto(far.address)
            yield page
            assert said == []


async def answering(page: Page, far: FarEnd, seconds: float) -> Line:
    """An answer that is heard."""
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(seconds))
    await at_least(page, "frames-sounding", 1)
    return line


async def touched(page: Page, how: str) -> None:
    if how == "finger":
        await page.touchscreen.tap(200, 60)
    elif how == "mouse":
        await page.mouse.click(200, 60)
    else:
        await page.keyboard.press("Shift")


@pytest.mark.parametrize("how", ["finger", "mouse", "key"])
async def test_an_answer_that_is_held_back_goes_on_at_a_touch_and_nothing_of_it_is_lost(phone: Page, far: FarEnd, how: str) -> None:
    line = await answering(phone, far, 2)
    await phone.evaluate("hold()")
    line.sound("r", "a", tone(1))
    line.answer_ends("r", "a")
    await expect(phone.locator(".notice .sentence")).to_have_text(
        "Your browser keeps this page silent. Press anywhere on the page to hear the answer."
    )
    assert await measured(phone, "frames-played") < 3 * RATE
    await touched(phone, how)
    await expect(phone.locator(".notice")).to_have_count(0)
    await in_phase(phone, "idle")
    figures = [await measured(phone, name) for name in ("frames-received", "frames-played", "frames-sounding", "dropped")]
    assert figures == [3 * RATE, 3 * RATE, 3 * RATE, 0]


async def test_a_loudspeaker_that_did_not_come_is_fetched_again_with_the_next_question(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.add_init_script(f"({OUT_OF_REACH})()")
        await page.goto(far.address)
        line = await welcomed(far)
        await page.get_by_role("textbox").fill("How many?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".notice .sentence")).to_have_text("This browser cannot play the answers aloud. You can still read them.")
        line.answer_begins("r", "a", "Thirty.")
        line.sound("r", "a", tone(1))
        line.answer_ends("r", "a")
        await in_phase(page, "idle")
        await page.evaluate("away = false")
        await page.get_by_role("textbox").fill("And paid?")
        await page.keyboard.press("Enter")
        line.answer_begins("r2", "a2", "All.")
        line.sound("r2", "a2", tone(1))
        line.answer_ends("r2", "a2")
        await at_least(page, "frames-played", RATE)
        await in_phase(page, "idle")
        assert await measured(page, "frames-sounding") == RATE
        await expect(page.locator(".answer .ahead")).to_have_count(0)


async def test_it_is_said_also_where_all_of_the_answer_had_come_before(phone: Page, far: FarEnd) -> None:
    line = await answering(phone, far, 6)
    line.answer_ends("r", "a")
    await at_least(phone, "frames-received", 6 * RATE)
    await phone.evaluate("hold()")
    await expect(phone.locator(".notice .sentence")).to_contain_text("Your browser keeps this page silent.")
    await touched(phone, "finger")
    await in_phase(phone, "idle")
    assert await measured(phone, "frames-sounding") == 6 * RATE


async def test_what_is_stopped_while_it_is_held_back_is_not_heard_later(phone: Page, far: FarEnd) -> None:
    line = await answering(phone, far, 10)
    await phone.evaluate("hold()")
    await expect(phone.locator(".notice")).to_have_count(1)
    before = await measured(phone, "frames-sounding")
    await phone.get_by_role("button", name="Stop the answer").tap()
    assert (await line.heard("conversation.item.truncate"))["audio_end_ms"] <= (before + RATE) * 1_000 // RATE
    await reported(phone, RATE)
    assert await measured(phone, "frames-sounding") == await measured(phone, "frames-cut") < 10 * RATE

"""A key that is held: it presses a button once, and does not press what takes the button's place."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.frontend.far_end import RATE, FarEnd, tone
from tests.frontend.looking import allowed, asked, in_phase, prompts, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

REPEATS = 7
"""Odd, so that a button that opens and closes would be found as it was."""
NOTED = """() => {
  window.noted = [];
  const look = () => noted.push(document.querySelector('ask-controls').dataset.microphone);
  new MutationObserver(look).observe(document.querySelector('ask-controls'), { attributeFilter: ['data-microphone'] });
}"""


async def hold_enter(page: Page) -> None:
    """Enter as a keyboard has it that is held: again and again, and up at last."""
    for _ in range(1 + REPEATS):
        await page.keyboard.down("Enter")
    await page.keyboard.up("Enter")


async def test_the_round_button_is_pressed_once(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await prompts(page)  # so that it is drawn how the person is asked, however fast the microphone would open
    await page.evaluate(NOTED)
    await page.get_by_role("button", name="Talk").focus()
    await page.keyboard.down("Enter")
    await in_phase(page, "connecting")
    await allowed(page)
    await in_phase(page, "listening")
    await hold_enter(page)
    await line.heard_audio(RATE)
    await in_phase(page, "listening")
    assert await page.evaluate("noted") == ["asking", "on"]


async def test_a_press_that_is_begun_with_it_goes_on_until_the_next(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Push to talk").check()
    await page.get_by_role("button", name="Done").click()
    button = page.get_by_role("button", name="Hold to talk")
    await button.focus()
    await hold_enter(page)
    await line.heard_audio(RATE)
    await hold_enter(page)
    await line.heard("response.create")
    await in_phase(page, "thinking")
    kinds = [event["type"] for event in line.received if event["type"] not in {"input_audio_buffer.append", "session.update"}]
    assert kinds == ["input_audio_buffer.clear", "input_audio_buffer.commit", "response.create"]


async def test_the_stop_button_does_not_hand_it_on_to_the_round_one(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await in_phase(page, "speaking")
    await page.evaluate(NOTED)
    await page.get_by_role("button", name="Stop").focus()
    await page.keyboard.down("Enter")
    button = page.get_by_role("button", name="Talk")
    await expect(button).to_be_focused()
    await hold_enter(page)
    await line.heard("conversation.item.truncate")
    await in_phase(page, "idle")
    assert await page.evaluate("noted") == []
    await page.keyboard.press("Enter")  # pressed anew it is a press
    await in_phase(page, "listening")


async def test_an_example_is_asked_once(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.locator(".example").first.focus()
    await hold_enter(page)
    await line.heard("response.create")
    await in_phase(page, "thinking")
    assert len(line.of_type("conversation.item.create")) == 1

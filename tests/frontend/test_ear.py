"""When the microphone is let go of between presses, and what becomes of a press that began too early or that came to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import RATE, FarEnd, Line, tone
from tests.frontend.looking import allowed, at_least, in_phase, measured, prompts, released, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

WARM_S = 20
STRIDE_S = 4
NUMBERS = count()
HELD_MS = 1_500
"""Long enough for a turn, by the page's clock."""
KEPT = {"resume_token": "t1", "grace_ms": 60_000}
PUSH_CHOSEN = "localStorage.setItem('askaloud.push', 'true')"
TAP = "['keydown', 'keyup'].forEach((name) => document.body.dispatchEvent(new KeyboardEvent(name, { key: ' ', bubbles: true })))"
LIVE = "streams[0].getTracks()[0].readyState"


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """The page of a person who has chosen to hold the button, its clock in the hands of the test."""
    async with page_in(browser) as opened:
        with console_of(opened) as said:
            await opened.clock.install()
            await opened.add_init_script(PUSH_CHOSEN)
            await opened.goto(far.address)
            yield opened
            assert said == []
    await far.deserted()


async def passes(page: Page, line: Line, seconds: int) -> None:
    """Let so much time pass on the page, in strides at whose end the server speaks: what follows from them has been dealt with."""
    while seconds > 0:
        await page.clock.fast_forward(min(seconds, STRIDE_S) * 1_000)
        seconds -= STRIDE_S
        item = f"t{next(NUMBERS)}"
        line.transcription(item, item)
        await expect(page.locator(".question").last).to_have_text(item)


async def let_go(page: Page, line: Line) -> None:
    """Wait until the microphone is let go of, in a conversation that goes on."""
    await released(page)
    await passes(page, line, 1)


async def test_between_two_presses_the_microphone_stays_open_for_a_while_and_then_is_let_go(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await prompts(page)
    await page.keyboard.down(" ")
    await allowed(page)
    await line.heard_audio(RATE)
    await passes(page, line, WARM_S + 1)
    assert await page.evaluate(LIVE) == "live"  # for as long as it is held
    await page.clock.pause_at(await page.evaluate("Date.now() / 1000") + WARM_S)  # from now on it is the test alone that lets time pass
    await page.keyboard.up(" ")
    await line.heard("response.create")
    await page.clock.run_for(1_000 * (WARM_S - 2))
    assert await page.evaluate(LIVE) == "live"
    await page.keyboard.down(" ")
    await line.heard_audio(line.audio_bytes + RATE)  # at once, without asking again
    await page.clock.run_for(HELD_MS)
    await page.keyboard.up(" ")
    await line.heard("response.create", 2)
    await page.clock.run_for(1_000 * (WARM_S - 2))
    assert await page.evaluate(LIVE) == "live"
    await page.clock.run_for(4_000)
    await page.clock.resume()
    await let_go(page, line)
    assert await page.evaluate("prompts.length") == 1


async def test_a_microphone_allowed_long_after_the_button_was_let_go_is_let_go_too(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await prompts(page)
    await page.keyboard.down(" ")
    await page.clock.fast_forward(HELD_MS)
    await page.keyboard.up(" ")
    await in_phase(page, "connecting")
    await passes(page, line, WARM_S + 1)
    await allowed(page)
    await in_phase(page, "idle")
    assert await page.evaluate(LIVE) == "live"  # the next press may come at once
    await passes(page, line, WARM_S - 1)
    await passes(page, line, 2)
    await let_go(page, line)


async def test_a_microphone_that_was_held_when_the_network_was_lost_is_let_go_too(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **KEPT)
    await prompts(page)
    await page.keyboard.down(" ")
    await allowed(page)
    await line.heard_audio(RATE)
    line.close(1001)
    await in_phase(page, "reconnecting")
    await page.keyboard.up(" ")
    again = await far.line()
    await again.heard("askaloud.resume")
    again.say("askaloud.conversation", **KEPT, conversation_id="conv_1", resumed=True)
    await in_phase(page, "idle")
    await passes(page, again, WARM_S + 1)
    await let_go(page, again)


async def test_the_microphone_of_one_who_need_not_hold_stays_open(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await prompts(page)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Hands free").check()
    await page.get_by_role("button", name="Done").click()
    await page.get_by_role("button", name="Talk").click()
    await allowed(page)
    await in_phase(page, "listening")
    await passes(page, line, WARM_S + 2)
    assert await page.evaluate(LIVE) == "live"


def spoken(line: Line) -> list[str]:
    """What the page has said, a run of sound as one word."""
    words: list[str] = []
    for event in line.received:
        if not words or words[-1] != event["type"]:
            words.append(event["type"])
    return words


TURN = ["session.update", "input_audio_buffer.clear", "input_audio_buffer.append", "input_audio_buffer.commit", "response.create"]


@pytest.mark.parametrize("let_go", ["before", "after"])
async def test_what_is_said_in_a_press_before_the_conversation_has_begun_is_a_turn_of_it(page: Page, far: FarEnd, let_go: str) -> None:
    line = await far.line()
    await page.keyboard.down(" ")
    await at_least(page, "frames-recorded", RATE)
    await page.clock.fast_forward(HELD_MS)
    await expect(page.locator(".word")).to_have_text("Connecting")
    if let_go == "before":
        await page.keyboard.up(" ")
        await in_phase(page, "connecting")
    line.welcome()
    if let_go == "after":
        await line.heard_audio(2 * RATE)
        await page.keyboard.up(" ")
    await line.heard("response.create")
    await in_phase(page, "thinking")
    assert spoken(line) == TURN
    assert line.audio_bytes >= 2 * RATE
    await expect(page.locator(".notice")).to_have_count(0)


async def test_a_slip_before_the_conversation_has_begun_is_explained_and_no_turn(page: Page, far: FarEnd) -> None:
    line = await far.line()
    await page.evaluate(TAP)
    await at_least(page, "frames-recorded", RATE // 2)
    await expect(page.locator(".notice")).to_have_count(0)  # the first press opens the microphone, and may have to be answered for
    await page.evaluate(TAP)
    await expect(page.locator(".notice")).to_contain_text("while you speak")
    line.welcome()
    await line.heard("input_audio_buffer.clear", 4)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    assert line.of_type("input_audio_buffer.commit") == []


async def test_of_two_presses_before_the_conversation_has_begun_both_are_heard_and_the_last_is_answered(page: Page, far: FarEnd) -> None:
    line = await far.line()
    for _ in range(2):
        await page.keyboard.down(" ")
        await at_least(page, "frames-recorded", await measured(page, "frames-recorded") + RATE)
        await page.clock.fast_forward(HELD_MS)
        await page.keyboard.up(" ")
    line.welcome()
    await line.heard("response.create")
    await in_phase(page, "thinking")
    assert spoken(line) == [TURN[0], "response.cancel", *TURN[1:-1], *TURN[1:]]


async def test_who_types_while_the_button_is_held_has_typed(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    button = page.get_by_role("button", name="Hold to talk")
    await button.focus()
    await page.keyboard.press("Enter")
    await line.heard_audio(RATE)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await in_phase(page, "thinking")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(1))
    line.answer_ends("r", "a")
    await at_least(page, "frames-played", RATE)
    await in_phase(page, "idle")
    clear = "input_audio_buffer.clear"
    assert spoken(line) == ["session.update", clear, "input_audio_buffer.append", clear, "conversation.item.create", "response.create"]
    await button.focus()
    await page.keyboard.press("Enter")  # and the next press is one
    await expect(button).to_have_attribute("aria-pressed", "true")

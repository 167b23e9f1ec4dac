"""What somebody hears who does not see the page, and what is left of it without a mouse, without motion and without its colours."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.far_end import SILENCE_MS, SOURCE, FarEnd
from tests.frontend.looking import greeted, in_phase, welcomed
from tests.frontend.scenes import SCENES
from tests.frontend.stage import Stage
from tests.frontend.words import ENGLISH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LISTEN = """() => {
  const LIVE = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], [role=log]';
  window.spoken = [];
  const words = (node) => node.textContent.trim();
  new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      const here = target instanceof Element ? target : target.parentElement;
      if (!here?.closest(LIVE)) continue;
      const said = type === 'characterData' ? [target] : [...addedNodes];
      spoken.push(...said.map(words).filter(Boolean));
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Keeps what a live region tells: each text that is laid into one."""

MOVING = "() => document.getAnimations().filter((each) => each.playState === 'running').length"


async def test_states_and_finished_turns_are_spoken_once_however_often_the_caption_grows(page: Page, far: FarEnd) -> None:
    line = await greeted(page, far, tone_after_ms=SILENCE_MS)  # a slow machine's search would else be told to take long
    await page.evaluate(LISTEN)
    line.question("u", None)
    await in_phase(page, "thinking")
    line.transcription("u", "How many?")
    await expect(page.get_by_role("log").locator("p")).to_have_count(1)
    line.say("askaloud.searching", call_id="k", query="days")
    await in_phase(page, "searching")
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[SOURCE])
    line.answer_begins("r", "a")
    caption = ""
    for piece in ("Thirty", " days", " in a", " calendar", " year."):
        line.words("r", "a", piece)
        caption += piece
        await expect(page.locator(".answer .text")).to_have_text(caption)
    line.answer_ends("r", "a")
    await in_phase(page, "idle")
    await expect(page.get_by_role("log").locator("p")).to_have_count(2)
    spoken = await page.evaluate("() => spoken")
    assert [words for words in spoken if words != "Thinking"] == ["You: How many?", "Searching", "Answer: Thirty days in a calendar year."]
    assert spoken.count("Thinking") == 2  # before the search and after it


async def test_the_page_is_told_in_its_order_and_by_what_each_thing_is(page: Page, far: FarEnd) -> None:
    await SCENES["cited"](Stage(page, far, await far.line(), ENGLISH))
    told = await page.locator("body").aria_snapshot()
    landmarks = [line.strip() for line in told.splitlines() if not line.startswith("      ")]
    expected = ["banner", 'heading "Ask Aloud" [level=1]', "main", 'region "Conversation"', "contentinfo", 'group "Talk or type"']
    places = [next(at for at, line in enumerate(landmarks) if each in line) for each in expected]
    assert places == sorted(places)
    assert 'heading "How many days can I work from abroad?" [level=2]' in told
    assert 'list "Sources found for this question"' in told
    assert "Used in the answer" in told
    assert 'textbox "Type a question"' in told


@pytest.mark.parametrize("leave", ["Escape", "Done"])
async def test_whoever_leaves_the_settings_is_where_they_were(page: Page, far: FarEnd, leave: str) -> None:
    await welcomed(far)
    button = page.get_by_role("button", name="Settings")
    await button.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Settings")
    await expect(dialog).to_be_visible()
    if leave == "Escape":
        await page.keyboard.press("Escape")
    else:
        await dialog.get_by_role("button", name="Done").press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()


async def test_a_source_is_opened_read_and_closed_by_keys_alone(page: Page, far: FarEnd) -> None:
    await SCENES["source-as-words"](Stage(page, far, await far.line(), ENGLISH))
    dialog = page.get_by_role("dialog", name="Employee Handbook")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    card = page.locator(".card").nth(1)
    await card.focus()
    await page.keyboard.press(" ")
    await expect(dialog).to_be_visible()
    assert await page.evaluate("() => document.activeElement.closest('dialog') !== null")
    await dialog.get_by_role("button", name="Close").press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(card).to_be_focused()


@pytest.mark.parametrize("name", ["asking-for-the-microphone", "searching", "answering"])
async def test_nothing_moves_where_no_motion_is_wanted(browser: Browser, far: FarEnd, name: str) -> None:
    async with page_in(browser, reduced_motion="reduce") as page:
        await page.goto(far.address)
        await SCENES[name](Stage(page, far, await far.line(), ENGLISH))
        assert await page.evaluate(MOVING) == 0
        await page.emulate_media(reduced_motion="no-preference")
        assert await page.evaluate(MOVING) > 0


async def test_what_sounds_and_what_was_heard_can_be_told_in_the_systems_own_colours(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser, forced_colors="active", reduced_motion="reduce") as page:
        await page.goto(far.address)
        face = "() => getComputedStyle(document.querySelector('.face')).backgroundColor"
        await in_phase(page, "idle")
        at_rest = await page.evaluate(face)
        await SCENES["answering"](Stage(page, far, await far.line(), ENGLISH))
        assert await page.evaluate(face) != at_rest
        colour = "(part) => getComputedStyle(part).color"
        assert await page.locator(".heard").evaluate(colour) != await page.locator(".ahead").evaluate(colour)
        assert await page.locator(".send").evaluate("(button) => getComputedStyle(button).borderTopStyle") == "solid"


async def test_how_much_may_still_be_typed_is_told_where_it_begins_to_matter_and_not_at_every_key(page: Page, far: FarEnd) -> None:
    await welcomed(far)
    box = page.get_by_role("textbox")
    await box.fill("x" * 7_498)
    await page.evaluate(LISTEN)
    await box.press_sequentially("xxxxx")
    await expect(page.locator(".left")).to_have_text("Characters left: 497")
    await box.fill("x" * 7_899)
    await box.press_sequentially("xxx")
    await expect(page.locator(".left")).to_have_text("Characters left: 98")
    await box.fill("x" * 8_000)
    assert await page.evaluate("() => spoken") == [f"Characters left: {count}" for count in (499, 100, 0)]

"""What the page scrolls to: the words that are being heard, the last ones where nothing is heard, a question that has just been asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.far_end import RATE, SOURCE, FarEnd, tone
from tests.frontend.looking import asked, at_least, in_phase

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LONG = "You can work from abroad for thirty days in a year, and only working days are counted towards them. " * 14
"""Taller than the room on any screen of these tests."""

WATCH = """() => {
  window.seen = { looks: 0, lost: [], from: null, to: 0 };
  const room = document.querySelector('ask-transcript');
  const look = () => {
    const heard = document.querySelector('.exchange:last-child .heard');
    if (heard?.textContent) {
      const words = document.createRange();
      words.selectNodeContents(heard);
      const last = [...words.getClientRects()].at(-1);
      const { top, bottom } = room.getBoundingClientRect();
      seen.looks += 1;
      seen.from ??= room.scrollTop;
      seen.to = room.scrollTop;
      if (last.top < top - 1 || last.bottom > bottom + 1) seen.lost.push([Math.round(last.top), Math.round(last.bottom), top, bottom]);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
"""Looks with each picture whether the last word that was heard lies within the transcript."""

SCROLLED = "document.querySelector('ask-transcript').scrollTop"
TOP_OF_LAST = """() => {
  const room = document.querySelector('ask-transcript').getBoundingClientRect();
  return document.querySelector('.exchange:last-child').getBoundingClientRect().top - room.top;
}"""
BELOW = """() => {
  const room = document.querySelector('ask-transcript').getBoundingClientRect();
  return document.querySelector('.answer:last-child .text').getBoundingClientRect().bottom - room.bottom;
}"""
"""How far the last words of the answer lie below what is seen."""


@pytest_asyncio.fixture(loop_scope="module", params=[(1280, 720), (360, 640)], ids=["wide", "narrow"])
async def sized(browser: Browser, far: FarEnd, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """The page on a desk and in a hand."""
    width, height = request.param
    async with page_in(browser, viewport={"width": width, "height": height}) as page:
        await page.goto(far.address)
        yield page


@pytest.mark.parametrize("order", ["words first", "words and sound by turns"])
async def test_the_words_that_are_being_heard_are_in_sight_from_the_first_to_the_last(sized: Page, far: FarEnd, order: str) -> None:
    page = sized
    line = await asked(page, far)
    await page.evaluate(WATCH)
    line.answer_begins("r", "a")
    if order == "words first":
        line.words("r", "a", LONG)
        await expect(page.locator(".answer .text")).to_have_text(LONG.strip())
        line.sound("r", "a", tone(6))
    else:
        for at in range(0, len(LONG), 100):
            line.words("r", "a", LONG[at : at + 100])
            line.sound("r", "a", tone(6 * 100 / len(LONG)))
    line.answer_ends("r", "a")
    await in_phase(page, "speaking")
    line.say("askaloud.notice", code="search_slow", message="", recoverable=True, retry_after_ms=None)  # which takes room from the words
    await in_phase(page, "idle")
    seen = await page.evaluate("seen")
    assert seen["lost"] == []
    assert seen["looks"] > 3
    assert seen["to"] > seen["from"] + 100
    assert await page.evaluate(BELOW) <= 1


async def test_who_scrolls_away_from_what_is_heard_is_left_alone_and_followed_again_once_back(sized: Page, far: FarEnd) -> None:
    page = sized
    line = await asked(page, far)
    line.answer_begins("r", "a", LONG)
    line.sound("r", "a", tone(12))
    line.answer_ends("r", "a")
    await at_least(page, "frames-played", RATE)
    await page.evaluate(f"document.querySelector('ask-transcript').scrollTop = {SCROLLED} + 2000")  # to read ahead
    there = await page.evaluate(SCROLLED)
    heard = "document.querySelector('.heard').textContent.length"
    before = await page.evaluate(heard)
    await page.wait_for_function(f"() => {heard} > {before + 200}")
    assert await page.evaluate(SCROLLED) == there
    line.say("askaloud.notice", code="search_slow", message="", recoverable=True, retry_after_ms=None)
    await expect(page.locator(".notice")).to_have_count(1)
    assert await page.evaluate(SCROLLED) == there
    await page.evaluate("document.querySelector('.answer .heard').scrollIntoView({ block: 'end' })")
    await page.evaluate(WATCH)
    await in_phase(page, "idle")
    seen = await page.evaluate("seen")
    assert (seen["lost"], seen["to"] > seen["from"]) == ([], True)


async def test_of_an_answer_that_is_only_read_the_last_words_are_followed_as_they_come(sized: Page, far: FarEnd) -> None:
    page = sized
    line = await asked(page, far)
    line.answer_begins("r", "a")
    for at in range(0, len(LONG), 100):
        line.words("r", "a", LONG[at : at + 100])
        await expect(page.locator(".answer .text")).to_have_text(LONG[: at + 100].strip())
        await page.wait_for_function(f"() => ({BELOW})() <= 1")
    assert await page.evaluate(SCROLLED) > 100
    await page.evaluate("document.querySelector('ask-transcript').scrollTop = 0")
    line.words("r", "a", LONG)
    await expect(page.locator(".answer .text")).to_have_text((LONG + LONG).strip())
    assert await page.evaluate(SCROLLED) == 0


async def test_a_question_comes_to_the_top_as_soon_as_what_stands_below_it_lets_it_unless_somebody_scrolls(
    sized: Page, far: FarEnd
) -> None:
    page = sized
    line = await asked(page, far)
    line.answer_begins("r", "a", "Thirty days.")
    line.answer_ends("r", "a")
    await page.get_by_role("textbox").fill("And paid?")
    await page.keyboard.press("Enter")
    item = (await line.heard("conversation.item.create", 2))["item"]["id"]
    excerpt = "Your salary is paid as usual while you work from abroad. " * 3
    found = [{**SOURCE, "id": f"p{n}", "number": n, "excerpt": excerpt} for n in range(1, 9)]
    line.say("askaloud.sources", call_id="k", response_id="r1", user_item_id=item, sources=found)
    await expect(page.locator(".card")).to_have_count(8)
    await page.wait_for_function(f"() => Math.abs(({TOP_OF_LAST})()) < 2")
    await page.evaluate("document.querySelector('ask-transcript').scrollTop -= 60")
    line.answer_begins("r2", "b", "Yes, it is.")
    await expect(page.locator(".answer .text").last).to_have_text("Yes, it is.")
    assert abs(await page.evaluate(TOP_OF_LAST) - 60) < 2


async def test_an_answer_that_was_heard_to_its_end_stays_where_it_is(sized: Page, far: FarEnd) -> None:
    page = sized
    line = await asked(page, far)
    line.answer_begins("r", "a", LONG)
    line.answer_ends("r", "a")
    await expect(page.locator('.answer[data-status="done"]')).to_have_count(1)
    await page.get_by_role("textbox").fill("And paid?")
    await page.keyboard.press("Enter")
    await line.heard("response.create", 2)
    line.answer_begins("r2", "b", "Yes, it is.")
    line.sound("r2", "b", tone(1))
    await in_phase(page, "speaking")
    line.answer_ends("r2", "b")  # only now: else it might have been spoken before anybody looked
    there = await page.evaluate(SCROLLED)
    await in_phase(page, "idle")
    line.say("askaloud.notice", code="search_slow", message="", recoverable=True, retry_after_ms=None)
    await expect(page.locator(".notice")).to_have_count(1)
    assert await page.evaluate(SCROLLED) >= there > 100


async def test_a_new_question_comes_to_the_top(sized: Page, far: FarEnd) -> None:
    page = sized
    line = await asked(page, far)
    line.answer_begins("r", "a", LONG)
    line.answer_ends("r", "a")
    await expect(page.locator('.answer[data-status="done"]')).to_have_count(1)
    await page.evaluate("document.querySelector('ask-transcript').scrollTop = 0")
    await page.get_by_role("textbox").fill("And paid?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".exchange")).to_have_count(2)
    assert abs(await page.evaluate(TOP_OF_LAST)) < 2

"""The page of the whole program in the hands of different people: with keys alone, without a microphone, two at the same time."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect
from tests.browser.driving import chromium
from tests.browser.visit import WAIT_S, Visit, visiting
from tests.whole import Whole

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ABROAD, FILTER = "How many days can I work from abroad?", "When must the water filter be replaced?"
TABS_MAX = 30
"""More presses of a key than the page has places to stop at."""


async def reach(visit: Visit, selector: str, key: str) -> None:
    """Press a key until what is wanted has the focus."""
    for _ in range(TABS_MAX):
        if await visit.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        await visit.page.keyboard.press(key)
    pytest.fail(f"{selector} cannot be reached with {key}")


async def test_a_whole_conversation_is_held_with_the_keyboard_alone(visit: Visit) -> None:
    await reach(visit, "#question", "Tab")
    await visit.page.keyboard.type(ABROAD)
    await visit.page.keyboard.press("Enter")
    assert "30 days" in await visit.answered()
    await visit.page.locator(".card").first.wait_for()
    await reach(visit, "li:first-child > .card", "Shift+Tab")
    await visit.page.keyboard.press("Enter")
    dialog = visit.page.get_by_role("dialog", name="Employee Handbook")
    await dialog.wait_for()
    await visit.page.keyboard.press("Escape")
    await dialog.wait_for(state="hidden")
    await expect(visit.page.locator(".card").first).to_be_focused(timeout=WAIT_S * 1_000)
    await reach(visit, "#question", "Tab")
    await visit.page.keyboard.type(FILTER)
    await visit.page.keyboard.press("Enter")
    assert await visit.answered(2)
    await expect(visit.page.get_by_role("article")).to_have_count(2)


async def test_an_answer_is_stopped_with_one_key_and_no_more_of_it_is_heard(visit: Visit) -> None:
    await visit.type(ABROAD)
    await visit.at_least("frames-sounding", 1)
    await visit.page.keyboard.press("Escape")
    truncated = await visit.wire.hears("conversation.item.truncated")
    await visit.in_phase("idle")
    rendered = await visit.measured("frames-rendered")
    await visit.at_least("frames-rendered", rendered + 24_000)
    played = await visit.measured("frames-played")
    assert played == await visit.measured("frames-cut") < visit.wire.frames[truncated["item_id"]]
    assert truncated["audio_end_ms"] <= played * 1_000 // 24_000


async def test_every_frame_of_an_answer_reaches_the_speaker_once(visit: Visit) -> None:
    await visit.type("Hello")
    answer = await visit.answered()
    await visit.was_in_phase("speaking")
    await visit.in_phase("idle")
    sent = sum(visit.wire.frames.values())
    assert await visit.measured("frames-played") == await visit.measured("frames-received") == sent > 24_000
    assert await visit.measured("frames-sounding") > sent / 2, answer
    assert await visit.measured("dropped") == 0


async def test_a_microphone_that_is_not_allowed_is_said_in_a_sentence_and_typing_goes_on(whole: Whole) -> None:
    async with chromium(allow_microphone=False) as browser, visiting(browser, whole.address, permissions=[]) as visit:
        await visit.talk()
        notice = visit.page.get_by_role("status", name="Messages").get_by_text("The microphone is not allowed on this page.")
        await notice.wait_for()
        await visit.type(ABROAD)
        assert "30 days" in await visit.answered()


async def test_the_page_says_that_this_is_the_stand_in(visit: Visit) -> None:
    await expect(visit.page.locator("#doors")).to_contain_text("not Azure", timeout=WAIT_S * 1_000)
    told = (await visit.wire.hears("askaloud.conversation"))["doors"]
    assert told == {"realtime": "stand-in", "search": "stand-in"}


async def test_two_people_at_once_do_not_see_each_others_words(browser: Browser, whole: Whole) -> None:
    async with visiting(browser, whole.address) as one, visiting(browser, whole.address) as other:
        await asyncio.gather(one.type(ABROAD), other.type(FILTER))
        abroad, replaced = await asyncio.gather(one.answered(), other.answered())
        assert "30 days" in abroad
        assert "filter" in replaced.lower()
        for visit, own, foreign in ((one, ABROAD, FILTER), (other, FILTER, ABROAD)):
            words = await visit.page.locator("main").inner_text()
            assert own in words
            assert foreign not in words
            assert await visit.page.get_by_role("article").count() == 1
        items = [{event["item"]["id"] for event in visit.wire.heard("conversation.item.added")} for visit in (one, other)]
        assert not items[0] & items[1]
        assert (await one.wire.hears("askaloud.conversation"))["conversation_id"] != (await other.wire.hears("askaloud.conversation"))[
            "conversation_id"
        ]


async def test_what_the_empty_page_offers_to_ask_is_answered_from_the_samples(visit: Visit) -> None:
    examples = [words.strip("“”") for words in await visit.page.locator(".example").all_text_contents()]
    assert len(examples) == 3
    for count, example in enumerate(examples, 1):
        await visit.type(example)
        answer = await visit.answered(count)
        used = (await visit.wire.hears("askaloud.cited", count))["source_ids"]
        first = visit.wire.heard("askaloud.sources")[-1]["sources"][0]
        assert used == [first["id"]], (example, answer)

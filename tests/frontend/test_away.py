"""The page while its network is away and when it comes back: what it shows, what it keeps to say, what it lets go."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.frontend.far_end import RATE, FarEnd, Line, tone
from tests.frontend.looking import at_least, in_phase, measured, reported, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BRIEF_MS = 6_000
KEPT = {"resume_token": "t1", "grace_ms": 60_000}


async def back(far: FarEnd, *, resumed: bool = True) -> Line:
    """The socket on which the page comes back, greeted; what it missed is still to be told."""
    line = await far.line()
    await line.heard("askaloud.resume")
    line.say("session.updated", event_id="s1", session={})
    line.say(
        "askaloud.conversation", event_id="s2", **KEPT, conversation_id="conv_1" if resumed else "conv_2", resumed=resumed, voices=["alloy"]
    )
    return line


async def lost(page: Page, line: Line) -> None:
    line.close(1001)
    await in_phase(page, "reconnecting")


async def ask(page: Page, words: str) -> None:
    await page.get_by_role("textbox").fill(words)
    await page.keyboard.press("Enter")


async def test_a_lost_network_is_a_quiet_line_and_its_return_another_and_then_all_is_as_before(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **KEPT)
    line.question("u", "How many?")
    line.answer_begins("r", "a", "Thirty")
    await expect(page.locator(".answer .text")).to_have_text("Thirty")
    await lost(page, line)
    await expect(page.locator("ask-controls").get_by_role("status").first).to_be_attached()
    await expect(page.locator(".word")).to_have_text("Reconnecting…")
    await expect(page.locator(".notice")).to_have_count(0)
    await page.clock.install()
    again = await back(far)
    again.words("r", "a", " days.")
    again.say("response.done", event_id="e9", response={"id": "r", "status": "completed"})
    await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty days.")
    await expect(page.locator(".notice p")).to_have_text("The connection is back, and the conversation goes on.")
    await in_phase(page, "idle")
    await page.clock.fast_forward(BRIEF_MS)
    await expect(page.locator(".notice")).to_have_count(0)
    await expect(page.locator(".divider")).to_have_count(0)


async def test_a_question_typed_meanwhile_is_asked_once_on_the_way_back(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **KEPT)
    await lost(page, line)
    await ask(page, "How many?")
    again = await back(far)
    await again.heard("session.update")
    assert again.of_type("conversation.item.create") == []  # first what was missed, for that may hold it already
    again.say("session.updated", event_id="s3", session={})
    created = await again.heard("conversation.item.create")
    await again.heard("response.create")
    again.say("conversation.item.added", item=created["item"], previous_item_id=None)
    again.answer_begins("r", "a", "Thirty.", previous=created["item"]["id"])
    again.answer_ends("r", "a")
    await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty.")
    assert len(again.of_type("conversation.item.create")) == 1


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "never arrived"])
async def test_a_question_that_went_out_just_before_is_said_again_in_the_same_words_unless_it_had_arrived(
    page: Page, far: FarEnd, arrived: bool
) -> None:
    line = await welcomed(far, **KEPT)
    await ask(page, "How many?")
    created, wanted = await line.heard("conversation.item.create"), await line.heard("response.create")
    await lost(page, line)
    again = await back(far)
    await again.heard("session.update")
    if arrived:
        again.say("conversation.item.added", item=created["item"], previous_item_id=None)
    again.say("session.updated", event_id="s3", session={})
    again.say("askaloud.notice", code="search_slow", message="", recoverable=True, retry_after_ms=None)
    await expect(page.locator(".notice")).to_have_count(2)
    said = [event for event in again.received if event["type"] in {"conversation.item.create", "response.create"}]
    assert said == ([] if arrived else [created, wanted])


async def test_what_is_spoken_meanwhile_is_not_said_late(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **KEPT)
    await page.get_by_role("button", name="Talk").click()
    await line.heard_audio(RATE)
    await lost(page, line)
    await reported(page, 1)  # the figure of before may be older than the loss
    recorded = await measured(page, "frames-recorded")
    await at_least(page, "frames-recorded", recorded + 2 * RATE)
    again = await back(far)
    await again.heard("input_audio_buffer.append")
    await in_phase(page, "listening")
    await page.get_by_role("button", name="Close the microphone").click()
    await ask(page, "Hm")
    await again.heard("response.create")
    await reported(page, RATE)
    said = (line.audio_bytes + again.audio_bytes) // 2 - RATE  # when the microphone closes a second of silence is said
    assert await measured(page, "frames-recorded") - said >= 2 * RATE


async def test_an_answer_stopped_meanwhile_is_stopped_at_the_server_too(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **KEPT)
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await expect(page.locator(".answer .text")).to_have_text("Thirty.")  # what comes after the next question would be taken for its answer
    await ask(page, "Hm")
    line.answer_begins("r2", "a2", "Forty.")
    line.sound("r2", "a2", tone(20))
    await at_least(page, "frames-sounding", 1)
    await in_phase(page, "speaking")
    await lost(page, line)
    await page.keyboard.press("Escape")
    again = await back(far)
    await again.heard("response.cancel")
    assert (await again.heard("conversation.item.truncate"))["item_id"] == "a2"


async def test_a_conversation_that_was_not_kept_is_said_to_be_over_and_what_stands_on_the_page_stays(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **KEPT)
    line.question("u", "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.answer_ends("r", "a")
    await expect(page.locator(".answer .text")).to_have_text("Thirty.")
    await lost(page, line)
    await ask(page, "And paid?")
    again = await back(far, resumed=False)
    await again.heard("conversation.item.create")
    await expect(page.locator(".notice p")).to_contain_text("could not be continued")
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_role("article").last.locator(".divider")).to_have_count(1)


async def test_after_the_grace_it_is_over_and_a_new_one_is_offered(page: Page, far: FarEnd) -> None:
    line = await welcomed(far, **{**KEPT, "grace_ms": 100})
    line.question("u", "How many?")
    line.close(1001)
    (await far.line()).close(1001)
    await expect(page.locator(".notice p")).to_contain_text("away for too long")
    await in_phase(page, "error")
    await page.locator(".notice").get_by_role("button", name="Start again").click()
    await welcomed(far)
    await in_phase(page, "idle")
    await expect(page.locator(".question")).to_be_visible()


async def test_an_answer_that_is_taken_back_falls_silent_at_once_and_its_words_go(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await ask(page, "How many?")
    line.answer_begins("r", "a", "Thirty")
    line.sound("r", "a", tone(20))
    await at_least(page, "frames-sounding", 1)
    line.say("conversation.item.deleted", item_id="a")
    line.say("response.done", response={"id": "r", "status": "cancelled"})
    await in_phase(page, "thinking")
    await expect(page.locator(".answer")).to_have_count(0)
    await reported(page, RATE // 2)
    sounded = await measured(page, "frames-sounding")
    await reported(page, RATE)
    assert await measured(page, "frames-sounding") == sounded < 20 * RATE
    line.answer_begins("r2", "a2", "Forty.")
    line.sound("r2", "a2", tone(1))
    line.answer_ends("r2", "a2")
    await expect(page.locator(".answer .text")).to_have_text("Forty.")
    await at_least(page, "frames-sounding", sounded + RATE)
    assert line.of_type("conversation.item.truncate") == []


async def test_a_page_that_the_browser_kept_ends_what_was_unfinished_and_begins_anew(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await ask(page, "How many?")
    await line.heard("response.create")
    line.answer_begins("r", "a", "Thirty days.")
    line.sound("r", "a", tone(20))
    await in_phase(page, "speaking")
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await welcomed(far)
    await expect(page.locator('.answer[data-status="interrupted"] .text')).to_have_text("Thirty days.")
    await in_phase(page, "idle")
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()

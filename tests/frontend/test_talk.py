"""A conversation through the page: spoken, typed, interrupted, stopped, refused and ended. The console stays silent (see `conftest.py`)."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import chromium, console_of, page_in
from tests.frontend.far_end import RATE, SOURCE, FarEnd, tone
from tests.frontend.looking import allowed, asked, at_least, cut_off, in_phase, measured, prompts, released, reported, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_spoken_question_is_heard_written_answered_and_its_source_marked(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("button", name="Talk").click()
    await in_phase(page, "listening")
    await line.heard_audio(RATE)
    line.say("input_audio_buffer.speech_started", item_id="u", audio_start_ms=0)
    await in_phase(page, "hearing")
    line.say("input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=900)
    line.say("input_audio_buffer.committed", item_id="u", previous_item_id=None)
    await in_phase(page, "thinking")
    line.say("askaloud.searching", call_id="k", query="days abroad")
    await in_phase(page, "searching")
    line.say(
        "askaloud.sources",
        call_id="k",
        response_id="r0",
        user_item_id="u",
        sources=[SOURCE, {**SOURCE, "number": 2, "id": "p2", "page": None}],
    )
    await expect(page.get_by_role("listitem").filter(has=page.locator(".card"))).to_have_count(2)
    line.answer_begins("r", "a", "Thirty days.", previous="u")
    line.sound("r", "a", tone(4), piece=96_000)  # so that a page which is held up for a while does not run dry
    line.answer_ends("r", "a")
    await in_phase(page, "speaking")
    line.transcription("u", "How many days?")
    line.say("askaloud.cited", response_id="r", item_id="a", source_ids=["p1"])
    await in_phase(page, "listening")
    article = page.get_by_role("article")
    await expect(article.get_by_role("heading")).to_have_text("How many days?")
    await expect(article.locator(".answer .text")).to_have_text("Thirty days.")
    await expect(article.get_by_text("Used in the answer").and_(page.locator(":visible"))).to_have_count(1)
    assert await measured(page, "frames-played") == 4 * RATE
    assert await measured(page, "frames-sounding") == 4 * RATE
    assert await measured(page, "underruns") == 0


async def test_speaking_over_the_answer_silences_it_and_tells_what_was_played_to_the_frame(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await at_least(page, "frames-sounding", RATE // 4)
    line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0)
    truncate = await line.heard("conversation.item.truncate")
    line.sound("r", "a", tone(1))
    line.answer_ends("r", "a", status="cancelled")
    played = await cut_off(page)
    sounded = await measured(page, "frames-sounding")
    await reported(page, RATE)
    assert await measured(page, "frames-sounding") == sounded == played >= RATE // 4
    assert truncate == {"type": "conversation.item.truncate", "item_id": "a", "content_index": 0, "audio_end_ms": played * 1000 // RATE}
    await expect(page.get_by_text("Stopped before its end was spoken")).to_be_visible()
    assert line.of_type("response.cancel") == []  # voice detection cancels by itself


async def test_an_answer_that_waits_for_a_cough_goes_on_to_its_last_frame(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(4))
    await at_least(page, "frames-sounding", RATE // 4)
    line.say("askaloud.paused", item_id="u2")
    await in_phase(page, "hearing")
    line.answer_ends("r", "a")
    await reported(page, RATE // 2)
    sounded = await measured(page, "frames-sounding")
    await reported(page, RATE)
    assert await measured(page, "frames-sounding") == sounded
    line.say("askaloud.resumed", item_id="u2")
    await in_phase(page, "speaking")
    await in_phase(page, "idle")
    assert await measured(page, "frames-sounding") == 4 * RATE
    assert line.of_type("conversation.item.truncate") == line.of_type("response.cancel") == []
    await expect(page.get_by_role("article")).to_have_count(1)


async def test_an_answer_that_waited_for_an_interruption_is_cut_off_where_it_waits(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await at_least(page, "frames-sounding", RATE // 4)
    line.say("askaloud.paused", item_id="u2")
    await in_phase(page, "hearing")
    await reported(page, RATE)
    line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0)
    truncate = await line.heard("conversation.item.truncate")
    line.answer_ends("r", "a", status="cancelled")
    played = await cut_off(page)
    assert truncate["audio_end_ms"] == played * 1000 // RATE
    line.say("input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=900)
    line.say("input_audio_buffer.committed", item_id="u2", previous_item_id="a")
    line.answer_begins("r3", "c", "Ten.")
    line.sound("r3", "c", tone(1))
    await in_phase(page, "speaking")
    line.answer_ends("r3", "c")  # only now: else it might have been spoken before anybody looked
    await in_phase(page, "idle")
    assert await measured(page, "frames-sounding") == played + RATE


async def test_a_message_that_was_refused_goes_from_the_page_and_a_sentence_says_so(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("textbox").fill("What is the salary of Ada?")
    await page.keyboard.press("Enter")
    item = (await line.heard("conversation.item.create"))["item"]["id"]
    line.say("conversation.item.deleted", item_id=item)
    words = {"message": "Ask payroll.", "detail": "Ask payroll.", "recoverable": True, "retry_after_ms": None}
    line.say("askaloud.notice", code="message_refused", **words)
    await expect(page.get_by_text("That message was not let through")).to_be_visible()
    await expect(page.get_by_text("Ask payroll.")).to_be_visible()
    await in_phase(page, "idle")
    await expect(page.get_by_role("article")).to_have_count(0)


async def test_what_was_interrupted_before_the_page_heard_of_it_is_neither_shown_nor_heard_nor_cancelled(page: Page, far: FarEnd) -> None:
    line = await asked(page, far, "How many?")
    line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0)
    line.answer_begins("r", "a", "Old words.")
    line.sound("r", "a", tone(1))
    line.answer_ends("r", "a", status="cancelled")
    line.say("input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=900)
    line.say("input_audio_buffer.committed", item_id="u2", previous_item_id=None)
    line.answer_begins("r2", "a2", "New words.")
    line.sound("r2", "a2", tone(0.2))
    line.answer_ends("r2", "a2")
    await at_least(page, "frames-played", RATE // 5)
    await in_phase(page, "idle")
    await expect(page.locator(".answer .text")).to_have_text(["New words."])
    assert await measured(page, "frames-played") == RATE // 5
    assert line.of_type("response.cancel") == []


@pytest.mark.parametrize("how", ["button", "Escape"])
async def test_the_answer_can_be_stopped(page: Page, far: FarEnd, how: str) -> None:
    line = await welcomed(far)
    await page.get_by_role("textbox").fill("How many?")
    await page.get_by_role("button", name="Ask").click()
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await in_phase(page, "speaking")
    await at_least(page, "frames-sounding", 1)
    if how == "button":
        await page.get_by_role("button", name="Stop the answer").click()
    else:
        await page.keyboard.press("Escape")
    await in_phase(page, "idle")
    await line.heard("response.cancel")
    assert (await line.heard("conversation.item.truncate"))["audio_end_ms"] == await cut_off(page) * 1000 // RATE
    await expect(page.get_by_role("button", name="Stop the answer")).to_be_hidden()


async def test_an_answer_that_was_fully_heard_is_not_truncated(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(0.2))
    line.answer_ends("r", "a")
    await at_least(page, "frames-played", RATE // 5)
    await in_phase(page, "idle")
    line.question("u2", "And?")
    await page.get_by_role("textbox").fill("Next")
    await page.keyboard.press("Enter")
    await line.heard("conversation.item.create", 2)
    assert line.of_type("conversation.item.truncate") == []


async def test_an_answer_that_breaks_off_is_over_when_what_came_of_it_was_heard(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(0.5))
    line.say("response.done", response={"id": "r", "status": "failed"})
    await at_least(page, "frames-played", RATE // 2)
    await in_phase(page, "idle")


async def test_of_what_nobody_will_hear_any_more_every_word_is_there_to_be_read(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    line.answer_begins("r", "a", "Let me look.")
    line.sound("r", "a", bytes(2 * RATE * 40), piece=480_000)
    line.answer_ends("r", "a")
    line.answer_begins("r2", "b", "Thirty days.")
    line.sound("r2", "b", bytes(2 * RATE * 10), piece=480_000)
    await at_least(page, "frames-received", 50 * RATE)
    await expect(page.locator(".answer .ahead")).to_have_count(2)
    line.close(1013)
    await in_phase(page, "error")
    await expect(page.locator(".answer .ahead")).to_have_count(0)


async def test_typing_needs_no_microphone_and_interrupts_what_is_spoken(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("textbox").fill("  First\nline  ")
    await page.keyboard.press("Enter")
    created = await line.heard("conversation.item.create")
    assert created["item"]["content"] == [{"type": "input_text", "text": "First\nline"}]
    assert len(created["item"]["id"]) <= 32
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await at_least(page, "frames-sounding", 1)
    await page.get_by_role("textbox").fill("Second")
    await page.keyboard.press("Enter")
    await line.heard("response.create", 2)
    kinds = [event["type"] for event in line.received]
    assert kinds.index("response.cancel") < kinds.index("response.create", kinds.index("response.cancel"))
    await expect(page.get_by_role("article")).to_have_count(2)
    await line.heard("conversation.item.truncate")


async def test_a_typed_turn_waits_for_the_server(page: Page, far: FarEnd) -> None:
    line = await far.line()
    await page.get_by_role("textbox").fill("Hello")
    await page.keyboard.press("Enter")
    await in_phase(page, "connecting")
    line.welcome()
    await line.heard("response.create")


async def test_the_microphone_closes_and_a_last_silence_lets_the_sentence_end(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("button", name="Talk").click()
    await line.heard_audio(RATE // 2)
    await page.get_by_role("button", name="Close the microphone").click()
    await in_phase(page, "idle")
    await page.get_by_role("textbox").fill("Last")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    assert len(line.of_type("input_audio_buffer.append")[-1]["audio"]) == RATE * 2 * 4 // 3


async def test_a_microphone_that_is_lost_in_mid_sentence_lets_the_sentence_end(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await prompts(page)
    await page.get_by_role("button", name="Talk").click()
    await allowed(page)
    await line.heard_audio(RATE // 2)
    line.say("input_audio_buffer.speech_started", item_id="u", audio_start_ms=0)
    await in_phase(page, "hearing")
    await page.evaluate("streams[0].getTracks()[0].dispatchEvent(new Event('ended'))")
    await expect(page.locator(".notice")).to_contain_text("unplugged or switched off")
    await released(page)
    await page.get_by_role("textbox").fill("Last")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    last = base64.b64decode(line.of_type("input_audio_buffer.append")[-1]["audio"])
    assert last == bytes(2 * RATE)


async def test_a_microphone_allowed_only_after_the_conversation_ended_is_let_go(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await prompts(page)
    await page.get_by_role("button", name="Talk").click()
    await in_phase(page, "connecting")
    line.close(1001)
    await in_phase(page, "error")
    await allowed(page)
    await released(page)
    await page.get_by_role("button", name="Start again").first.click()
    again = await welcomed(far)
    await in_phase(page, "idle")
    await expect(page.locator(".notice")).to_have_count(0)
    await page.get_by_role("button", name="Talk").click()
    await allowed(page, 1)
    await again.heard_audio(RATE)
    await in_phase(page, "listening")


async def test_a_browser_that_never_answers_for_the_microphone_is_asked_again(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        with console_of(page) as said:
            await page.clock.install()
            await page.goto(far.address)
            line = await welcomed(far)
            await prompts(page)
            button = page.locator(".talk")
            await button.dblclick()  # one press too many is none
            await in_phase(page, "connecting")
            await page.clock.fast_forward(3_000)
            await button.click()
            await page.wait_for_function("() => prompts.length === 2")
            await allowed(page, 1)
            await in_phase(page, "listening")
            await line.heard_audio(RATE)
            await allowed(page, 0)
            await released(page, 1)
            assert await page.evaluate("streams[0].getTracks()[0].readyState") == "live"
            assert said == []


async def test_a_microphone_allowed_only_after_the_page_was_left_is_let_go(page: Page, far: FarEnd) -> None:
    await welcomed(far)
    await prompts(page)
    await page.get_by_role("button", name="Talk").click()
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    await allowed(page)
    await released(page)
    await in_phase(page, "idle")


async def test_a_microphone_that_is_not_allowed_is_a_sentence_and_typing_goes_on(far: FarEnd) -> None:
    async with chromium(allow_microphone=False) as browser, page_in(browser, permissions=[]) as page:
        with console_of(page) as said:
            await page.goto(far.address)
            line = await welcomed(far)
            await page.get_by_role("button", name="Talk").click()
            await expect(page.get_by_role("status", name="Messages")).to_contain_text("The microphone is not allowed on this page.")
            await in_phase(page, "idle")
            await page.get_by_role("textbox").fill("Hello")
            await page.keyboard.press("Enter")
            await line.heard("response.create")
            await expect(page.locator(".notice")).to_have_count(0)
            assert said == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(1001, "being restarted"), (1009, "too long"), (1011, "ended the conversation"), (1013, "Too many people"), (1008, "did not accept")],
)
async def test_a_closed_conversation_says_why_and_can_be_begun_again(page: Page, far: FarEnd, code: int, words: str) -> None:
    line = await welcomed(far)
    line.question("u", "How many?")
    line.close(code)
    await expect(page.locator(".notice")).to_contain_text(words)
    await in_phase(page, "error")
    await page.locator(".notice").get_by_role("button", name="Start again").click()
    again = await welcomed(far)
    await in_phase(page, "idle")
    again.question("u2", "And now?")
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.locator(".divider")).to_have_count(1)

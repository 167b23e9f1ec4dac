"""Push to talk: held by the space bar, a finger or a click, it is heard; let go, it is a turn; too short a press is explained."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.far_end import RATE, FarEnd, Line, tone
from tests.frontend.looking import at_least, cut_off, in_phase, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

KEPT = {"resume_token": "t1", "grace_ms": 60_000}
DETECTION = {"type": "semantic_vad", "eagerness": "low", "create_response": True}
TAP = "['keydown', 'keyup'].forEach((name) => document.body.dispatchEvent(new KeyboardEvent(name, { key: ' ', bubbles: true })))"
"""Down and up at once, however busy the machine is."""
BRIEF_MS = 6_000
TURN = ["input_audio_buffer.clear", "input_audio_buffer.commit", "response.create"]


async def pushing(page: Page, far: FarEnd, **fields: object) -> Line:
    """A conversation in which the person has chosen to hold."""
    line = await welcomed(far, **fields)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Push to talk").check()
    await page.get_by_role("button", name="Done").click()
    await line.heard("session.update")
    button = page.get_by_role("button", name="Hold to talk")
    await expect(button).to_be_focused()  # where whoever closes the settings is led; until then the space bar presses another
    await expect(button).to_have_attribute("aria-pressed", "false")
    return line


def turns(line: Line) -> list[str]:
    """What the page has said beside sound and settings."""
    return [event["type"] for event in line.received if event["type"] not in {"input_audio_buffer.append", "session.update"}]


async def test_what_is_said_while_the_space_bar_is_held_is_a_turn(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    assert line.of_type("session.update")[0]["session"] == {"type": "realtime", "audio": {"input": {"turn_detection": None}}}
    await page.keyboard.down(" ")
    await line.heard_audio(RATE)
    await in_phase(page, "hearing")
    await expect(page.get_by_role("button", name="Hold to talk")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.down(" ")  # a key that is held repeats itself
    await page.keyboard.up(" ")
    await line.heard("response.create")
    assert turns(line) == TURN
    assert line.received[-1]["type"] == "response.create"  # nothing is heard after the end
    await in_phase(page, "thinking")
    await expect(page.get_by_role("status").filter(has_text="Thinking")).to_be_attached()
    line.say("input_audio_buffer.committed", item_id="u", previous_item_id=None)
    line.transcription("u", "How many?")
    line.answer_begins("r", "a", "Thirty.")
    line.answer_ends("r", "a")
    await expect(page.locator(".question")).to_have_text("How many?")
    await in_phase(page, "idle")
    await expect(page.locator(".word")).to_have_text("Hold to talk")


async def test_a_finger_on_the_button_does_the_same(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.get_by_role("button", name="Hold to talk").hover()
    await page.mouse.down()
    await line.heard_audio(RATE)
    await page.mouse.move(5, 5)  # a finger that slides off is still down
    await in_phase(page, "hearing")
    await page.mouse.up()
    await line.heard("response.create")
    assert turns(line) == TURN


async def test_who_cannot_hold_a_key_begins_with_enter_and_ends_with_it(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.get_by_role("button", name="Hold to talk").focus()
    await page.keyboard.press("Enter")
    await line.heard_audio(RATE)
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    assert turns(line) == TURN


async def test_the_focused_button_is_held_with_the_space_bar_and_not_clicked_by_it(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.get_by_role("button", name="Hold to talk").focus()
    await page.keyboard.down(" ")
    await line.heard_audio(RATE)
    await page.keyboard.up(" ")
    await line.heard("response.create")
    await in_phase(page, "thinking")
    assert turns(line) == TURN


async def test_a_press_that_is_too_short_is_explained_and_no_turn(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.keyboard.down(" ")
    await line.heard_audio(RATE)
    await page.keyboard.up(" ")
    await line.heard("response.create")
    await page.clock.install()
    await page.evaluate(TAP)
    await expect(page.get_by_role("status", name="Messages")).to_contain_text("while you speak")
    await line.heard("input_audio_buffer.clear", 3)
    assert len(line.of_type("input_audio_buffer.commit")) == 1
    await page.clock.fast_forward(BRIEF_MS)
    await expect(page.locator(".notice")).to_have_count(0)  # and goes by itself


async def test_the_space_bar_types_a_space_where_one_types(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.get_by_role("textbox").focus()
    await page.keyboard.type("How many")
    await page.keyboard.press("Enter")
    created = await line.heard("conversation.item.create")
    assert created["item"]["content"][0]["text"] == "How many"
    assert line.of_type("input_audio_buffer.clear") == []


async def test_a_press_silences_the_answer_and_cancels_it(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    line.answer_begins("r", "a", "Thirty.")
    line.sound("r", "a", tone(20))
    await at_least(page, "frames-sounding", RATE // 4)
    await page.locator("main").click(position={"x": 5, "y": 5})
    await page.keyboard.down(" ")
    await line.heard("response.cancel")
    truncate = await line.heard("conversation.item.truncate")
    assert truncate["audio_end_ms"] == await cut_off(page) * 1000 // RATE
    await page.keyboard.up(" ")


async def test_a_press_during_which_the_window_is_left_ends(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far)
    await page.keyboard.down(" ")
    await line.heard_audio(RATE)
    await page.evaluate("dispatchEvent(new Event('blur'))")
    await line.heard("response.create")


async def test_a_press_during_which_the_network_is_lost_is_no_turn_and_the_next_one_is(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far, **KEPT)
    await page.keyboard.down(" ")
    await line.heard_audio(RATE)
    line.close(1001)
    await in_phase(page, "reconnecting")
    await page.keyboard.up(" ")
    again = await far.line()
    await again.heard("askaloud.resume")
    again.say("askaloud.conversation", **KEPT, conversation_id="conv_1", resumed=True)
    assert (await again.heard("session.update"))["session"]["audio"]["input"] == {"turn_detection": None}
    await in_phase(page, "idle")
    await page.keyboard.down(" ")
    await again.heard_audio(RATE)
    await page.keyboard.up(" ")
    await again.heard("response.create")
    assert turns(again) == ["askaloud.resume", *TURN]


async def test_who_held_it_by_a_click_when_the_network_was_lost_holds_it_again_by_the_next(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far, **KEPT)
    button = page.get_by_role("button", name="Hold to talk")
    await button.focus()
    await page.keyboard.press("Enter")
    await line.heard_audio(RATE)
    line.close(1001)
    await in_phase(page, "reconnecting")
    again = await far.line()
    await again.heard("askaloud.resume")
    again.say("askaloud.conversation", **KEPT, conversation_id="conv_1", resumed=True)
    await in_phase(page, "idle")
    await page.keyboard.press("Enter")
    await again.heard_audio(RATE)
    await expect(button).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Enter")
    await again.heard("response.create")
    assert turns(again) == ["askaloud.resume", *TURN]


async def test_hands_free_chosen_while_the_network_is_away_counts_when_it_is_back(page: Page, far: FarEnd) -> None:
    line = await pushing(page, far, **KEPT)
    line.close(1001)
    await in_phase(page, "reconnecting")
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Hands free").check()
    again = await far.line()
    await again.heard("askaloud.resume")
    again.say("askaloud.conversation", **KEPT, conversation_id="conv_1", resumed=True, voices=["alloy"])
    told = await again.heard("session.update")
    assert told["session"] == {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}}


async def test_hands_free_again_the_server_listens_as_it_did_before(page: Page, far: FarEnd) -> None:
    line = await far.line()
    line.say("session.created", session={"id": "s", "audio": {"input": {"turn_detection": DETECTION}}})
    line.say("askaloud.conversation", conversation_id="c", voices=["alloy"])
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Push to talk").check()
    await page.get_by_label("Hands free").check()
    back = await line.heard("session.update", 2)
    assert back["session"] == {"type": "realtime", "audio": {"input": {"turn_detection": DETECTION}}}
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("button", name="Talk: open the microphone")).to_be_visible()


async def test_where_the_server_does_not_notice_the_end_of_a_turn_it_is_always_held(page: Page, far: FarEnd) -> None:
    line = await far.line()
    line.say("session.created", session={"id": "s", "audio": {"input": {"turn_detection": None}}})
    line.say("askaloud.conversation", conversation_id="c", voices=["alloy"])
    await expect(page.get_by_role("button", name="Hold to talk")).to_be_visible()
    await page.get_by_role("button", name="Settings").click()
    await expect(page.get_by_label("Hands free")).to_be_disabled()
    await expect(page.get_by_text("does not notice by itself")).to_be_visible()


async def test_the_manner_of_talking_is_remembered(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address)
        await pushing(page, far)
        await page.reload()
        line = await welcomed(far)
        assert (await line.heard("session.update"))["session"]["audio"]["input"] == {"turn_detection": None}
        await expect(page.get_by_role("button", name="Hold to talk")).to_be_visible()

"""Choosing a microphone: named once one was allowed, kept between visits, tried without a word being sent, and replaced by the usual one
when it is not there. Chromium pretends to have several; a test pulls them out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.driving import chromium, console_of, page_in
from tests.frontend.far_end import RATE, FarEnd, Line
from tests.frontend.looking import greeted, in_phase, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

VOICE = Path(__file__).resolve().parents[2] / "browser" / "questions" / "abroad-slt.wav"
USUAL = "As the browser has it"

PLUGS = """() => {
  const devices = navigator.mediaDevices;
  const [ask, list] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)];
  window.pulled = new Set();
  window.opened = [];
  devices.getUserMedia = async (wish) => {
    const id = wish.audio.deviceId?.exact ?? null;
    if (pulled.has(id)) throw new OverconstrainedError('deviceId');
    const stream = await ask(wish);
    opened.push({ id, stream });
    return stream;
  };
  devices.enumerateDevices = async () => (await list()).filter(({ deviceId }) => !pulled.has(deviceId));
  window.pull = (id) => {
    pulled.add(id);
    devices.dispatchEvent(new Event('devicechange'));
    for (const each of opened) {
      if (each.id !== id || each.stream.getAudioTracks()[0].readyState === 'ended') continue;
      each.stream.getAudioTracks()[0].dispatchEvent(new Event('ended'));
    }
  };
}"""
"""A microphone that is pulled out ends its track and is not there when it is asked for again, as browsers do it."""


METER = """() => {
  const bar = document.querySelector('.meter i');
  window.widest = 0;
  const look = () => { widest = Math.max(widest, new DOMMatrix(getComputedStyle(bar).transform).a); };
  new MutationObserver(look).observe(bar, { attributeFilter: ['style'] });
}"""
"""Keeps how far the meter has gone: the voice may have fallen silent before anybody looks."""

REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };
}"""


@asynccontextmanager
async def with_plugs(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    async with page_in(browser) as page:
        with console_of(page) as said:
            await page.add_init_script(f"({PLUGS})()")
            await page.goto(far.address)
            yield page
            assert said == []


@pytest_asyncio.fixture(loop_scope="module")
async def plugged(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """The page, with microphones that a test can pull out."""
    async with with_plugs(browser, far) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def voiced(far: FarEnd) -> AsyncIterator[Page]:
    """The same in a browser of its own, whose microphones hear a voice as soon as they are opened."""
    async with chromium(VOICE) as browser, with_plugs(browser, far) as page:
        yield page


def select(page: Page) -> Locator:
    return page.get_by_label("Microphone", exact=True)


async def settings(page: Page) -> None:
    await page.get_by_role("button", name="Settings").click()
    await expect(select(page)).to_be_visible()


async def chosen(page: Page) -> str:
    """Open the microphone, and choose another than the usual one, by its name; its id."""
    await page.get_by_role("button", name="Talk").click()
    await in_phase(page, "listening")
    await settings(page)
    await expect(select(page).locator("option")).not_to_have_count(1)
    await select(page).select_option(index=2)
    id = await select(page).input_value()
    await page.wait_for_function("(id) => opened.at(-1).id === id", arg=id)
    return id


async def more_sound(line: Line) -> None:
    await line.heard_audio(line.audio_bytes + RATE)


async def test_they_are_named_once_one_was_allowed_and_the_choice_is_heard_at_once_and_kept(plugged: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    id = await chosen(plugged)
    options = await select(plugged).locator("option").all_inner_texts()
    assert options[0] == USUAL
    assert len(options) == len(set(options)) >= 3
    assert all(options)
    await more_sound(line)
    assert await plugged.evaluate("opened.map(({ stream }) => stream.getAudioTracks()[0].readyState)") == ["ended", "live"]
    await plugged.reload()
    again = await welcomed(far)
    await plugged.get_by_role("button", name="Talk").click()
    await more_sound(again)
    assert await plugged.evaluate("opened.map(({ id }) => id)") == [id]
    await settings(plugged)
    await expect(select(plugged)).to_have_value(id)
    await select(plugged).select_option(label=USUAL)
    await plugged.wait_for_function("() => opened.at(-1).id === null")
    assert await plugged.evaluate("localStorage.getItem('askaloud.microphone')") is None


async def test_one_that_is_pulled_out_while_it_is_heard_is_replaced_by_the_usual_one_and_that_is_said(plugged: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    id = await chosen(plugged)
    await more_sound(line)
    await plugged.evaluate("(id) => pull(id)", id)
    await expect(plugged.locator(".notice .sentence")).to_contain_text("so the usual one listens instead")
    await expect(plugged.get_by_role("dialog").get_by_role("status")).to_contain_text("so the usual one listens instead")
    await expect(select(plugged).locator("option:checked")).to_have_text("The one chosen before (not there now)")
    await more_sound(line)
    await in_phase(plugged, "listening")
    assert await plugged.evaluate("opened.at(-1).id") is None


async def test_one_that_is_not_there_any_more_on_the_next_visit_is_replaced_and_still_remembered(plugged: Page, far: FarEnd) -> None:
    before = await greeted(plugged, far)
    await plugged.evaluate("localStorage.setItem('askaloud.microphone', 'of another day')")
    await plugged.reload()
    await before.gone.wait()
    line = await welcomed(far)
    await plugged.evaluate("pulled.add('of another day')")
    await plugged.get_by_role("button", name="Talk").click()
    await more_sound(line)
    await expect(plugged.locator(".notice .sentence")).to_contain_text("so the usual one listens instead")
    assert await plugged.evaluate("localStorage.getItem('askaloud.microphone')") == "of another day"


async def test_where_none_is_left_the_loss_is_said(plugged: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    id = await chosen(plugged)
    await more_sound(line)
    await plugged.evaluate("(id) => { pulled.add(null); pull(id); }", id)
    await expect(plugged.locator(".notice .sentence")).to_contain_text("unplugged or switched off")
    await in_phase(plugged, "idle")


async def test_it_is_tried_without_a_word_being_sent_and_let_go_of_with_the_settings(voiced: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await settings(voiced)
    told = voiced.get_by_role("dialog").get_by_role("status")
    await voiced.evaluate(METER)
    await voiced.get_by_role("button", name="Try it").click()
    await expect(told).to_have_text("You are heard")
    await voiced.wait_for_function("() => widest > 0.1")
    await expect(select(voiced).locator("option")).not_to_have_count(1)
    await voiced.keyboard.press("Escape")
    await voiced.wait_for_function("() => opened.every(({ stream }) => stream.getTracks().every((track) => track.readyState === 'ended'))")
    await voiced.get_by_role("textbox").fill("Hello")
    await voiced.keyboard.press("Enter")
    await line.heard("response.create")
    assert line.audio_bytes == 0


async def test_a_trial_that_is_not_allowed_says_so_in_the_settings(plugged: Page, far: FarEnd) -> None:
    await welcomed(far)
    await plugged.evaluate(REFUSE)
    await settings(plugged)
    await plugged.get_by_role("button", name="Try it").click()
    await expect(plugged.get_by_role("dialog").get_by_role("status")).to_contain_text("The microphone is not allowed on this page.")
    await expect(plugged.get_by_role("button", name="Try it")).not_to_have_attribute("data-trying", "")


async def test_while_the_conversation_listens_the_meter_shows_it_and_there_is_nothing_to_try(voiced: Page, far: FarEnd) -> None:
    await welcomed(far)
    await voiced.get_by_role("button", name="Talk").click()
    await in_phase(voiced, "listening")
    await settings(voiced)
    await expect(voiced.get_by_role("dialog").get_by_role("status")).to_have_text("You are heard")
    await expect(voiced.get_by_role("button", name="Try it")).to_be_hidden()
    await expect(voiced.get_by_text("nothing is sent")).to_be_hidden()
    assert await voiced.evaluate("opened.length") == 1

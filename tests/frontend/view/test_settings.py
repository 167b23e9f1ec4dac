"""The settings: what somebody is choosing stays chosen while it is on its way, and whoever leaves them can go on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.far_end import RATE, FarEnd
from tests.frontend.looking import in_phase, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def after(comes: asyncio.Event, *, fails: bool = False) -> Any:
    """A far end that holds an answer back."""

    async def answer(route: Any) -> None:
        await comes.wait()
        await (route.abort() if fails else route.continue_())

    return answer


async def test_a_language_chosen_by_keys_stays_chosen_while_its_sentences_are_on_their_way(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    comes = asyncio.Event()
    await page.route("**/locales/*.json", after(comes))
    await page.get_by_role("button", name="Settings").click()
    choice = page.locator("#language")
    await expect(choice).to_be_visible()
    await choice.focus()
    line.answer_begins("r", "a", "Thirty")
    wanted = ["de", "es", "fr"]
    for n, language in enumerate(wanted):
        await page.keyboard.press("ArrowDown")
        line.words("r", "a", f" {n}")
        await expect(page.locator(".answer .text")).to_have_text("Thirty" + "".join(f" {m}" for m in range(n + 1)))  # it was drawn
        await expect(choice).to_have_value(language)
    comes.set()
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(choice).to_have_value("fr")


async def test_a_choice_that_fails_late_does_not_undo_the_next(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        comes, fails = asyncio.Event(), asyncio.Event()
        await page.route("**/locales/de.json", after(fails, fails=True))
        await page.route("**/locales/fr.json", after(comes))
        await page.goto(far.address)
        await welcomed(far)
        await page.get_by_role("button", name="Settings").click()
        choice = page.locator("#language")
        await choice.select_option("de")
        await choice.select_option("fr")
        fails.set()
        await expect(page.locator(".notice")).to_have_count(1)
        await expect(choice).to_have_value("fr")
        comes.set()
        await expect(page.locator("html")).to_have_attribute("lang", "fr")


@pytest.mark.parametrize("leave", ["Escape", "Done"])
async def test_who_pushes_to_talk_and_looks_into_the_settings_can_hold_the_space_bar_after_it(page: Page, far: FarEnd, leave: str) -> None:
    line = await welcomed(far)
    settings = page.get_by_role("button", name="Settings")
    await settings.click()
    await page.get_by_label("Push to talk").check()
    await page.get_by_role("button", name="Done").click()
    await settings.click()
    await expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    await (page.keyboard.press("Escape") if leave == "Escape" else page.get_by_role("button", name="Done").click())
    await expect(page.get_by_role("button", name="Hold to talk")).to_be_focused()
    await page.keyboard.down(" ")
    await line.heard_audio(RATE)
    await page.keyboard.up(" ")
    await line.heard("response.create")
    await in_phase(page, "thinking")
    await expect(page.get_by_role("dialog")).to_have_count(0)

"""A slow network: the page's rooms come one after the other, and what a person does with those that are there is not lost."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, Route, expect
from tests.browser.driving import page_in
from tests.frontend.codes import told
from tests.frontend.far_end import FarEnd
from tests.frontend.looking import in_phase, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_what_is_done_while_the_rest_of_the_page_is_on_its_way_is_done(browser: Browser, far: FarEnd) -> None:
    may_come = asyncio.Event()

    async def late(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    async with page_in(browser) as page:
        await page.route("**/view/transcript.js", late)
        await page.goto(far.address, wait_until="commit")
        await page.get_by_role("textbox").fill("How many?")
        await page.keyboard.press("Enter")
        line = await welcomed(far)
        await line.heard("response.create")
        await page.get_by_role("button", name="Settings").click()
        may_come.set()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("Escape")
        line.answer_begins("r", "a", "Thirty.")
        await expect(page.get_by_role("heading", name="How many?")).to_be_visible()
        await expect(page.locator(".answer .text")).to_have_text("Thirty.")
    await far.deserted()


@pytest.mark.parametrize("room", ["talk.js", "view/transcript.js"])
async def test_a_page_whose_scripts_do_not_come_says_so_and_talks_to_nobody(browser: Browser, far: FarEnd, room: str) -> None:
    async with page_in(browser) as page:
        await page.route(f"**/{room}", lambda route: route.abort())
        await page.goto(far.address)
        await expect(page.get_by_role("alert").locator("p:visible")).to_have_text([told("server_unreachable"), "Reload the page"])
        await far.deserted()
        await page.unroute(f"**/{room}")
        await page.get_by_role("link", name="Reload the page").click()
        await welcomed(far)
        await in_phase(page, "idle")

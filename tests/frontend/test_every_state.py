"""Every state of the page, held against the rules of accessibility in light and dark and against a narrow screen; with a silent console."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import FarEnd
from tests.frontend.scenes import SCENES
from tests.frontend.stage import Stage
from tests.frontend.words import ENGLISH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 A and AA, and what axe advises beyond."""
NARROWEST = {"width": 320, "height": 640}
"""What is left of 1280 pixels at 400 %: WCAG 1.4.10 asks that nothing scrolls sideways there."""
MISSED_BY_A_FINGER_PX = 24
"""The least size of what is pressed, by WCAG 2.5.8."""
OUT_OF_REACH = """(least) => [...document.querySelectorAll('button, a, input, select, textarea, summary')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest('.skip'))
  .map((each) => [each, (each.closest('label') ?? each).getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least || box.right > innerWidth + 1 || box.left < -1)
  .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${JSON.stringify(box)}`)"""


async def barriers(page: Page) -> list[str]:
    """What axe finds, one line for each element."""
    results = await Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = results.response["violations"]
    return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("name", SCENES)
async def test_no_state_of_the_page_shuts_anybody_out(browser: Browser, far: FarEnd, name: str) -> None:
    async with page_in(browser, reduced_motion="reduce") as page:
        with console_of(page) as said:
            await page.goto(far.address)
            await SCENES[name](Stage(page, far, await far.line(), ENGLISH))
            assert await barriers(page) == []
            await page.emulate_media(color_scheme="dark")
            assert await barriers(page) == []
            await page.set_viewport_size({"width": NARROWEST["width"], "height": NARROWEST["height"]})
            assert await page.evaluate("() => document.scrollingElement.scrollWidth") == NARROWEST["width"]
            assert await page.evaluate(OUT_OF_REACH, MISSED_BY_A_FINGER_PX) == []
        assert said == []


@pytest.mark.parametrize("where", ["enter.html", "enter.html#wrong"])
async def test_neither_does_the_door(browser: Browser, far: FarEnd, where: str) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + where)
        assert await barriers(page) == []
        await page.emulate_media(color_scheme="dark")
        assert await barriers(page) == []


async def test_a_barrier_is_found(page: Page, far: FarEnd) -> None:
    await page.goto(far.address + "enter.html")
    await page.evaluate("() => document.querySelector('label').remove()")
    assert any(line.startswith("label:") for line in await barriers(page))

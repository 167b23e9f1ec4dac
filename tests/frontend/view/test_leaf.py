"""The picture of a page on a telephone: as wide as the screen, or large enough to be read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import FarEnd
from tests.frontend.view.test_passage import opened, passage, png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SHEET = "The page in its full size"
LARGER = "Show the page in its full size"
SMALLER = "Show the whole width of the page"


@pytest_asyncio.fixture(loop_scope="module")
async def telephone(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """A page of 1200 by 1700 pixels, opened on a screen that is 390 wide and touched."""
    far.passages["p1"] = passage("Up to 30 days.")
    far.passages["p1/page.png"] = (200, "image/png", png(1200, 1700))
    async with page_in(browser, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        with console_of(page) as said:
            await page.goto(far.address)
            await opened(page, far, picture="/v1/passages/p1/page.png?s=y")
            await page.locator("dialog img").evaluate("(img) => img.decode()")
            yield page
            assert said == []


async def width(page: Page) -> int:
    shown: int = await page.locator("dialog img").evaluate("(img) => img.width")
    return shown


async def test_a_tap_shows_the_place_in_full_size_and_another_the_whole_width(telephone: Page) -> None:
    picture = telephone.locator("dialog img")
    assert await width(telephone) < 390
    await picture.tap(position={"x": 300, "y": 400})
    await expect(telephone.get_by_role("region", name=SHEET)).to_be_visible()
    assert await width(telephone) == 1200
    left, top, wide = await telephone.get_by_role("region", name=SHEET).evaluate(
        "(box) => [box.scrollLeft, box.scrollTop, box.clientWidth]"
    )
    assert left > 1200 - 2 * wide
    assert top > 1700 / 3
    assert await telephone.evaluate("document.documentElement.scrollWidth") == 390
    await picture.tap(position={"x": left + 100, "y": top + 100})
    await expect(telephone.get_by_role("region", name=SHEET)).to_have_count(0)
    assert await width(telephone) < 390


async def test_keys_change_the_size_and_scroll_the_box(telephone: Page) -> None:
    await telephone.get_by_role("button", name=LARGER).focus()
    await telephone.keyboard.press("Enter")
    await expect(telephone.get_by_role("button", name=SMALLER)).to_be_focused()
    assert await width(telephone) == 1200
    await telephone.keyboard.press("Tab")
    box = telephone.get_by_role("region", name=SHEET)
    await expect(box).to_be_focused()
    await telephone.keyboard.press("ArrowRight")
    await telephone.wait_for_function("() => document.activeElement.scrollLeft > 0")
    await telephone.keyboard.press("Shift+Tab")
    await telephone.keyboard.press("Enter")
    await expect(telephone.get_by_role("button", name=LARGER)).to_be_focused()
    await expect(box).to_have_count(0)
    assert await width(telephone) < 390

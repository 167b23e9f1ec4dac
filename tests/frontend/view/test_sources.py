"""The cards beside an answer."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.far_end import SOURCE, FarEnd, Line
from tests.frontend.looking import welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ROWS = "\n".join(["City | Limit per night", *(f"<i>City {n}</i> | {100 + n} euros" for n in range(9))])


async def laid(page: Page, far: FarEnd, excerpt: str, *, cited: bool) -> Line:
    line = await welcomed(far)
    line.question("u", "How many?")
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[{**SOURCE, "excerpt": excerpt}])
    line.answer_begins("r", "a", "Thirty days.")
    line.answer_ends("r", "a")
    line.say("askaloud.cited", response_id="r", item_id="a", source_ids=["p1"] if cited else [])
    await page.wait_for_selector("ask-sources[data-judged]")
    return line


async def test_a_table_on_a_card_shows_its_first_rows_as_rows_and_its_words_as_words(page: Page, far: FarEnd) -> None:
    await laid(page, far, f"The limits are these.\n{ROWS}\nFairs cost more.", cited=True)
    card = page.locator(".card")
    await expect(card.locator(".row:visible .cell:first-child")).to_have_text(["City", *(f"<i>City {n}</i>" for n in range(5))])
    await expect(card.locator(".line:visible")).to_have_text(["The limits are these."])
    tops = [box["y"] for cell in await card.locator(".row:visible .cell:first-child").all() if (box := await cell.bounding_box())]
    assert tops == sorted(set(tops))
    assert await card.locator("i").count() == 0
    assert "|" not in await card.inner_text()


async def test_a_card_that_was_not_used_shows_one_line_of_its_table(page: Page, far: FarEnd) -> None:
    await laid(page, far, ROWS, cited=False)
    excerpt = page.locator(".card .excerpt")
    height, line = await excerpt.evaluate("(each) => [each.clientHeight, parseFloat(getComputedStyle(each).lineHeight)]")
    assert height < 2 * line
    await expect(excerpt.get_by_text("<i>City 0</i>")).to_be_visible()


async def test_one_who_hears_the_card_hears_the_cells_apart(page: Page, far: FarEnd) -> None:
    await laid(page, far, "City | Limit\nLyon | 135 euros", cited=True)
    await expect(page.get_by_role("button", name="City Limit Lyon 135 euros")).to_be_visible()


async def test_a_table_of_many_columns_is_no_wider_than_a_telephone(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser, viewport={"width": 390, "height": 844}) as page:
        await page.goto(far.address)
        await laid(page, far, "\n".join(" | ".join(f"column{n}" for n in range(9)) for _ in range(3)), cited=True)
        right = await page.locator(".card").evaluate("(card) => card.getBoundingClientRect().right")
        assert right <= 390
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390

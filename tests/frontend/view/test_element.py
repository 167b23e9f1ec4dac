"""What the page is made with: style sheets that are fetched once, and keys that belong to a word that is still being put together."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page
from tests.browser.driving import page_in
from tests.frontend.far_end import FarEnd

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FETCHED = """async () => {
  const { styled } = await import('/view/element.js');
  await Promise.all([styled('cards'), styled('cards'), styled('cards')]);
  await styled('cards');
  return document.querySelectorAll('link[rel=stylesheet]').length;
}"""

REFUSED = """async () => {
  const { styled } = await import('/view/element.js');
  const both = await Promise.allSettled([styled('cards'), styled('cards')]);
  return [...both.map(({ status }) => status), document.querySelectorAll('link[rel=stylesheet]').length];
}"""

COMPOSES = """async (key) => (await import('/view/element.js')).composes(new KeyboardEvent('keydown', key))"""


async def test_a_style_sheet_that_several_want_at_once_is_fetched_once(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        assert await page.evaluate(FETCHED) == 1


async def test_one_that_did_not_come_is_missed_by_all_who_wanted_it_and_fetched_again(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.route("**/cards.css", lambda route: route.abort())
        await page.goto(far.address + "blank.html")
        assert await page.evaluate(REFUSED) == ["rejected", "rejected", 0]
        await page.unroute("**/cards.css")
        assert await page.evaluate(FETCHED) == 1


@pytest.mark.parametrize(
    ("key", "composes"),
    [
        ({"key": "Enter", "keyCode": 13}, False),
        ({"key": "Enter", "keyCode": 13, "isComposing": True}, True),
        ({"key": "Enter", "keyCode": 229}, True),  # WebKit, which has ended the word already
    ],
)
async def test_a_key_that_ends_a_word_in_the_making_is_known(bench: Page, key: dict[str, object], composes: bool) -> None:
    assert await bench.evaluate(COMPOSES, key) is composes

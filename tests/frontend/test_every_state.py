"""Every state of the page, held against the rules of accessibility in light and dark and against a narrow screen; with a silent console.

All states are looked at on one page, which each opens anew. In the dark only the rules about colours are asked again: nothing but colours
is different there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import FarEnd
from tests.frontend.looking import greeted
from tests.frontend.scenes import SCENES
from tests.frontend.stage import Stage
from tests.frontend.words import ENGLISH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
"""WCAG 2.2 A and AA, and what axe advises beyond."""
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Those of them that look at colours."""
FOUND = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}"""
"""What axe finds, one line for each element."""
WIDE: ViewportSize = {"width": 1280, "height": 720}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
"""What is left of 1280 pixels at 400 %: WCAG 1.4.10 asks that nothing scrolls sideways there."""
MISSED_BY_A_FINGER_PX = 24
"""The least size of what is pressed, by WCAG 2.5.8."""
OUT_OF_REACH = """(least) => [...document.querySelectorAll('button, a, input, select, textarea, summary')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest('.skip'))
  .map((each) => [each, (each.closest('label') ?? each).getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least || box.right > innerWidth + 1 || box.left < -1)
  .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${JSON.stringify(box)}`)"""
AS_ON_A_FIRST_VISIT = "try { localStorage.clear(); } catch { /* a page that is still empty has none */ }"
PALE_IN_THE_DARK = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('@media (prefers-color-scheme: dark) { label { color: #333; background: #222; } }');
  document.adoptedStyleSheets.push(sheet);
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(browser: Browser) -> AsyncIterator[Page]:
    """The page on which every state is looked at; whoever opens it is there for the first time."""
    async with page_in(browser, reduced_motion="reduce") as page:
        await page.add_init_script(AS_ON_A_FIRST_VISIT)
        yield page


async def barriers(page: Page) -> list[str]:
    """What shuts somebody out, in the light and then in the dark."""
    await page.evaluate(Axe().axe_script)
    await page.emulate_media(color_scheme="light")
    found: list[str] = await page.evaluate(FOUND, RULES)
    await page.emulate_media(color_scheme="dark")
    in_the_dark: list[str] = await page.evaluate(FOUND, COLOURS)
    return found + in_the_dark


@pytest.mark.parametrize("name", SCENES)
async def test_no_state_of_the_page_shuts_anybody_out(stand: Page, far: FarEnd, name: str) -> None:
    await stand.keyboard.up(" ")  # somebody may have held it to the end of the state before
    await stand.goto("about:blank")
    await far.deserted()  # a page that was coming back is no page of this state
    with console_of(stand) as said:
        await stand.emulate_media(color_scheme="light")
        await stand.set_viewport_size(WIDE)
        await stand.goto(far.address)
        await SCENES[name](Stage(stand, far, await far.line(), ENGLISH))
        assert await barriers(stand) == []
        await stand.set_viewport_size(NARROWEST)
        assert await stand.evaluate("() => document.scrollingElement.scrollWidth") == NARROWEST["width"]
        assert await stand.evaluate(OUT_OF_REACH, MISSED_BY_A_FINGER_PX) == []
    assert said == []


@pytest.mark.parametrize("where", ["enter.html", "enter.html#wrong"])
async def test_neither_does_the_door(stand: Page, far: FarEnd, where: str) -> None:
    await stand.goto(far.address + where)
    assert await barriers(stand) == []


async def test_a_barrier_is_found(page: Page, far: FarEnd) -> None:
    await greeted(page, far)
    await page.goto(far.address + "enter.html")
    await page.evaluate("() => document.querySelector('label').remove()")
    assert any(line.startswith("label:") for line in await barriers(page))


async def test_so_is_one_that_is_there_only_in_the_dark(page: Page, far: FarEnd) -> None:
    await greeted(page, far)
    await page.goto(far.address + "enter.html")
    await page.evaluate(PALE_IN_THE_DARK)
    (found,) = await barriers(page)
    assert found.startswith("color-contrast:")

"""Large type and long words in a narrow place: nothing of the head and the desk lies over another, and nothing is out of reach."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser
from tests.browser.driving import page_in
from tests.frontend.far_end import FarEnd
from tests.frontend.looking import in_phase
from tests.frontend.stage import Stage
from tests.frontend.words import ENGLISH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LARGER = "(size) => { document.documentElement.style.fontSize = size; }"
CLASHES = """() => {
  const clashes = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  const parts = [...document.querySelectorAll('.brand, ask-tools .quiet, .talk, .word, .hint, .stop, .type textarea, .send')];
  const linesOf = (part) => {
    if (!part.matches('.word, .hint')) return part.getClientRects();
    const words = document.createRange();
    words.selectNodeContents(part);
    return words.getClientRects();
  };
  const boxes = parts.flatMap((part) => [...linesOf(part)].map((box) => ({ part, box, name: part.className || part.id })));
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  for (const [at, one] of boxes.entries()) {
    if (one.box.left < -1 || one.box.right > innerWidth + 1) clashes.push(`${one.name} reaches out of the page`);
    for (const other of boxes.slice(at + 1)) {
      if (one.part !== other.part && meet(one.box, other.box)) clashes.push(`${one.name} lies over ${other.name}`);
    }
  }
  return clashes;
}"""


@pytest.mark.parametrize(
    ("width", "height", "size", "language"),
    [
        (1280, 720, "200%", "en"),
        (1000, 700, "200%", "de"),
        (360, 740, "200%", "de"),
        (320, 640, "100%", "de"),
        (320, 640, "100%", "id"),
        (360, 640, "100%", "ar"),
    ],
)
async def test_the_button_its_words_and_the_way_to_stop_keep_apart(
    browser: Browser, far: FarEnd, width: int, height: int, size: str, language: str
) -> None:
    async with page_in(browser, viewport={"width": width, "height": height}, locale=language) as page:
        await page.goto(far.address)
        await page.evaluate(LARGER, size)
        stage = Stage(page, far, await far.line(), ENGLISH)
        await stage.welcome()
        assert await page.evaluate(CLASHES) == []
        item = await stage.ask()
        await in_phase(page, "thinking")
        assert await page.evaluate(CLASHES) == []
        stage.search(item, many=0)
        await in_phase(page, "searching")
        assert await page.evaluate(CLASHES) == []
        stage.answer(sounds_s=20, ends=False)
        await in_phase(page, "speaking")
        assert await page.evaluate(CLASHES) == []

"""A source that is opened from its card: the page of the PDF with the passage marked on it, or, where there are no pages, its words."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.async_api import Locator, expect
from tests.browser.visit import WAIT_S, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SAMPLES = Path(__file__).resolve().parents[2] / "scripts" / "sample_documents"
BLANK, MARKED = (255, 255, 255), (255, 231, 143)
"""The paper, and the paper under the yellow of a text marker."""
AS_GOOD_AS = 12
"""Steps of 256 by which a colour may differ, for the edges of letters are smoothed."""

Box = tuple[int, int, int, int]


async def opened(visit: Visit, question: str, title: str) -> Locator:
    """Ask, and click the first card; gives the dialog."""
    await visit.type(question)
    await visit.answered()
    await visit.page.locator(".card").first.click()
    dialog = visit.page.get_by_role("dialog", name=title)
    await dialog.wait_for()
    return dialog


def box_of(words: str, path: Path, page: int, width: int) -> Box:
    """Where words stand on a page that is drawn `width` pixels wide: left, top, right, bottom. PDFium says, which also drew it; what it
    is asked here are the letters of the file, not the boxes of the index.
    """
    with pdfium.PdfDocument(path) as document:
        leaf = document[page - 1]
        scale = width / leaf.get_width()
        text = leaf.get_textpage()
        start, count = text.search(words).get_next()
        boxes = [text.get_charbox(start + offset) for offset in range(count)]
        height = leaf.get_height()
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return round(left * scale), round((height - top) * scale), round(right * scale), round((height - bottom) * scale)


def share(picture: Image.Image, colour: tuple[int, int, int]) -> float:
    """The part of a picture that has about this colour."""
    alike = sum(
        count
        for count, pixel in picture.getcolors(picture.width * picture.height) or []
        if isinstance(pixel, tuple) and all(abs(one - other) <= AS_GOOD_AS for one, other in zip(pixel, colour, strict=True))
    )
    return alike / (picture.width * picture.height)


async def test_a_click_opens_the_page_with_the_words_of_the_answer_marked_on_it(visit: Visit) -> None:
    dialog = await opened(visit, "How many days can I work from abroad?", "Employee Handbook")
    shown = dialog.get_by_role("img")
    await expect(shown).to_have_js_property("complete", True, timeout=WAIT_S * 1_000)
    address = await shown.evaluate("(image) => image.src")
    picture = Image.open(io.BytesIO(await visit.fetched(address))).convert("RGB")
    assert await shown.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [picture.width, picture.height]
    words = picture.crop(box_of("30 days", SAMPLES / "employee-handbook.pdf", 7, picture.width))
    assert share(words, MARKED) > 0.2
    assert share(words, BLANK) < 0.01
    assert 0.01 < share(picture, MARKED) < 0.5  # the passage, not the page
    assert share(picture.crop((0, 0, picture.width, picture.height // 20)), MARKED) == 0


async def test_of_a_passage_the_sentences_that_were_spoken_are_marked_and_the_others_are_not(visit: Visit) -> None:
    dialog = await opened(visit, "Who approves working from another country of the European Union?", "Employee Handbook")
    shown = dialog.get_by_role("img")
    await expect(shown).to_have_js_property("complete", True, timeout=WAIT_S * 1_000)
    picture = Image.open(io.BytesIO(await visit.fetched(await shown.evaluate("(image) => image.src")))).convert("RGB")
    first = await visit.passage(visit.wire.heard("askaloud.sources")[0]["sources"][0])
    for words, marked in (("the approval of your manager", True), ("carry it with you", False)):
        assert words in first["text"]
        part = picture.crop(box_of(words, SAMPLES / "employee-handbook.pdf", 7, picture.width))
        assert (share(part, MARKED) > 0.2, share(part, BLANK) > 0.2) == (marked, not marked)


async def test_the_words_of_the_passage_stand_beside_its_picture_with_what_was_found_marked(visit: Visit) -> None:
    dialog = await opened(visit, "How many days can I work from abroad?", "Employee Handbook")
    await dialog.get_by_text("The passage in words").click()
    await expect(dialog.locator("mark").first).to_contain_text("30 days in a calendar year", timeout=WAIT_S * 1_000)
    await expect(dialog).to_contain_text("Page 7")


async def test_a_document_without_pages_opens_as_words(visit: Visit) -> None:
    dialog = await opened(visit, "What is the hotel limit in London?", "Travel and Expenses Policy")
    await expect(dialog).to_contain_text(re.compile("London.*210 euros", re.IGNORECASE | re.DOTALL), timeout=WAIT_S * 1_000)
    assert await dialog.get_by_role("img").count() == 0
    assert visit.wire.heard("askaloud.sources")[0]["sources"][0]["picture"] is None


async def test_the_page_is_turned_to_a_mark_that_stands_far_down(visit: Visit) -> None:
    dialog = await opened(visit, "Is working from abroad possible during probation?", "Employee Handbook")
    await expect(dialog.get_by_role("img")).to_have_js_property("complete", True, timeout=WAIT_S * 1_000)
    first = await visit.passage(visit.wire.heard("askaloud.sources")[0]["sources"][0])
    assert first["top"] > 0.6
    mark_is_in_sight = """([dialog, top]) => {
        const page = dialog.querySelector("img").getBoundingClientRect(), seen = dialog.querySelector(".body").getBoundingClientRect();
        const mark = page.top + top * page.height;
        return seen.top < mark && mark < seen.top + seen.height / 2;
    }"""
    await visit.page.wait_for_function(mark_is_in_sight, arg=[await dialog.element_handle(), first["top"]])

"""A source opened: its page or its words, with the passage marked; and what a hostile document cannot do."""

from __future__ import annotations

import asyncio
import json
import struct
import zlib
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import page_in
from tests.frontend.far_end import FarEnd, Line

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = (
    '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script><a href="javascript:document.title=1">Thirty</a>'
)


def source(**fields: Any) -> dict[str, Any]:
    plain = {
        "number": 1,
        "id": "p1",
        "title": "Handbook",
        "page": 7,
        "excerpt": "up to 30 days",
        "url": "/v1/passages/p1?s=x",
        "picture": None,
    }
    return {**plain, "score": 1.0, **fields}


def passage(text: str, headings: list[str] | None = None, *, top: float | None = None) -> tuple[int, str, bytes]:
    told = {"id": "p1", "title": "Handbook", "page": 7, "headings": headings or [], "text": text, "path": "handbook.pdf", "top": top}
    return 200, "application/json", json.dumps(told).encode()


def png(width: int = 2, height: int = 2) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress((b"\x00" + b"\xff" * width) * height))
        + chunk(b"IEND", b"")
    )


async def opened(page: Page, far: FarEnd, **fields: Any) -> Line:
    """Lay a card down and open it."""
    line = await far.line()
    line.welcome()
    line.question("u", "How many?")
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[source(**fields)])
    await page.locator(".card").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    return line


async def test_the_words_of_the_passage_with_what_was_found_marked(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("Abroad.\n\nYou may stay\nup  to 30 days. Not more.", ["Work", "Abroad"])
    await opened(page, far, excerpt="… up to 30 days …")
    dialog = page.get_by_role("dialog", name="Handbook")
    await expect(dialog.locator("mark")).to_have_text(["up  to 30 days"])
    await expect(dialog.locator(".headings")).to_have_text("Work › Abroad")
    await expect(dialog.locator(".words-of p:not(.headings)")).to_have_text(["Abroad.", "You may stay\nup  to 30 days. Not more."])
    await expect(dialog.locator(".label")).to_have_text("No. 1 · Page 7")


async def test_an_excerpt_that_is_not_in_the_text_marks_the_whole_passage(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("First.\n\nSecond.")
    await opened(page, far, excerpt="Something else")
    await expect(page.locator("mark")).to_have_text(["First.", "Second."])


async def test_what_stands_around_the_passage_is_shown_with_it_and_only_the_passage_is_marked(page: Page, far: FarEnd) -> None:
    around = {"before": "Before.\n\nLine\n" * 60, "after": "City | Fee\nLyon | <b>135</b>\n\nThe end."}
    status, kind, told = passage("You may stay up to 30 days. Not more.")
    far.passages["p1"] = status, kind, json.dumps(json.loads(told) | around).encode()
    await opened(page, far)
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("mark")).to_have_text(["up to 30 days"])
    await expect(dialog.locator("mark")).to_be_in_viewport()
    await expect(dialog.locator(".around").last).to_contain_text("The end.")
    await expect(dialog.get_by_role("cell")).to_have_text(["Lyon", "<b>135</b>"])
    assert await dialog.locator("b").count() == 0


async def answered(page: Page, far: FarEnd, words: str, **fields: Any) -> None:
    """Open a card that an answer used."""
    line = await far.line()
    line.welcome()
    line.question("u", "How many?")
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=[source(**fields)])
    line.answer_begins("r", "a", words)
    line.answer_ends("r", "a")
    line.say("askaloud.cited", response_id="r", item_id="a", source_ids=["p1"])
    await page.locator("li[data-cited] .card").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_of_a_passage_that_the_answer_used_its_sentence_alone_is_marked(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("Abroad.\n\nYou may stay\nup to 30 days in a year. Ask your manager first. Insurance is paid.")
    await answered(page, far, "You may stay 30 days in a year.", excerpt="You may stay up to 30 days in a year. Ask your manager first.")
    await expect(page.get_by_role("dialog").locator("mark")).to_have_text(["You may stay\nup to 30 days in a year."])


async def test_sentences_that_follow_one_another_are_marked_in_one_stroke(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("Stay up to 30 days abroad. Ask your manager first. Insurance is paid.")
    await answered(page, far, "Stay up to 30 days abroad. Ask your manager first.")
    await expect(page.get_by_role("dialog").locator("mark")).to_have_text(["Stay up to 30 days abroad. Ask your manager first."])


async def test_an_answer_in_words_of_its_own_leaves_the_mark_to_the_excerpt(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("First.\n\nYou may stay up to 30 days. Last.")
    await answered(page, far, "A month, roughly speaking.")
    await expect(page.get_by_role("dialog").locator("mark")).to_have_text(["up to 30 days"])


TABLE = "City | Limit per night\nLyon | 135 euros\nLeeds | <b>125</b> euros"


async def test_a_table_is_a_table_and_the_row_that_was_used_is_marked_in_it(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage(f"It depends on the city.\n\n{TABLE}\n\nFairs cost more.")
    await answered(page, far, "In Lyon the limit is 135 euros.", excerpt=TABLE)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("columnheader")).to_have_text(["City", "Limit per night"])
    await expect(dialog.get_by_role("cell")).to_have_text(["Lyon", "135 euros", "Leeds", "<b>125</b> euros"])
    await expect(dialog.locator("mark")).to_have_text(["Lyon", "135 euros"])
    await expect(dialog.locator(".words-of > p:not(.headings)")).to_have_text(["It depends on the city.", "Fairs cost more."])
    assert await dialog.locator("b").count() == 0


async def test_a_table_that_was_found_but_not_used_is_marked_where_the_card_shows_it(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage(f"It depends.\n\n{TABLE}\nParis | 190 euros")
    await opened(page, far, excerpt="City | Limit per night\nLeeds | <b>125</b> euros")
    await expect(page.get_by_role("dialog").locator("mark")).to_have_text(["City", "Limit per night", "Leeds", "<b>125</b> euros"])


async def test_a_table_without_an_order_is_shown_as_its_words(page: Page, far: FarEnd) -> None:
    ragged = "City | Limit\nLyon | 135 | euros"
    far.passages["p1"] = passage(ragged)
    await opened(page, far, excerpt=ragged)
    await expect(page.get_by_role("dialog").locator("mark")).to_have_text([ragged])
    assert await page.locator("table, .table").count() == 0


async def test_the_picture_of_the_page_where_there_is_one_and_its_words_below(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("Up to 30 days.")
    far.passages["p1/page.png"] = (200, "image/png", png())
    await opened(page, far, picture="/v1/passages/p1/page.png?s=y")
    picture = page.get_by_role("img", name="Page 7 of Handbook, with the passage marked")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 2
    await page.get_by_text("The passage in words").click()
    await expect(page.locator("details .words-of")).to_contain_text("Up to 30 days.")


async def address_of_picture(page: Page) -> str | None:
    return await page.get_by_role("dialog").get_by_role("img").get_attribute("src")


async def test_the_picture_is_asked_for_with_the_sentences_that_were_used_marked_on_it(page: Page, far: FarEnd) -> None:
    used = ("You may stay 30 days in a year.", "Insurance is paid by us.")
    text = f"\U0001f3d6 Abroad.\n\n{used[0]} Ask your manager first. {used[1]}"  # its first character is two to a browser
    far.passages["p1"] = passage(text)
    far.passages["p1/page.png"] = (200, "image/png", png())
    await answered(page, far, "You may stay 30 days in a year. The insurance is paid.", picture="/v1/passages/p1/page.png?s=y")
    marked = "".join(f"&from={text.index(each)}&to={text.index(each) + len(each)}" for each in used)
    assert await address_of_picture(page) == f"{far.address}v1/passages/p1/page.png?s=y{marked}"


async def test_the_picture_shows_the_excerpt_marked_where_no_answer_used_it(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("First.\n\nYou may stay up to 30 days. Last.")
    far.passages["p1/page.png"] = (200, "image/png", png())
    await opened(page, far, picture="/v1/passages/p1/page.png?s=y")
    assert await address_of_picture(page) == f"{far.address}v1/passages/p1/page.png?s=y&from=21&to=34"


async def test_the_picture_shows_the_whole_passage_marked_where_nothing_of_it_stands_out(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage("First.\n\nSecond.")
    far.passages["p1/page.png"] = (200, "image/png", png())
    await opened(page, far, picture="/v1/passages/p1/page.png?s=y", excerpt="Something else")
    assert await address_of_picture(page) == f"{far.address}v1/passages/p1/page.png?s=y"


@pytest.mark.parametrize("status", [404, 503])
async def test_a_picture_that_does_not_come_leaves_the_words_and_no_notice(browser: Browser, far: FarEnd, status: int) -> None:
    far.passages["p1"] = passage("Up to 30 days.")
    far.passages["p1/page.png"] = (status, "application/json", b'{"error": "The document is not in the folder of the originals."}')
    async with page_in(browser) as page:  # of its own: the browser itself tells the console of such an answer
        await page.goto(far.address)
        await opened(page, far, picture="/v1/passages/p1/page.png?s=y")
        await expect(page.locator("dialog .words-of mark")).to_be_visible()
        await expect(page.locator("dialog img")).to_have_count(0)
        assert await page.locator(".notice").count() == 0


@pytest.mark.parametrize("how", ["Escape", "button", "outside"])
async def test_it_closes_and_the_card_has_the_focus_again(page: Page, far: FarEnd, how: str) -> None:
    far.passages["p1"] = passage("Up to 30 days.")
    await opened(page, far)
    if how == "Escape":
        await page.keyboard.press("Escape")
    elif how == "button":
        await page.get_by_role("button", name="Close", exact=True).click()
    else:
        await page.mouse.click(5, 5)
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert await page.evaluate("document.activeElement.className") == "card"


async def test_what_comes_late_for_a_page_that_was_closed_does_not_touch_the_next(page: Page, far: FarEnd) -> None:
    late = {"slow": asyncio.Event(), "slow/page.png": asyncio.Event()}
    for path, comes in late.items():
        await page.route(f"**/v1/passages/{path}?*", _after(comes))
    far.passages["quick"] = passage("Quick words.", top=0.0)
    far.passages["quick/page.png"] = (200, "image/png", png(400, 4000))
    line = await far.line()
    line.welcome()
    line.question("u", "How many?")
    cards = [
        source(id=name, number=number, title=name, url=f"/v1/passages/{name}?s=x", picture=f"/v1/passages/{name}/page.png?s=y")
        for number, name in enumerate(("slow", "quick"), 1)
    ]
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=cards)
    for name in ("slow", "quick"):
        await page.locator(".card", has_text=name).click()
        shown = page.get_by_role("dialog", name=name)
        await expect(shown).to_be_visible()
        if name == "slow":
            await page.keyboard.press("Escape")
            await expect(shown).to_be_hidden()
    dialog = page.get_by_role("dialog", name="quick")
    await expect(dialog.locator(".words-of")).to_contain_text("Quick words.")
    assert await dialog.locator("img").evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 400
    async with page.expect_event("requestfinished", lambda request: "slow?" in request.url):
        for comes in late.values():
            comes.set()
    assert await page.evaluate(SETTLED) == 0
    await expect(dialog.locator(".words-of")).to_contain_text("Quick words.")
    assert await dialog.locator("details").get_attribute("open") is None
    assert await dialog.locator(".body").get_attribute("data-picture") == ""


def _after(comes: asyncio.Event) -> Any:
    """Words, late; in the place of a picture they are none."""

    async def answer(route: Any) -> None:
        await comes.wait()
        await route.fulfill(status=200, content_type="application/json", body=passage("Slow words.", top=0.9)[2])

    return answer


SETTLED = """() => fetch('/blank.html').then((answer) => answer.text())
  .then(() => document.querySelector('dialog[open] img').decode())
  .then(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  .then(() => document.querySelector('dialog[open] .body').scrollTop)"""
"""How far the page was turned, when all that came before has been dealt with."""


async def test_html_in_a_document_stays_words(page: Page, far: FarEnd) -> None:
    far.passages["p1"] = passage(HOSTILE, [HOSTILE])
    line = await opened(page, far, title=HOSTILE, excerpt=HOSTILE)
    line.transcription("u", HOSTILE)
    line.answer_begins("r", "a", HOSTILE)
    line.say("askaloud.searching", call_id="k2", query=HOSTILE)
    line.say("askaloud.notice", code="x", message=HOSTILE, recoverable=True, retry_after_ms=None)
    await expect(page.locator("dialog mark")).to_have_text(HOSTILE)
    await expect(page.locator(".notice p")).to_have_text(HOSTILE)
    await expect(page.locator(".card .title")).to_have_text(HOSTILE)
    assert await page.locator("ask-transcript img, dialog img, body script, [onerror], a[href^='javascript']").count() == 0
    assert await page.title() == "Ask Aloud"


@pytest.mark.parametrize(
    "address", ["javascript:document.title='owned'", "//evil.example/p", "data:text/html,<b>x</b>", "http://evil.example/p"]
)
async def test_an_address_that_is_not_ours_nor_https_is_not_followed(page: Page, far: FarEnd, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await opened(page, far, url=address, picture=address, excerpt="The card's own words.")
    await expect(page.locator("dialog mark")).to_have_text("The card's own words.")
    assert await page.locator("dialog a, dialog img").count() == 0
    assert [url for url in asked if not url.startswith(far.address)] == []


async def test_a_document_elsewhere_is_a_link_that_takes_nothing_of_us_along(page: Page, far: FarEnd) -> None:
    await opened(page, far, url="https://docs.example/a.pdf#page=7")
    link = page.get_by_role("link", name="Open the document at its own place")
    assert await link.get_attribute("href") == "https://docs.example/a.pdf#page=7"
    assert await link.get_attribute("rel") == "noopener noreferrer"


async def test_the_services_policy_holds_against_markup_that_got_in_all_the_same(browser: Browser, far: FarEnd) -> None:
    """Belt and braces: were markup ever to enter, nothing inline in it would count."""
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        blocked = await page.evaluate(INLINE)
    assert blocked == "style-src-attr"


INLINE = """() => new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
          const frame = document.createElement('div');
          frame.innerHTML = '<p style="color: red">x</p>';
          document.body.append(frame);
        })"""

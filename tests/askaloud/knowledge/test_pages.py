"""Pictures of pages: which files may be opened, and what is drawn. The pixels are looked at through PDFium's own reading of the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.askaloud.indexing.papers import chapter, paper, words
from tests.askaloud.knowledge.pictures import pixels, yellow

from askaloud.errors import KnowledgeError, PassageNotFound
from askaloud.indexing.files import File
from askaloud.indexing.plan import records_of
from askaloud.indexing.read import read_file
from askaloud.indexing.sync import SAMPLES_SOURCE
from askaloud.knowledge.draw import WIDTH_PX
from askaloud.knowledge.pages import WAITING_AT_MOST, Pictures
from askaloud.knowledge.passage import Box, Passage
from askaloud.settings import Settings

ABROAD = "You can work from abroad for thirty days in a calendar year, and only working days count towards these days."
OTHER = "Lunch is served from half past eleven until two in the afternoon, and on Fridays until half past one, as ever."


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    paper(folder / "handbook.pdf", [chapter("Cover"), words(OTHER)], [chapter("Lunch"), words(OTHER), chapter("Abroad"), words(ABROAD)])
    return folder


@pytest.fixture
async def pictures(documents: Path) -> AsyncIterator[Pictures]:
    made = Pictures(documents)
    yield made
    await made.close()


def passages_of(path: Path, source: str = "originals") -> list[Passage]:
    """The passages as indexing makes them."""
    records = records_of(File(path.name, path, datetime.now(UTC)), read_file(path), source)
    return [
        Passage(each.id, each.text, each.title, each.page, each.headings, each.source, each.path, each.document_id, each.boxes)
        for each in records
    ]


@pytest.fixture
def abroad(documents: Path) -> Passage:
    return next(each for each in passages_of(documents / "handbook.pdf") if each.text == ABROAD)


async def test_the_page_is_drawn_with_the_mark_on_the_passage_and_nowhere_else(pictures: Pictures, abroad: Passage) -> None:
    assert abroad.page == 2
    assert pictures.offers(abroad)
    png = await pictures.picture(abroad)
    assert png is not None
    width, height, _ = pixels(png)
    assert width == WIDTH_PX
    marked = yellow(png)
    assert marked
    for x, y in marked:
        assert any(
            box.left - 0.01 <= x / width <= box.right + 0.01 and box.top - 0.01 <= y / height <= box.bottom + 0.01 for box in abroad.boxes
        )
    for box in abroad.boxes:
        assert any(box.left <= x / width <= box.right and box.top <= y / height <= box.bottom for x, y in marked)


async def test_the_words_stay_dark_under_the_mark(pictures: Pictures, abroad: Passage) -> None:
    png = await pictures.picture(abroad)
    assert png is not None
    width, height, rows = pixels(png)
    box = abroad.boxes[0]
    inside = [
        rows[y][3 * x]
        for y in range(int(box.top * height), int(box.bottom * height))
        for x in range(int(box.left * width), int(box.right * width))
    ]
    assert min(inside) < 40


async def test_a_passage_whose_place_is_not_known_is_drawn_without_a_mark(pictures: Pictures, abroad: Passage) -> None:
    png = await pictures.picture(replace(abroad, boxes=(), text="words of another reader"))
    assert png is not None
    assert yellow(png) == set()


async def test_the_same_picture_is_drawn_once(pictures: Pictures, abroad: Passage) -> None:
    first = await pictures.picture(abroad)
    assert await pictures.picture(abroad) is first


async def test_formats_without_pages_have_no_picture(pictures: Pictures, abroad: Passage) -> None:
    for passage in (replace(abroad, page=None), replace(abroad, path="guide.html"), replace(abroad, path=None)):
        assert not pictures.offers(passage)
        assert await pictures.picture(passage) is None


async def test_the_samples_are_found_where_nobody_names_another_folder() -> None:
    settings = Settings()
    assert isinstance(settings.documents, Path)
    passage = passages_of(settings.documents / "employee-handbook.pdf", SAMPLES_SOURCE)[0]
    pictures = Pictures(settings.documents)
    try:
        assert pictures.offers(passage)
        assert await pictures.picture(passage)
    finally:
        await pictures.close()


async def test_a_source_may_be_a_folder_within_the_originals(tmp_path: Path, abroad: Passage, documents: Path) -> None:
    outer = Pictures(tmp_path)
    try:
        assert outer.offers(abroad)
        assert await outer.picture(abroad)
        assert not outer.offers(replace(abroad, source="elsewhere"))
    finally:
        await outer.close()


@pytest.mark.parametrize(
    "path",
    [
        "../secret.pdf",
        "/etc/secret.pdf",
        "x/../../secret.pdf",
        "link.pdf",
        "linked/secret.pdf",
        "gone.pdf",
        "a\x00.pdf",
        "..\\secret.pdf",
        "folder.pdf",
    ],
)
async def test_nothing_outside_the_folder_is_opened(pictures: Pictures, documents: Path, abroad: Passage, path: str) -> None:
    outside = documents.parent / "outside"
    outside.mkdir()
    for place in (outside, documents.parent):
        paper(place / "secret.pdf", [words(ABROAD)])
    (documents / "link.pdf").symlink_to(outside / "secret.pdf")
    (documents / "linked").symlink_to(outside)
    (documents / "folder.pdf").mkdir()
    for source in ("originals", "..", "../outside", None):
        passage = replace(abroad, path=path, page=1, source=source)
        assert not pictures.offers(passage)
        with pytest.raises(PassageNotFound):
            await pictures.picture(passage)


async def test_a_document_that_changed_since_is_not_shown_with_the_wrong_mark(pictures: Pictures, documents: Path, abroad: Passage) -> None:
    assert await pictures.picture(abroad)
    paper(documents / "handbook.pdf", [words(OTHER)], [words("Quite other words stand here now, and the rule has gone to another page.")])
    with pytest.raises(PassageNotFound, match="changed"):
        await pictures.picture(abroad)


@pytest.mark.parametrize("page", [0, 3, 99999])
async def test_a_page_that_is_not_there_is_not_found(pictures: Pictures, abroad: Passage, page: int) -> None:
    with pytest.raises(PassageNotFound):
        await pictures.picture(replace(abroad, page=page))


async def test_a_file_that_cannot_be_read_is_a_sentence_and_the_next_picture_is_drawn(
    pictures: Pictures, documents: Path, abroad: Passage
) -> None:
    (documents / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(KnowledgeError, match="cannot be read"):
        await pictures.picture(replace(abroad, path="broken.pdf"))
    assert await pictures.picture(abroad)


async def test_a_folder_of_originals_that_does_not_exist_offers_nothing(tmp_path: Path, abroad: Passage) -> None:
    pictures = Pictures(tmp_path / "nowhere")
    assert not pictures.offers(abroad)
    await pictures.close()


async def test_a_box_at_the_edge_of_the_page_is_drawn(pictures: Pictures, abroad: Passage) -> None:
    png = await pictures.picture(replace(abroad, boxes=(Box(0.0, 0.0, 1.0, 1.0),)))
    assert png is not None
    width, height, _ = pixels(png)
    assert len(yellow(png)) > 0.8 * (width / 5) * (height / 5)


def endless(path: Path) -> None:
    """A page that draws a form that draws a form ten times, and so on, twelve deep: a few kilobytes that no machine finishes."""
    head = b"%PDF-1.4\n"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        _stream(b"", b"/F Do"),
    ]
    for depth in range(12):
        inner = f"/Resources<</XObject<</F {6 + depth} 0 R>>>>".encode()
        objects.append(_stream(b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]" + inner, b"/F Do " * 10))
    objects.append(_stream(b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]", b"0 0 100 100 re f"))
    body, places = head, []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    path.write_bytes(body + end.encode())


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<" + entries + f"/Length {len(content)}".encode() + b">>stream\n" + content + b"\nendstream"


async def test_a_page_that_never_ends_is_given_up_while_no_more_wait_than_may_and_then_others_are_drawn(
    pictures: Pictures, documents: Path, abroad: Passage
) -> None:
    endless(documents / "endless.pdf")
    slow = asyncio.create_task(pictures.picture(replace(abroad, path="endless.pdf", page=1, boxes=())))
    others = [asyncio.create_task(pictures.picture(replace(abroad, boxes=abroad.boxes[:1], text=ABROAD))) for _ in range(WAITING_AT_MOST)]
    await asyncio.sleep(0)
    with pytest.raises(KnowledgeError, match="Too many pages"):
        await pictures.picture(abroad)
    with pytest.raises(KnowledgeError, match=r"takes too long|cannot be drawn"):  # its time is over, or on a quick machine its memory
        await slow
    assert all(picture for picture in await asyncio.gather(*others))

"""Facts planted in every format and five languages: the passage that states one carries its page, and its mark stands over its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from tests.askaloud.indexing.corpus import LANGUAGES, Fact, corpus
from tests.askaloud.indexing.troubled_door import KeepingDoor, keeping
from tests.askaloud.knowledge.pictures import changed, pixels
from tests.askaloud.knowledge.search_doors import standing_in

from askaloud.indexing.sync import sync
from askaloud.knowledge.draw import draw
from askaloud.knowledge.pages import Wanted
from askaloud.knowledge.passage import read_boxes

COVERED = 0.9
"""The share of a fact's letters beside which the page must be marked."""

BESIDE_PT = 1.0


@dataclass(frozen=True)
class Stated:
    """A passage as it stands in the index."""

    path: str
    page: int | None
    text: str
    boxes: list[tuple[float, float, float, float]]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fact]]:
    folder = tmp_path_factory.mktemp("planted") / "documents"
    return folder, corpus(folder)


async def passages_of(folder: Path) -> list[Stated]:
    door = KeepingDoor()
    async with keeping(door) as knowledge:
        report = await sync(folder, "planted", knowledge)
    assert report.prepared.skipped == ()
    return [
        Stated(row["path"], row["page"], row["text"], [(b.left, b.top, b.right, b.bottom) for b in read_boxes(row["boxes"])])
        for row in door.kept.values()
    ]


async def test_every_fact_is_stated_by_one_passage_with_its_document_and_page(planted: tuple[Path, list[Fact]]) -> None:
    folder, facts = planted
    assert len(facts) >= 60
    passages = await passages_of(folder)
    found = {fact.sentence: [(each.path, each.page) for each in passages if fact.sentence in each.text] for fact in facts}
    assert found == {fact.sentence: [(fact.path, fact.page)] for fact in facts}


async def test_every_fact_is_the_first_that_is_found_by_its_number(planted: tuple[Path, list[Fact]], tmp_path: Path) -> None:
    folder, facts = planted
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "planted", knowledge)
        for fact in facts:
            (number,) = re.findall(r"\d+", fact.sentence)
            (found,) = await knowledge.search(number, top=1)
            assert fact.sentence in found.text
            assert (found.path, found.page) == (fact.path, fact.page)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_mark_on_the_page_stands_over_the_facts_words_and_not_over_those_of_other_passages(
    planted: tuple[Path, list[Fact]], language: str
) -> None:
    folder, facts = planted
    path = f"{language}/paper.pdf"
    passages = [each for each in await passages_of(folder) if each.path == path]
    own = [fact for fact in facts if fact.path == path]
    assert len(own) == 8
    with pdfium.PdfDocument(folder / path) as document:
        for fact in own:
            (passage,) = (each for each in passages if fact.sentence in each.text)
            assert fact.page is not None
            marked = draw(Wanted(str(folder / path), fact.page, passage.text, passage.boxes))
            plain = draw(Wanted(str(folder / path), fact.page, "", []))
            width, height, _ = pixels(plain.png)
            places = changed(marked.png, plain.png)
            for other in own:
                if other.page == fact.page:
                    inside = [place in places for place in beside(document[fact.page - 1], other.sentence, width, height)]
                    share = sum(inside) / len(inside)
                    assert share >= COVERED if other.sentence in passage.text else share == 0, (fact, other)


def beside(page: pdfium.PdfPage, sentence: str, width: int, height: int) -> Iterator[tuple[int, int]]:
    """Just beside each letter of a sentence, for the letters themselves are black, marked or not: as PDFium itself finds them."""
    text = page.get_textpage()
    begin, count = text.search(sentence).get_next()
    across, down = page.get_size()
    for at in range(begin, begin + count):
        if not text.get_text_range(at, 1).isspace():
            left, bottom, _, top = text.get_charbox(at)
            yield int((left - BESIDE_PT) / across * width), int((1 - (bottom + top) / 2 / down) * height)

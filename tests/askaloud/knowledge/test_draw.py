from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from tests.askaloud.indexing.papers import paper, words
from tests.askaloud.knowledge.pictures import pixels, yellow

from askaloud.knowledge.draw import PIXELS_AT_MOST, draw, png
from askaloud.knowledge.pages import Wanted

WORDS = "Some words that are long enough to be found again on this page."


@pytest.mark.parametrize("size", [(10_000, 10_000), (100, 14_000), (3, 3)])
def test_a_page_of_any_size_becomes_a_picture_of_bounded_size(tmp_path: Path, size: tuple[int, int]) -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(*size)
    document.save(tmp_path / "a.pdf")
    document.close()
    drawn = draw(Wanted(str(tmp_path / "a.pdf"), 1, "", []))
    width, height, _ = pixels(drawn.png)
    assert 0 < width * height <= PIXELS_AT_MOST * 1.01


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_mark_stands_where_the_box_says_however_the_page_is_turned(tmp_path: Path, rotation: int) -> None:
    upright = pdfium.PdfDocument(paper(tmp_path / "a.pdf", [words(WORDS)]))
    upright[0].set_rotation(rotation)
    upright.save(tmp_path / "turned.pdf")
    upright.close()
    drawn = draw(Wanted(str(tmp_path / "turned.pdf"), 1, WORDS, [(0.25, 0.5, 0.75, 0.6)]))
    width, height, _ = pixels(drawn.png)
    marked = yellow(drawn.png)
    across, down = [x / width for x, _ in marked], [y / height for _, y in marked]
    assert (min(across), max(across)) == pytest.approx((0.25, 0.75), abs=0.02)
    assert (min(down), max(down)) == pytest.approx((0.5, 0.6), abs=0.02)


def test_words_are_compared_without_spaces_and_hyphens(tmp_path: Path) -> None:
    path = str(paper(tmp_path / "a.pdf", [words(WORDS)]))
    box = [(0.1, 0.1, 0.2, 0.2)]
    assert draw(Wanted(path, 1, WORDS.replace(" ", "\n").replace("again", "a-gain"), box)).problem == ""
    assert draw(Wanted(path, 1, WORDS.replace("Some", "Other"), box)).problem == "changed"


def test_grey_and_transparent_pictures_are_written_too() -> None:
    assert png(bytes(4), 2, 2, 2, 1)[25] == 0
    assert png(bytes(16), 2, 2, 8, 4)[25] == 6

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
from tests.askaloud.indexing.papers import BODY_PT, CHAPTER_PT, chapter, paper, rows, words

from askaloud.indexing.lines import lines_of


def test_a_line_knows_its_words_its_size_and_its_cells(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", [chapter("A heading"), words("A line of words."), rows(["City", "The limit"])])
    with pdfium.PdfDocument(path) as document:
        heading, line, row = lines_of(document, 0)
    assert (heading.text, heading.size) == ("A heading", CHAPTER_PT)
    assert (line.text, line.size, line.cells) == ("A line of words.", BODY_PT, [])
    assert (row.text, row.cells) == ("City The limit", [1])
    assert heading.above < line.above < row.above


def test_letters_beyond_sixteen_bits_are_one_letter(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", [words("plain")])
    with pdfium.PdfDocument(path) as document:
        (line,) = lines_of(document, 0)
    assert line.text == "plain"


def test_a_page_that_does_not_exist_has_no_lines_and_raises_nothing(tmp_path: Path) -> None:
    with pdfium.PdfDocument(paper(tmp_path / "a.pdf", [words("x")])) as document:
        assert lines_of(document, 5) == []

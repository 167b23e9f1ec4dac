"""On PDFs whose text begins where the margin of a usual letter ends, which is within the tenth of the page where heads stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from askaloud.indexing.pdf import read_pdf

MARGIN_MM = 25
HEAD_MM = 10
FOOT_MM = -12


def read(path: Path, *pages: Sequence[str], heads: Sequence[str] = (), feet: Sequence[str] = ()) -> list[list[str]]:
    """What was read of each page, line by line, of pages with these lines, heads and feet. A bar parts what stands far apart."""
    pdf = FPDF()
    pdf.set_margins(MARGIN_MM, MARGIN_MM)
    pdf.set_auto_page_break(False)
    for number, page in enumerate(pages):
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        for text in page:
            _line(pdf, text)
        for place, texts in ((HEAD_MM, heads), (FOOT_MM, feet)):
            if texts:
                pdf.set_y(place)
                _line(pdf, texts[number])
    pdf.output(str(path))
    return [page.text.replace("\n\n", "\n").split("\n") for page in read_pdf(path).pages]


def _line(pdf: FPDF, text: str) -> None:
    cells = text.split("|")
    for cell in cells[:-1]:
        pdf.cell(60, 6, cell)
    pdf.cell(60, 6, cells[-1], new_x="LMARGIN", new_y="NEXT")


def body(*pages: str) -> list[list[str]]:
    return [[page, "The text goes on here, and on this line it ends."] for page in pages]


PLACES = ("north", "south", "east", "west")


def test_what_the_first_line_of_each_page_says_stays_though_its_number_grows(tmp_path: Path) -> None:
    pages = [
        [f"Notice period: {number} days.", f"Staff of the {place} read more."] for number, place in zip((14, 15, 16), PLACES, strict=False)
    ]
    text = read(tmp_path / "a.pdf", *pages)
    assert [lines[0].startswith(page[0]) for lines, page in zip(text, pages, strict=True)] == [True] * 3


def test_a_sentence_with_which_two_pages_begin_stays_on_both(tmp_path: Path) -> None:
    pages = [["Everybody gets 30 days of leave.", f"Staff of the {place} read more."] for place in ("north", "south")]
    assert all("Everybody gets 30 days of leave." in lines[0] for lines in read(tmp_path / "a.pdf", *pages))


def test_what_a_foot_says_is_read_once(tmp_path: Path) -> None:
    text = read(tmp_path / "a.pdf", *body(*PLACES), feet=["Emergency number: 4711"] * 4)
    assert ["Emergency number: 4711" in lines for lines in text] == [True, False, False, False]


def test_a_foot_that_differs_from_page_to_page_stays(tmp_path: Path) -> None:
    feet = [f"Emergency number of this site: {number}" for number in (11, 12, 13, 14)]
    text = read(tmp_path / "a.pdf", *body(*PLACES), feet=feet)
    assert [lines[-1] for lines in text] == feet


@pytest.mark.parametrize(
    "foot",
    ["{}", "- {} -", "Page {}", "page {} of 12", "{} / 12", "Seite {} von 4", "S. {}", "Strona {}", "[{}]"],
)
@pytest.mark.parametrize("first", [1, 7])
def test_a_line_that_is_nothing_but_the_number_of_its_page_goes_out_everywhere(tmp_path: Path, foot: str, first: int) -> None:
    text = read(tmp_path / "a.pdf", *body(*PLACES), feet=[foot.format(number) for number in range(first, first + 4)])
    assert [lines[-1] for lines in text] == [lines[-1] for lines in read(tmp_path / "b.pdf", *body(*PLACES))]


@pytest.mark.parametrize(
    "head", ["The rules of the house, page {}", "The rules of the house|{}", "{}|The rules of the house", "{} | The rules"]
)
def test_a_running_head_with_the_number_of_its_page_is_read_once(tmp_path: Path, head: str) -> None:
    heads = [head.format(number) for number in range(1, 5)]
    text = read(tmp_path / "a.pdf", *body(*PLACES), heads=heads)
    assert ["The rules" in " ".join(lines) for lines in text] == [True, False, False, False]


@pytest.mark.parametrize("line", ["Rule {}", "Vitamin C {}", "Floor {} %", "Costs: {} €", "Fee – {}"])
def test_words_that_are_not_those_for_a_page_keep_their_number(tmp_path: Path, line: str) -> None:
    heads = [line.format(number).replace("€", "EUR").replace("–", "-") for number in range(1, 5)]
    text = read(tmp_path / "a.pdf", *body(*PLACES), heads=heads)
    assert [any(head in each for each in lines) for head, lines in zip(heads, text, strict=True)] == [True] * 4


@pytest.mark.parametrize("foot", ["The rules of the house | 2026", "The rules of the house|2026", "Edition 3"])
def test_a_foot_that_ends_with_a_number_of_its_own_is_read_once(tmp_path: Path, foot: str) -> None:
    text = read(tmp_path / "a.pdf", *body(*PLACES), feet=[foot] * 4)
    assert [foot.split("|")[0].strip() in " ".join(lines) for lines in text] == [True, False, False, False]


def test_a_name_that_the_text_says_itself_is_not_read_once_more(tmp_path: Path) -> None:
    pages = [["The rules of the house"], *body(*PLACES)]
    text = read(tmp_path / "a.pdf", *[["", "", "", *page] for page in pages], feet=["", *["The rules of the house"] * 4])
    assert [" ".join(lines).count("The rules of the house") for lines in text] == [1, 0, 0, 0, 0]


def test_the_head_of_a_table_stays_on_each_page(tmp_path: Path) -> None:
    rows = [["City|Summer rate", *(f"City {place} {number}|{number * 10}" for number in range(30))] for place in PLACES]
    assert [lines[0] for lines in read(tmp_path / "a.pdf", *rows)] == ["City | Summer rate"] * 4


def test_a_head_of_several_lines_goes_out_as_a_whole_and_the_first_line_of_the_text_stays(tmp_path: Path) -> None:
    pdf = FPDF()
    for place in PLACES:
        pdf.add_page()
        pdf.set_font("helvetica", size=8)
        for line in ("Lindholm", "Handbook"):
            pdf.cell(0, 4, line, new_x="LMARGIN", new_y="NEXT")
        pdf.set_xy(10, 27)
        pdf.set_font("helvetica", size=11)
        for line in ("Everybody gets 30 days.", f"Staff of the {place} read more."):
            pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(tmp_path / "a.pdf"))
    texts = [page.text for page in read_pdf(tmp_path / "a.pdf").pages]
    assert ["Lindholm" in text and "Handbook" in text for text in texts] == [True, False, False, False]
    assert all("Everybody gets 30 days." in text for text in texts)

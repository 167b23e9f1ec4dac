from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from tests.askaloud.indexing.papers import chapter, paper, rows, section, words

from askaloud.indexing.document import Unreadable
from askaloud.indexing.pdf import read_pdf

LONG = "You can work from abroad for thirty days in a calendar year, and only working days count towards these days. " * 3


def test_each_page_has_its_own_words_and_its_number(tmp_path: Path) -> None:
    document = read_pdf(paper(tmp_path / "a.pdf", [words("Words of the first page.")], [], [words("Words of the third page.")]))
    assert [(page.number, page.text) for page in document.pages] == [
        (1, "Words of the first page."),
        (2, ""),
        (3, "Words of the third page."),
    ]


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_not(tmp_path: Path) -> None:
    (page,) = read_pdf(paper(tmp_path / "a.pdf", [words(LONG.strip()), words("Another paragraph.")])).pages
    assert page.text == f"{LONG.strip()}\n\nAnother paragraph."


def test_headings_are_told_by_their_size_and_keep_their_place(tmp_path: Path) -> None:
    (page,) = read_pdf(paper(tmp_path / "a.pdf", [chapter("Leave"), words(LONG), section("From abroad"), words(LONG)])).pages
    assert [(heading.level, heading.text) for heading in page.headings] == [(1, "Leave"), (2, "From abroad")]
    assert [page.text[heading.start : heading.end] for heading in page.headings] == ["Leave", "From abroad"]


def test_a_heading_of_two_lines_is_one_heading(tmp_path: Path) -> None:
    title = "What the company pays for when you travel to another country on business"
    (page,) = read_pdf(paper(tmp_path / "a.pdf", [chapter(title), words(LONG)])).pages
    assert [heading.text for heading in page.headings] == [title]


def test_running_feet_are_left_out_and_repeated_words_of_the_body_are_not(tmp_path: Path) -> None:
    pages = [[chapter(f"Chapter {number}"), words(LONG), words("The same sentence everywhere.")] for number in range(1, 5)]
    document = read_pdf(paper(tmp_path / "a.pdf", *pages, foot="Handbook, page"))
    assert [page.text.count("Handbook, page") for page in document.pages] == [1, 0, 0, 0]
    for number, page in enumerate(document.pages, 1):
        assert "The same sentence everywhere." in page.text
        assert page.headings[0].text == f"Chapter {number}"


def test_a_table_keeps_its_rows(tmp_path: Path) -> None:
    table = rows(["City", "Limit"], ["Hamburg", "140 euros"], ["London", "210 euros"])
    (page,) = read_pdf(paper(tmp_path / "a.pdf", [words(LONG), table])).pages
    assert "City | Limit\nHamburg | 140 euros\nLondon | 210 euros" in page.text


def test_items_of_a_list_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    items = "\n".join(f"{number}. {LONG.split(',')[0]} and no more than that, whatever the reason may be." for number in (1, 2))
    (page,) = read_pdf(paper(tmp_path / "a.pdf", [words(items)])).pages
    assert [line[:2] for line in page.text.splitlines()] == ["1.", "2."]


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    names = ["Welcome", "Working time", "Holidays", "Sickness", "Leaving"]
    contents = rows(*[[name, str(number)] for number, name in enumerate(names, 2)])
    pages = [[chapter(name), words(LONG)] for name in names]
    document = read_pdf(paper(tmp_path / "a.pdf", [chapter("Contents"), contents], *pages))
    assert document.pages[0].text == ""
    assert document.pages[1].text.startswith("Welcome")


def test_every_word_has_a_place_on_the_page_as_seen(tmp_path: Path) -> None:
    (page,) = read_pdf(paper(tmp_path / "a.pdf", [chapter("Top"), words(LONG)])).pages
    assert [page.text[word.start : word.end] for word in page.words] == page.text.split()
    for word in page.words:
        left, top, right, bottom = word.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
    assert page.words[0].box[3] < page.words[-1].box[1]  # the first word stands above the last
    assert page.words[0].box[1] < 0.1


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_turn_with_the_page(tmp_path: Path, rotation: int) -> None:
    path = paper(tmp_path / "a.pdf", [words("Corner")])
    turned = pdfium.PdfDocument(path)
    turned[0].set_rotation(rotation)
    turned.save(tmp_path / "turned.pdf")
    turned.close()
    (upright,) = read_pdf(path).pages[0].words
    (word,) = read_pdf(tmp_path / "turned.pdf").pages[0].words
    x, y = (upright.box[0] + upright.box[2]) / 2, (upright.box[1] + upright.box[3]) / 2
    seen = {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[rotation]
    assert ((word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2) == pytest.approx(seen, abs=0.002)


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("Employee Handbook", "Employee Handbook"),
        ("", "The largest line"),
        ("Microsoft Word - draft.docx", "The largest line"),
        ("scan.pdf", "The largest line"),
    ],
)
def test_the_title_is_what_the_document_calls_itself(tmp_path: Path, named: str, title: str) -> None:
    path = paper(tmp_path / "a.pdf", [section("A smaller line"), chapter("The largest line"), words(LONG)], title=named)
    assert read_pdf(path).title == title


def test_an_encrypted_pdf_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="password"):
        read_pdf(paper(tmp_path / "a.pdf", [words("Secret.")], password="planted"))


@pytest.mark.parametrize("content", [b"", b"not a PDF at all", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 500])
def test_a_damaged_pdf_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="damaged"):
        read_pdf(path)


def test_pages_without_any_text_are_said_to_need_recognition(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no text"):
        read_pdf(paper(tmp_path / "a.pdf", [], []))


@pytest.mark.parametrize("numbers", [(104, 3, 77, 12, 512), (14, 15, 16, 17, 18), (1, 2, 3, 4, 5)])
def test_a_sentence_that_begins_each_page_with_another_number_is_no_running_head(tmp_path: Path, numbers: tuple[int, ...]) -> None:
    made = paper(tmp_path / "a.pdf", *([words(f"Building {number} has a quiet room.")] for number in numbers), foot="Page")
    assert [page.text for page in read_pdf(made).pages] == [f"Building {number} has a quiet room." for number in numbers]

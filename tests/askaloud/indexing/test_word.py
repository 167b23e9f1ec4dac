from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from tests.askaloud.indexing.office import letter, replaced

from askaloud.indexing.document import Document, Unreadable
from askaloud.indexing.word import read_word


def body(folder: Path, xml: str) -> Document:
    """A Word file with this in its body."""
    plain = letter(folder / "plain.docx", ("Normal", "x"))
    document = f"<w:document {nsdecls('w')}><w:body>{xml}</w:body></w:document>"
    return read_word(replaced(folder / "made.docx", plain, "word/document.xml", document.encode()))


def said(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def test_headings_paragraphs_lists_and_tables_come_in_their_order(tmp_path: Path) -> None:
    table = [["Name", "Room"], ["Anna", "204"]]
    path = letter(
        tmp_path / "a.docx",
        ("Heading 1", "Leave"),
        ("Normal", "Thirty days."),
        ("Heading 2", "Where"),
        ("List Bullet", "One"),
        ("List Bullet", "Two"),
        ("table", table),
        ("Normal", "After."),
    )
    document = read_word(path)
    (page,) = document.pages
    assert page.text == "Leave\n\nThirty days.\n\nWhere\n\n- One\n- Two\n\nName | Room\nAnna | 204\n\nAfter."
    assert [(heading.level, heading.text) for heading in page.headings] == [(1, "Leave"), (2, "Where")]
    assert (document.title, page.number) == ("Leave", None)


def test_the_title_that_a_file_calls_itself_goes_first(tmp_path: Path) -> None:
    assert read_word(letter(tmp_path / "a.docx", ("Heading 1", "Leave"), title="The rules")).title == "The rules"


def test_what_was_struck_out_is_left_out_and_what_was_put_in_is_read(tmp_path: Path) -> None:
    deleted = '<w:del w:id="1" w:author="x"><w:r><w:delText>twenty</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="x">{said("thirty")}</w:ins>'
    (page,) = body(tmp_path, f"<w:p>{said('You have ')}{deleted}{inserted}{said(' days.')}</w:p>").pages
    assert page.text == "You have thirty days."


def test_words_in_content_controls_and_nested_tables_are_read_once(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtContent><w:p>{said('Controlled.')}</w:p></w:sdtContent></w:sdt>"
    inner = f"<w:tbl><w:tr><w:tc><w:p>{said('inner')}</w:p></w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc><w:p>{said('outer')}</w:p>{inner}</w:tc><w:tc><w:p>{said('beside')}</w:p></w:tc></w:tr></w:tbl>"
    (page,) = body(tmp_path, control + outer).pages
    assert page.text == "Controlled.\n\nouter inner | beside"


def test_frames_within_frames_end_somewhere(tmp_path: Path) -> None:
    nested = "<w:sdt><w:sdtContent>" * 60 + f"<w:p>{said('deep')}</w:p>" + "</w:sdtContent></w:sdt>" * 60
    (page,) = body(tmp_path, f"<w:p>{said('above')}</w:p>{nested}").pages
    assert page.text == "above"


@pytest.mark.parametrize("content", [b"", b"<not xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a>" * 100_000])
def test_a_damaged_or_hostile_part_is_a_reason(tmp_path: Path, content: bytes) -> None:
    plain = letter(tmp_path / "plain.docx", ("Normal", "x"))
    with pytest.raises(Unreadable, match="damaged"):
        read_word(replaced(tmp_path / "bad.docx", plain, "word/document.xml", content))


def test_merged_cells_say_what_they_say_in_each_place_that_they_cover(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(rows=4, cols=3)
    rows = [["Grade", "Abroad", "Home"], ["all of them", "", "30"], ["Junior", "1", "2"], ["", "3", "4"]]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    table.cell(2, 0).merge(table.cell(3, 0))
    made.save(str(tmp_path / "a.docx"))
    (page,) = read_word(tmp_path / "a.docx").pages
    assert page.text == "Grade | Abroad | Home\nall of them | all of them | 30\nJunior | 1 | 2\nJunior | 3 | 4"


def test_a_row_that_word_repeats_on_each_page_names_the_columns(tmp_path: Path) -> None:
    def row(*cells: str, properties: str = "") -> str:
        return f"<w:tr>{properties}{''.join(f'<w:tc><w:p>{said(cell)}</w:p></w:tc>' for cell in cells)}</w:tr>"

    head = row("1", "2", properties="<w:trPr><w:tblHeader/></w:trPr>")
    (page,) = body(tmp_path, f"<w:tbl>{head}{''.join(row(f'Person {number}', 'x') for number in range(90))}</w:tbl>").pages
    assert page.text.count("1 | 2\nPerson") > 5


def test_a_row_that_begins_further_right_keeps_its_columns(tmp_path: Path) -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    first = f"<w:tr>{cell.format(said('City'))}{cell.format(said('Fee'))}</w:tr>"
    second = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format(said("12"))}</w:tr>'
    assert body(tmp_path, f"<w:tbl>{first}{second}</w:tbl>").pages[0].text == "City | Fee\n | 12"


def test_notes_are_read_behind_what_they_belong_to(tmp_path: Path) -> None:
    plain = letter(tmp_path / "plain.docx", ("Normal", "x"))
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    cells = f'<w:tc><w:p>{said("City")}</w:p></w:tc><w:tc><w:p>{said("Fee")}<w:r><w:endnoteReference w:id="2"/></w:r></w:p></w:tc>'
    blocks = f"<w:p>{said('Thirty days.')}{mark}</w:p><w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{said('After.')}</w:p>"
    document = f"<w:document {nsdecls('w')}><w:body>{blocks}</w:body></w:document>"
    made = replaced(tmp_path / "made.docx", plain, "word/document.xml", document.encode())
    separator = '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    notes = f'{separator}<w:footnote w:id="2"><w:p>{said("In the north: 32.")}</w:p></w:footnote>'
    with_part(made, "footnotes", f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>")
    with_part(made, "endnotes", f'<w:endnotes {nsdecls("w")}><w:endnote w:id="2"><w:p>{said("Net.")}</w:p></w:endnote></w:endnotes>')
    assert read_word(made).pages[0].text == "Thirty days.\n\nIn the north: 32.\n\nCity | Fee\n\nNet.\n\nAfter."


def with_part(path: Path, kind: str, xml: str) -> None:
    """Put such a part into the file."""
    made = docx.Document(str(path))
    part = Part(PackURI(f"/word/{kind}.xml"), f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml", xml.encode())
    made.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}")
    made.save(str(path))


def test_heads_and_feet_are_read_once_and_page_numbers_are_not(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Thirty days.")
    made.sections[0].header.paragraphs[0].text = "The rules of the house"
    made.sections[0].footer.paragraphs[0].text = "Emergency number: 4711"
    made.sections[0].footer.add_paragraph("Page 3 of 12")
    made.sections[0].first_page_header.paragraphs[0].text = "never shown"
    again = made.add_section()
    again.header.is_linked_to_previous = False
    again.header.paragraphs[0].text = "The rules of the house"
    made.save(str(tmp_path / "a.docx"))
    assert read_word(tmp_path / "a.docx").pages[0].text == "Thirty days.\n\nThe rules of the house\n\nEmergency number: 4711"

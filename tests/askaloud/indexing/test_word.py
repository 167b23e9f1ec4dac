from __future__ import annotations

from pathlib import Path

import pytest
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

from __future__ import annotations

from pathlib import Path

import pytest

from askaloud.indexing.document import Document, Unreadable
from askaloud.indexing.web import read_html


def read(tmp_path: Path, html: str, encoding: str = "utf-8") -> Document:
    path = tmp_path / "a.html"
    path.write_bytes(html.encode(encoding))
    return read_html(path)


def test_what_the_page_says_is_read_and_what_it_does_is_not(tmp_path: Path) -> None:
    html = """<html><head><title>The  Guide</title><style>p {}</style></head><body><nav>Home About</nav><script>alert(1)</script>
      <h1>Getting <em>there</em></h1><p>Take the <b>S1</b>
      for 25 minutes.</p><!-- a remark --><p hidden>Not shown.</p><p hidden="until-found">Folded.</p><template><p>Nor this.</p></template>
      <div>Loose words</div></body></html>"""
    document = read(tmp_path, html)
    (page,) = document.pages
    assert document.title == "The Guide"
    assert page.text == "Getting there\n\nTake the S1 for 25 minutes.\n\nFolded.\n\nLoose words"
    assert [(each.level, page.text[each.start : each.end]) for each in page.headings] == [(1, "Getting there")]


def test_tables_and_lists_keep_their_rows_and_numbers(tmp_path: Path) -> None:
    html = (
        "<table><tr><th>City</th><th>Limit</th></tr><tr><td><p>Hamburg</p></td><td>140</td></tr></table>"
        "<ol><li>First</li><li><p>Second</p></li></ol><ul><li>Loose</li></ul>"
    )
    assert read(tmp_path, html).pages[0].text == "City | Limit\nHamburg | 140\n\n1. First\n2. Second\n- Loose"


def test_lines_broken_on_purpose_stay_broken(tmp_path: Path) -> None:
    assert read(tmp_path, "<p>One<br>Two</p>").pages[0].text == "One\nTwo"


def test_the_declared_encoding_is_honoured(tmp_path: Path) -> None:
    html = '<html><head><meta charset="iso-8859-1"></head><body><p>Größe</p></body></html>'
    assert read(tmp_path, html, "iso-8859-1").pages[0].text == "Größe"


def test_without_a_title_the_highest_heading_is_it(tmp_path: Path) -> None:
    assert read(tmp_path, "<h2>Lower</h2><h1>Higher</h1><p>x</p>").title == "Higher"


def test_a_page_nested_deeper_than_python_recurses_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "<div>" * 3000 + "deep" + "</div>" * 3000).pages[0].text == "deep"


def test_a_page_that_says_nothing_has_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, "<html><body><script>1</script></body></html>").pages[0].text == ""


def test_an_empty_cell_keeps_its_place_and_a_wide_one_covers_its_columns(tmp_path: Path) -> None:
    rows = "<tr><td>Junior<td><td>12</tr><tr><td colspan=2>all</td><td>30</td></tr>"
    html = f"<table><tr><th>Grade</th><th>Abroad</th><th>Home</th></tr>{rows}</table>"
    assert read(tmp_path, html).pages[0].text == "Grade | Abroad | Home\nJunior |  | 12\nall | all | 30"


def test_a_head_of_two_rows_names_each_column_in_every_block(tmp_path: Path) -> None:
    head = "<tr><th rowspan=2>Grade</th><th colspan=2>Days</th></tr><tr><th>Abroad</th><th>Home</th></tr>"
    rows = "".join(f"<tr><td>Grade {number}</td><td></td><td>{number}</td></tr>" for number in range(80))
    text = read(tmp_path, f"<table><caption>Leave</caption><thead>{head}</thead><tbody>{rows}</tbody></table>").pages[0].text
    caption, *blocks = text.split("\n\n")
    assert caption == "Leave"
    assert len(blocks) > 5
    assert all(block.startswith("Grade | Days Abroad | Days Home\nGrade ") for block in blocks)


def test_a_table_whose_ends_are_left_out_keeps_its_cells(tmp_path: Path) -> None:
    assert read(tmp_path, "<table><tr><th>City<th>Fee<tr><td>Bonn<td>12</table><p>After").pages[0].text == "City | Fee\nBonn | 12\n\nAfter"


def test_a_table_that_only_lays_out_the_page_is_read_as_a_page(tmp_path: Path) -> None:
    fees = "<table><tr><th>City</th><th>Fee</th></tr><tr><td>Bonn</td><td>12</td></tr></table>"
    html = f"<table><tr><td>Menu</td><td><h1>Fees</h1><p>By city:</p>{fees}<ul><li>Net</li></ul></td></tr></table>"
    (page,) = read(tmp_path, html).pages
    assert page.text == "Menu\n\nFees\n\nBy city:\n\nCity | Fee\nBonn | 12\n\n- Net"
    assert [heading.text for heading in page.headings] == ["Fees"]


def test_a_list_in_a_cell_marks_nothing_behind_the_table(tmp_path: Path) -> None:
    html = "<table><tr><td><ul><li>one</li><li>two</li></ul></td><td>x</td></tr></table><p>After.</p>"
    assert read(tmp_path, html).pages[0].text == "one two | x\n\nAfter."


def test_a_table_within_a_cell_is_words_of_that_cell(tmp_path: Path) -> None:
    inner = "<table><tr><td>inner</td><td>cells</td></tr></table>"
    html = f"<table><tr><th>Name</th><th>What</th></tr><tr><td>Anna</td><td>{inner}</td></tr></table>"
    assert read(tmp_path, html).pages[0].text == "Name | What\nAnna | inner cells"


def test_a_page_that_stands_in_a_form_is_read_without_its_buttons_and_choices(tmp_path: Path) -> None:
    silent = "<input value='x'><select><option>Choice</option></select><button>Send</button><textarea>Note</textarea>"
    html = f"<form id=aspnetForm><div><h1>Leave</h1><p>Thirty days.</p>{silent}</div></form>"
    assert read(tmp_path, html).pages[0].text == "Leave\n\nThirty days."


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8"),
        ("", "cp1252"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
        ("iso-8859-1", "cp1252"),
        ("utf-8", "cp1252"),
        ("nonsense", "utf-8"),
    ],
)
def test_what_is_not_declared_or_not_true_is_told_from_the_letters(tmp_path: Path, declared: str, encoding: str) -> None:
    meta = f"<meta charset={declared}>" if declared else ""
    words = "Das Büro öffnet früh – für 5 €."
    assert read(tmp_path, f"{meta}<p>{words}</p>", encoding).pages[0].text == words


def test_letters_of_another_old_encoding_are_a_reason_unless_it_is_declared(tmp_path: Path) -> None:
    words = "Кто опоздал, тот ждёт у ворот."
    assert read(tmp_path, f"<meta charset=windows-1251><p>{words}</p>", "cp1251").pages[0].text == words
    with pytest.raises(Unreadable, match="save it as UTF-8"):
        read(tmp_path, f"<p>{words}</p>", "cp1251")

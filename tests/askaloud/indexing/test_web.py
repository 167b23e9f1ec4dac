from __future__ import annotations

from pathlib import Path

from askaloud.indexing.document import Document
from askaloud.indexing.web import read_html


def read(tmp_path: Path, html: str, encoding: str = "utf-8") -> Document:
    path = tmp_path / "a.html"
    path.write_bytes(html.encode(encoding))
    return read_html(path)


def test_what_the_page_says_is_read_and_what_it_does_is_not(tmp_path: Path) -> None:
    html = """<html><head><title>The  Guide</title><style>p {}</style></head><body><nav>Home About</nav><script>alert(1)</script>
      <h1>Getting <em>there</em></h1><p>Take the <b>S1</b>
      for 25 minutes.</p><!-- a remark --><p hidden>Not shown.</p><template><p>Nor this.</p></template>
      <div>Loose words</div></body></html>"""
    document = read(tmp_path, html)
    (page,) = document.pages
    assert document.title == "The Guide"
    assert page.text == "Getting there\n\nTake the S1 for 25 minutes.\n\nLoose words"
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

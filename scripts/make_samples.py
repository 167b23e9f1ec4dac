"""Sets the PDFs of `sample_documents/` from the texts in `sample_sources/`: page size, type, contents, tables, page numbers.

The same text gives the same bytes with the same fpdf2, for the only date in a file is a constant. It knows nothing of how the
documents are indexed; what must stand on which page is held by a test.

    python3 scripts/make_samples.py [FOLDER]
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment("test")

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF, FontFace
from fpdf.enums import Align, TableBordersLayout, TableCellFillMode, VAlign, XPos, YPos
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCRIPTS = Path(__file__).resolve().parent
SOURCES = SCRIPTS / "sample_sources"
DOCUMENTS = SCRIPTS / "sample_documents"

ORGANISATION = "Lindholm & Marsh"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in every PDF: a file that changes with the clock could not be compared with the committed one."""

SERIF, SANS = "Times", "Helvetica"  # two of the fonts that every PDF reader has: nothing to embed, nothing to license
INK, GREY, HAIR = (34, 34, 38), (118, 118, 124), (206, 206, 210)
LEADING = 1.4  # line height as a multiple of the type size
MM_PER_POINT = 25.4 / 72
NARROWEST, WIDEST = 11, 37
"""Letters that a table's column counts for: below, its cells run into the next column's; above, they may as well be broken."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Booklet:
    """One source: what its head says, and its chapters as Markdown. Page size in millimetres, body type in points."""

    file: str
    title: str
    subtitle: str
    edition: str
    size: tuple[float, float]
    accent: Colour
    markdown: str

    @property
    def body(self) -> float:
        """Larger pages carry larger type, so that a line holds about seventy-five letters in every format."""
        return 10.5 if self.size[0] > 160 else 9.5

    @property
    def margin(self) -> float:
        """White at the left and right, in millimetres."""
        return self.size[0] * 0.135


def read_booklet(path: Path) -> Booklet:
    """A source begins with lines `name: value`, ends them with `---`, and goes on in Markdown; each `#` opens a chapter on a new page."""
    head, _, text = path.read_text(encoding="utf-8").partition("\n---\n")
    named = dict(line.split(": ", 1) for line in head.splitlines() if line)
    width, height = (float(side) for side in named["page"].split(" x "))
    red, green, blue = (int(part) for part in named["accent"].split())
    return Booklet(
        file=named["file"],
        title=named["title"],
        subtitle=named["subtitle"],
        edition=named["edition"],
        size=(width, height),
        accent=(red, green, blue),
        markdown=text,
    )


class _Sheet(FPDF):  # type: ignore[misc]  # mypy does not follow fpdf2, whose hints are partial
    """Pages of one booklet; the foot of each but the first says whose it is and which page."""

    def __init__(self, booklet: Booklet) -> None:
        super().__init__(unit="mm", format=booklet.size)
        self.booklet = booklet
        self.c_margin = 0  # else text stands a millimetre to the right of the rules
        self.core_fonts_encoding = "windows-1252"  # Latin-1 has no dash and no euro
        self.set_creation_date(MADE)
        self.set_title(booklet.title)
        self.set_author(ORGANISATION)
        self.set_lang("en-GB")
        self.set_margins(booklet.margin, booklet.size[1] * 0.09)
        self.set_auto_page_break(True, booklet.size[1] * 0.095)

    def footer(self) -> None:
        """Called by fpdf2 at the end of every page."""
        if self.page_no() == 1:
            return
        self.set_y(-self.booklet.size[1] * 0.07)
        self.set_font(SANS, size=7.5)
        self.set_text_color(*GREY)
        self.cell(self.epw / 2, 4, f"{ORGANISATION} · {self.booklet.title}")
        self.cell(self.epw / 2, 4, str(self.page_no()), align=Align.R)

    def line_height(self, points: float) -> float:
        """Millimetres from one baseline to the next."""
        return points * LEADING * MM_PER_POINT

    def words(self, text: str, *, width: float = 0) -> None:
        """A paragraph of body type, ragged on the right: justified lines of this length tear holes."""
        self.set_font(SERIF, size=self.booklet.body)
        self.set_text_color(*INK)
        self.multi_cell(width, self.line_height(self.booklet.body), text, align=Align.L, markdown=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _inline(token: Token) -> str:
    """The words of one block, in fpdf2's own small markup: two stars are bold, two underscores are italic."""
    marks = {"em_open": "__", "em_close": "__", "strong_open": "**", "strong_close": "**", "softbreak": " "}
    return "".join(child.content if child.type == "text" else marks[child.type] for child in token.children or ())


def _cover(sheet: _Sheet) -> None:
    booklet = sheet.booklet
    width, height = booklet.size
    sheet.add_page()
    sheet.set_auto_page_break(False)
    sheet.set_fill_color(*booklet.accent)
    sheet.rect(0, 0, width, height * 0.64, style="F")
    sheet.set_text_color(255, 255, 255)
    sheet.set_font(SANS, "B", 10)
    sheet.set_y(height * 0.09)
    sheet.cell(0, 6, ORGANISATION)
    sheet.set_font(SERIF, size=34)
    sheet.set_y(height * 0.36)
    sheet.multi_cell(0, 13, booklet.title, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(3)
    sheet.set_font(SERIF, "I", 13)
    sheet.multi_cell(0, 6.2, booklet.subtitle, align=Align.L)
    _cup(sheet, booklet.margin + 7, height * 0.75)
    sheet.set_text_color(*GREY)
    sheet.set_font(SANS, size=9)
    sheet.set_y(height * 0.87)
    sheet.multi_cell(0, 5, booklet.edition, align=Align.L)
    sheet.set_auto_page_break(True, height * 0.095)


def _cup(sheet: _Sheet, x: float, y: float) -> None:
    """The firm's mark: a cup seen from the side, drawn with its middle at (x, y)."""
    sheet.set_draw_color(*sheet.booklet.accent)
    sheet.set_fill_color(*sheet.booklet.accent)
    sheet.set_line_width(0.9)
    sheet.ellipse(x + 3.6, y - 3.4, 5, 5, style="D")
    sheet.polygon([(x - 6, y - 4.6), (x + 6, y - 4.6), (x + 3.6, y + 4), (x - 3.6, y + 4)], style="F")
    sheet.line(x - 7, y + 6, x + 7, y + 6)


def _contents(sheet: _Sheet, chapters: Sequence[tuple[str, int]]) -> None:
    """The page of contents; `chapters` are titles with the pages on which they begin."""
    sheet.add_page()
    _opening(sheet, "Contents")
    for number, (title, page) in enumerate(chapters, start=1):
        sheet.set_font(SERIF, size=sheet.booklet.body + 0.5)
        height = sheet.line_height(sheet.booklet.body + 0.5) + 1.4
        sheet.set_text_color(*sheet.booklet.accent)
        sheet.cell(9, height, str(number))
        sheet.set_text_color(*INK)
        sheet.cell(sheet.epw - 19, height, title)
        sheet.cell(10, height, str(page), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        _rule(sheet)


def _rule(sheet: _Sheet) -> None:
    sheet.set_draw_color(*HAIR)
    sheet.set_line_width(0.15)
    sheet.line(sheet.l_margin, sheet.y, sheet.w - sheet.r_margin, sheet.y)


def _opening(sheet: _Sheet, title: str) -> None:
    sheet.set_font(SERIF, "B", 21)
    sheet.set_text_color(*sheet.booklet.accent)
    sheet.multi_cell(0, 8.6, title, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(4)


def _heading(sheet: _Sheet, title: str) -> None:
    if sheet.will_page_break(24):  # a heading at the foot of a page, with its text overleaf, helps nobody
        sheet.add_page()
    sheet.ln(1.6)
    sheet.set_font(SANS, "B", sheet.booklet.body + 1.5)
    sheet.set_text_color(*sheet.booklet.accent)
    sheet.multi_cell(0, sheet.line_height(sheet.booklet.body + 1.5), title, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(0.8)


def _item(sheet: _Sheet, mark: str, text: str) -> None:
    sheet.set_font(SANS, "B", sheet.booklet.body - 1.5)
    sheet.set_text_color(*sheet.booklet.accent)
    sheet.cell(6, sheet.line_height(sheet.booklet.body), mark)
    margin = sheet.l_margin
    sheet.set_left_margin(margin + 6)
    sheet.words(text)
    sheet.set_left_margin(margin)
    sheet.set_x(margin)
    sheet.ln(0.9)


def _table(sheet: _Sheet, rows: Sequence[Sequence[str]]) -> None:
    """The first row is the head. Columns share the width as their longest cells ask, within reason."""
    letters = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    widths = [min(max(count, NARROWEST), WIDEST) for count in letters]
    sheet.ln(0.6)
    sheet.set_draw_color(*HAIR)
    sheet.set_fill_color(255, 255, 255)  # the cover's colour would still be in the brush
    sheet.set_line_width(0.15)
    sheet.set_text_color(*INK)
    sheet.set_font(SANS, size=sheet.booklet.body - 2)
    with sheet.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        cell_fill_mode=TableCellFillMode.NONE,
        col_widths=tuple(widths),
        headings_style=FontFace(emphasis="BOLD", color=sheet.booklet.accent),
        line_height=sheet.line_height(sheet.booklet.body - 2),
        padding=(0.75, 2, 0.75, 0.4),
        text_align=Align.L,
        v_align=VAlign.T,
        width=sheet.epw,
    ) as table:
        for row in rows:
            table.row(row)
    sheet.ln(2.6)


def _rows(tokens: Iterator[Token]) -> list[list[str]]:
    """The cells of a table whose `table_open` was just taken."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return rows


def _chapters(sheet: _Sheet) -> list[tuple[str, int]]:
    """Sets the text; returns each chapter's title and first page."""
    begun: list[tuple[str, int]] = []
    tokens = iter(MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes"]).parse(sheet.booklet.markdown))
    number = 0  # of the next item, where the list is numbered
    for token in tokens:
        if token.type == "heading_open":
            title = _inline(next(tokens))
            if token.tag == "h1":
                sheet.add_page()
                begun.append((title, sheet.page_no()))
                sheet.start_section(title)
                _opening(sheet, f"{len(begun)}  {title}")
            else:
                _heading(sheet, title)
        elif token.type in {"ordered_list_open", "bullet_list_open"}:
            number = 1 if token.type == "ordered_list_open" else 0
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            sheet.ln(1.2)
        elif token.type == "table_open":
            _table(sheet, _rows(tokens))
        elif token.type == "inline" and token.level > 1:
            _item(sheet, f"{number}" if number else "–", _inline(token))
            number += number > 0
        elif token.type == "inline":
            sheet.words(_inline(token))
            sheet.ln(sheet.booklet.body * 0.17)
    return begun


def _set(booklet: Booklet, chapters: Sequence[tuple[str, int]]) -> tuple[_Sheet, list[tuple[str, int]]]:
    sheet = _Sheet(booklet)
    _cover(sheet)
    _contents(sheet, chapters)
    return sheet, _chapters(sheet)


def make(booklet: Booklet) -> bytes:
    """The PDF. Set twice: the contents stand before the chapters, whose pages are known only afterwards."""
    _, chapters = _set(booklet, [])
    sheet, _ = _set(booklet, chapters)
    return bytes(sheet.output())


def booklets() -> list[Booklet]:
    """Every source, by the name of its file."""
    return [read_booklet(path) for path in sorted(SOURCES.glob("*.md"))]


def main() -> None:
    """Write every PDF into the folder given, else among the sample documents."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    for booklet in booklets():
        path = folder / booklet.file
        path.write_bytes(make(booklet))
        print(path)


if __name__ == "__main__":
    main()

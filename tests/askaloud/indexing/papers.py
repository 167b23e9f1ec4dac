"""PDFs for tests, with known words on known pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fpdf import FPDF

Draw = Callable[[FPDF], None]

BODY_PT, CHAPTER_PT, SECTION_PT = 11, 20, 15


def chapter(text: str) -> Draw:
    """A heading of the first level."""
    return _cell(text, CHAPTER_PT, "B")


def section(text: str) -> Draw:
    """A heading of the second level."""
    return _cell(text, SECTION_PT, "B")


def words(text: str) -> Draw:
    """A paragraph, wrapped by the page's width."""

    def draw(pdf: FPDF) -> None:
        pdf.set_font("helvetica", size=BODY_PT)
        pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(5)

    return draw


def rows(*table: Sequence[str]) -> Draw:
    """A table."""

    def draw(pdf: FPDF) -> None:
        pdf.set_font("helvetica", size=BODY_PT)
        with pdf.table() as made:
            for cells in table:
                made.row(cells)

    return draw


def _cell(text: str, size: int, style: str) -> Draw:
    def draw(pdf: FPDF) -> None:
        pdf.set_font("helvetica", size=size, style=style)
        pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)

    return draw


def paper(path: Path, *pages: Sequence[Draw], title: str = "", foot: str = "", password: str = "") -> Path:
    """Write a PDF with these pages. `foot` stands at the bottom of each with its number."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    if title:
        pdf.set_title(title)
    if password:
        pdf.set_encryption(owner_password=password, user_password=password)
    for number, page in enumerate(pages, 1):
        pdf.add_page()
        for draw in page:
            draw(pdf)
        if foot:
            pdf.set_y(-15)
            pdf.set_font("helvetica", size=8)
            pdf.cell(0, 5, f"{foot} {number}")
    pdf.output(str(path))
    return path

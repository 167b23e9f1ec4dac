"""Word, PowerPoint and Excel files for tests, with known words on known slides and sheets, and archives that are not what they seem."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from pptx.util import Inches

Table = Sequence[Sequence[str]]


def letter(path: Path, *blocks: tuple[str, Any], title: str = "") -> Path:
    """Write a Word file. A block is a style's name (or `table`) and its words."""
    made = docx.Document()
    made.core_properties.title = title
    for style, words in blocks:
        if style != "table":
            made.add_paragraph(words, style)
            continue
        table = made.add_table(rows=len(words), cols=len(words[0]))
        for row, cells in zip(table.rows, words, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    made.save(str(path))
    return path


def show(path: Path, *slides: tuple[str, Sequence[str]], table: Table = (), notes: str = "", hidden: Sequence[int] = ()) -> Path:
    """Write a presentation: a title and points for each slide. The table and the notes stand on the last; `hidden` are numbers."""
    made = pptx.Presentation()
    for number, (title, points) in enumerate(slides, 1):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(points)
        if number in hidden:
            slide.element.set("show", "0")
    if table:
        grid = slide.shapes.add_table(len(table), len(table[0]), Inches(1), Inches(3), Inches(6), Inches(1)).table
        for at, cells in enumerate(table):
            for column, text in enumerate(cells):
                grid.cell(at, column).text = text
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    made.save(str(path))
    return path


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = (), title: str = "") -> Path:
    """Write an Excel file: rows of values for each sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    made.properties.title = title
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    made.save(path)
    return path


def bomb(path: Path, original: Path, part: str, size: int) -> Path:
    """A copy of an office file in which one part is `size` bytes of nothing, which a thousandth of that holds."""
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            if name != part:
                made.writestr(name, source.read(name))
        with made.open(part, "w", force_zip64=True) as stream:
            for _ in range(size // 1_000_000):
                stream.write(bytes(1_000_000))
    return path


def replaced(path: Path, original: Path, part: str, content: bytes) -> Path:
    """A copy of an office file in which one part is something else."""
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, content if name == part else source.read(name))
    return path

"""Reads a PowerPoint file: each slide is a page with its number, its title is a heading, its notes stand below its words.

A hidden slide keeps its number and says nothing, as when the slides are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pptx
from lxml import etree
from pptx.exc import PythonPptxError

from .archive import check_archive
from .document import Document, Page, PageWriter, Unreadable
from .grid import Cell, Grid
from .pdf import JUNK_TITLE
from .table import write_table

SLIDES_AT_MOST = 5000
"""Slides of one file, as the pages of a PDF."""

DEEPEST = 20
"""Groups within each other; below, nothing is read."""


def read_slides(path: Path) -> Document:
    """Read the file. Raises `Unreadable`: encrypted, damaged, too many slides, or unpacking to too much."""
    check_archive(path)
    try:
        opened = pptx.Presentation(str(path))
        if len(opened.slides) > SLIDES_AT_MOST:
            raise Unreadable(f"it has {len(opened.slides):,} slides; {SLIDES_AT_MOST:,} are the most")
        pages = tuple(_page(number, slide) for number, slide in enumerate(opened.slides, 1))
        title = (opened.core_properties.title or "").strip()
    except (PythonPptxError, BadZipFile, KeyError, ValueError, AttributeError, TypeError, IndexError, etree.LxmlError) as failure:
        raise Unreadable("it is damaged, or not a PowerPoint file") from failure
    if not any(page.text for page in pages):
        raise Unreadable("it holds no text; slides that are pictures need text recognition first" if pages else "it is empty")
    named = "" if JUNK_TITLE.match(title) or title == "PowerPoint Presentation" else title
    headings = (page.headings[0].text for page in pages if page.headings)
    return Document(named or next(headings, ""), pages)


def _page(number: int, slide: Any) -> Page:
    writer = PageWriter(number)
    if slide.element.get("show") == "0":
        return writer.page()
    title = slide.shapes.title
    if title is not None and (words := " ".join(title.text_frame.text.split())):
        writer.heading(1, words)
    for shape in _shapes(slide.shapes, 0):
        if title is None or shape.shape_id != title.shape_id:
            _write(writer, shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        _write_frame(writer, slide.notes_slide.notes_text_frame)
    return writer.page()


def _shapes(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < DEEPEST:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _write(writer: PageWriter, shape: Any) -> None:
    if getattr(shape, "has_table", False):
        write_table(writer, _grid(shape.table).rows)
    elif shape.has_text_frame:
        _write_frame(writer, shape.text_frame)


def _grid(table: Any) -> Grid:
    grid = Grid()
    for row in table.rows:
        own = [cell for cell in row.cells if not cell.is_spanned]
        grid.add([Cell(cell.text, cell.span_width, cell.span_height) if cell.is_merge_origin else Cell(cell.text) for cell in own])
    return grid


def _write_frame(writer: PageWriter, frame: Any) -> None:
    paragraphs = [words for paragraph in frame.paragraphs if (words := " ".join(paragraph.text.split()))]
    for words in paragraphs:
        writer.block(f"- {words}" if len(paragraphs) > 1 else words, "item" if len(paragraphs) > 1 else "paragraph")

"""Reads a Word file: paragraphs, lists and tables with their headings, notes behind what they belong to, heads and feet at the end.

The format has no pages of its own, for each printer breaks them elsewhere: it becomes one page without a number. Words that were struck
out in a tracked change are left out, those that were put in are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from .archive import check_archive
from .document import Document, PageWriter, Unreadable, unpaged
from .grid import COLUMNS_AT_MOST, Cell, Grid
from .table import write_table

HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"\w+\.? [0-9]+(?:(?: \w+ | ?/ ?)[0-9]+)?")
"""What a field of the page's number has left in a foot, as "Page 3 of 12"."""

LEVELS = 6
DEEPEST = 50
"""Tables and frames within each other; below, nothing is read."""

SILENT = frozenset(qn(name) for name in ("w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr", "w:tbl"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What an old Word would show in place of a text box: its words a second time."""

BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


NOTE_MARKS = (qn("w:footnoteReference"), qn("w:endnoteReference"))
NOTE_PARTS = {RT.FOOTNOTES: NOTE_MARKS[0], RT.ENDNOTES: NOTE_MARKS[1]}


def read_word(path: Path) -> Document:
    """Read the file. Raises `Unreadable`: encrypted, damaged, or unpacking to too much."""
    check_archive(path)
    try:
        opened = docx.Document(str(path))
        writer = PageWriter(None)
        walk = _Walk(writer, opened.styles, _notes(opened.part))
        walk.through(opened.element.body, 0)
        for line in _heads_and_feet(opened):
            writer.block(line)
        title = opened.core_properties.title or ""
    except (OpcError, BadZipFile, KeyError, ValueError, AttributeError, TypeError, etree.LxmlError, NotImplementedError) as failure:
        raise Unreadable("it is damaged, or not a Word file") from failure
    return unpaged(writer, title if title != "Word Document" else "")


class _Walk:
    """Goes through the blocks of a Word file in order."""

    def __init__(self, writer: PageWriter, styles: Any, notes: Mapping[str, str]) -> None:
        self._writer = writer
        self._notes = notes
        self._levels = _levels(styles)
        self._items = {style.style_id for style in styles if (style.name or "").startswith("List ")}

    def through(self, parent: Any, depth: int) -> None:
        """Write what stands in `parent`, which is a body or a frame around blocks."""
        for block in parent if depth < DEEPEST else ():
            if block.tag == qn("w:p"):
                self._paragraph(block)
                self._notes_to(block)
            elif block.tag == qn("w:tbl"):
                grid = _grid(block)
                write_table(self._writer, grid.rows, grid.heads)
                self._notes_to(block)
            elif block.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag"), qn("w:customXml")}:
                self.through(block, depth + 1)

    def _notes_to(self, block: Any) -> None:
        for mark in block.iter(*NOTE_MARKS):
            words = self._notes.get(mark.tag + mark.get(qn("w:id"), ""))
            if words:
                self._writer.block(words)

    def _paragraph(self, paragraph: Any) -> None:
        words = _words(paragraph)
        if not words:
            return
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "" if style is None else style.get(qn("w:val"))
        outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        level = self._levels.get(name) if outline is None else int(outline.get(qn("w:val"))) + 1
        if level is not None and level <= LEVELS:
            self._writer.heading(level, " ".join(words.split()))
        elif name in self._items or paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
            self._writer.block(f"- {words}", "item")
        else:
            self._writer.block(words)


def _notes(document: Any) -> dict[str, str]:
    """The words of the foot and end notes, by the mark in the text and its number."""
    notes: dict[str, str] = {}
    for relation in document.rels.values():
        mark = NOTE_PARTS.get(relation.reltype)
        if mark is not None and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                notes[mark + note.get(qn("w:id"), "")] = _cell(note)
    return notes


def _heads_and_feet(opened: Any) -> Iterator[str]:
    """What stands at the top and foot of the pages, each line once; page numbers are none of it."""
    odd_and_even = opened.settings.odd_and_even_pages_header_footer
    said: set[str] = set()
    for section in opened.sections:
        edges = [section.header, section.footer]
        edges += [section.first_page_header, section.first_page_footer] if section.different_first_page_header_footer else []
        edges += [section.even_page_header, section.even_page_footer] if odd_and_even else []
        for edge in edges:
            if edge.is_linked_to_previous:
                continue
            for paragraph in edge.part.element.iter(qn("w:p")):
                words = " ".join(_words(paragraph).split())
                if words not in said and any(letter.isalpha() for letter in words) and not PAGE_NUMBER.fullmatch(words):
                    yield words
                said.add(words)


def _levels(styles: Any) -> dict[str, int]:
    """The level of each style that is a heading's, by its own name or by the style that it is made from."""
    levels: dict[str, int] = {}
    for style in styles:
        here = style
        for _ in range(LEVELS):
            name = getattr(here, "name", None) or ""
            if HEADING.match(name) or name == "Title":
                levels[style.style_id] = 1 if name == "Title" else int(HEADING.match(name)[1])  # type: ignore[index]  # it matched
                break
            here = getattr(here, "base_style", None)
            if here is None:
                break
    return levels


def _grid(table: Any) -> Grid:
    """The table's rows. Those that Word repeats at the top of each page name the columns."""
    grid = Grid()
    for row in table.iter(qn("w:tr")):
        if row.getparent().tag == qn("w:tbl") and row.getparent() is not table:
            continue  # of a table inside a cell, whose words the cell has already
        before = _said(row, "w:trPr/w:gridBefore")
        cells = [Cell("")] * min(int(before or 0), COLUMNS_AT_MOST)
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is row:
                goes_on = _said(cell, "w:tcPr/w:vMerge") in {"", "continue"}
                cells.append(Cell(_cell(cell), int(_said(cell, "w:tcPr/w:gridSpan") or 1), goes_on=goes_on))
        head = _said(row, "w:trPr/w:tblHeader")
        grid.add(cells, head=head is not None and head not in {"0", "false", "off"})
    return grid


def _said(element: Any, path: str) -> str | None:
    """The value of a property: "" where it is there without one, None where it is not there."""
    found = element.find("/".join(qn(name) for name in path.split("/")))
    return None if found is None else found.get(qn("w:val"), "")


def _cell(cell: Any) -> str:
    return " ".join(words for paragraph in cell.iter(qn("w:p")) if (words := _words(paragraph)))


def _words(paragraph: Any) -> str:
    """The words of a paragraph with those of text boxes that hang in it, in their order."""
    said: list[str] = []
    waiting = [paragraph]
    while waiting:
        node = waiting.pop()
        if node.tag == qn("w:t"):
            said.append(node.text or "")
        elif node.tag in BREAKS:
            said.append(BREAKS[node.tag])
        elif node.tag not in SILENT and node.tag != FALLBACK:
            if node.tag == qn("w:p") and node is not paragraph:
                said.append("\n")
            waiting += reversed(list(node))
    lines = (" ".join(line.split()) for line in "".join(said).split("\n"))
    return "\n".join(line for line in lines if line)

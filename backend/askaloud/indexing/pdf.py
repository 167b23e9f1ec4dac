"""Reads a PDF: pages, paragraphs, headings, and where each word stands.

Headings are told by the size of their letters; running heads and feet go out (`running.py`); lines are joined to paragraphs where the next
word would not have fitted. It must run in a process of its own (`read.py`): PDFium reads hostile files in C.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from .document import CELL, Document, Page, PageWriter, Unreadable
from .lines import Line, lines_of
from .running import drop_running

PAGES_AT_MOST = 5000
"""Pages of one document; the longest manuals have some two thousand."""

HEADING_SIZE = 1.12
"""A heading's letters are larger than the usual ones by at least this factor."""

HEADING_CHARS = 160
"""Large letters that run longer than this are a motto or a poster, not a heading."""

LEVELS = 6

PARAGRAPH_GAP = 0.75
"""Space between two lines, in heights of a line, that sets paragraphs apart."""

NEIGHBOURS = 40
"""Lines before and after that tell where a column's right edge is."""

BULLET = re.compile(r"(?:[•◦▪‣●○■\-–—*]|\(?\d{1,3}[.)]|\(?[a-z][.)])$")
"""The first word of a line that begins an item of a list."""

CONTENTS_ENTRY = re.compile(r"(.*\w)[\W_]+\d{1,4}$")
CONTENTS_LINES = 4
"""A table of contents: at least so many lines of one page are a heading of the document and a number."""

HYPHENS = "\x02\ufffe\xad"
"""What PDFium writes for the hyphen of a divided word."""

JUNK_TITLE = re.compile(
    r"^(microsoft (word|powerpoint|excel)\b|untitled|document\d*$|slide \d|.*\.(docx?|pdf|pptx?|indd|tex|odt|qxd)$)", re.IGNORECASE
)
"""Titles that programs write by themselves."""


def read_pdf(path: Path) -> Document:
    """Read the file. Raises `Unreadable`: encrypted, damaged, without pages, too many pages, or without any text."""
    with _opened(path) as document:
        count = len(document)
        if not count:
            raise Unreadable("it has no pages")
        if count > PAGES_AT_MOST:
            raise Unreadable(f"it has {count:,} pages; {PAGES_AT_MOST:,} are the most")
        pages = [lines_of(document, number) for number in range(count)]
        meta = document.get_metadata_dict(skip_empty=True).get("Title", "").strip()
    if not any(pages):
        raise Unreadable("it holds no text; scanned pages need text recognition first")
    drop_running(pages, _heading_levels(pages))
    levels = _heading_levels(pages)
    _drop_contents(pages, levels)
    title = "" if JUNK_TITLE.match(meta) else meta
    return Document(title or _largest_line(pages, levels), tuple(_written(number, lines, levels) for number, lines in enumerate(pages, 1)))


def _opened(path: Path) -> Any:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as failure:
        if getattr(failure, "err_code", None) == pdf.FPDF_ERR_PASSWORD or "password" in str(failure).lower():
            raise Unreadable("it is encrypted with a password") from failure
        raise Unreadable("it is damaged, or not a PDF") from failure
    except OSError as failure:
        raise Unreadable("it cannot be opened") from failure


def _heading_levels(pages: list[list[Line]]) -> dict[float, int]:
    """The level of each size of letters that is a heading's: the largest is level 1."""
    letters = Counter[float]()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text)
    if not letters:
        return {}
    usual = letters.most_common(1)[0][0]
    sizes = {line.size for lines in pages for line in lines if line.size >= usual * HEADING_SIZE and len(line.text) <= HEADING_CHARS}
    return {size: min(level, LEVELS) for level, size in enumerate(sorted(sizes, reverse=True), 1)}


def _is_heading(line: Line, levels: dict[float, int]) -> bool:
    return line.size in levels and len(line.text) <= HEADING_CHARS and any(character.isalpha() for character in line.text)


def _drop_contents(pages: list[list[Line]], levels: dict[float, int]) -> None:
    """Take out tables of contents: they hold every heading's words and answer nothing."""
    headings = {_bare(line.text) for lines in pages for line in lines if _is_heading(line, levels)}
    for lines in pages:
        rest = [line for line in lines if not _is_entry(line, headings)]
        if len(lines) - len(rest) >= CONTENTS_LINES:
            lines[:] = rest if any(not _is_heading(line, levels) for line in rest) else []


def _is_entry(line: Line, headings: set[str]) -> bool:
    entry = CONTENTS_ENTRY.match(line.text)
    return entry is not None and _bare(entry[1]) in headings


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalpha())


def _largest_line(pages: list[list[Line]], levels: dict[float, int]) -> str:
    """The largest heading of the first page that has any text."""
    first = next((lines for lines in pages if lines), [])
    headings = [line for line in first if _is_heading(line, levels)]
    return max(headings, key=lambda line: line.size).text if headings else ""


def _written(number: int, lines: list[Line], levels: dict[float, int]) -> Page:
    writer = PageWriter(number)
    gaps = sorted(gap for before, after in itertools.pairwise(lines) if (gap := before.bottom - after.top) > 0)
    usual_gap = gaps[(len(gaps) - 1) // 2] if gaps else 0.0
    begun: int | None = None  # where the heading that is being written begins
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        heading = _is_heading(line, levels)
        goes_on = before is not None and before.size == line.size and _close(before, line, usual_gap)
        if begun is not None and before is not None and not (heading and goes_on):
            writer.call_heading(levels[before.size], begun)
            begun = None
        if before is not None:
            writer.add(_between(before, line, heading, goes_on, begun is not None or _wrapped(lines, index)))
        begun = writer.length if heading and begun is None else begun
        _write_words(writer, line)
    if begun is not None:
        writer.call_heading(levels[lines[-1].size], begun)
    return writer.page()


def _write_words(writer: PageWriter, line: Line) -> None:
    cells = set(line.cells)
    for position, (word, box) in enumerate(zip(line.words, line.boxes, strict=True)):
        if position:
            writer.add(CELL if position in cells else " ")
        writer.word(word.text.rstrip(HYPHENS) if position == len(line.words) - 1 else word.text, box)


def _between(before: Line, line: Line, heading: bool, goes_on: bool, same_paragraph: bool) -> str:
    """What stands between two lines: nothing in a divided word, a space in a paragraph, a line break in a list or table."""
    if not goes_on:
        close = before.size == line.size or heading
        return "\n\n" if heading or not close or before.bottom - line.top > PARAGRAPH_GAP * line.height else "\n"
    if not same_paragraph:
        return "\n"
    return "" if before.words[-1].text[-1:] in HYPHENS else " "


def _close(before: Line, line: Line, usual_gap: float) -> bool:
    """Whether a line follows right under another, in the same column."""
    gap = before.bottom - line.top
    apart = max(PARAGRAPH_GAP * line.height, 1.5 * usual_gap)
    return -0.5 * line.height < gap < apart and line.left < before.right and before.left < line.right


def _wrapped(lines: list[Line], index: int) -> bool:
    """Whether the line before was full: this one's first word would not have fitted. Items of lists and rows of tables stand alone."""
    before, line = lines[index - 1], lines[index]
    if BULLET.match(line.words[0].text) or before.cells or line.cells:
        return False
    around = lines[max(0, index - NEIGHBOURS) : index + NEIGHBOURS]
    edge = max(each.right for each in around if each.left < before.right and before.left < each.right)
    word = line.words[0]
    return before.right + (word.right - word.left) + 0.2 * before.size > edge

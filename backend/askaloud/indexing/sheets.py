"""Reads an Excel file: each sheet is a page with its number and its name as a heading, each row a line.

The values are those that Excel last worked out. A hidden sheet keeps its number and says nothing. Rows are read one after the other, so
that the size of a sheet does not decide how much memory it takes; how much text one file may have is bounded.
"""

from __future__ import annotations

import itertools
import re
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from .archive import check_archive
from .document import Document, Page, PageWriter, Unreadable
from .table import write_table

CELLS_AT_MOST = 2_000_000
"""Cells of one file, empty ones between others included: a table beyond that is a database, and no question is answered by reading it."""

SHEETS_AT_MOST = 1000

DIGITS = 12
"""Digits of a fraction that are shown: what lies beyond comes from reckoning in binary."""

DIGITS_AT_MOST = 15
"""Digits of a number that Excel itself keeps. Those before the point are never rounded away; with them stand two behind it."""

ZEROS = re.compile(r"0{2,20}")
"""The format of numbers that begin with zeros, as those of articles and postal codes."""

_BROKEN = (InvalidFileException, BadZipFile, KeyError, ValueError, AttributeError, TypeError, IndexError, OverflowError)


def read_sheets(path: Path) -> Document:
    """Read the file. Raises `Unreadable`: encrypted, damaged, too many cells or sheets, or unpacking to too much."""
    check_archive(path)
    try:
        with path.open("rb") as file, warnings.catch_warnings(action="ignore"):  # of styles and extensions that do not matter to the words
            opened = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                return _document(opened)
            finally:
                opened.close()
    except (*_BROKEN, ParseError, etree.LxmlError) as failure:
        raise Unreadable("it is damaged, or not an Excel file") from failure


def _document(opened: Any) -> Document:
    names = opened.sheetnames  # in their order, with those that are nothing but a chart: these have a number, too
    if len(names) > SHEETS_AT_MOST:
        raise Unreadable(f"it has {len(names):,} sheets; {SHEETS_AT_MOST:,} are the most")
    cells, tables = _Counted(), {sheet.title: sheet for sheet in opened.worksheets}
    pages = tuple(_page(number, tables.get(name), cells) for number, name in enumerate(names, 1))
    return Document((opened.properties.title or "").strip(), pages)


class _Counted:
    """Counts the cells of a file."""

    def __init__(self) -> None:
        self._seen = 0

    def of(self, row: Any) -> Any:
        """The row, counted. Raises `Unreadable` where there are too many."""
        self._seen += max(1, len(row))
        if self._seen > CELLS_AT_MOST:
            raise Unreadable(f"it has more than {CELLS_AT_MOST:,} cells")
        return row


def _page(number: int, sheet: Any, cells: _Counted) -> Page:
    writer = PageWriter(number)
    if sheet is not None and sheet.sheet_state == "visible":
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        rows = ([_shown(cell) for cell in cells.of(row)] for row in sheet.iter_rows())
        for filled, table in itertools.groupby(rows, key=any):  # an empty row parts two tables
            if filled:
                if not writer.length:
                    writer.heading(1, " ".join(sheet.title.split()))
                write_table(writer, table)
    return writer.page()


def _shown(cell: Any) -> str:
    """A cell as a person would write it down."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        format = cell.number_format or ""
        return f"{_number(value * 100)}%" if "%" in format else _number(value).zfill(len(format) if ZEROS.fullmatch(format) else 0)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _number(value: float) -> str:
    """Whole numbers with all their digits, for some are names of articles or telephones; fractions rounded."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 10**DIGITS_AT_MOST):
        return str(int(value))
    before = len(str(int(abs(value)))) if abs(value) < 10**DIGITS_AT_MOST else 0
    return f"{value:.{min(DIGITS_AT_MOST, max(DIGITS, before + 2))}g}"

"""Reads a table of separated values (CSV), whichever of the usual signs separates them; quoted as Excel and Python quote.

The format has no pages: it becomes one page without a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .document import Document, PageWriter, Unreadable
from .plain import decoded
from .table import write_table

SEPARATORS = "\t;|,"
"""Where two fit as well, the first is it: a comma is also what parts a number."""

ONE_COLUMN = "\x1f"
"""A separator that no file has: each line is one cell."""

SAID = re.compile(r"sep=([\t;|,:^~])\n", re.IGNORECASE)
"""A first line with which Excel is told the separator."""

LOOK_CHARS = 20_000
"""How much of the file is looked at to find the separator."""

FIELD_CHARS = 100_000
"""Characters of one cell; a longer one is no table's."""


def read_delimited(path: Path) -> Document:
    """Read the file. Raises `Unreadable` where it is not text, or a quoted cell never ends."""
    text = decoded(path.read_bytes())
    csv.field_size_limit(FIELD_CHARS)
    writer = PageWriter(None)
    said = SAID.match(text)
    if said:
        text = text[said.end() :]
    try:
        write_table(writer, _rows(text, said[1] if said else _separator(text[:LOOK_CHARS])))
    except csv.Error as failure:
        raise Unreadable("it is no table of separated values") from failure
    return Document("", (writer.page(),))


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _separator(beginning: str) -> str:
    """The sign that cuts most rows into as many cells as the first, which names the columns; a title may stand above it.

    Not left to the standard library's guess: that takes quotes within sentences for quotes of cells.
    """
    fitting = {sign: _fitting(beginning, sign) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: fitting[sign])
    return best if fitting[best] > 0 else ONE_COLUMN


def _fitting(beginning: str, sign: str) -> int:
    """How many rows have the cells of the first one; of a list of sentences none has, though commas stand in them."""
    rows = [row for row in _rows(beginning, sign) if any(row)]
    if len(beginning) == LOOK_CHARS and len(rows) > 1:
        rows.pop()  # it may be cut
    widths = Counter(map(len, rows))
    first = len(rows[0]) if rows else 0
    if first > 1:
        return widths[first]
    prose = sum(1 for row in rows for cell in row[1:] if cell.startswith(" ")) * 2 > sum(len(row) - 1 for row in rows)
    width, often = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(0, 0))
    return often if width > 1 and often > 1 and not prose else 0

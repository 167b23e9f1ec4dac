"""Reads a table of separated values (CSV), whichever of the usual signs separates them.

The format has no pages: it becomes one page without a number.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from .document import Document, PageWriter, Unreadable
from .plain import decoded
from .table import write_table

SEPARATORS = ",;\t|"
LOOK_CHARS = 20_000
"""How much of the file is looked at to find the separator."""

FIELD_CHARS = 100_000
"""Characters of one cell; a longer one is no table's."""


def read_delimited(path: Path) -> Document:
    """Read the file. Raises `Unreadable` where it is not text, or a quoted cell never ends."""
    text = decoded(path.read_bytes())
    csv.field_size_limit(FIELD_CHARS)
    writer = PageWriter(None)
    try:
        write_table(writer, csv.reader(io.StringIO(text), _dialect(text[:LOOK_CHARS])))
    except csv.Error as failure:
        raise Unreadable("it is no table of separated values") from failure
    return Document("", (writer.page(),))


def _dialect(beginning: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(beginning, SEPARATORS)
    except csv.Error:
        return csv.excel

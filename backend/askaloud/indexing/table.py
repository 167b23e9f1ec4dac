"""Writes a table so that each of its rows can be read alone: narrow ones in blocks that repeat the head, wide ones as "header: value".

Pure. What the rows are is the caller's; where the text is cut into passages is decided in `split.py`, which prefers the gaps left here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from .document import CELL, PageWriter
from .tokens import about_tokens

BLOCK_CHARS = 360
"""Characters of a block of rows under one head: two of them make a passage."""

BLOCK_TOKENS = 70
"""Tokens of one, about: a block that alone makes a passage is cut between its rows, and those after the cut have no head."""

HEAD_CHARS = 120
"""A longer head is not repeated over its rows: each value is named instead."""

NUMBER = frozenset("0123456789.,-+%()/: €$£¥ ")
"""Signs of which a cell that names nothing is made."""

YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:/(?:[0-9]{2}|20[0-9]{2}))?")
"""A number that names a column, as "2026" or "2025/26"."""

CORNER = "–"
"""Stands in the empty corner of a head: a passage that begins with it would lose the place of that cell."""

Row = Sequence[str]


def write_table(writer: PageWriter, rows: Iterable[Row], heads: int | None = None) -> None:
    """Write the rows, one line each. `heads` of the first name the columns; None: the format does not say, their words tell.

    They tell it of a first row that holds words, each of them once; above the first column there may be nothing. Of a row of years, where
    the column below its first cell holds words.
    """
    coming = iter(rows)
    named = [row for each in itertools.islice(coming, heads or 0) if any(row := _row(each))]
    filled: Iterator[list[str]] = (row for each in coming if any(row := _row(each)))
    while len(named) > 1 and _cells(named[0]) == 1:  # a caption over the table
        writer.block("".join(named.pop(0)))
    if named:
        _write_headed(writer, _one_head(named), filled)
        return
    first, second = next(filled, None), next(filled, None)
    if first is not None and second is not None and heads is None and _cells(first) == 1 < _cells(second):
        writer.block("".join(first))
        first, second = second, next(filled, None)
    if first is None:
        return
    filled = itertools.chain([] if second is None else [second], filled)
    if heads is None and _is_head(first, second or []):
        _write_headed(writer, first, filled)
    else:
        _write_blocks(writer, "", itertools.chain([first], filled))


def one_line(text: str) -> str:
    """A cell's words on one line; a bar would be taken for the end of the cell."""
    return " ".join(text.split()).replace(CELL, " / ")


def _row(cells: Row) -> list[str]:
    row = [one_line(cell) for cell in cells]
    while row and not row[-1]:
        row.pop()
    return row


def _cells(row: Row) -> int:
    return sum(1 for cell in row if cell)


def _is_head(row: Row, below: Row) -> bool:
    names = row[1:] if below and not row[0] else row
    if len(row) < 2 or len(set(names)) < len(names):
        return False
    if all(_is_words(cell) for cell in names):
        return True
    years = all(YEAR.fullmatch(cell) for cell in row[1:]) and not all(YEAR.fullmatch(cell) for cell in below[1:])
    return years and bool(below) and _is_words(below[0]) and (not row[0] or _is_words(row[0]))


def _is_words(cell: str) -> bool:
    return bool(cell) and not NUMBER.issuperset(cell)


def _one_head(rows: Sequence[Row]) -> list[str]:
    """Rows that name the columns together, as "Days" over "abroad" and "home": each column's words in one cell."""
    columns = itertools.zip_longest(*rows, fillvalue="")
    return [" ".join(dict.fromkeys(cell for cell in column if cell)) for column in columns]


def _write_headed(writer: PageWriter, head: Row, rows: Iterable[Row]) -> None:
    if len(CELL.join(head)) <= HEAD_CHARS:
        head = [head[0] or CORNER, *head[1:]]
        _write_blocks(writer, CELL.join(head), rows)
    else:
        _write_named(writer, head, rows)


def _write_blocks(writer: PageWriter, head: str, rows: Iterable[Row]) -> None:
    chars = tokens = 0
    written = False
    for row in rows:
        line = CELL.join(row)
        size = about_tokens(line)
        if len(line) > chars or size > tokens:
            if head:
                writer.block(f"{head}\n{line}", "block")
            else:
                writer.block(line, "block")
            chars, tokens = BLOCK_CHARS - len(head), BLOCK_TOKENS - about_tokens(head)
        else:
            writer.add(f"\n{line}")
        chars, tokens = chars - len(line), tokens - size
        written = True
    if head and not written:
        writer.block(head, "block")


def _write_named(writer: PageWriter, head: Row, rows: Iterable[Row]) -> None:
    written = False
    for row in rows:
        names = (*head, *("" for _ in range(len(row) - len(head))))
        writer.block("; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell), "block")
        written = True
    if not written:
        writer.block("; ".join(head), "block")

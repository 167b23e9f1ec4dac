"""Writes a table so that each of its rows can be read alone: narrow ones in blocks that repeat the head, wide ones as "header: value".

Pure. What the rows are is the caller's; where the text is cut into passages is decided in `split.py`, which prefers the gaps left here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from .document import CELL, PageWriter

BLOCK_CHARS = 360
"""Characters of a block of rows under one head: two of them make a passage."""

HEAD_CHARS = 120
"""A longer head is not repeated over its rows: each value is named instead."""

NUMBER = frozenset("0123456789.,-+%()/: €$£¥ ")
"""Signs of which a cell that names nothing is made."""

Row = Sequence[str]


def write_table(writer: PageWriter, rows: Iterable[Row]) -> None:
    """Write the rows, one line each. The first names the columns where none of its cells is empty, a number, or there twice."""
    filled: Iterator[list[str]] = (row for each in rows if any(row := _row(each)))
    first, second = next(filled, None), next(filled, None)
    if first is None:
        return
    if second is not None and _cells(first) == 1 < _cells(second):  # a caption over the table
        writer.block("".join(first))
        first, second = second, next(filled, None)
    filled = itertools.chain([] if second is None else [second], filled)
    if not _is_head(first):
        _write_blocks(writer, "", itertools.chain([first], filled))
    elif len(CELL.join(first)) <= HEAD_CHARS:
        _write_blocks(writer, CELL.join(first), filled)
    else:
        _write_named(writer, first, filled)


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


def _is_head(row: Row) -> bool:
    return len(row) > 1 and len(set(row)) == len(row) and all(cell and not NUMBER.issuperset(cell) for cell in row)


def _write_blocks(writer: PageWriter, head: str, rows: Iterable[Row]) -> None:
    room = 0
    written = False
    for row in rows:
        line = CELL.join(row)
        if len(line) > room:
            if head:
                writer.block(f"{head}\n{line}", "block")
            else:
                writer.block(line, "block")
            room = BLOCK_CHARS - len(head)
        else:
            writer.add(f"\n{line}")
        room -= len(line)
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

"""Lays the cells of a table out in rows and columns, as HTML and Word files give them: some cover several columns or rows.

What such a cell says holds in each place that it covers, so that each row can be read alone. What the rows then look like is decided in
`table.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

COLUMNS_AT_MOST = 200
"""Columns up to which a cell covers more than its own: pages claim thousands for a line across the table."""

REPEATED_CHARS = 120
"""A cell that says more is written once, and the other places that it covers stay empty: a page must not grow by what it claims."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, how many columns and rows it covers, whether it names a column or row, and whether it is one with the cell above it."""

    text: str
    across: int = 1
    down: int = 1
    names: bool = False
    goes_on: bool = False


@dataclass(slots=True)
class Grid:
    """The rows of one table so far. `heads` of the first name the columns; None where nothing was said to name anything."""

    heads: int | None = None
    _rows: list[tuple[list[str], int]] = field(default_factory=list)
    """With the number of columns that each needs: its last cell may claim more than the table has."""
    _above: list[str] = field(default_factory=list)
    _reaching: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Columns into which a cell from above reaches: for how many more rows, and what it says."""
    _begun: bool = False
    """Whether rows have come that name nothing."""

    @property
    def rows(self) -> list[list[str]]:
        """What stands in each row; a row that one cell covers says it once."""
        width = max((needed for _, needed in self._rows), default=0)
        return [row[: max(width, needed)] for row, needed in self._rows]

    def add(self, cells: Sequence[Cell], *, head: bool = False) -> None:
        """Append a row. `head`: it names the columns, or all its cells do."""
        row: list[str] = []
        needed = 0
        reaching: dict[int, tuple[int, str]] = {}
        for cell in cells:
            self._reach(row)
            text = self._above[len(row)] if cell.goes_on and len(row) < len(self._above) else cell.text
            again = text if len(text) <= REPEATED_CHARS else ""
            needed = len(row) + 1
            for place in range(max(1, min(cell.across, COLUMNS_AT_MOST - len(row)))):
                if cell.down > 1:
                    reaching[len(row)] = (cell.down - 1, again)
                row.append(again if place else text)
        self._reach(row)
        last = max(self._reaching, default=-1)
        while len(row) <= last:
            row.append("")
            self._reach(row)
        self._reaching |= reaching
        self._above = row
        whole = len(cells) == 1 and cells[0].across >= len(row)
        self._rows.append(([cells[0].text], 1) if whole else (row, needed))
        self._look_for_head(cells, head or _only_names(cells), whole)

    def _look_for_head(self, cells: Sequence[Cell], head: bool, whole: bool) -> None:
        """Rows that name columns stand at the top, at most with a caption among them."""
        if self._begun:
            return
        if head:
            self.heads = len(self._rows)
        elif not whole:
            self._begun = True
            if self.heads is None and any(cell.names for cell in cells):
                self.heads = 0  # this row has a name of its own, so it is none of names

    def _reach(self, row: list[str]) -> None:
        """Fill the next places of the row as far as cells from above reach into them."""
        while len(row) in self._reaching:
            left, text = self._reaching.pop(len(row))
            if left > 1:
                self._reaching[len(row)] = (left - 1, text)
            row.append(text)


def _only_names(cells: Sequence[Cell]) -> bool:
    """Names beside each other, with nothing but an empty corner or gaps between them; a name alone may be that of a row."""
    return sum(cell.names for cell in cells) >= min(2, len(cells)) and all(cell.names or not cell.text for cell in cells)

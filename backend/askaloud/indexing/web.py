"""Reads HTML: what a page says of its subject, as plain words with their headings.

The format has no pages: it becomes one page without a number. A table is written row by row, so that a row can be read aloud.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString, PageElement, Tag

from .document import Document, PageWriter, unpaged
from .grid import Cell, Grid
from .plain import decoded
from .table import write_table

SILENT = frozenset(
    {"script", "style", "template", "noscript", "nav", "svg", "iframe", "object", "select", "datalist", "textarea", "button", "head"}
)
"""Parts of a web page that say nothing about its subject. A form is none of them: some servers put the whole page into one."""

CONTAINERS = frozenset(
    {"article", "aside", "body", "details", "div", "dl", "fieldset", "figure", "footer", "form", "header", "main", "ol", "section", "ul"}
)
CELLS = frozenset({"td", "th"})
ROWS = frozenset({"tbody", "tfoot", "thead", "tr"})
PARAGRAPHS = frozenset({"address", "blockquote", "caption", "dd", "dt", "figcaption", "hr", "li", "p", "pre", "summary"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LATIN_1 = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
"""What browsers read as Windows-1252, for most who declare it write that."""

LAYOUT_ROLES = frozenset({"presentation", "none"})
SPAN = re.compile(r"\s*([0-9]{1,4})")
ROWS_SPANNED = 65_534
"""What a cell covers that says 0: all rows to the end."""

BLOCKS = CONTAINERS | CELLS | ROWS | {"table"} | PARAGRAPHS | HEADINGS.keys()
"""Elements that begin on a new line; all others are words within one."""


def read_html(path: Path) -> Document:
    """Read HTML, in whatever encoding it declares, else in that of plain text. Raises `Unreadable` where that is not to be told."""
    soup = BeautifulSoup(_markup(path.read_bytes()), "html.parser")
    named = soup.title.get_text(" ", strip=True) if soup.title else ""
    walk = _Walk(PageWriter(None))
    walk.through(soup.body or soup)
    return unpaged(walk.writer, named)


def _markup(content: bytes) -> str:
    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    try:
        if declared and not content.startswith(BOMS):
            return content.decode("cp1252" if declared in LATIN_1 else declared)
    except (LookupError, UnicodeError):
        pass  # what it declares is not true
    return decoded(content)


class _Walk:
    """Goes through a web page without recursion, for pages nest deeper than Python likes."""

    def __init__(self, writer: PageWriter) -> None:
        self.writer = writer
        self._said: list[str] = []
        self._mark = ""
        self._counters: list[int | None] = []
        self._table: _Table | None = None

    def through(self, root: Tag) -> None:
        """Write all that `root` says."""
        waiting: list[tuple[PageElement, bool]] = [(root, True)]
        while waiting:
            node, entering = waiting.pop()
            if type(node) is NavigableString:
                self._said.append(re.sub(r"\s+", " ", node))
            elif not isinstance(node, Tag) or node.name in SILENT or node.get("hidden", "until-found") != "until-found":
                continue
            elif entering:
                self._enter(node)
                waiting.append((node, False))
                waiting += [(child, True) for child in reversed(node.contents)]
            else:
                self._leave(node.name)
        self._end_table()
        self._say("paragraph")

    def _enter(self, node: Tag) -> None:
        name = node.name
        if name == "br":
            self._said.append("\n")
        elif self._table is not None:
            self._table.enter(node, self._said)
        elif name in BLOCKS:
            self._say("paragraph")
            self._table = _Table() if name == "table" and not _is_layout(node) else None
        if name in {"ul", "ol"}:
            self._counters.append(1 if name == "ol" else None)
        elif name == "li" and self._table is None:
            self._next_item()

    def _leave(self, name: str) -> None:
        if self._table is not None:
            if self._table.leave(name, self._said):
                self._end_table()
        elif name in HEADINGS:
            words = " ".join(_taken(self._said).split())
            if words:
                self.writer.heading(HEADINGS[name], words)
        elif name in BLOCKS:
            self._say("item" if self._mark else "paragraph")
            self._mark = "" if name == "li" else self._mark
        if name in {"ul", "ol"} and self._counters:
            self._counters.pop()

    def _end_table(self) -> None:
        if self._table is not None:
            grid, caption = self._table.ended(self._said)
            self._table = None
            if caption:
                self.writer.block(caption)
            write_table(self.writer, grid.rows, grid.heads)

    def _next_item(self) -> None:
        number = self._counters[-1] if self._counters else None
        self._mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._counters[-1] = number + 1

    def _say(self, kind: str) -> None:
        words = _taken(self._said)
        if words:
            self.writer.block(self._mark + words, "item" if self._mark else kind)
            self._mark = ""


class _Table:
    """The cells of one table as they come, closed or not. What stands in a table within a cell is words of that cell."""

    def __init__(self) -> None:
        self._grid = Grid()
        self._cells: list[Cell] = []
        self._cell: Tag | None = None
        self._beside: list[str] = []
        self._in_head = False
        self._within = 0

    def enter(self, node: Tag, said: list[str]) -> None:
        """An element begins; `said` is what was read since the last cell."""
        if node.name == "table":
            self._within += 1
        if not self._within and node.name in CELLS:
            self._end_cell(said)
            self._cell = node
        elif not self._within and node.name in ROWS:
            self._end_row(said)
            self._in_head = node.name == "thead" or (node.name == "tr" and self._in_head)
        elif node.name in BLOCKS:
            said.append(" ")

    def leave(self, name: str, said: list[str]) -> bool:
        """An element ends; whether it was this table."""
        if name == "table" and not self._within:
            return True
        if not self._within and name in CELLS:
            self._end_cell(said)
        elif not self._within and name in ROWS:
            self._end_row(said)
            self._in_head = self._in_head and name == "tr"
        elif name in BLOCKS:
            said.append(" ")
        self._within -= name == "table"
        return False

    def ended(self, said: list[str]) -> tuple[Grid, str]:
        """The table, and what stands beside its cells: mostly a caption."""
        self._end_row(said)
        return self._grid, "\n".join(self._beside)

    def _end_cell(self, said: list[str]) -> None:
        words, cell = _taken(said), self._cell
        if cell is not None:
            self._cells.append(Cell(words, _span(cell, "colspan"), _span(cell, "rowspan") or ROWS_SPANNED, cell.name == "th"))
        elif words:
            self._beside.append(words)
        self._cell = None

    def _end_row(self, said: list[str]) -> None:
        self._end_cell(said)
        if self._cells:
            self._grid.add(self._cells, head=self._in_head)
        self._cells = []


def _is_layout(table: Tag) -> bool:
    """Whether it only puts parts of the page beside each other: it says so, has one cell, or has no head and holds tables or headings."""
    if table.get("role") in LAYOUT_ROLES or len(table.find_all(["td", "th"], limit=2)) < 2:
        return True
    named = table.find("th")
    has_head = named is not None and named.find_parent("table") is table
    return not has_head and table.find(["table", "h1", "h2"]) is not None


def _span(cell: Tag, name: str) -> int:
    claimed = SPAN.match(str(cell.get(name, "")))
    return int(claimed[1]) if claimed else 1


def _taken(said: list[str]) -> str:
    words = "\n".join(" ".join(line.split()) for line in "".join(said).split("\n"))
    said.clear()
    return words.strip()

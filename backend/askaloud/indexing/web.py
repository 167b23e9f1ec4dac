"""Reads HTML: what a page says of its subject, as plain words with their headings.

The format has no pages: it becomes one page without a number. A table is written row by row, so that a row can be read aloud.
"""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from .document import CELL, Document, PageWriter, unpaged

SILENT = frozenset({"script", "style", "template", "noscript", "nav", "svg", "iframe", "object", "select", "button", "form", "head"})
"""Parts of a web page that say nothing about its subject."""

CONTAINERS = frozenset({"article", "aside", "body", "details", "div", "dl", "figure", "footer", "header", "main", "ol", "section", "ul"})
TABLES = frozenset({"table", "tbody", "tfoot", "thead", "tr"})
PARAGRAPHS = frozenset({"address", "blockquote", "caption", "dd", "dt", "figcaption", "hr", "li", "p", "pre", "summary"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = CONTAINERS | TABLES | PARAGRAPHS | HEADINGS.keys()
"""Elements that begin on a new line; all others are words within one."""


def read_html(path: Path) -> Document:
    """Read HTML, in whatever encoding it declares."""
    soup = BeautifulSoup(path.read_bytes(), "html.parser")
    named = soup.title.get_text(" ", strip=True) if soup.title else ""
    walk = _Walk(PageWriter(None))
    walk.through(soup.body or soup)
    return unpaged(walk.writer, named)


class _Walk:
    """Goes through a web page without recursion, for pages nest deeper than Python likes."""

    def __init__(self, writer: PageWriter) -> None:
        self.writer = writer
        self._said: list[str] = []
        self._cells: list[str] | None = None
        self._mark = ""
        self._counters: list[int | None] = []

    def through(self, root: Tag) -> None:
        """Write all that `root` says."""
        waiting: list[tuple[PageElement, bool]] = [(root, True)]
        while waiting:
            node, entering = waiting.pop()
            if type(node) is NavigableString:
                self._said.append(re.sub(r"\s+", " ", node))
            elif not isinstance(node, Tag) or node.name in SILENT or node.has_attr("hidden"):
                continue
            elif entering:
                self._enter(node.name)
                waiting.append((node, False))
                waiting += [(child, True) for child in reversed(node.contents)]
            else:
                self._leave(node.name)
        self._say("paragraph")

    def _enter(self, name: str) -> None:
        if name == "br":
            self._said.append("\n")
        elif name in {"td", "th"} or (self._cells is not None and name in BLOCKS):
            self._said.append(" ")
        elif name in BLOCKS:
            self._say("paragraph")
        if name in {"ul", "ol"}:
            self._counters.append(1 if name == "ol" else None)
        elif name == "li":
            self._next_item()
        elif name == "tr" and self._cells is None:
            self._cells = []

    def _leave(self, name: str) -> None:
        if name in {"td", "th"} and self._cells is not None:
            self._cells.append(self._taken())
        elif name == "tr" and self._cells is not None:
            row, self._cells = CELL.join(cell for cell in self._cells if cell), None
            if row:
                self.writer.block(row, "row")
        elif self._cells is not None and name in BLOCKS:
            self._said.append(" ")
        elif name in HEADINGS:
            words = " ".join(self._taken().split())
            if words:
                self.writer.heading(HEADINGS[name], words)
        elif name in BLOCKS:
            self._say("item" if self._mark else "paragraph")
            self._mark = "" if name == "li" else self._mark
        if name in {"ul", "ol"} and self._counters:
            self._counters.pop()

    def _next_item(self) -> None:
        number = self._counters[-1] if self._counters else None
        self._mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._counters[-1] = number + 1

    def _say(self, kind: str) -> None:
        words = self._taken()
        if words:
            self.writer.block(self._mark + words, "item" if self._mark else kind)
            self._mark = ""

    def _taken(self) -> str:
        said = "\n".join(" ".join(line.split()) for line in "".join(self._said).split("\n"))
        self._said = []
        return said.strip()

"""Reads Markdown: paragraphs, lists and tables as plain words, with their headings.

The format has no pages: it becomes one page without a number. A table is written row by row, so that a row can be read aloud.
"""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .document import Document, PageWriter, unpaged
from .plain import decoded
from .table import write_table

FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*\n", re.DOTALL)
FRONT_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)


def read_markdown(path: Path) -> Document:
    """Read Markdown. Raises `Unreadable` where the file is not text."""
    text = decoded(path.read_bytes())
    title = ""
    front = FRONT_MATTER.match(text)
    if front:
        named = FRONT_TITLE.search(front[1])
        title, text = (named[1] if named else ""), text[front.end() :]
    writer = PageWriter(None)
    _write_tokens(writer, MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text))
    return unpaged(writer, title)


def _write_tokens(writer: PageWriter, tokens: list[Token]) -> None:
    """Markdown's blocks in order."""
    counters: list[int | None] = []  # the next number in each list that we are in, innermost last; None in one without numbers
    mark = ""
    rows: list[list[str]] | None = None  # of the table that we are in
    heading = 0
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            counters.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            counters.pop()
        elif token.type == "list_item_open":
            number = counters[-1]
            mark = "- " if number is None else f"{number}. "
            counters[-1] = None if number is None else number + 1
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "table_open":
            rows = []
        elif token.type == "table_close" and rows is not None:
            write_table(writer, rows, heads=1)
            rows = None
        elif rows is not None:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_words_of(token))
        elif words := _words_of(token):
            if heading:
                writer.heading(heading, words)
            else:
                writer.block(mark + words, "item" if mark else "paragraph")
            heading, mark = 0, ""


def _words_of(token: Token) -> str:
    """The plain words of a block; "" for what only opens or closes one."""
    if token.type == "inline":
        return _inline(token.children or []).strip()
    if token.type in {"code_block", "fence"}:
        return token.content.strip("\n")
    if token.type == "html_block":
        return BeautifulSoup(token.content, "html.parser").get_text(" ", strip=True)
    return ""


def _inline(children: list[Token]) -> str:
    shown = {"softbreak": " ", "hardbreak": "\n", "html_inline": ""}
    return "".join(shown.get(child.type, child.content) for child in children)

"""Reads plain text, and decides what is text at all.

The format has no pages: it becomes one page without a number.
"""

from __future__ import annotations

import codecs
import itertools
import re
from pathlib import Path

from .document import Document, PageWriter, Unreadable
from .western import is_western

HARD_WRAPPED = 50
"""A line of plain text at least this long was broken by its width, and the next one goes on."""

ITEM = re.compile(r"\s*(?:[-*•+–]|\d{1,3}[.)])\s")
"""How the line of an item begins."""


def read_text(path: Path) -> Document:
    """Read plain text: paragraphs between empty lines, lines of full width joined. Raises `Unreadable` where the file is not text."""
    writer = PageWriter(None)
    for paragraph in re.split(r"\n[ \t]*\n", decoded(path.read_bytes())):
        lines = [line.rstrip() for line in paragraph.splitlines() if line.strip()]
        if lines:
            writer.block(lines[0].strip())
        for before, line in itertools.pairwise(lines):
            writer.add(" " if len(before) >= HARD_WRAPPED and not ITEM.match(line) else "\n")
            writer.add(line.strip())
    return Document("", (writer.page(),))


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, or else in that of old Western Windows files. Raises `Unreadable` for what is neither."""
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not utf16 and b"\0" in content:
        raise Unreadable("it is not text")
    for encoding in ["utf-16"] if utf16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp1252" or is_western(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Unreadable("it is not text in an encoding that we know; save it as UTF-8")

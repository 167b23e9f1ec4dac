"""Words for a terminal: what documents, files and services say, without what a terminal would take for an order."""

from __future__ import annotations

from unicodedata import category

JOINERS = "\u200c\u200d"
"""Signs without a width that words of some languages need, as Persian and Hindi."""


def plain(words: str) -> str:
    """Words from elsewhere on one line, without what would move the terminal's cursor: a file may be called anything."""
    return "".join(each if each.isprintable() or each in JOINERS or category(each) == "Zs" else "\ufffd" for each in words)


def plain_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(plain(line) for line in text.splitlines())


def counted(count: int, noun: str) -> str:
    """A number with its noun, as in "1 page"."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"

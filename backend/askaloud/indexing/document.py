"""The nouns of reading: a document is pages, a page is text with headings and with the places of its words.

What every format becomes before it is split. Positions are counted in characters of a page's text.
"""

from __future__ import annotations

import msgspec

CELL = " | "
"""Between the cells of a table's row."""


class Unreadable(Exception):  # noqa: N818 - it names the state of a file
    """A file that cannot be read. The message is the reason, fit for a list of files."""


class Heading(msgspec.Struct, frozen=True):
    """A heading that stands in the page's text from `start` to `end`. `level` counts from 1, the highest."""

    level: int
    start: int
    end: int
    text: str


class Word(msgspec.Struct, frozen=True):
    """A word of the page's text and its box: left, top, right, bottom in fractions of the page as seen, from the top left."""

    start: int
    end: int
    box: tuple[float, float, float, float]


class Page(msgspec.Struct, frozen=True):
    """One page. `number` counts from 1; None where the format has no pages and this is all of it. `words` only where they have places."""

    number: int | None
    text: str
    headings: tuple[Heading, ...] = ()
    words: tuple[Word, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """A file that was read. `title` is what the document calls itself; "" where it does not."""

    title: str
    pages: tuple[Page, ...]


class PageWriter:
    """Puts the text of a page together and remembers where its headings and words stand."""

    def __init__(self, number: int | None) -> None:
        self._number = number
        self._parts: list[str] = []
        self._headings: list[Heading] = []
        self._words: list[Word] = []
        self._last_kind = ""
        self.length = 0

    def add(self, text: str) -> tuple[int, int]:
        """Append text as it is; tells where it stands."""
        start = self.length
        self._parts.append(text)
        self.length += len(text)
        return start, self.length

    def word(self, text: str, box: tuple[float, float, float, float]) -> None:
        """A word with its place."""
        self._words.append(Word(*self.add(text), box))

    def block(self, text: str, kind: str = "paragraph") -> None:
        """A block of text: list items follow each other line by line, table rows too, all else after an empty line."""
        if self._parts:
            self.add("\n" if kind == self._last_kind and kind in {"item", "row"} else "\n\n")
        self.add(text)
        self._last_kind = kind

    def heading(self, level: int, text: str) -> None:
        """A heading, in a block of its own."""
        self.block(text, "heading")
        self._headings.append(Heading(level, self.length - len(text), self.length, text))

    def call_heading(self, level: int, start: int) -> None:
        """Call what was added since `start` a heading."""
        self._headings.append(Heading(level, start, self.length, "".join(self._parts)[start:]))

    def page(self) -> Page:
        """The page as it is now."""
        return Page(self._number, "".join(self._parts), tuple(self._headings), tuple(self._words))


def unpaged(writer: PageWriter, title: str) -> Document:
    """A document of one page without a number; its first of the highest headings is its title where it names none."""
    page = writer.page()
    highest = min(page.headings, key=lambda heading: heading.level, default=None)
    return Document(" ".join(title.split()) or (highest.text if highest else ""), (page,))

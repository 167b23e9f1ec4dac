"""The lines of one PDF page as PDFium finds them: words, their size, and where they stand.

Only takes them out; what is a heading, a paragraph or a running foot is decided in `pdf.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from ctypes import c_int
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

PAGE_CHARS = 200_000
"""Characters of one page: fifty times a full one. The rest of such a page is left out."""

CELL_GAP = 1.6
"""A gap between two words, in sizes of their letters, that no justified line has."""

SAME_LINE = 0.8
"""Two pieces whose heights overlap by at least this share stand on one line."""

FINE = 1_000_000
"""Steps along each side of the page when a few of its own coordinates are turned into fractions."""

UNIT = 500.0
"""Points between those: about the width of a page, so that a step more or less does not count."""

View = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Two rows of an affine map: across and down, each as constant, share of x, share of y."""


@dataclass(slots=True)
class Glyphs:
    """Letters without a space between them: text, size, and the box in the page's own coordinates (y upwards)."""

    text: str
    size: float
    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Line:
    """The words that PDFium puts on one line. `above` is the share of the page's height over its middle."""

    words: list[Glyphs]
    boxes: list[tuple[float, float, float, float]]
    size: float
    left: float
    bottom: float
    right: float
    top: float

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def cells(self) -> list[int]:
        """The positions of words that begin a new cell of a table: those after a wide gap."""
        return [at for at in range(1, len(self.words)) if self.words[at].left - self.words[at - 1].right > CELL_GAP * self.size]

    @property
    def above(self) -> float:
        """How far down the page its middle is, 0 to 1."""
        return (self.boxes[0][1] + self.boxes[0][3]) / 2

    @property
    def height(self) -> float:
        """Height of its letters in points."""
        return max(self.top - self.bottom, 1.0)


def lines_of(document: Any, number: int) -> list[Line]:
    """The lines of one page, in PDFium's order. A page that cannot be read has none: the others still count."""
    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return []
    to_fraction = _view_of(page)
    lines: list[Line] = []
    for words in _words_by_line(text.raw, min(text.count_chars(), PAGE_CHARS)):
        sizes = Counter[float]()
        for word in words:
            sizes[word.size] += len(word.text)
        sides = (min(w.left for w in words), min(w.bottom for w in words), max(w.right for w in words), max(w.top for w in words))
        line = Line(words, [_fractions(word, to_fraction) for word in words], sizes.most_common(1)[0][0], *sides)
        if not (lines and _beside(lines[-1], line)):
            lines.append(line)
        else:
            lines[-1] = _one_line(lines[-1], line)
    return lines


def _beside(before: Line, line: Line) -> bool:
    """Whether PDFium parted what stands on one line, as it does with some cells of a table."""
    shared = min(before.top, line.top) - max(before.bottom, line.bottom)
    return before.size == line.size and line.left > before.right and shared >= SAME_LINE * min(before.height, line.height)


def _one_line(before: Line, line: Line) -> Line:
    sides = (before.left, min(before.bottom, line.bottom), line.right, max(before.top, line.top))
    return Line(before.words + line.words, before.boxes + line.boxes, before.size, *sides)


def _words_by_line(text: Any, count: int) -> Iterator[list[Glyphs]]:
    """Words as PDFium orders them. Their boxes are asked for at their first and last letter only: most of the time goes into asking."""
    words: list[Glyphs] = []
    letters: list[str] = []
    first = high = 0
    for index in range(count + 1):
        code = pdf.FPDFText_GetUnicode(text, index) if index < count else ord("\n")
        if 0xD800 <= code < 0xDC00:  # the first half of a letter beyond 16 bits; the second follows
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        character, high = chr(code), 0
        if not character.isspace() and code:
            first = first if letters else index
            letters.append(character)
            continue
        if letters:
            words.append(_glyphs(text, "".join(letters), first, index - 1))
            letters = []
        if character in "\r\n" and words:
            yield words
            words = []


def _glyphs(text: Any, letters: str, first: int, last: int) -> Glyphs:
    begin, end = pdf.FS_RECTF(), pdf.FS_RECTF()
    pdf.FPDFText_GetLooseCharBox(text, first, begin)
    pdf.FPDFText_GetLooseCharBox(text, last, end)
    size = round(pdf.FPDFText_GetFontSize(text, first) * 2) / 2
    left, bottom = min(begin.left, end.left), min(begin.bottom, end.bottom)
    return Glyphs(letters, size, left, bottom, max(begin.right, end.right), max(begin.top, end.top))


def _view_of(page: Any) -> View:
    """How the page's own coordinates lie on the page as it is seen: cropped and turned, y downwards."""
    points = []
    for x, y in ((0.0, 0.0), (UNIT, 0.0), (0.0, UNIT)):
        across, down = c_int(), c_int()
        pdf.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
        points.append((across.value / FINE, down.value / FINE))
    (x0, y0), (x1, y1), (x2, y2) = points
    return (x0, (x1 - x0) / UNIT, (x2 - x0) / UNIT), (y0, (y1 - y0) / UNIT, (y2 - y0) / UNIT)


def _fractions(word: Glyphs, view: View) -> tuple[float, float, float, float]:
    (x0, xx, xy), (y0, yx, yy) = view
    across = [x0 + xx * x + xy * y for x, y in ((word.left, word.top), (word.right, word.bottom))]
    down = [y0 + yx * x + yy * y for x, y in ((word.left, word.top), (word.right, word.bottom))]
    return _clipped(min(across)), _clipped(min(down)), _clipped(max(across)), _clipped(max(down))


def _clipped(fraction: float) -> float:
    return min(max(fraction, 0.0), 1.0)

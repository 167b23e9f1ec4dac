"""Where the mark goes on a page: over a whole passage, or over a few of its characters alone.

Knows PDFium's page and the passage's words, in the process that draws; nothing of pictures or files. A sentence that is not found where
the passage stands is not guessed at: then the whole passage is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import c_double
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdf

PAGE_CHARS = 200_000
"""Characters of a page that are looked at, as in reading: the passages of such a page come from these."""

COMPARED_CHARS = 40
"""Letters and digits at each end of a passage that must stand on the page before it is marked."""

FOUND_AT_MOST = 50
"""Places of the same words that are compared with where the passage stands; a table may repeat its words hundreds of times."""

INSIDE = 0.8
"""The share of its letters that must lie in the passage's boxes for a place to be the passage's."""

SAME_LINE = 0.5
"""Two letters whose heights overlap by at least this share stand on one line."""

GAP = 2.0
"""A gap between letters of one line, in their heights, that a mark does not run over: there is another cell or column."""

FINE = 10_000
"""Steps along each side of the page when fractions are turned into its own coordinates."""

Fractions = tuple[float, float, float, float]
"""Left, top, right, bottom in fractions of the page as it is seen."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in the page's own coordinates: y upwards, before cropping and turning."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, other: Area) -> bool:
        """Whether the middle of the other lies in this one."""
        across, up = (other.left + other.right) / 2, (other.bottom + other.top) / 2
        return self.left <= across <= self.right and self.bottom <= up <= self.top

    def joined(self, other: Area) -> Area:
        """The smallest rectangle around both."""
        return Area(min(self.left, other.left), min(self.bottom, other.bottom), max(self.right, other.right), max(self.top, other.top))

    def goes_on(self, other: Area) -> bool:
        """Whether the other stands on the same line beside this one, on either side: some scripts run to the left."""
        height = min(self.top - self.bottom, other.top - other.bottom)
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        apart = max(self.left, other.left) - min(self.right, other.right)
        return shared >= SAME_LINE * height and apart <= GAP * max(height, 1.0)


def marks(page: Any, text: str, boxes: list[Fractions], spans: Sequence[tuple[int, int]] = ()) -> list[Area] | None:
    """The areas to mark for the passage `text` that stands in `boxes`, or for its characters within `spans` alone: from each first up to
    each second. Where one of them is not found, the whole passage is marked.

    None where the passage is not on this page (any more). Without boxes nothing is marked and nothing compared.
    """
    if not boxes:
        return []
    letters = Letters(page)
    wanted = _bare(text)
    if wanted[:COMPARED_CHARS] not in letters.text or wanted[-COMPARED_CHARS:] not in letters.text:
        return None
    whole = [_area(page, box) for box in boxes]
    found = [_of_letters(letters, wanted, len(_bare(text[:begin])), len(_bare(text[:end])), whole) for begin, end in spans]
    return [area for areas in found for area in areas] if found and all(found) else whole


class Letters:
    """The letters and digits of a page, in PDFium's order. Spaces and hyphens are the reader's doing, and are left out."""

    def __init__(self, page: Any) -> None:
        self._page_text = page.get_textpage()
        self._at: list[int] = []
        letters: list[str] = []
        high = 0
        for index in range(min(self._page_text.count_chars(), PAGE_CHARS)):
            code = pdf.FPDFText_GetUnicode(self._page_text.raw, index)
            if 0xD800 <= code < 0xDC00:  # the first half of a letter beyond 16 bits; the second follows
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
            if chr(code).isalnum():
                letters.append(chr(code))
                self._at.append(index)
        self.text = "".join(letters)

    def areas(self, first: int, last: int) -> list[Area]:
        """Where the letters from `first` up to `last` stand, each for itself, as high as their line."""
        found = []
        for index in self._at[first:last]:
            box = pdf.FS_RECTF()
            pdf.FPDFText_GetLooseCharBox(self._page_text.raw, index, box)
            found.append(Area(box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)))
        return found


def _of_letters(letters: Letters, wanted: str, first: int, last: int, whole: list[Area]) -> list[Area]:
    """The lines of the wanted letters from `first` up to `last`; none where they are not found within the passage's own boxes.

    The passage is looked for as a whole, for a sentence may stand in it twice; else, where the reader has put its parts into another
    order, the sentence alone.
    """
    if first >= last:
        return []
    for words, skipped in ((wanted, first), (wanted[first:last], 0)):
        at = letters.text.find(words)
        for _ in range(FOUND_AT_MOST):
            if at < 0:
                break
            areas = letters.areas(at + skipped, at + skipped + last - first)
            inside = sum(any(box.holds(area) for box in whole) for area in areas)
            if inside >= INSIDE * len(areas):
                return _lines(areas)
            at = letters.text.find(words, at + 1)
    return []


def _lines(areas: list[Area]) -> list[Area]:
    lines: list[Area] = []
    for area in areas:
        if lines and lines[-1].goes_on(area):
            lines[-1] = lines[-1].joined(area)
        else:
            lines.append(area)
    return lines


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _area(page: Any, box: Fractions) -> Area:
    (left, top), (right, bottom) = _on_page(page, box[0], box[1]), _on_page(page, box[2], box[3])
    return Area(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _on_page(page: Any, across: float, down: float) -> tuple[float, float]:
    x, y = c_double(), c_double()
    pdf.FPDF_DeviceToPage(page, 0, 0, FINE, FINE, 0, round(across * FINE), round(down * FINE), x, y)
    return x.value, y.value

"""Draws one page of a PDF as a PNG, with a passage marked. Runs in a process of its own: `python -m askaloud.knowledge.draw`.

It opens the path it is given: which paths may be opened is decided by its owner, `pages.py`.
"""

from __future__ import annotations

import struct
import zlib
from ctypes import c_double
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from .pages import Drawn, Wanted
from .worker import work_until_owner_leaves

WIDTH_PX = 1200
"""Width of the picture: sharp on a card and when enlarged to a screen's width."""

PIXELS_AT_MOST = 4_000_000
"""Pixels of one picture (12 MB while it is drawn): a page may be a hundred times as high as wide."""

MARK = (255, 214, 64, 150)
"""Red, green, blue, opacity of the mark: the yellow of a text marker, multiplied, so that the words stay black."""

COMPARED_CHARS = 40
"""Letters and digits at each end of a passage that must stand on the page before it is marked."""

FINE = 10_000
"""Steps along each side of the page when fractions are turned into its own coordinates."""


def draw(wanted: Wanted) -> Drawn:
    """Draw what is wanted. A page without boxes is drawn without marks and without comparing words."""
    try:
        document = pdfium.PdfDocument(Path(wanted.path))
    except (pdfium.PdfiumError, OSError):
        return Drawn(problem="unreadable")
    with document:
        if not 1 <= wanted.page <= len(document):
            return Drawn(problem="no_page")
        try:
            page = document[wanted.page - 1]
            if wanted.boxes and not _stands_there(page, wanted.text):
                return Drawn(problem="changed")
            for box in wanted.boxes:
                _mark(page, box)
            return Drawn(png=_picture(page))
        except pdfium.PdfiumError:
            return Drawn(problem="unreadable")


def _stands_there(page: Any, text: str) -> bool:
    """Whether the passage begins and ends on this page. Letters and digits only: spaces and hyphens are the reader's doing."""
    on_page, wanted = _bare(page.get_textpage().get_text_range()), _bare(text)
    return wanted[:COMPARED_CHARS] in on_page and wanted[-COMPARED_CHARS:] in on_page


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _mark(page: Any, box: tuple[float, float, float, float]) -> None:
    """Lay a rectangle over the box, as an object of the page, multiplied with what is under it."""
    left, top = _on_page(page, box[0], box[1])
    right, bottom = _on_page(page, box[2], box[3])
    rectangle = pdf.FPDFPageObj_CreateNewRect(min(left, right), min(top, bottom), abs(right - left), abs(top - bottom))
    pdf.FPDFPath_SetDrawMode(rectangle, pdf.FPDF_FILLMODE_WINDING, False)
    pdf.FPDFPageObj_SetFillColor(rectangle, *MARK)
    pdf.FPDFPageObj_SetBlendMode(rectangle, b"Multiply")
    pdf.FPDFPage_InsertObject(page, rectangle)


def _on_page(page: Any, across: float, down: float) -> tuple[float, float]:
    x, y = c_double(), c_double()
    pdf.FPDF_DeviceToPage(page, 0, 0, FINE, FINE, 0, round(across * FINE), round(down * FINE), x, y)
    return x.value, y.value


def _picture(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(WIDTH_PX / max(width, 1.0), (PIXELS_AT_MOST / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, limit_image_cache=True)
    return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Rows of red, green, blue (and alpha), or of one grey, as a PNG file."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + pixels[start : start + width * channels] for start in range(0, stride * height, stride))
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _answer(request: bytes) -> bytes:
    return msgspec.msgpack.encode(draw(msgspec.msgpack.decode(request, type=Wanted)))


if __name__ == "__main__":
    work_until_owner_leaves(_answer)

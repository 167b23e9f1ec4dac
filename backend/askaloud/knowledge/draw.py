"""Draws one page of a PDF as a PNG, with a passage marked. Runs in a process of its own: `python -m askaloud.knowledge.draw`.

It opens the path it is given: which paths may be opened is decided by its owner, `pages.py`.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from .marks import Area, marks
from .pages import Drawn, Wanted
from .worker import work_until_owner_leaves

WIDTH_PX = 1200
"""Width of the picture: sharp on a card and when enlarged to a screen's width."""

PIXELS_AT_MOST = 4_000_000
"""Pixels of one picture (12 MB while it is drawn): a page may be a hundred times as high as wide."""

MARK = (255, 214, 64, 150)
"""Red, green, blue, opacity of the mark: the yellow of a text marker, multiplied, so that the words stay black."""


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
            areas = marks(page, wanted.text, wanted.boxes, wanted.spans)
            if areas is None:
                return Drawn(problem="changed")
            for area in areas:
                _mark(page, area)
            return Drawn(png=_picture(page))
        except pdfium.PdfiumError:
            return Drawn(problem="unreadable")


def _mark(page: Any, area: Area) -> None:
    """Lay a rectangle over the area, as an object of the page, multiplied with what is under it."""
    rectangle = pdf.FPDFPageObj_CreateNewRect(area.left, area.bottom, area.right - area.left, area.top - area.bottom)
    pdf.FPDFPath_SetDrawMode(rectangle, pdf.FPDF_FILLMODE_WINDING, False)
    pdf.FPDFPageObj_SetFillColor(rectangle, *MARK)
    pdf.FPDFPageObj_SetBlendMode(rectangle, b"Multiply")
    pdf.FPDFPage_InsertObject(page, rectangle)


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

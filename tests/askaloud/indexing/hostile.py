"""Files that mean harm: small to send, endless to read. Each is made in a folder, with a word of the reason for which it is refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from tests.askaloud.indexing.office import bomb, book, letter, replaced, show

BOMB_BYTES = 200_000_000
PAPER_MB = 1500

Make = Callable[[Path], Path]


def _word_bomb(folder: Path) -> Path:
    return bomb(folder / "bomb.docx", letter(folder / "plain.docx", ("Normal", "x")), "word/document.xml", BOMB_BYTES)


def _slide_bomb(folder: Path) -> Path:
    return bomb(folder / "bomb.pptx", show(folder / "plain.pptx", ("x", ["x"])), "ppt/slides/slide1.xml", BOMB_BYTES)


def _sheet_bomb(folder: Path) -> Path:
    return bomb(folder / "bomb.xlsx", book(folder / "plain.xlsx", {"x": [["x"]]}), "xl/worksheets/sheet1.xml", BOMB_BYTES)


def _laughing_sheet(folder: Path) -> Path:
    """A part whose entities unfold to a billion words."""
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    content = f'<!DOCTYPE a [<!ENTITY e0 "laugh">{entities}]><workbook>&e9;</workbook>'.encode()
    return replaced(folder / "laugh.xlsx", book(folder / "plain.xlsx", {"x": [["x"]]}), "xl/workbook.xml", content)


def _endless_paper(folder: Path) -> Path:
    """A PDF of a hundred thousand pages, all of them the same one."""
    return _pdf(folder / "endless.pdf", "3 0 R " * 100_000, 100_000)


def _paper_bomb(folder: Path) -> Path:
    """A PDF whose page unpacks to more than a reading process may have."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(PAPER_MB)) + packer.flush()
    return _pdf(folder / "bomb.pdf", "3 0 R", 1, packed)


def _pdf(path: Path, kids: str, count: int, content: bytes = zlib.compress(b"")) -> Path:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    path.write_bytes(made)
    return path


def _deep_page(folder: Path) -> Path:
    return _text(folder / "deep.html", "<div>" * 60_000)


def _deep_quote(folder: Path) -> Path:
    return _text(folder / "deep.md", ">" * 200_000)


def _deep_json(folder: Path) -> Path:
    return _text(folder / "deep.json", '{"a":' * 200_000)


def _zeros(folder: Path) -> Path:
    path = folder / "zeros.txt"
    with path.open("wb") as file:
        file.truncate(19_000_000)
    return path


def _text(path: Path, words: str) -> Path:
    path.write_text(words)
    return path


HOSTILE: dict[str, tuple[Make, str]] = {
    "a Word file that unpacks to a thousand times its size": (_word_bomb, "unpacks to more"),
    "a presentation that unpacks to a thousand times its size": (_slide_bomb, "unpacks to more"),
    "an Excel file that unpacks to a thousand times its size": (_sheet_bomb, "unpacks to more"),
    "an Excel file of a billion laughs": (_laughing_sheet, "damaged"),
    "a PDF of 100,000 pages": (_endless_paper, "100,000 pages"),
    "a PDF whose page unpacks to 1.5 GB": (_paper_bomb, "it "),
    "HTML 60,000 deep": (_deep_page, "it "),
    "Markdown 200,000 deep": (_deep_quote, "it "),
    "JSON 200,000 deep": (_deep_json, "nested"),
    "zeros that call themselves text": (_zeros, "not text"),
}

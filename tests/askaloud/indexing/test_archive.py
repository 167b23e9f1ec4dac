from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from tests.askaloud.indexing.office import bomb, letter

from askaloud.indexing import archive
from askaloud.indexing.archive import ENCRYPTED, OLE, PARTS_AT_MOST, UNPACKED_BYTES, XML_BYTES, check_archive
from askaloud.indexing.document import Unreadable


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return letter(tmp_path / "plain.docx", ("Normal", "Thirty days."))


def test_a_plain_file_passes(plain: Path) -> None:
    check_archive(plain)


@pytest.mark.parametrize(("part", "size"), [("word/document.xml", XML_BYTES + 1_000_000), ("word/media/a.png", UNPACKED_BYTES + 1_000_000)])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, plain: Path, part: str, size: int) -> None:
    made = bomb(tmp_path / "bomb.docx", plain, part, size)
    assert made.stat().st_size < 1_000_000
    with pytest.raises(Unreadable, match="unpacks to more than"):
        check_archive(made)


def test_many_parts_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.docx", "w") as made:
        for number in range(PARTS_AT_MOST + 1):
            made.writestr(str(number), b"")
    with pytest.raises(Unreadable, match="parts"):
        check_archive(tmp_path / "many.docx")


def test_a_part_that_says_less_than_it_holds_is_not_unpacked_beyond_what_it_says(tmp_path: Path, plain: Path) -> None:
    made = bomb(tmp_path / "liar.docx", plain, "word/document.xml", 50_000_000)
    content = made.read_bytes()
    made.write_bytes(content.replace(struct.pack("<L", 50_000_000), struct.pack("<L", 1_000)))
    with zipfile.ZipFile(made) as opened, pytest.raises(zipfile.BadZipFile), opened.open("word/document.xml") as part:
        part.read()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK and no more", "damaged"),
        (b"", "damaged"),
        (OLE + bytes(5000) + ENCRYPTED, "encrypted"),
        (OLE + bytes(archive.LOOK_BYTES * 2) + ENCRYPTED + bytes(99), "encrypted"),
        (OLE + bytes(5000), "format before 2007"),
    ],
)
def test_what_is_no_such_archive_is_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.docx").write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        check_archive(tmp_path / "a.docx")

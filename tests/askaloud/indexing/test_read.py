from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.askaloud.indexing.papers import chapter, paper, words

from askaloud.indexing.read import FORMATS, Reader, read_file

WORDS = "You can work from abroad for thirty days in a calendar year."


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    made = Reader()
    yield made
    await made.close()


def written(folder: Path, ending: str) -> Path:
    path = folder / f"file{ending}"
    if ending == ".pdf":
        return paper(path, [chapter("Leave"), words(WORDS)])
    path.write_text(f"<h1>Leave</h1><p>{WORDS}</p>" if ending.startswith(".htm") else f"# Leave\n\n{WORDS}\n")
    return path


@pytest.mark.parametrize("ending", [*FORMATS, ".PDF", ".Md"])
async def test_each_format_that_we_promise_is_read(reader: Reader, tmp_path: Path, ending: str) -> None:
    reading = await reader.read(written(tmp_path, ending.lower()).rename(tmp_path / f"file{ending}"))
    assert reading.problem == ""
    assert WORDS in reading.pieces[0].text
    assert reading.pieces[0].page == (1 if ending.lower() == ".pdf" else None)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 and then nothing", "damaged"),
        ("a.txt", b"\x00\x01", "not text"),
        ("a.md", b"\n\n   \n", "empty"),
        ("a.html", b"<html></html>", "empty"),
        ("a.docx", b"PK", "format"),
    ],
)
async def test_what_cannot_be_read_is_a_reason(reader: Reader, tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    reading = await reader.read(path)
    assert reason in reading.problem
    assert reading.pieces == ()


async def test_a_bad_file_among_good_ones_costs_only_itself(reader: Reader, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7" + bytes(range(256)) * 50)
    assert (await reader.read(bad)).problem
    assert not (await reader.read(written(tmp_path, ".pdf"))).problem


async def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    reader = Reader(limit_s=0.0)
    assert "took longer" in (await reader.read(written(tmp_path, ".md"))).problem
    await reader.close()


def test_a_file_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    assert "cannot be opened" in read_file(tmp_path / "gone.md").problem

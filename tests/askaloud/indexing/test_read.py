from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.askaloud.indexing.hostile import HOSTILE
from tests.askaloud.indexing.office import book, letter, show
from tests.askaloud.indexing.papers import chapter, paper, words

from askaloud.indexing.read import FORMATS, MEMORY_BYTES, Reader, read_file

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
    if ending == ".docx":
        return letter(path, ("Heading 1", "Leave"), ("Normal", WORDS))
    if ending == ".pptx":
        return show(path, ("Leave", [WORDS]))
    if ending == ".xlsx":
        return book(path, {"Leave": [["Rule"], [WORDS]]})
    texts = {".htm": f"<h1>Leave</h1><p>{WORDS}</p>", ".csv": f"Rule,Days\n{WORDS},30\n", ".json": json.dumps({"rule": WORDS})}
    path.write_text(next((text for begin, text in texts.items() if ending.startswith(begin)), f"# Leave\n\n{WORDS}\n"))
    return path


@pytest.mark.parametrize("ending", [*FORMATS, ".PDF", ".Md"])
async def test_each_format_that_we_promise_is_read(reader: Reader, tmp_path: Path, ending: str) -> None:
    reading = await reader.read(written(tmp_path, ending.lower()).rename(tmp_path / f"file{ending}"))
    assert reading.problem == ""
    assert WORDS in reading.pieces[0].text
    assert reading.pieces[0].page == (1 if ending.lower() in {".pdf", ".pptx", ".xlsx"} else None)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 and then nothing", "damaged"),
        ("a.txt", b"\x00\x01", "not text"),
        ("a.md", b"\n\n   \n", "empty"),
        ("a.html", b"<html></html>", "empty"),
        ("a.docx", b"PK", "damaged"),
        ("a.pptx", b"PK", "damaged"),
        ("a.xlsx", b"PK", "damaged"),
        ("a.csv", b"\x00", "not text"),
        ("a.json", b"{", "not JSON"),
        ("a.odt", b"PK", "format"),
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


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_file_costs_only_itself_and_says_why(reader: Reader, tmp_path: Path, kind: str) -> None:
    make, reason = HOSTILE[kind]
    reading = await reader.read(make(tmp_path))
    assert reason in reading.problem
    assert (await reader.read(written(tmp_path, ".md"))).problem == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
async def test_reading_hostile_files_never_takes_more_memory_than_its_bound(tmp_path: Path) -> None:
    paths = [make(tmp_path) for make, _ in HOSTILE.values()]
    reading = "import asyncio, resource, sys, pathlib; from askaloud.indexing.read import Reader\n" + (
        "async def all():\n reader = Reader()\n for path in sys.argv[1:]: await reader.read(pathlib.Path(path))\n await reader.close()\n"
        "asyncio.run(all()); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", reading, *map(str, paths), stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert 0 < int(said) * 1024 < MEMORY_BYTES


async def test_a_file_below_a_folder_whose_name_is_not_text_is_read(reader: Reader, tmp_path: Path) -> None:
    place = tmp_path / b"b\xe4d".decode(errors="surrogateescape")
    place.mkdir()
    for ending in FORMATS:
        assert (await reader.read(written(place, ending))).problem == ""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.askaloud.indexing.hostile import HOSTILE

from askaloud.indexing.files import File
from askaloud.indexing.readers import AT_ONCE_MAX, Readers, readers_here

WORDS = "You can work from abroad for thirty days in a calendar year, says rule number"


def files(folder: Path, count: int) -> list[File]:
    made = []
    for number in range(count):
        path = folder / f"{number}.txt"
        path.write_text(f"{WORDS} {number}.")
        made.append(File(path.name, path, datetime.now(UTC)))
    return made


async def test_every_file_is_read_once_whatever_the_number_of_processes(tmp_path: Path) -> None:
    given = files(tmp_path, 25)
    for at_once in (1, 3):
        async with Readers(at_once=at_once) as readers:
            found = {file.path: reading.pieces[0].text async for file, reading in readers.read(given)}
        assert found == {f"{number}.txt": f"{WORDS} {number}." for number in range(25)}


async def test_a_file_that_never_ends_holds_up_no_other(tmp_path: Path) -> None:
    make, _ = HOSTILE["JSON 200,000 deep"]
    bad = make(tmp_path)
    given = [File(bad.name, bad, datetime.now(UTC)), *files(tmp_path, 4)]
    async with Readers(at_once=2) as readers:
        found = {file.path: reading.problem async for file, reading in readers.read(given)}
    assert {path for path, problem in found.items() if problem} == {bad.name}
    assert len(found) == 5


async def test_leaving_in_the_midst_ends_the_processes(tmp_path: Path) -> None:
    async with Readers(at_once=2) as readers:
        reading = readers.read(files(tmp_path, 9))
        async for _ in reading:
            break
        await reading.aclose()


def test_there_are_as_many_as_there_are_cores_within_bounds() -> None:
    assert 1 <= readers_here() <= AT_ONCE_MAX

"""The command as an admin types it, against a stand-in's search door over a real socket."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.askaloud.indexing.papers import chapter, paper, words
from tests.askaloud.knowledge.search_doors import INDEX, KEY, standing_in
from tests.commands import ROOT, clean_environment

from askaloud.indexing.sync import SAMPLES_SOURCE
from askaloud.knowledge.base import KnowledgeBase

SCRIPT = ROOT / "scripts" / "index_documents.py"
WORDS = "You can work from abroad for thirty days in a calendar year, and only working days count."


@pytest.fixture
async def knowledge(tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    async with standing_in(tmp_path) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "handbooks"
    made.mkdir()
    paper(made / "leave.pdf", [chapter("Leave"), words(WORDS)])
    (made / "parking.md").write_text("# Parking\n\nThe car park opens at seven in the morning and closes at eight.\n")
    return made


async def command(knowledge: KnowledgeBase, tmp_path: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """The exit code and what was said."""
    given = {"AZURE_SEARCH_ENDPOINT": knowledge.door.endpoint, "AZURE_SEARCH_API_KEY": KEY, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        *arguments,
        env=clean_environment(tmp_path / "data", **given),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    assert "Traceback" not in said.decode()
    assert KEY not in said.decode()
    return process.returncode, said.decode()


async def test_a_folder_is_shown_written_and_the_second_time_left_alone(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    code, said = await command(knowledge, tmp_path, str(folder), "--dry-run")
    assert (code, "Nothing was written" in said) == (0, True)
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "2 passages written" in said) == (0, True)
    assert "source 'handbooks' in the index 'askaloud'" in said
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "nothing was written" in said) == (0, True)
    assert [each.path async for each in knowledge.listed("handbooks")].sort() == ["leave.pdf", "parking.md"].sort()
    assert await knowledge.count() == 2


async def test_one_is_counted_as_one_and_how_it_can_be_found_is_said_in_a_sentence(
    knowledge: KnowledgeBase, tmp_path: Path, folder: Path
) -> None:
    (folder / "leave.pdf").unlink()
    code, said = await command(knowledge, tmp_path, str(folder))
    assert code == 0
    assert "Read 1 document with 1 page.\n" in said
    assert "Done: 1 passage written, 0 removed.\n" in said
    assert "They can be found by their words only. To find them by their meaning as well, set AZURE_OPENAI_EMBEDDING_DEPLOYMENT" in said


async def test_bad_files_are_named_and_the_code_says_so(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    (folder / "damaged [bold].pdf").write_bytes(b"%PDF-1.7")
    code, said = await command(knowledge, tmp_path, str(folder), "--source", "rules")
    assert code == 1
    assert "not read: damaged [bold].pdf: it is damaged, or not a PDF" in said
    assert len([each async for each in knowledge.listed("rules")]) == 2


async def test_removing_much_needs_yes(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    await command(knowledge, tmp_path, str(folder))
    (folder / "leave.pdf").unlink()
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "--yes" in said, await knowledge.count()) == (2, True, 2)
    code, _ = await command(knowledge, tmp_path, str(folder), "--yes")
    assert (code, await knowledge.count()) == (0, 1)


async def test_another_index_can_be_named(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    code, said = await command(knowledge, tmp_path, str(folder), "--index", "elsewhere")
    assert (code, "'elsewhere'" in said, INDEX in said) == (0, True, False)


@pytest.mark.parametrize("by_folder", [False, True])
async def test_the_name_of_the_samples_is_refused(knowledge: KnowledgeBase, tmp_path: Path, folder: Path, by_folder: bool) -> None:
    namesake = tmp_path / "elsewhere" / SAMPLES_SOURCE
    namesake.mkdir(parents=True)
    arguments = [str(namesake)] if by_folder else [str(folder), "--source", SAMPLES_SOURCE]
    code, said = await command(knowledge, tmp_path, *arguments)
    assert (code, "is kept for the stand-in's samples: give another name with --source" in said) == (2, True)


async def test_what_keeps_it_from_running_is_a_sentence(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    code, said = await command(knowledge, tmp_path, str(tmp_path / "nowhere"))
    assert (code, "is not a folder" in said) == (2, True)
    code, said = await command(knowledge, tmp_path, str(folder), AZURE_SEARCH_ENDPOINT="http://127.0.0.1:9")
    assert (code, "AZURE_SEARCH_ENDPOINT" in said) == (2, True)
    code, said = await command(knowledge, tmp_path, str(folder), AZURE_SEARCH_ENDPOINT="ftp://x")
    assert (code, "AZURE_SEARCH_ENDPOINT" in said) == (2, True)

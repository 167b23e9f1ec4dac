"""The command as an admin types it, against a stand-in's search door over a real socket."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import KEY, Answer, ScriptedDoor, scripted, standing_in
from tests.commands import ROOT, clean_environment

from askaloud.knowledge.base import KnowledgeBase

SCRIPT = ROOT / "scripts" / "show_index.py"

RECORDS = (
    record("p1", "You can work from abroad for thirty days.", path="rules/leave [new].pdf", page=2),
    record("p2", "Ask your manager before you work from abroad.", path="rules/leave [new].pdf", page=3),
    record("p3", "Salaries of those who work abroad are paid in euros.", path="rules/pay.pdf", page=1, groups=("hr", "board")),
    record("p4", "The car park opens at seven.", path="parking.md", page=None, source="house"),
    record("p5", "The old car park was closed.", path="parking.md", page=None, source="attic"),
)


@pytest.fixture
async def knowledge(tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    async with standing_in(tmp_path) as made:
        await made.create()
        await made.put(RECORDS)
        yield made


async def command(knowledge: KnowledgeBase, tmp_path: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """The exit code and what was said."""
    given = {"AZURE_SEARCH_ENDPOINT": knowledge.door.endpoint, "AZURE_SEARCH_API_KEY": KEY, **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), *arguments),
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


def row(said: str, document: str) -> list[str]:
    """The cells of a document's row."""
    (line,) = (line for line in said.splitlines() if document in line)
    return [cell for cell in line.replace(document, "").split("  ") if cell.strip()]


async def test_each_document_is_shown_with_pages_passages_readers_and_last_change(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path)
    assert code == 0
    assert [cell.strip() for cell in row(said, "rules/leave [new].pdf")] == ["handbooks", "2", "2", "everybody", "2026-03-01 12:30"]
    assert [cell.strip() for cell in row(said, "rules/pay.pdf")] == ["handbooks", "1", "1", "board, hr", "2026-03-01 12:30"]
    assert "4 documents, 5 passages." in said


async def test_a_source_is_shown_alone(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path, "--source", "house")
    assert (code, "1 document, 1 passage." in said, "rules" in said) == (0, True, False)


async def test_a_question_shows_what_the_assistant_is_given_with_scores(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path, "--search", "How long may I work from abroad?")
    assert code == 0
    assert '<passage id="1" title="Handbook" page="2"' in said
    assert "You can work from abroad for thirty days." in said
    assert "Salaries" not in said
    assert any(line.split()[0] == "1" and float(line.split()[1]) > 0 for line in said.splitlines() if line.rstrip().endswith("p1"))
    _, said = await command(knowledge, tmp_path, "--search", "How long may I work from abroad?", "--groups", "hr")
    assert "Salaries" in said


async def test_a_question_without_an_answer_shows_what_the_assistant_hears_then(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path, "--search", "zebra")
    assert (code, "The search found nothing" in said) == (0, True)


async def test_a_document_is_removed_only_when_it_is_meant(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path, "--remove", "rules/leave [new].pdf")
    assert (code, "--yes" in said, await knowledge.count()) == (2, True, 5)
    code, said = await command(knowledge, tmp_path, "--remove", "rules/leave [new].pdf", "--yes")
    assert (code, "Removed." in said, await knowledge.count()) == (0, True, 3)


async def test_a_folder_is_removed_with_all_that_is_below_it(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, _ = await command(knowledge, tmp_path, "--remove", "rules/", "--yes")
    assert code == 0
    assert {each.document async for each in knowledge.contents()} == {"parking.md"}


async def test_which_of_two_sources_is_meant_has_to_be_said(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path, "--remove", "parking.md", "--yes")
    assert (code, "('attic', 'house'): name one with --source" in said, await knowledge.count()) == (2, True, 5)
    code, _ = await command(knowledge, tmp_path, "--remove", "parking.md", "--source", "attic", "--yes")
    assert (code, {each.source async for each in knowledge.contents()}) == (0, {"handbooks", "house"})


async def test_what_is_not_there_cannot_be_removed(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    code, said = await command(knowledge, tmp_path, "--remove", "rules/le", "--yes")
    assert (code, "There is no document 'rules/le' in it" in said) == (2, True)


async def test_passages_that_the_service_keeps_are_counted(tmp_path: Path) -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [dict(record(id).document(), vector=None) for id in ("p1", "p2")]}))
    door.script(
        "write",
        Answer({"value": [{"key": "p1", "status": True, "statusCode": 200}, {"key": "p2", "status": False, "statusCode": 400}]}, 207),
    )
    async with scripted(door) as knowledge:
        code, said = await command(knowledge, tmp_path, "--remove", "handbook.pdf", "--yes")
    assert (code, "did not remove 1 passage" in said) == (1, True)


async def test_what_keeps_it_from_running_is_a_sentence(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    for arguments in ((), ("--search", "x"), ("--remove", "x", "--yes")):
        code, said = await command(knowledge, tmp_path, *arguments, AZURE_SEARCH_ENDPOINT="http://127.0.0.1:9")
        assert (code, "cannot be reached" in said, "AZURE_SEARCH_ENDPOINT" in said) == (2, True, True)
    code, said = await command(knowledge, tmp_path, "--index", "nowhere")
    assert (code, "There are no documents in the index 'nowhere' yet" in said) == (2, True)
    code, said = await command(knowledge, tmp_path, AZURE_SEARCH_API_KEY="wrong")
    assert (code, "AZURE_SEARCH_API_KEY" in said) == (2, True)
    code, said = await command(knowledge, tmp_path, "--search", "x", "--groups", "a,,b")
    assert (code, "--groups" in said) == (2, True)


async def test_an_index_of_others_is_shown_and_nothing_is_removed_from_it(tmp_path: Path) -> None:
    fields = [
        {"name": "chunk_id", "type": "Edm.String", "key": True},
        {"name": "chunk", "type": "Edm.String", "searchable": True},
        {"name": "title", "type": "Edm.String"},
    ]
    found = [{"@search.score": 1.0, "chunk_id": f"c{at}", "chunk": "words", "title": f"{'AB'[at % 2]}.pdf"} for at in range(3)]
    door = ScriptedDoor({"name": "askaloud", "fields": fields})
    door.script("search", Answer({"value": found}), Answer({"value": found}))
    async with scripted(door) as knowledge:
        code, said = await command(knowledge, tmp_path)
        assert (code, "2 documents, 3 passages." in said) == (0, True)
        assert [cell.strip() for cell in row(said, "A.pdf")] == ["–", "2", "everybody", "–"]
        code, said = await command(knowledge, tmp_path, "--remove", "A.pdf", "--yes")
        assert (code, "is only read" in said) == (2, True)
    assert door.bodies("write") == []
    assert door.bodies("search")[0]["select"] == "chunk_id,title"

"""The command as an admin types it, against a stand-in's search door over a real socket."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from quart import Response
from tests.askaloud.indexing.office import letter
from tests.askaloud.indexing.papers import chapter, paper, words
from tests.askaloud.indexing.troubled_door import KeepingDoor
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.search_doors import INDEX, KEY, standing_in
from tests.commands import ROOT, clean_environment
from tests.serving import serving

from askaloud.indexing.sync import SAMPLES_SOURCE, sync
from askaloud.knowledge.base import KnowledgeBase
from askaloud.settings import SearchDoor

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
    process = await started(tmp_path, *arguments, **given)
    said, _ = await process.communicate()
    assert process.returncode is not None
    assert "Traceback" not in said.decode()
    assert KEY not in said.decode()
    return process.returncode, said.decode()


async def started(tmp_path: Path, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    """The command, running."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        *arguments,
        env=clean_environment(tmp_path / "data", **settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_a_folder_is_shown_written_and_the_second_time_left_alone(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    code, said = await command(knowledge, tmp_path, str(folder), "--dry-run")
    assert (code, "Nothing was written" in said) == (0, True)
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "2 passages written" in said) == (0, True)
    assert "source 'handbooks' in the index 'askaloud'" in said
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "nothing was written" in said) == (0, True)
    assert {each.path async for each in knowledge.listed("handbooks")} == {"leave.pdf", "parking.md"}
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


def renamed(folder: Path, name: bytes) -> Path:
    """The folder under a name that may be no text."""
    return folder.rename(folder.with_name(name.decode(errors="surrogateescape")))


async def test_names_that_are_not_text_and_patterns_that_are_none_are_a_sentence(
    knowledge: KnowledgeBase, tmp_path: Path, folder: Path
) -> None:
    code, said = await command(knowledge, tmp_path, str(folder), "--exclude", "[z-a]")
    assert (code, "The pattern '[z-a]' of what to leave out is not clear" in said) == (2, True)
    odd = renamed(folder, b"b\xe4d\x1b[31m")
    code, said = await command(knowledge, tmp_path, str(odd))
    assert (code, "is not text: give the source another one with --source" in said) == (2, True)
    code, said = await command(knowledge, tmp_path, str(odd), "--source", "rules")
    assert (code, "2 passages written" in said, "\x1b[31m" in said) == (0, True, False)


async def test_removing_much_needs_yes(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    await command(knowledge, tmp_path, str(folder))
    (folder / "leave.pdf").unlink()
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "--yes" in said, await knowledge.count()) == (2, True, 2)
    code, _ = await command(knowledge, tmp_path, str(folder), "--yes")
    assert (code, await knowledge.count()) == (0, 1)


async def test_what_only_some_could_read_is_opened_to_everybody_only_when_that_is_meant(
    knowledge: KnowledgeBase, tmp_path: Path, folder: Path
) -> None:
    await command(knowledge, tmp_path, str(folder), "--groups", "staff")
    code, said = await command(knowledge, tmp_path, str(folder))
    assert (code, "let everybody read 2 passages that only some groups could read so far: nothing was written" in said) == (2, True)
    assert await knowledge.search("leave") == []
    code, _ = await command(knowledge, tmp_path, str(folder), "--yes")
    assert (code, len(await knowledge.search("leave"))) == (0, 1)


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


class WatchedDoor(KeepingDoor):
    """Tells of each request before it is answered; the first is 1."""

    def __init__(self, told: Callable[[int], None] = lambda _: None) -> None:
        super().__init__()
        self.requests = 0
        self.told = told

    async def _answer(self, rest: str) -> Response:
        self.requests += 1
        self.told(self.requests)
        return await super()._answer(rest)

    def passages(self, source: str = "many") -> dict[str, Any]:
        """All that is kept of one source."""
        return {id: row for id, row in self.kept.items() if row["source"] == source}


class Admin:
    """Runs the command against a door and an embedding deployment, and may be killed."""

    def __init__(self, door: str, model: str, tmp_path: Path) -> None:
        self._settings = {
            "AZURE_SEARCH_ENDPOINT": f"http://{door}",
            "AZURE_SEARCH_API_KEY": KEY,
            "AZURE_OPENAI_ENDPOINT": f"http://{model}",
            "AZURE_OPENAI_API_KEY": "planted-openai-key",
            "AZURE_OPENAI_REALTIME_DEPLOYMENT": "unused",
            "AZURE_OPENAI_EMBEDDING_DEPLOYMENT": "small",
        }
        self._tmp_path = tmp_path
        self.process: asyncio.subprocess.Process | None = None

    async def run(self, folder: Path, *arguments: str) -> tuple[int, str]:
        self.process = await started(self._tmp_path, str(folder), "--source", "many", "--yes", *arguments, **self._settings)
        said, _ = await self.process.communicate()
        assert "Traceback" not in said.decode()
        return self.process.returncode or 0, said.decode()

    def signalled(self, number: int) -> None:
        if self.process is not None and self.process.returncode is None:
            os.kill(self.process.pid, number)


async def indexed_afresh(folder: Path, source: str, door: str, model: str) -> None:
    """What an index would hold that was never in trouble, made without the command."""
    knowledge = await KnowledgeBase.open(SearchDoor(f"http://{door}", INDEX, KEY, "azure"), settings_for(model))
    try:
        await sync(folder, source, knowledge, may_remove_much=True)
    finally:
        await knowledge.close()


def many(folder: Path, rules: int = 110) -> Path:
    """Thirty documents, and two longer ones with a passage for each rule."""
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text("\n\n".join(f"Rule {number} of {name} about leave and pay. " * 14 for number in range(rules)))
    for number in range(30):
        (folder / f"{number}.md").write_text(f"# Rule {number}\n\nOne may work from abroad for {number} days in a calendar year.\n")
    letter(folder / "letter.docx", ("Heading 1", "Leave"), ("Normal", WORDS))
    return folder


def disturb(folder: Path, chance: random.Random) -> None:
    """Change a folder as people do: something is added, changed, renamed, removed."""
    papers = sorted(folder.glob("*.md"))
    changed, renamed, removed = chance.sample(papers, 3)
    changed.write_text(changed.read_text() + f"\nAnd {chance.randrange(10**6)} more days are given to those who ask.\n")
    renamed.rename(folder / f"renamed-{chance.randrange(10**6)}.md")
    removed.unlink()
    for _ in range(3):
        number = chance.randrange(10**6)
        (folder / f"new-{number}.md").write_text(f"# New {number}\n\nThis rule is new, and says that {number} is a number of days.\n")
    (folder / "one.txt").write_text((folder / "two.txt").read_text()[chance.randrange(5000) :])


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.long)])
async def test_runs_that_are_killed_at_any_moment_and_one_that_is_not_leave_what_a_fresh_one_would(tmp_path: Path, kills: int) -> None:
    chance = random.Random(kills)  # noqa: S311 - the same moments every time
    folder = many(tmp_path / "many")
    door, model, fresh = WatchedDoor(), ScriptedModel(), WatchedDoor()
    async with serving(door.app) as address, serving(model.app) as embeds, serving(fresh.app) as other:
        admin = Admin(address, embeds, tmp_path)
        killed = 0
        for _ in range(kills):
            fatal = door.requests + chance.randrange(1, 16)

            def kill(request: int, fatal: int = fatal) -> None:
                if request == fatal:
                    admin.signalled(signal.SIGKILL)

            door.told = kill
            code, _ = await admin.run(folder)
            killed += code == -signal.SIGKILL
            disturb(folder, chance)
        door.told = lambda _: None
        assert killed > kills / 3
        assert (await admin.run(folder))[0] == 0
        await indexed_afresh(folder, "many", other, embeds)
        assert door.passages() == fresh.passages()
        assert len(door.passages()) > 100
        uploads = door.uploads
        assert "nothing was written" in (await admin.run(folder))[1]
        assert door.uploads == uploads


async def test_ctrl_c_finishes_the_batch_in_hand_says_how_to_go_on_and_nothing_is_written_twice(tmp_path: Path) -> None:
    folder = many(tmp_path / "many", rules=500)
    door, model = WatchedDoor(), ScriptedModel()
    async with serving(door.app) as address, serving(model.app) as embeds:
        admin = Admin(address, embeds, tmp_path)

        def interrupt(_: int) -> None:
            if door.bodies("write"):
                door.told = lambda _: None
                admin.signalled(signal.SIGINT)

        door.told = interrupt
        code, said = await admin.run(folder)
        assert (code, "Finishing the batch in hand" in said, "same command goes on from here" in said) == (130, True, True)
        written = len(door.passages())
        assert 0 < written < 900
        assert door.uploads == written
        code, _ = await admin.run(folder)
        assert (code, door.uploads) == (0, len(door.passages()))


async def test_two_admins_at_once_lose_nothing_and_write_nothing_twice_into_the_index(tmp_path: Path) -> None:
    folder = many(tmp_path / "many")
    door, model, fresh = WatchedDoor(), ScriptedModel(), WatchedDoor()
    async with serving(door.app) as address, serving(model.app) as embeds, serving(fresh.app) as other:
        admins = [Admin(address, embeds, tmp_path) for _ in range(3)]
        runs = [admins[0].run(folder), admins[1].run(folder), admins[2].run(folder, "--source", "mine")]
        assert [code for code, _ in await asyncio.gather(*runs)] == [0, 0, 0]
        disturb(folder, random.Random(1))  # noqa: S311 - the same changes every time
        runs = [admins[0].run(folder), admins[1].run(folder), admins[2].run(folder, "--source", "mine")]
        assert [code for code, _ in await asyncio.gather(*runs)] == [0, 0, 0]
        for source in ("many", "mine"):
            await indexed_afresh(folder, source, other, embeds)
            assert door.passages(source) == fresh.passages(source)


async def test_patterns_leave_out_and_json_says_all_to_other_programs(knowledge: KnowledgeBase, tmp_path: Path, folder: Path) -> None:
    (folder / "locked.pdf").write_bytes(b"%PDF-1.7")
    (folder / "old.txt").write_text("Old words that nobody shall find.")
    arguments = [str(folder), "--exclude", "old*", "--json", "--price", "1000", "--tokens-per-minute", "60"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), *arguments),
        env=clean_environment(tmp_path / "data", AZURE_SEARCH_ENDPOINT=knowledge.door.endpoint, AZURE_SEARCH_API_KEY=KEY),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said = json.loads((await process.communicate())[0])
    assert (process.returncode, said["exit_code"], said["source"], said["index"]) == (1, 1, "handbooks", INDEX)
    assert said["plan"]["added"]["documents"] == said["documents"] == 2
    assert said["not_read"] == [{"path": "locked.pdf", "reason": "it is damaged, or not a PDF", "expected": False, "kept": 0}]
    assert said["estimate"]["assumed"] == {"usd_per_million": 1000.0, "tokens_per_minute": 60}
    assert (said["result"]["written"], said["result"]["refused"], said["result"]["retries"]) == (2, [], {})


async def test_the_estimate_says_what_it_stands_on_and_asks_nobody(tmp_path: Path) -> None:
    folder = many(tmp_path / "many")
    door, model = WatchedDoor(), ScriptedModel()
    async with serving(door.app) as address, serving(model.app) as embeds:
        code, said = await Admin(address, embeds, tmp_path).run(folder, "--dry-run", "--price", "2", "--tokens-per-minute", "50000")
    assert (code, model.asked, door.bodies("write")) == (0, [], [])
    assert "at $2 a million (--price)" in said
    assert "at 50,000 tokens a minute (--tokens-per-minute). Both are assumptions." in said
    assert "Nothing was written (--dry-run)" in said

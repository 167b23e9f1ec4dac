"""What each change of a folder costs: the uploads and removals that reach the search door, and the texts that are embedded, all counted."""

from __future__ import annotations

from pathlib import Path

from tests.askaloud.indexing.papers import paper, words
from tests.askaloud.indexing.troubled_door import KeepingDoor, keeping
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.serving import serving

from askaloud.indexing.sync import prepare, sync

SUBJECTS = ("Holidays are thirty days.", "Sickness is told.", "Parents stay at home.", "Abroad means elsewhere.", "Pay is monthly.")


async def test_each_change_of_the_folder_costs_exactly_the_writes_that_it_needs(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    pages = [[words(f"{subject} Whoever wants to know more than that asks the people of human resources.")] for subject in SUBJECTS]
    paper(folder / "rules.pdf", *pages)
    (folder / "parking.md").write_text("# Parking\n\nThe car park opens at seven in the morning and closes at eight.\n")
    door, model = KeepingDoor(), ScriptedModel()

    def counted() -> tuple[int, int, int]:
        return door.uploads, door.deletes, sum(len(asked["input"]) for asked in model.asked if "dimensions" in asked)

    async with serving(model.app) as embeds, keeping(door, settings_for(embeds)) as knowledge:

        async def writes() -> tuple[int, ...]:
            """Uploads, removals and texts that were embedded."""
            before = counted()
            assert not (await sync(folder, "many", knowledge)).failed
            return tuple(now - then for now, then in zip(counted(), before, strict=True))

        (await prepare(folder, "many", knowledge)).ledger.close()
        assert counted() == (0, 0, 0)
        assert await writes() == (6, 0, 6)
        assert await writes() == (0, 0, 0)
        (folder / "new.txt").write_text("A plain text that is new here and long enough to be a passage of its own.")
        assert await writes() == (1, 0, 1)
        third = [words("Something else is the rule by now, and all that was said here before no longer holds.")]
        paper(folder / "rules.pdf", *pages[:2], third, *pages[3:])
        assert await writes() == (1, 0, 1)
        (folder / "rules.pdf").rename(folder / "renamed.pdf")
        (folder / "new.txt").rename(folder / "newer.txt")
        assert await writes() == (6, 6, 0)
        (folder / "parking.md").unlink()
        assert await writes() == (0, 1, 0)
        assert await writes() == (0, 0, 0)

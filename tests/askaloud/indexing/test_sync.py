"""A folder against the stand-in's search door, and the writes counted at a scripted one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.askaloud.indexing.papers import chapter, paper, words
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import INDEX, Answer, ScriptedDoor, scripted, standing_in
from tests.serving import serving

from askaloud.errors import IndexingError, KnowledgeError, NoticeCode
from askaloud.indexing.plan import Tally
from askaloud.indexing.sync import SAMPLES, SAMPLES_SOURCE, Report, prepare, sync, sync_samples
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.passage import Listed
from askaloud.settings import Settings

ABROAD = "You can work from abroad for thirty days in a calendar year, and only working days count."
PARKING = "The car park opens at seven in the morning and closes at eight in the evening, weekends included."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    (made / "rules").mkdir(parents=True)
    paper(
        made / "rules" / "leave.pdf", [chapter("Leave"), words("An introduction that fills the first page of this paper.")], [words(ABROAD)]
    )
    (made / "parking.md").write_text(f"# Parking\n\n{PARKING}\n")
    (made / "lunch.html").write_text("<h1>Lunch</h1><p>The canteen serves lunch from half past eleven until two in the afternoon.</p>")
    return made


def counts(report: Report) -> tuple[int, int, int, int, int]:
    plan = report.prepared.plan
    return plan.added.passages, plan.changed.passages, plan.moved.passages, plan.unchanged.passages, plan.lost


async def everything(knowledge: KnowledgeBase, source: str = "docs") -> list[Listed]:
    return [each async for each in knowledge.listed(source)]


async def test_a_folder_becomes_passages_that_are_found_with_their_page(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        report = await sync(folder, "docs", knowledge)
        assert (report.prepared.documents, report.prepared.pages, report.failed) == (3, 4, False)
        (found,) = await knowledge.search("thirty days abroad")
        assert (found.title, found.page, found.path, found.headings) == ("Leave", 2, "rules/leave.pdf", ("Leave",))
        assert found.text == ABROAD
        assert found.boxes
        (parking,) = await knowledge.search("car park")
        assert (parking.title, parking.page) == ("Parking", None)


async def test_a_second_run_writes_nothing(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        assert counts(await sync(folder, "docs", knowledge)) == (4, 0, 0, 0, 0)
        before = await everything(knowledge)
        second = await sync(folder, "docs", knowledge)
        assert counts(second) == (0, 0, 0, 4, 0)
        assert second.prepared.plan.empty
        assert await everything(knowledge) == before


async def test_what_was_added_changed_moved_and_removed_is_all_that_is_written(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge)
        (folder / "parking.md").write_text(f"# Parking\n\n{PARKING} Bicycles are free.\n")
        (folder / "lunch.html").unlink()
        (folder / "rules" / "leave.pdf").rename(folder / "holidays.pdf")
        (folder / "new.txt").write_text("A plain text with a sentence about the sauna, which is long enough to be a passage.")
        report = await sync(folder, "docs", knowledge)
        assert counts(report) == (1, 1, 2, 0, 1)
        assert {each.path for each in await everything(knowledge)} == {"parking.md", "holidays.pdf", "new.txt"}
        assert len(await everything(knowledge)) == 4
        assert (await knowledge.search("bicycles"))[0].path == "parking.md"
        assert counts(await sync(folder, "docs", knowledge)) == (0, 0, 0, 4, 0)


async def test_two_sources_share_an_index_and_leave_each_other_alone(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge)
        await sync(folder, "more", knowledge)
        assert await knowledge.count() == 8
        for path in ("rules/leave.pdf", "parking.md", "lunch.html"):
            (folder / path).unlink()
        await sync(folder, "more", knowledge, may_remove_much=True)
        assert await everything(knowledge, "more") == []
        assert len(await everything(knowledge)) == 4


async def test_removing_much_needs_leave_and_without_it_nothing_is_written(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge)
        (folder / "rules" / "leave.pdf").unlink()
        (folder / "new.txt").write_text("Something new that is long enough to be a passage of its own, and then some.")
        with pytest.raises(IndexingError, match="2 of the 4"):
            await sync(folder, "docs", knowledge)
        assert await knowledge.count() == 4
        await sync(folder, "docs", knowledge, may_remove_much=True)
        assert await knowledge.count() == 3


async def test_a_move_that_was_stopped_goes_on_without_more_leave_than_it_needed(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge)
        (folder / "deep").mkdir()
        for path in ("rules", "parking.md", "lunch.html"):
            (folder / path).rename(folder / "deep" / path)
        with await prepare(folder, "docs", knowledge) as prepared:
            for batch in prepared.ledger.to_write(9):
                await knowledge.put([each.record for each in batch])  # and here it was killed
        assert await knowledge.count() == 8
        await sync(folder, "docs", knowledge)
        assert {each.path for each in await everything(knowledge)} == {"deep/rules/leave.pdf", "deep/parking.md", "deep/lunch.html"}


async def test_vectors_are_not_taken_away_by_one_who_has_no_deployment_set(tmp_path: Path, folder: Path) -> None:
    model = ScriptedModel()
    async with serving(model.app) as address, standing_in(tmp_path, settings_for(address)) as knowledge:
        await sync(folder, "docs", knowledge)
    async with standing_in(tmp_path) as knowledge:
        ids = [each.id async for each in knowledge.listed("docs")]
        with pytest.raises(IndexingError, match="vectors"):
            await sync(folder, "docs", knowledge)
        assert all([await knowledge.vector(id, "") for id in ids])
        await sync(folder, "docs", knowledge, may_remove_much=True)
        assert not any([await knowledge.vector(id, "") for id in ids])
        assert (await sync(folder, "docs", knowledge)).prepared.plan.empty


async def test_bad_files_are_listed_with_the_reason_and_the_good_ones_are_indexed(tmp_path: Path, folder: Path) -> None:
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "empty.md").touch()
    paper(folder / "locked.pdf", [words("Secret.")], password="planted")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    async with standing_in(tmp_path) as knowledge:
        report = await sync(folder, "docs", knowledge)
        assert await knowledge.count() == 4
    assert report.failed
    assert {skip.path: skip.expected for skip in report.prepared.skipped} == {
        "damaged.pdf": False,
        "empty.md": False,
        "locked.pdf": False,
        "picture.png": True,
    }


async def test_odd_names_are_indexed_and_what_only_seems_to_be_inside_or_never_ends_is_not(tmp_path: Path, folder: Path) -> None:
    names = ("日本語", "Ünïcödé", "عربي", "a;b|c,d", "%2e%2e")
    odd = {f"it's \"quoted\" #{number} ' or 1 eq 1/{name}.md" for number, name in enumerate(names)}
    for path in odd:
        (folder / path).parent.mkdir()
        (folder / path).write_text(f"These words stand in the file {path}, which is called as no program expects.")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_text("Words that nobody inside shall ever see or hear of.")
    (folder / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (folder / "linked").symlink_to(tmp_path / "outside")
    with (folder / "endless.txt").open("wb") as sparse:
        sparse.truncate(2_000_000_000)
    async with standing_in(tmp_path) as knowledge:
        report = await sync(folder, "it's 'mine'", knowledge)
        listed = {each.path for each in await everything(knowledge, "it's 'mine'")}
        again = await sync(folder, "it's 'mine'", knowledge)
    assert listed == {"rules/leave.pdf", "parking.md", "lunch.html", *odd}
    assert again.prepared.plan.empty
    assert {skip.path: skip.reason for skip in report.prepared.skipped} == {
        "endless.txt": "it is larger than 20 MB",
        "link.md": "it is a link or not a plain file",
        "linked": "it is a link or not a plain file",
    }


async def test_a_file_that_cannot_be_read_this_time_keeps_what_the_index_has_of_it(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge)
        (folder / "rules" / "leave.pdf").write_bytes(b"%PDF-1.7 half written")
        report = await sync(folder, "docs", knowledge)
        assert counts(report) == (0, 0, 0, 4, 0)
        assert report.failed
        (folder / "rules" / "leave.pdf").write_bytes(b"")
        assert counts(await sync(folder, "docs", knowledge, may_remove_much=True)) == (0, 0, 0, 2, 2)


async def test_preparing_writes_nothing_not_even_an_index(folder: Path) -> None:
    door = ScriptedDoor()
    missing = Answer({"error": {"code": "", "message": "No index"}}, 404)
    door.script("index", missing)
    async with scripted(door) as knowledge:
        with await prepare(folder, "docs", knowledge) as prepared:
            assert prepared.plan.added == Tally(3, 4, prepared.plan.tokens)
            assert prepared.plan.tokens > 40
    assert {each.what for each in door.asked} == {"index"}


async def test_an_index_that_other_people_made_is_not_written_to(folder: Path) -> None:
    theirs = {"name": INDEX, "fields": [{"name": "id", "type": "Edm.String", "key": True}, {"name": "content", "type": "Edm.String"}]}
    door = ScriptedDoor(theirs)
    async with scripted(door) as knowledge:
        with pytest.raises(IndexingError, match="made by others"):
            await sync(folder, "docs", knowledge)
    assert {each.what for each in door.asked} == {"index"}


async def test_writes_come_before_removals_so_that_nothing_is_lost_in_between(folder: Path) -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [{"@search.score": 1, "id": "old", "path": "old.md", "content_hash": "x"}]}))
    async with scripted(door) as knowledge:
        await sync(folder, "docs", knowledge, may_remove_much=True)
    assert [body["value"][0]["@search.action"] for body in door.bodies("write")] == ["upload", "delete"]
    assert [len(body["value"]) for body in door.bodies("write")] == [4, 1]


async def test_passages_that_the_service_does_not_take_are_in_the_report(folder: Path) -> None:
    door = ScriptedDoor()
    async with scripted(door) as knowledge:
        ids = await wanted(folder, knowledge)
        rows = [{"key": each, "status": False, "statusCode": 400, "errorMessage": "no"} for each in ids]
        door.script("write", Answer({"value": rows}, 207))
        report = await sync(folder, "docs", knowledge)
    assert set(report.refused) == set(ids)
    assert report.failed


async def test_a_moved_passage_whose_new_record_is_not_taken_stays_where_it_was(folder: Path) -> None:
    door = ScriptedDoor()
    async with scripted(door) as knowledge:
        with await prepare(folder, "docs", knowledge) as prepared:
            written = [each.record for batch in prepared.ledger.to_write(9) for each in batch]
        first, second, *_ = written
        old = [
            {"@search.score": 1, "id": f"old-{each.id}", "path": "old.md", "content_hash": each.content_hash} for each in (first, second)
        ]
        door.script("search", Answer({"value": old}))
        rows = {each.id: {"key": each.id, "status": True, "statusCode": 200} for each in written}
        rows[first.id] |= {"status": False, "statusCode": 400}
        moves = [rows.pop(first.id), rows.pop(second.id)]
        door.script("write", Answer({"value": moves}, 207), Answer({"value": [*rows.values()]}, 200))
        report = await sync(folder, "docs", knowledge)
    removed = [row["id"] for body in door.bodies("write") for row in body["value"] if row["@search.action"] == "delete"]
    assert removed == [f"old-{second.id}"]
    assert report.refused == (first.id,)


async def test_what_a_run_that_was_killed_has_written_is_not_written_again(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        with await prepare(folder, "docs", knowledge) as prepared:
            await knowledge.create()
            ((one, two, *_),) = prepared.ledger.to_write(9)
            await knowledge.put([one.record, two.record])  # as a run that was killed would have left it
        plan = (await sync(folder, "docs", knowledge)).prepared.plan
        assert (plan.written, plan.unchanged.passages, plan.gone) == (2, 2, 0)


async def wanted(folder: Path, knowledge: KnowledgeBase) -> list[str]:
    """Ids of what would be written."""
    with await prepare(folder, "docs", knowledge) as prepared:
        return [each.record.id for batch in prepared.ledger.to_write(9) for each in batch]


async def test_progress_is_told_from_nothing_to_all(tmp_path: Path, folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge, progress=lambda *now: told.append(now))
    assert told[0] == ("reading", 0, 3)
    assert ("reading", 3, 3) in told
    assert told[-1] == ("writing", 4, 4)


async def test_passages_get_vectors_where_a_deployment_is_set_and_moved_ones_keep_theirs(tmp_path: Path, folder: Path) -> None:
    model = ScriptedModel()
    async with serving(model.app) as address, standing_in(tmp_path, settings_for(address)) as knowledge:
        await sync(folder, "docs", knowledge)
        texts = [text for asked in model.asked if "dimensions" in asked for text in asked["input"]]
        assert len(texts) == 4
        assert any(text.startswith("Leave\n") and ABROAD in text for text in texts)
        (found,) = await knowledge.search("thirty days abroad", top=1)
        assert await knowledge.vector(found.id, "")
        model.asked.clear()
        (folder / "parking.md").rename(folder / "moved.md")
        assert counts(await sync(folder, "docs", knowledge)) == (0, 0, 1, 3, 0)
        assert model.asked == []
        moved = next(each for each in await everything(knowledge) if each.path == "moved.md")
        assert await knowledge.vector(moved.id, "")


async def test_setting_a_deployment_later_writes_all_passages_again_with_vectors(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await sync(folder, "docs", knowledge)
    model = ScriptedModel()
    async with serving(model.app) as address, standing_in(tmp_path, settings_for(address)) as knowledge:
        assert counts(await sync(folder, "docs", knowledge)) == (0, 4, 0, 0, 0)


async def test_the_samples_fill_an_empty_index_once_and_are_finished_where_a_run_was_killed(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        assert counts(await _given(await sync_samples(knowledge, folder))) == (4, 0, 0, 0, 0)
        (first, *_) = await everything(knowledge, SAMPLES_SOURCE)
        await knowledge.remove([first.id])
        again = (await _given(await sync_samples(knowledge, folder))).prepared.plan
        assert (again.written, again.unchanged.passages, again.gone) == (1, 3, 0)


async def test_the_samples_stay_out_of_an_index_that_holds_other_things(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put([record("p1", source=SAMPLES.name)])  # somebody's own folder may have the name of ours
        assert await sync_samples(knowledge, folder) is None
        assert await knowledge.count() == 1


async def test_without_the_samples_there_is_an_empty_index_and_nothing_is_removed_from_one(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        assert await sync_samples(knowledge, tmp_path / "nowhere") is None
        assert await knowledge.count() == 0
        with pytest.raises(KnowledgeError) as empty:
            await knowledge.check()
        assert empty.value.notice.code is NoticeCode.SEARCH_EMPTY
        filled = await _given(await sync_samples(knowledge, folder))
        assert filled.prepared.documents
        held = await knowledge.count()
        assert await sync_samples(knowledge, tmp_path / "nowhere") is None
        assert await knowledge.count() == held


async def test_the_committed_samples_are_all_readable(tmp_path: Path) -> None:
    async with standing_in(tmp_path, replace(Settings(), documents=SAMPLES)) as knowledge:
        report = await _given(await sync_samples(knowledge))
        assert report.prepared.skipped == ()
        (best, *_) = await knowledge.search("How many days can I work from abroad?")
    assert best.path == "employee-handbook.pdf"
    assert "30 days" in best.text


async def _given(report: Report | None) -> Report:
    assert report is not None
    return report

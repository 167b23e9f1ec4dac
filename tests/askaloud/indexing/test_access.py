"""Who may read: what the files say, and what becomes of it in the index and in a search, over real sockets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.search_doors import ScriptedDoor, scripted, standing_in
from tests.serving import serving

from askaloud.errors import IndexingError
from askaloud.indexing.access import ACCESS_FILE, FILE_BYTES, GROUPS_AT_MOST, Access
from askaloud.indexing.plan import Tally
from askaloud.indexing.sync import Report, carry_out, prepare
from askaloud.knowledge.base import KnowledgeBase


def says(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ACCESS_FILE).write_text(text, encoding="utf-8")


def test_without_a_word_everybody_may_read(tmp_path: Path) -> None:
    assert Access(tmp_path).of("a/b.pdf") == ()


def test_what_the_command_says_holds_for_every_folder_that_says_nothing(tmp_path: Path) -> None:
    assert Access(tmp_path, ("staff", "board", "staff")).of("a/b/c.pdf") == ("board", "staff")


def test_a_folder_says_it_for_all_below_and_a_deeper_one_in_its_place(tmp_path: Path) -> None:
    says(tmp_path, "groups: [staff]")
    says(tmp_path / "pay", "# the board only\ngroups:\n  - board\n  - hr\n")
    says(tmp_path / "pay" / "tables", "groups: []\n")
    access = Access(tmp_path, ("everyone",))
    assert access.of("rules.pdf") == ("staff",)
    assert access.of("other/deep/rules.pdf") == ("staff",)
    assert access.of("pay/rules.pdf") == ("board", "hr")
    assert access.of("pay/2026/rules.pdf") == ("board", "hr")
    assert access.of("pay/tables/rules.pdf") == ()


def test_names_of_any_language_are_names(tmp_path: Path) -> None:
    says(tmp_path, "groups: ['Führung, Nord', \"1c\", הנהלה]")
    assert Access(tmp_path).of("a.pdf") == ("1c", "Führung, Nord", "הנהלה")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "groups",
        "groups: hr",
        "groups: [no]",
        "groups: [1]",
        "groups: [[hr]]",
        "group: [hr]",
        "groups: [hr]\npeople: [anna]",
        "groups: [hr",
        "[hr]",
        "groups: !!python/object/apply:os.getcwd []",
        "groups: ['']",
        'groups: ["a\\u0000b"]',
        "groups: [" + "x" * 201 + "]",
        "groups: [" + ", ".join(f"g{number}" for number in range(GROUPS_AT_MOST + 1)) + "]",
        "a: &a [x, x]\nb: &b [*a, *a]\ngroups: [*b]",
        "#" * FILE_BYTES + "\ngroups: [hr]",
        "[" * 30_000,
    ],
)
def test_what_is_not_clear_stops_the_run_and_names_the_file(tmp_path: Path, text: str) -> None:
    says(tmp_path / "pay", text)
    with pytest.raises(IndexingError, match=r"pay/\.access\.yaml"):
        Access(tmp_path).of("pay/deep/a.pdf")


def test_bytes_that_are_no_text_are_not_clear(tmp_path: Path) -> None:
    (tmp_path / ACCESS_FILE).write_bytes(b"groups: [\xff\xfe\x00]")
    with pytest.raises(IndexingError, match="not clear"):
        Access(tmp_path).of("a.pdf")


def test_a_link_and_a_folder_in_its_place_stop_the_run(tmp_path: Path) -> None:
    says(tmp_path / "elsewhere", "groups: []")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ACCESS_FILE).symlink_to(tmp_path / "elsewhere" / ACCESS_FILE)
    (tmp_path / "b" / ACCESS_FILE).mkdir(parents=True)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / ACCESS_FILE).symlink_to(tmp_path / "nowhere")
    for place in "abc":
        with pytest.raises(IndexingError, match="a link or not a plain file"):
            Access(tmp_path).of(f"{place}/x.pdf")


@pytest.mark.parametrize(
    "name",
    [
        ".access.yml",
        "access.yaml",
        "access.yml",
        ".access",
        "access",
        ".access.txt",
        "access.txt",
        ".access.yaml.txt",
        "access.yaml.txt",
        ".access.yml.TXT",
        ".Access.yaml",
        ".ACCESS.YAML",
        "Access.YML",
        ".access.yaml ",
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_a_name_that_is_nearly_right_is_not_passed_over(tmp_path: Path, name: str, beside: bool) -> None:
    (tmp_path / "pay").mkdir()
    (tmp_path / "pay" / name).write_text("# who may read\ngroups: [hr]")
    if beside:
        says(tmp_path / "pay", "groups: [hr]")
    with pytest.raises(IndexingError, match=re.escape(f"pay/{name} would not be looked at: call it {ACCESS_FILE}")):
        Access(tmp_path).of("pay/a.pdf")


def test_documents_and_folders_that_are_only_called_so_are_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "Access.txt").write_text("How to get into the building: ring the bell, and wait.")
    (tmp_path / "access").mkdir()
    (tmp_path / "access.yaml.pdf").write_text("x")
    assert Access(tmp_path).of("a.pdf") == ()


def test_what_a_folder_above_says_stops_the_run_where_nothing_else_is_said(tmp_path: Path) -> None:
    says(tmp_path / "docs", "groups: [hr]")
    folder = tmp_path / "docs" / "pay" / "2026"
    folder.mkdir(parents=True)
    with pytest.raises(IndexingError, match=rf"{re.escape(str(tmp_path))}/docs/\.access\.yaml says who may read .* --groups"):
        Access(folder).of("deep/a.pdf")
    says(folder / "deep", "groups: [board]")
    assert Access(folder).of("deep/a.pdf") == ("board",)
    assert Access(folder, ("staff",)).of("a.pdf") == ("staff",)
    says(folder, "groups: []")
    assert Access(folder).of("a.pdf") == ()


@pytest.mark.parametrize("groups", [[""], ["hr", " "], ["x" * 201], ["a\nb"]])
def test_a_group_of_the_command_must_have_a_name(tmp_path: Path, groups: list[str]) -> None:
    with pytest.raises(IndexingError, match="--groups"):
        Access(tmp_path, groups)


# in the index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    for place, topic in (("", "lunch"), ("pay", "salaries"), ("pay/tables", "bonuses")):
        (made / place).mkdir(exist_ok=True)
        (made / place / f"{topic}.md").write_text(f"# About {topic}\n\nThe company speaks of {topic} here and of nothing else at all.\n")
    says(made / "pay", "groups: [hr, board]")
    says(made / "pay" / "tables", "groups: [board]")
    return made


async def indexed(folder: Path, knowledge: KnowledgeBase, groups: Sequence[str] = ()) -> Report:
    return await carry_out(await prepare(folder, "docs", knowledge, groups=groups), knowledge)


async def found(knowledge: KnowledgeBase, *groups: str) -> set[str | None]:
    return {each.path for each in await knowledge.search("the company speaks", groups=groups)}


async def test_a_document_is_found_only_by_those_who_may_read_it(tmp_path: Path, folder: Path) -> None:
    lunch, salaries, bonuses = "lunch.md", "pay/salaries.md", "pay/tables/bonuses.md"
    async with standing_in(tmp_path) as knowledge:
        await indexed(folder, knowledge)
        assert await found(knowledge) == {lunch}
        assert await found(knowledge, "staff") == {lunch}
        assert await found(knowledge, "hr") == {lunch, salaries}
        assert await found(knowledge, "staff", "board") == {lunch, salaries, bonuses}


async def test_nothing_that_looks_like_a_filter_opens_what_is_closed(tmp_path: Path, folder: Path) -> None:
    tricks = ["board' or 'a' eq 'a", "*", "", "BOARD", "hr,board", "hr|board", "board') or groups/any() or g eq ('"]
    async with standing_in(tmp_path) as knowledge:
        await indexed(folder, knowledge)
        assert await found(knowledge, *tricks) == {"lunch.md"}


async def test_the_groups_of_the_command_close_what_no_folder_speaks_of(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await indexed(folder, knowledge, ["staff"])
        assert await found(knowledge) == set()
        assert await found(knowledge, "staff") == {"lunch.md"}
        assert await found(knowledge, "hr") == {"pay/salaries.md"}


async def test_a_change_of_readers_alone_writes_those_passages_and_embeds_nothing(tmp_path: Path, folder: Path) -> None:
    model = ScriptedModel()
    async with serving(model.app) as address, standing_in(tmp_path, settings_for(address)) as knowledge:
        await indexed(folder, knowledge)
        (before,) = [each for each in await knowledge.search("salaries", groups=("hr",)) if each.path == "pay/salaries.md"]
        vector = await knowledge.vector(before.id, "")
        model.asked.clear()
        says(folder / "pay", "groups: [finance]")
        plan = (await indexed(folder, knowledge)).prepared.plan
        assert (plan.changed, plan.written, plan.gone) == (Tally(1, 1, 0), 1, 0)
        assert model.asked == []
        assert await found(knowledge, "hr") == {"lunch.md"}
        assert await found(knowledge, "finance") == {"lunch.md", "pay/salaries.md"}
        assert vector
        assert await knowledge.vector(before.id, "") == vector


async def test_a_file_that_cannot_be_read_again_is_not_left_to_those_who_may_read_it_no_more(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await indexed(folder, knowledge)
        (folder / "lunch.md").write_bytes(b"\0")
        (folder / "pay" / "salaries.md").write_bytes(b"\0")
        says(folder / "pay", "groups: [board]")
        report = await carry_out(await prepare(folder, "docs", knowledge), knowledge, may_remove_much=True)
        assert await found(knowledge, "hr", "board") == {"lunch.md", "pay/tables/bonuses.md"}
    assert {skip.path: skip.kept for skip in report.prepared.skipped} == {"lunch.md": 1, "pay/salaries.md": 0}


async def test_the_same_groups_in_another_order_write_nothing(tmp_path: Path, folder: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await indexed(folder, knowledge)
        says(folder / "pay", "groups: [board, hr, board]")
        assert (await indexed(folder, knowledge)).prepared.plan.empty


async def test_where_a_file_is_not_clear_nothing_is_written(folder: Path) -> None:
    says(folder / "pay" / "tables", "groups: bord")
    door = ScriptedDoor()
    async with scripted(door) as knowledge:
        with pytest.raises(IndexingError, match=r"pay/tables/\.access\.yaml"):
            await indexed(folder, knowledge)
    assert door.bodies("write") == []

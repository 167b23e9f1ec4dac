from __future__ import annotations

from pathlib import Path

import pytest

from askaloud.errors import IndexingError
from askaloud.indexing.access import ACCESS_FILE, FILE_BYTES, GROUPS_AT_MOST, NEARLY, Access


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


@pytest.mark.parametrize("name", NEARLY)
def test_a_name_that_is_nearly_right_is_not_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("groups: [hr]")
    with pytest.raises(IndexingError, match=rf"{name} would not be looked at: call it {ACCESS_FILE}"):
        Access(tmp_path).of("a.pdf")


@pytest.mark.parametrize("groups", [[""], ["hr", " "], ["x" * 201], ["a\nb"]])
def test_a_group_of_the_command_must_have_a_name(tmp_path: Path, groups: list[str]) -> None:
    with pytest.raises(IndexingError, match="--groups"):
        Access(tmp_path, groups)

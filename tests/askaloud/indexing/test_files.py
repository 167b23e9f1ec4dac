from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from askaloud.errors import IndexingError
from askaloud.indexing.files import files_of
from askaloud.indexing.read import TEXT_BYTES


def fill(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("words")


def test_known_formats_in_all_subfolders_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    fill(tmp_path, "b.md", "a/z.PDF", "a/b/c.html", "d'é 中/ü.txt")
    files, skipped = files_of(tmp_path)
    assert [file.path for file in files] == ["a/b/c.html", "a/z.PDF", "b.md", "d'é 中/ü.txt"]
    assert skipped == []
    assert files[2].place == tmp_path / "b.md"
    assert files[2].modified.tzinfo is UTC
    assert files[2].modified == datetime.fromtimestamp((tmp_path / "b.md").stat().st_mtime, UTC)


def test_hidden_files_and_excluded_ones_are_passed_over_in_silence(tmp_path: Path) -> None:
    fill(tmp_path, ".git/a.md", ".hidden.md", "__pycache__/b.md", "README.md", "old/c.md", "keep.md", "~$open.docx")
    files, skipped = files_of(tmp_path, ["README*", "old/*"])
    assert [file.path for file in files] == ["keep.md"]
    assert skipped == []


def test_unknown_formats_are_listed_as_expected_and_empty_and_oversized_files_are_not(tmp_path: Path) -> None:
    fill(tmp_path, "picture.png")
    (tmp_path / "empty.md").touch()
    with (tmp_path / "sparse.txt").open("wb") as sparse:
        sparse.truncate(TEXT_BYTES + 1)
    _, skipped = files_of(tmp_path)
    assert [(skip.path, skip.expected) for skip in skipped] == [("empty.md", False), ("picture.png", True), ("sparse.txt", False)]
    assert "larger than 20 MB" in skipped[2].reason


def test_links_are_neither_followed_nor_read(tmp_path: Path) -> None:
    fill(tmp_path, "outside/secret.md", "inside/a.md")
    (tmp_path / "inside" / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (tmp_path / "inside" / "folder").symlink_to(tmp_path / "outside")
    files, skipped = files_of(tmp_path / "inside")
    assert [file.path for file in files] == ["a.md"]
    assert {skip.path for skip in skipped} == {"link.md", "folder"}


@pytest.mark.parametrize("name", ["nowhere", "file.md"])
def test_a_folder_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "file.md")
    with pytest.raises(IndexingError, match="not a folder"):
        files_of(tmp_path / name)


def test_a_name_that_is_not_text_is_listed(tmp_path: Path) -> None:
    (tmp_path / b"caf\xe9.md".decode(errors="surrogateescape")).write_text("words")
    files, skipped = files_of(tmp_path)
    assert files == []
    assert [skip.reason for skip in skipped] == ["its name is not text"]


def test_names_that_only_begin_as_those_of_programs_are_documents(tmp_path: Path) -> None:
    fill(tmp_path, "__Important.txt", "__pay/x.txt", "__MACOSX/a.txt", "a/__pycache__/b.txt")
    files, _ = files_of(tmp_path)
    assert [file.path for file in files] == ["__Important.txt", "__pay/x.txt"]

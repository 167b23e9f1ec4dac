from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from askaloud.errors import IndexingError
from askaloud.indexing.excludes import IGNORE_FILE, Excludes, excludes_of

PATHS = (
    "a.md",
    "b.bak",
    "old/a.md",
    "x/old/a.md",
    "x/y/z.md",
    "x/y/z.bak",
    "doc/a.txt",
    "doc/x/a.txt",
    "[a].md",
    "a b.md",
    "#c.md",
    "über.md",
)
LISTS = (
    ["*.bak"],
    ["old/"],
    ["old"],
    ["/old"],
    ["x/old"],
    ["x/*"],
    ["x/**"],
    ["**/z.md"],
    ["x/**/z.*"],
    ["**/old/**"],
    ["doc/*.txt"],
    ["*.md", "!a.md"],
    ["!a.md", "*.md"],
    ["# a comment", "", "a.md  "],
    ["\\#c.md"],
    ["[ab].*"],
    ["[!a].*"],
    ["[[&~|].md"],
    ["\\[a].md"],
    ["?.md"],
    ["a b.md"],
    ["a\\ b.md"],
    ["x/y/"],
    ["*"],
    ["/*.md"],
)


def left_out(lines: list[str], paths: tuple[str, ...] = PATHS) -> set[str]:
    """As a walk through the folder finds it: what is in a folder that is left out is not looked at."""
    excludes = Excludes(lines)

    def out(path: str) -> bool:
        parts = path.split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        return any(excludes(folder, folder=True) for folder in above) or excludes(path, folder=False)

    return {path for path in paths if out(path)}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["*.bak"], {"b.bak", "x/y/z.bak"}),
        (["old/"], {"old/a.md", "x/old/a.md"}),
        (["/old"], {"old/a.md"}),
        (["x/**/z.*"], {"x/y/z.md", "x/y/z.bak"}),
        (["*.md", "!a.md"], {"x/y/z.md", "[a].md", "a b.md", "#c.md", "über.md"}),
        (["# a comment", "", "a.md  "], {"a.md", "old/a.md", "x/old/a.md"}),
    ],
)
def test_a_pattern_leaves_out_what_it_says(lines: list[str], expected: set[str]) -> None:
    assert left_out(lines) == expected


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("lines", LISTS, ids=" ".join)
def test_git_leaves_out_the_same(tmp_path: Path, lines: list[str]) -> None:
    git = ["git", "-c", "core.quotePath=false", "-c", "core.excludesFile=", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)  # noqa: S603 - git, over a folder of the test
    (tmp_path / ".gitignore").write_text("\n".join(lines))
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    said = subprocess.run(  # noqa: S603 - git, over a folder of the test
        [*git, "check-ignore", "-z", "--stdin"], input="\0".join(PATHS), capture_output=True, text=True, check=False
    )
    assert left_out(lines) == {path for path in said.stdout.split("\0") if path}


def test_the_folders_own_list_is_read_and_what_is_given_goes_after_it(tmp_path: Path) -> None:
    (tmp_path / IGNORE_FILE).write_text("*.bak\nold/\n")
    excludes = excludes_of(tmp_path, ["!b.bak"])
    assert (excludes("a.bak", folder=False), excludes("b.bak", folder=False), excludes("old", folder=True)) == (True, False, True)


def test_a_list_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / IGNORE_FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IndexingError, match="cannot be read"):
        excludes_of(tmp_path)


@pytest.mark.parametrize("pattern", ["[z-a]", "old/[9-0]*"])
def test_a_pattern_that_is_none_is_an_error_that_names_it(pattern: str) -> None:
    with pytest.raises(IndexingError, match=re.escape(repr(pattern))):
        Excludes(["*.md", pattern])

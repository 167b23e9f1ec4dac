"""Originals in a folder. What may not be opened is held in `test_pages.py`, through the pictures."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from askaloud.errors import PassageNotFound
from askaloud.knowledge.originals import Folder, places
from askaloud.knowledge.passage import Passage


def passage(path: str | None, source: str | None = "rules") -> Passage:
    return Passage("p1", "Words.", "Title", 1, source=source, path=path)


def test_a_file_lies_under_its_sources_name_or_right_in_the_root() -> None:
    assert places(passage("a/b.pdf")) == [PurePosixPath("rules/a/b.pdf"), PurePosixPath("a/b.pdf")]
    assert places(passage("a/b.pdf", None)) == [PurePosixPath("a/b.pdf")]
    assert places(passage(None)) == []


@pytest.mark.parametrize("path", ["../a.pdf", "/a.pdf", "a/../b.pdf", "a\\b.pdf", "a\0.pdf"])
def test_nothing_leads_out(path: str) -> None:
    assert places(passage(path)) == []
    assert places(passage(path, None)) == []


def test_a_source_cannot_lead_out_either() -> None:
    assert places(passage("a.pdf", "..")) == [PurePosixPath("a.pdf")]
    assert places(passage("a.pdf", "/etc")) == [PurePosixPath("a.pdf")]


async def test_another_file_of_the_same_name_is_another_state(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"first")
    folder = Folder(tmp_path)
    async with folder.opened(passage("a.pdf")) as before:
        assert before.place == file
    os.utime(file, (1, 1))
    async with folder.opened(passage("a.pdf")) as after:
        assert before.state != after.state
    file.unlink()
    with pytest.raises(PassageNotFound):
        async with folder.opened(passage("a.pdf")):
            pass
    await folder.close()

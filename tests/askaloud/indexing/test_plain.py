from __future__ import annotations

from pathlib import Path

import pytest

from askaloud.indexing.document import Unreadable
from askaloud.indexing.plain import decoded, read_text


def test_lines_of_full_width_are_joined_and_short_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "This line was broken by the width of somebody's window and\ngoes on here.\n\nHours:\nMonday 9 to 5\nTuesday 9 to 4\n"
        "\n\nThe last paragraph is long enough to be wrapped at this width\n- but an item begins a line of its own\n",
        encoding="utf-8",
    )
    assert read_text(path).pages[0].text == (
        "This line was broken by the width of somebody's window and goes on here.\n\nHours:\nMonday 9 to 5\nTuesday 9 to 4\n\n"
        "The last paragraph is long enough to be wrapped at this width\n- but an item begins a line of its own"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_understood(encoding: str) -> None:
    assert decoded("Größe: 5 €\r\nNext".encode(encoding)) == "Größe: 5 €\nNext"


@pytest.mark.parametrize("content", [b"\x89PNG\x00\x01", b"\xff\xfe\x00", b"\x81\x8d\x8f\x90"])
def test_what_is_no_text_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable, match="not text"):
        decoded(content)


def test_text_in_another_old_encoding_is_a_reason_and_not_nonsense() -> None:
    with pytest.raises(Unreadable, match="save it as UTF-8"):
        decoded("Кто опоздал, тот ждёт у ворот.".encode("cp1251"))

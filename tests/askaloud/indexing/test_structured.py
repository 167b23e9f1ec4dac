from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askaloud.indexing.document import Document, Unreadable
from askaloud.indexing.structured import DEEPEST, read_structured


def read(folder: Path, value: Any) -> Document:
    (folder / "a.json").write_text(value if isinstance(value, str) else json.dumps(value))
    return read_structured(folder / "a.json")


def test_names_are_headings_and_values_lines(tmp_path: Path) -> None:
    document = read(tmp_path, {"title": "House rules", "leave": {"days": 30, "paid": True, "note": None, "where": ["home", "abroad"]}})
    (page,) = document.pages
    assert page.text == "title: House rules\n\nleave\n\ndays: 30\npaid: yes\n\nwhere\n\n- home\n- abroad"
    assert [(heading.level, heading.text) for heading in page.headings] == [(1, "leave"), (2, "where")]
    assert document.title == "House rules"


def test_a_list_of_like_objects_is_a_table(tmp_path: Path) -> None:
    (page,) = read(tmp_path, [{"name": "Anna", "room": 204}, {"name": "Bert", "phone": "17"}]).pages
    assert page.text == "name | room | phone\nAnna | 204\nBert |  | 17"


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    (page,) = read(tmp_path, '{"price": 9.50, "serial": 12345678901234567890123, "tiny": 1e-400}').pages
    assert page.text == "price: 9.50\nserial: 12345678901234567890123\ntiny: 1e-400"


def test_what_stands_below_in_lists_of_lists_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, [["a", ["b"]], {"c": {"d": "e"}}]).pages[0].text == "- a\n- b\n\nc\n\nd: e"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "damaged"),
        ("", "damaged"),
        ("[" * 100_000, "nested"),
        ("[" * (DEEPEST + 5) + "1" + "]" * (DEEPEST + 5), "nested"),
        ("[" * 50_000 + "]" * 50_000, "nested"),
    ],
)
def test_what_is_no_json_or_too_deep_is_a_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(tmp_path, text)

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from askaloud.indexing.delimited import FIELD_CHARS, read_delimited
from askaloud.indexing.document import Unreadable


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_whichever_sign_separates_the_values_they_become_rows(tmp_path: Path, sign: str) -> None:
    (tmp_path / "a.csv").write_text(f'Name{sign}Room\nAnna{sign}204\n"Bert{sign} the tall"{sign}310\n')
    (page,) = read_delimited(tmp_path / "a.csv").pages
    named = " ".join(f"Bert{sign} the tall".split())
    assert page.text == f"Name | Room\nAnna | 204\n{named} | 310"
    assert page.number is None


def test_one_column_is_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Anna\nBert\n")
    assert read_delimited(tmp_path / "a.csv").pages[0].text == "Anna\nBert"


@pytest.mark.parametrize(("content", "reason"), [(b"a,b\x00c", "not text"), (b'a,"' + b"x" * (FIELD_CHARS + 1), "no table")])
def test_what_is_no_table_is_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        read_delimited(tmp_path / "a.csv")


def told(tmp_path: Path, text: str) -> str:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    return read_delimited(tmp_path / "a.csv").pages[0].text


def test_what_a_program_quoted_comes_back_as_it_was(tmp_path: Path) -> None:
    rows = [["Question", "Answer"], *([f"What, {number}?", "Plain words"] for number in range(900))]
    rows += [['What is a "workation", exactly?', 'Up to "30" days, no more.'], ["'s-Hertogenbosch", "Two\nlines"]]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    text = read_delimited(tmp_path / "a.csv").pages[0].text
    assert 'What is a "workation", exactly? | Up to "30" days, no more.' in text
    assert "'s-Hertogenbosch | Two lines" in text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Rule,Text\n1,Use the 'red' form\n2,Use the 'blue' form\n", ["Rule | Text", "1 | Use the 'red' form", "2 | Use the 'blue' form"]),
        ("City;Days\n's-Hertogenbosch;30\nBerlin;32\n", ["City | Days", "'s-Hertogenbosch | 30", "Berlin | 32"]),
        ("Rule;Text\nabroad;thirty, at most\nhome;forty, at most\n", ["Rule | Text", "abroad | thirty, at most", "home | forty, at most"]),
        ("1,5;2,5\n3,5;4,5\n", ["1,5 | 2,5", "3,5 | 4,5"]),
        ("Report\n\nName,Days\nAnna,30\n", ["Report", "", "Name | Days", "Anna | 30"]),
        ("sep=;\nName\nAnna, Bert\n", ["Name", "Anna, Bert"]),
        ("Question\nHow many days, and where?\nWhat is it, then?\n", ["Question", "How many days, and where?", "What is it, then?"]),
        ('Name\tPipe\nAnna\t"6"" wide"\n', ["Name | Pipe", 'Anna | 6" wide']),
    ],
)
def test_the_separator_is_told_from_signs_within_the_words(tmp_path: Path, text: str, rows: list[str]) -> None:
    assert told(tmp_path, text).split("\n") == rows

from __future__ import annotations

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

"""The README says what is true. Where a table fails, the assertion shows the row that is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.commands import ROOT
from tests.frontend.codes import SENTENCES, page_codes

from askaloud.errors import NoticeCode
from askaloud.settings import IDENTITY, TABLE, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
OUTSIDE = {"ASKALOUD_TEST_AZURE": "read by the tests, not by the service"}
VARIABLE = re.compile(r"\b(?:AZURE|OPENAI|ASKALOUD)_[A-Z_]*[A-Z]\b")


def default(field: str) -> str:
    """What holds where a setting is not set, as the README writes it behind the sentence: nothing where there is no value."""
    value = getattr(Settings(), field)
    if value is None or value == ():
        return ""
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    return f" (`{str(value).lower() if isinstance(value, bool) else value}`)"


def test_the_table_of_settings_is_every_setting_with_its_sentence_and_its_default() -> None:
    rows = [f"| `{each.name}` | {each.sentence}{default(each.field)} |" for each in TABLE]
    written = README[README.index("## Settings") :].partition("\n## Limits")[0]
    assert [line for line in written.splitlines() if line.startswith("| `")] == rows


def test_every_variable_of_an_identity_is_named() -> None:
    assert [name for name in IDENTITY if f"`{name}`" not in README] == []


def test_every_code_that_a_person_may_be_told_has_its_row_with_the_pages_sentence() -> None:
    rows = [f"| `{code}` | {SENTENCES[f'notice.{code}']} |" for code in {*map(str, NoticeCode), *page_codes()}]
    assert "\n".join(row for row in rows if row not in README) == ""


def test_no_code_has_a_row_that_nobody_is_told() -> None:
    told = README[README.index("## Codes") :].partition("\n## Figures")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == {*map(str, NoticeCode), *page_codes()}


@pytest.mark.parametrize("path", ["README.md", *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("scripts/*.py")))])
def test_no_text_names_a_setting_that_does_not_exist(path: str) -> None:
    named = set(VARIABLE.findall((ROOT / path).read_text(encoding="utf-8")))
    assert named - {setting.name for setting in TABLE} - {*IDENTITY, *OUTSIDE} == set()


def test_every_script_and_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"\b(?:scripts|backend|frontend|tests)/[\w./-]*\w", README)) | set(re.findall(r"\]\((?!http)([^)#]+)\)", README))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []

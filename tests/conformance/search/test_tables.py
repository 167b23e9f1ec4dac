"""The tables of the search door in the stand-in's README: no row without its tests, no conformance test without its row."""

from __future__ import annotations

from tests.conformance.tables import rows, what_is_wrong

from local_azure.search.words import ANALYZERS

SECTION = "The Search door"


def test_there_are_rows_each_with_its_evidence_and_its_tests_and_no_conformance_test_is_left_out() -> None:
    assert len(rows(SECTION)) > 50
    rooms = ("tests/local_azure/search/test_*.py", "tests/local_azure/embeddings/test_*.py")
    assert what_is_wrong(SECTION, "tests/conformance/search/test_*.py", *rooms) == []


def test_every_analyzer_has_its_row() -> None:
    named = " ".join(cell for row in rows(SECTION) for cell in row[:2])
    assert [name for name in ANALYZERS if f"`{name}`" not in named and name != "standard"] == []

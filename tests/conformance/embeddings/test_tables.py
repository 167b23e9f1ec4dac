"""The table of embeddings in the stand-in's README: no row without its tests, no conformance test without its row."""

from __future__ import annotations

from tests.conformance.tables import rows, what_is_wrong

from local_azure.embeddings.request import KNOWN

SECTION = "Embeddings"


def test_there_are_rows_each_with_its_evidence_and_its_tests_and_no_conformance_test_is_left_out() -> None:
    assert len(rows(SECTION)) > 6
    assert what_is_wrong(SECTION, "tests/conformance/embeddings/test_*.py", "tests/local_azure/embeddings/test_*.py") == []


def test_every_property_of_a_request_has_its_row() -> None:
    named = " ".join(cell for row in rows(SECTION) for cell in row[:2])
    assert [name for name in sorted(KNOWN - {"model"}) if f"`{name}`" not in named] == []

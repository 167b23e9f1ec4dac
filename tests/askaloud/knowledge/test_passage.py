from __future__ import annotations

import pytest
from tests.askaloud.knowledge.records import record

from askaloud.knowledge.passage import BOXES_AT_MOST, Box, read_boxes, write_boxes
from askaloud.knowledge.schema import our_index


def test_boxes_come_back_as_they_were_written() -> None:
    boxes = (Box(0.1, 0.2, 0.95, 0.25), Box(0.0, 0.3, 1.0, 0.3333))
    assert read_boxes(write_boxes(boxes)) == boxes


def test_no_more_boxes_are_kept_than_a_passage_can_have() -> None:
    assert len(read_boxes(write_boxes([Box(0, 0, 1, 1)] * (BOXES_AT_MOST + 5)))) == BOXES_AT_MOST


@pytest.mark.parametrize("written", [None, 7, "", "not json", "{}", "[[1,2]]", '[["a","b","c","d"]]', "[1]"])
def test_boxes_that_are_not_ours_are_no_boxes(written: object) -> None:
    assert read_boxes(written) == ()


def test_a_record_writes_exactly_the_fields_of_our_index() -> None:
    assert list(record("p1").document()) == [field.name for field in our_index("any").fields]


def test_a_record_is_written_with_its_time_in_utc_and_its_lists_as_lists() -> None:
    document = record("p1", groups=("people", "board"), vector=(0.5, 1.0)).document()
    assert document["modified"] == "2026-03-01T12:30:00Z"
    assert document["headings"] == ["Leave", "Abroad"]
    assert document["groups"] == ["people", "board"]
    assert document["vector"] == [0.5, 1.0]

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.askaloud.knowledge.records import record

from askaloud.indexing.files import File
from askaloud.indexing.plan import Plan, Tally, content_hash, embedded_text, of_words, records_of
from askaloud.indexing.read import Reading
from askaloud.indexing.split import Piece
from askaloud.knowledge.passage import Box, PassageRecord


def file(path: str = "leave/handbook.pdf") -> File:
    return File(path, Path("/folder") / path, datetime(2026, 1, 1, tzinfo=UTC))


def reading(*texts: str, title: str = "Handbook") -> Reading:
    pieces = [Piece(7, at, at * 100, at * 100 + 50, text, ("Leave",), ((0.1, 0.1, 0.9, 0.2),)) for at, text in enumerate(texts)]
    return Reading(title, 9, tuple(pieces))


def test_a_passage_is_written_with_all_that_was_read() -> None:
    (made,) = records_of(file(), reading("Thirty days."), "handbooks", groups=("people", "board"))
    assert (made.source, made.path, made.title, made.headings) == ("handbooks", "leave/handbook.pdf", "Handbook", ("Leave",))
    assert (made.page, made.ordinal, made.text, made.start, made.end) == (7, 0, "Thirty days.", 0, 50)
    assert made.boxes == (Box(0.1, 0.1, 0.9, 0.2),)
    assert made.groups == ("board", "people")
    assert made.vector is None


def test_a_document_without_a_title_is_called_by_its_file() -> None:
    assert records_of(file("a/travel_and-expenses.pdf"), reading("x", title=""), "s")[0].title == "travel and expenses"


def test_a_title_and_headings_without_an_end_are_cut_for_they_stand_before_every_passage() -> None:
    piece = Piece(7, 0, 0, 1, "x", ("h" * 9_000,) * 50, ())
    (made,) = records_of(file(), Reading("t" * 45_000, 9, (piece,)), "s")
    assert (len(made.title), [len(heading) for heading in made.headings]) == (300, [300] * 8)
    assert len(embedded_text(made)) < 3_000


def test_ids_are_keys_of_the_service_and_stay_the_same() -> None:
    first = records_of(file(), reading("a", "b"), "s")
    again = records_of(file(), reading("other words", "b"), "s")
    assert [each.id for each in first] == [each.id for each in again]
    for each in first:
        assert re.fullmatch(r"p[A-Za-z0-9_-]{20}", each.id)
    assert len({each.document_id for each in first}) == 1


def test_ids_differ_by_source_path_and_position() -> None:
    ids = [
        each.id
        for path, source in (("a.pdf", "s"), ("b.pdf", "s"), ("a.pdf", "t"), ("x/a.pdf", "s"), ("sa.pdf", ""), ("a.pdf", "s2"))
        for each in records_of(file(path), reading("one", "two"), source)
    ]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "changed",
    [{"text": "Other."}, {"title": "Other"}, {"headings": ()}, {"page": 8}, {"start": 11}, {"boxes": ()}, {"groups": ("board",)}],
)
def test_all_that_is_stored_matters_to_the_content_hash(changed: dict[str, object]) -> None:
    plain = record("p1")
    other = PassageRecord(**{name: getattr(plain, name) for name in PassageRecord.__slots__} | changed)
    assert content_hash(other, "") != content_hash(plain, "")


def test_the_embedding_matters_and_path_and_time_do_not() -> None:
    plain = record("p1")
    assert content_hash(plain, "large") != content_hash(plain, "")
    assert content_hash(replace(plain, path="moved.pdf", modified=datetime(2030, 1, 1, tzinfo=UTC)), "") == content_hash(plain, "")


def test_a_title_that_is_the_files_name_is_no_part_of_the_words() -> None:
    before, after = (records_of(file(path), reading("Thirty days.", title=""), "s")[0] for path in ("leave.txt", "holidays.txt"))
    assert (before.title, after.title) == ("leave", "holidays")
    assert before.content_hash == after.content_hash
    assert embedded_text(before, named=False) == embedded_text(after, named=False) == "Leave\nThirty days."


def test_a_title_of_its_own_is_part_of_the_words() -> None:
    before, after = (records_of(file(), reading("Thirty days.", title=title), "s")[0] for title in ("Leave", "Holidays"))
    assert of_words(before.content_hash) != of_words(after.content_hash)


def test_a_plan_counts_what_will_be_written() -> None:
    plan = Plan(added=Tally(1, 5, 50), changed=Tally(1, 2, 20), moved=Tally(2, 3), removed=Tally(1, 4), listed=20, gone=7, lost=4)
    assert (plan.written, plan.tokens, plan.lost, plan.empty) == (10, 70, 4, False)
    assert Plan(unchanged=Tally(3, 9), listed=9).empty

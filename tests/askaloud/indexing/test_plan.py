from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.askaloud.knowledge.records import record

from askaloud.indexing.files import File
from askaloud.indexing.plan import Planner, content_hash, records_of
from askaloud.indexing.read import Reading
from askaloud.indexing.split import Piece
from askaloud.knowledge.passage import Box, Listed, PassageRecord


def file(path: str = "leave/handbook.pdf") -> File:
    return File(path, Path("/folder") / path, datetime(2026, 1, 1, tzinfo=UTC))


def reading(*texts: str, title: str = "Handbook") -> Reading:
    pieces = [Piece(7, at, at * 100, at * 100 + 50, text, ("Leave",), ((0.1, 0.1, 0.9, 0.2),)) for at, text in enumerate(texts)]
    return Reading(title, 9, tuple(pieces))


def listed(*records: PassageRecord) -> list[Listed]:
    return [Listed(each.id, each.path, each.content_hash) for each in records]


def test_a_passage_is_written_with_all_that_was_read() -> None:
    (made,) = records_of(file(), reading("Thirty days."), "handbooks", groups=("people", "board"))
    assert (made.source, made.path, made.title, made.headings) == ("handbooks", "leave/handbook.pdf", "Handbook", ("Leave",))
    assert (made.page, made.ordinal, made.text, made.start, made.end) == (7, 0, "Thirty days.", 0, 50)
    assert made.boxes == (Box(0.1, 0.1, 0.9, 0.2),)
    assert made.groups == ("board", "people")
    assert made.vector is None


def test_a_document_without_a_title_is_called_by_its_file() -> None:
    assert records_of(file("a/travel_and-expenses.pdf"), reading("x", title=""), "s")[0].title == "travel and expenses"


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


def test_where_only_readers_or_place_are_others_the_vector_may_be_kept() -> None:
    (before,) = records_of(file(), reading("Thirty days."), "s")
    (after,) = records_of(file(), reading("Thirty days."), "s", groups=("board",))
    planner = Planner(listed(before))
    planner.want([after])
    plan = planner.plan()
    assert (plan.relabelled, plan.new, plan.changed, plan.unchanged, plan.empty) == ((after,), (), (), 0, False)


def test_a_move_under_other_readers_is_a_move() -> None:
    planner = Planner(listed(*records_of(file("open/a.pdf"), reading("Thirty days."), "s")))
    (after,) = records_of(file("closed/a.pdf"), reading("Thirty days."), "s", groups=("board",))
    planner.want([after])
    plan = planner.plan()
    assert ([moved.record for moved in plan.moved], plan.new) == ([after], ())


def test_the_plan_names_new_changed_unchanged_and_gone() -> None:
    same, old, gone, new = record("same"), record("changed", "Old."), record("gone", "Gone."), record("new", "New.")
    planner = Planner(listed(same, old, gone))
    changed = record("changed", "Changed.")
    planner.want([same, changed])
    planner.want([new])
    plan = planner.plan()
    assert (plan.new, plan.changed, plan.moved, plan.unchanged, plan.gone, plan.listed) == ((new,), (changed,), (), 1, ("gone",), 3)
    assert plan.lost == 1
    assert not plan.empty


def test_the_same_content_under_another_path_is_a_move() -> None:
    before = records_of(file("old.pdf"), reading("One.", "Two."), "s")
    after = records_of(file("new.pdf"), reading("One.", "Two."), "s")
    planner = Planner(listed(*before))
    planner.want(after)
    plan = planner.plan()
    assert [moved.record for moved in plan.moved] == after
    assert [moved.old_id for moved in plan.moved] == [each.id for each in before]
    assert (plan.new, plan.lost) == ((), 0)
    assert set(plan.gone) == {each.id for each in before}


def test_one_passage_that_went_is_the_origin_of_one_move_only() -> None:
    (gone,) = records_of(file("old.pdf"), reading("Same."), "s")
    planner = Planner(listed(gone))
    planner.want(records_of(file("a.pdf"), reading("Same."), "s"))
    planner.want(records_of(file("b.pdf"), reading("Same."), "s"))
    plan = planner.plan()
    assert (len(plan.moved), len(plan.new)) == (1, 1)


def test_a_copy_beside_the_original_is_new_and_no_move() -> None:
    original = records_of(file("a.pdf"), reading("Same."), "s")
    planner = Planner(listed(*original))
    planner.want(original)
    planner.want(records_of(file("b.pdf"), reading("Same."), "s"))
    plan = planner.plan()
    assert (len(plan.new), plan.moved, plan.gone) == (1, (), ())


def test_what_is_kept_is_not_gone() -> None:
    kept, gone = record("kept", path="locked.pdf"), record("gone", path="removed.pdf")
    planner = Planner(listed(kept, gone))
    planner.keep("locked.pdf")
    plan = planner.plan()
    assert (plan.gone, plan.unchanged) == (("gone",), 1)


def test_nothing_to_do_is_an_empty_plan() -> None:
    planner = Planner(listed(record("p1")))
    planner.want([record("p1")])
    assert planner.plan().empty

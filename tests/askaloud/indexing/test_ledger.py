from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.askaloud.indexing.test_plan import file, reading
from tests.askaloud.knowledge.records import record
from tests.commands import ROOT

from askaloud.indexing.ledger import Ledger
from askaloud.indexing.plan import Plan, Tally, content_hash, of_words, records_of
from askaloud.knowledge.passage import Listed, PassageRecord


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger() as made:
        yield made


def passage(id: str, text: str = "Thirty days.", path: str = "a.pdf") -> PassageRecord:
    made = record(id, text, path=path)
    return replace(made, content_hash=content_hash(made, ""))


def listed(*records: PassageRecord) -> list[Listed]:
    return [Listed(each.id, each.path, each.content_hash, each.groups) for each in records]


def want(ledger: Ledger, *records: PassageRecord) -> None:
    for each in records:
        ledger.want(each.path, [each])


def counts(plan: Plan) -> dict[str, tuple[int, int]]:
    kinds = ("added", "changed", "moved", "removed", "unchanged")
    return {kind: (tally.documents, tally.passages) for kind in kinds if (tally := getattr(plan, kind)) != Tally()}


def to_write(ledger: Ledger) -> list[tuple[PassageRecord, str | None]]:
    return [(each.record, each.old_id) for batch in ledger.to_write(2) for each in batch]


def to_remove(ledger: Ledger) -> list[str]:
    return [id for batch in ledger.to_remove() for id in batch]


def test_the_plan_names_added_changed_unchanged_and_removed(ledger: Ledger) -> None:
    same, old = passage("same", path="a.pdf"), passage("old", "Old.", "b.pdf")
    gone, new = passage("gone", "Gone.", "c.pdf"), passage("new", "New.", "d.pdf")
    changed = passage("old", "Changed.", "b.pdf")
    ledger.list(listed(same, old, gone))
    want(ledger, same, changed, new)
    plan = ledger.plan()
    assert counts(plan) == {"added": (1, 1), "changed": (1, 1), "removed": (1, 1), "unchanged": (1, 1)}
    assert (plan.listed, plan.gone, plan.lost) == (3, 1, 1)
    assert (to_write(ledger), to_remove(ledger)) == ([(changed, None), (new, None)], ["gone"])


def test_a_passage_that_comes_back_from_the_ledger_is_the_one_that_went_in(ledger: Ledger) -> None:
    made = records_of(file(), reading("Größe 🙂.", "Two."), "s", groups=("board",))
    ledger.want(file().path, made, named=False)
    ledger.plan()
    ((one, two),) = ledger.to_write(10)
    assert [one.record, two.record] == made
    assert (one.named, one.old_id) == (False, None)


def test_a_document_of_which_a_part_is_new_or_gone_counts_as_changed(ledger: Ledger) -> None:
    first, second, third = (passage(id, id) for id in ("1", "2", "3"))
    ledger.list(listed(first, second))
    want(ledger, first, third)
    assert counts(ledger.plan()) == {"changed": (1, 1), "removed": (0, 1), "unchanged": (0, 1)}


def test_the_same_words_under_another_path_are_a_move(ledger: Ledger) -> None:
    before = records_of(file("old.pdf"), reading("One.", "Two."), "s")
    after = records_of(file("new.pdf"), reading("One.", "Two."), "s")
    ledger.list(listed(*before))
    want(ledger, *after)
    plan = ledger.plan()
    assert counts(plan) == {"moved": (1, 2)}
    assert (plan.gone, plan.lost, plan.tokens, plan.kept_vectors) == (2, 0, 0, 2)
    assert to_write(ledger) == [(record, old.id) for record, old in zip(after, before, strict=True)]
    assert set(to_remove(ledger)) == {each.id for each in before}


def test_one_passage_that_went_is_the_origin_of_one_move_only(ledger: Ledger) -> None:
    ledger.list(listed(*records_of(file("old.pdf"), reading("Same."), "s")))
    for path in ("a.pdf", "b.pdf"):
        ledger.want(path, records_of(file(path), reading("Same."), "s"))
    assert counts(ledger.plan()) == {"moved": (1, 1), "added": (1, 1)}  # which has the same vector


def test_a_copy_beside_the_original_is_new_and_no_move(ledger: Ledger) -> None:
    original = records_of(file("a.pdf"), reading("Same."), "s")
    ledger.list(listed(*original))
    want(ledger, *original, *records_of(file("b.pdf"), reading("Same."), "s"))
    assert counts(ledger.plan()) == {"added": (1, 1), "unchanged": (1, 1)}


def test_a_copy_is_written_with_the_vector_of_its_original(ledger: Ledger) -> None:
    (original,) = records_of(file("a.pdf"), reading("Same."), "s")
    (copy,) = records_of(file("b.pdf"), reading("Same."), "s")
    ledger.list(listed(original))
    want(ledger, original, copy)
    plan = ledger.plan()
    assert (counts(plan), plan.tokens) == ({"added": (1, 1), "unchanged": (1, 1)}, 0)
    assert to_write(ledger) == [(copy, original.id)]


def test_a_file_under_the_name_of_another_that_goes_is_a_move_and_what_was_there_is_lost(ledger: Ledger) -> None:
    draft, old = passage("draft", "New rule.", "draft.txt"), passage("3", "Old rule.", "3.txt")
    ledger.list(listed(draft, old))
    new = passage("3", "New rule.", "3.txt")
    want(ledger, new)
    plan = ledger.plan()
    assert (plan.moved.passages, plan.tokens, plan.gone, plan.lost) == (1, 0, 1, 0)
    assert (to_write(ledger), to_remove(ledger)) == ([(new, "draft")], ["draft"])


def test_two_files_that_exchange_their_names_keep_their_vectors_which_are_fetched_before_either_is_written(ledger: Ledger) -> None:
    ledger.list(listed(passage("1", "One.", "1.txt"), passage("2", "Two.", "2.txt")))
    want(ledger, passage("1", "Two.", "1.txt"), passage("2", "One.", "2.txt"))
    plan = ledger.plan()
    assert (plan.changed.passages, plan.tokens, plan.lost) == (2, 0, 0)
    assert [old for _, old in to_write(ledger)] == ["2", "1"]
    some = [each for rows in ledger.overwritten(1) for each in rows]
    assert some == [(id, of_words(passage(id, text).content_hash)) for id, text in (("1", "One."), ("2", "Two."))]
    ledger.remember("1", (0.1, -2.5))
    assert (ledger.remembered("1"), ledger.remembered("2")) == ((0.1, -2.5), None)


def test_what_stands_elsewhere_too_is_not_lost(ledger: Ledger) -> None:
    """As a run leaves it that was killed after the writes of a move: each passage stands twice."""
    before = [passage(f"old {n}", f"Rule {n}.", f"{n}.txt") for n in range(6)]
    after = [passage(f"new {n}", f"Rule {n}.", f"deep/{n}.txt") for n in range(6)]
    ledger.list(listed(*before, *after[:4]))
    want(ledger, *after)
    plan = ledger.plan()
    assert (plan.gone, plan.lost, plan.listed) == (6, 0, 10)


def test_words_that_are_written_over_are_no_other_place_for_them(ledger: Ledger) -> None:
    ledger.list(listed(passage("gone", "Same.", "a.txt"), passage("over", "Same.", "b.txt")))
    want(ledger, passage("over", "Other.", "b.txt"))
    assert ledger.plan().lost == 1


def test_where_only_readers_are_others_the_vector_is_kept(ledger: Ledger) -> None:
    (before,) = records_of(file(), reading("Thirty days."), "s")
    (after,) = records_of(file(), reading("Thirty days."), "s", groups=("board",))
    ledger.list(listed(before))
    want(ledger, after)
    plan = ledger.plan()
    assert (counts(plan), plan.tokens, plan.empty) == ({"changed": (1, 1)}, 0, False)
    assert to_write(ledger) == [(after, before.id)]


def test_a_move_under_other_readers_is_a_move(ledger: Ledger) -> None:
    ledger.list(listed(*records_of(file("open/a.pdf"), reading("Thirty days."), "s")))
    want(ledger, *records_of(file("closed/a.pdf"), reading("Thirty days."), "s", groups=("board",)))
    assert counts(ledger.plan()) == {"moved": (1, 1)}


def test_a_plain_text_under_another_name_is_a_move_though_its_title_is_another(ledger: Ledger) -> None:
    ledger.list(listed(*records_of(file("old.txt"), reading("Same.", title=""), "s")))
    ledger.want("new.txt", records_of(file("new.txt"), reading("Same.", title=""), "s"), named=False)
    assert counts(ledger.plan()) == {"moved": (1, 1)}
    (((written, _),)) = to_write(ledger)
    assert written.title == "new"


def test_passages_whose_readers_change_are_written_first(ledger: Ledger) -> None:
    (before,) = records_of(file("z.pdf"), reading("Closed."), "s")
    (after,) = records_of(file("z.pdf"), reading("Closed."), "s", groups=("board",))
    ledger.list(listed(before))
    want(ledger, *records_of(file("a.pdf"), reading("New."), "s"), after)
    ledger.plan()
    assert to_write(ledger)[0] == (after, before.id)


def test_what_is_kept_is_not_gone(ledger: Ledger) -> None:
    ledger.list(listed(passage("kept", path="locked.pdf"), passage("gone", path="removed.pdf")))
    ledger.keep("locked.pdf")
    assert counts(ledger.plan()) == {"unchanged": (1, 1), "removed": (1, 1)}
    assert to_remove(ledger) == ["gone"]


@pytest.mark.parametrize(
    ("before", "now", "stays"),
    [
        ((), (), True),
        (("a",), (), True),
        (("a",), ("a", "b"), True),
        ((), ("a",), False),
        (("a", "b"), ("a",), False),
        (("a",), ("b",), False),
    ],
)
def test_what_cannot_be_read_again_stays_only_where_nobody_may_read_it_who_now_may_not(
    ledger: Ledger, before: tuple[str, ...], now: tuple[str, ...], stays: bool
) -> None:
    ledger.list(listed(replace(passage("locked", path="locked.pdf"), groups=before)))
    assert ledger.keep("locked.pdf", now) == stays
    assert to_remove(ledger) == ([] if stays else ["locked"])


def test_passages_that_some_could_read_and_everybody_will_are_counted(ledger: Ledger) -> None:
    def limited(each: PassageRecord, *groups: str) -> PassageRecord:
        made = replace(each, groups=groups)
        return replace(made, content_hash=content_hash(made, ""))

    same, changed, moved = passage("same"), passage("changed", "Old.", "b.pdf"), passage("old", "Moved.", "c.pdf")
    ledger.list(listed(limited(same, "hr"), limited(changed, "hr"), limited(moved, "hr"), passage("open", "Open.", "d.pdf")))
    want(ledger, same, passage("changed", "New.", "b.pdf"), passage("new", "Moved.", "e.pdf"), passage("open", "Opened.", "d.pdf"))
    assert ledger.plan().opened == 3


def test_documents_are_named_by_kind_in_order_up_to_a_number(ledger: Ledger) -> None:
    ledger.list(listed(passage("gone", "Gone.", "z.pdf")))
    want(ledger, *(passage(f"new {name}", name, f"{name}.pdf") for name in "cab"))
    ledger.plan()
    assert ledger.documents("added", 2) == ["a.pdf", "b.pdf"]
    assert (ledger.documents("removed", 2), ledger.documents("changed", 2)) == (["z.pdf"], [])


def test_a_moved_passage_that_was_refused_keeps_its_old_record(ledger: Ledger) -> None:
    before = records_of(file("old.pdf"), reading("One.", "Two."), "s")
    after = records_of(file("new.pdf"), reading("One.", "Two."), "s")
    ledger.list(listed(*before))
    want(ledger, *after)
    ledger.plan()
    ledger.refuse([after[0].id])
    assert ledger.refused(9) == ["new.pdf"]
    assert to_remove(ledger) == [before[1].id]


def test_nothing_to_do_is_an_empty_plan(ledger: Ledger) -> None:
    ledger.list(listed(passage("1")))
    want(ledger, passage("1"))
    assert ledger.plan().empty
    assert (to_write(ledger), to_remove(ledger)) == ([], [])


def test_listing_twice_is_as_listing_once(ledger: Ledger) -> None:
    for _ in range(2):
        ledger.list(listed(passage("1"), passage("2")))
    assert ledger.plan().listed == 2


FULL = """
import resource
from tests.askaloud.knowledge.records import record
from askaloud.errors import IndexingError
from askaloud.indexing.ledger import Ledger

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
with Ledger() as ledger:
    try:
        for number in range(40_000):
            ledger.want("a.txt", [record(f"p{number}", "Thirty days. " * 100)])
    except IndexingError as full:
        print(full)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a file's size is limited like this on Linux")
def test_a_temporary_folder_that_is_full_is_a_sentence() -> None:
    command = [sys.executable, "-c", FULL]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert (ended.stdout.startswith("There is no room in the system's temporary folder ("), ended.stderr) == (True, "")


@pytest.mark.skipif(sys.platform != "linux", reason="counted in kilobytes on Linux alone")
def test_a_large_source_does_not_stay_in_memory(ledger: Ledger) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text = "Thirty days. " * 300
    for number in range(20_000):
        ledger.want(f"{number}.txt", [replace(record(f"p{number}", text), path=f"{number}.txt", content_hash=f"{number}.x")])
    plan = ledger.plan()
    assert sum(len(batch) for batch in ledger.to_write(64)) == plan.written == 20_000
    written = 20_000 * len(text)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < written / 2

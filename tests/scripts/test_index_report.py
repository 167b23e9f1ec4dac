from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from rich.console import Console
from tests.askaloud.knowledge.records import record

from askaloud.indexing.delivery import Delivered
from askaloud.indexing.estimate import Assumptions, Estimate
from askaloud.indexing.files import Skipped
from askaloud.indexing.ledger import Ledger
from askaloud.indexing.persistence import Persistence
from askaloud.indexing.plan import Plan, Tally
from askaloud.indexing.sync import Prepared, Report
from index_report import NAMED_AT_MOST, OTHERS_SHOWN, Bar, as_json, show_plan, show_result

PLAN = Plan(added=Tally(2, 1200, 90_000), changed=Tally(1, 3, 400), removed=Tally(0, 4), unchanged=Tally(7, 70), listed=77, gone=4, lost=4)
EXPECTED, ASSUMED = Estimate(90_400, 0.0118, 45.2), Assumptions()


@pytest.fixture
def prepared() -> Iterator[Prepared]:
    with Prepared("docs", PLAN, 10, 31, (), Ledger(), Persistence()) as made:
        yield made


class Said(Console):
    """What a terminal without colours would show."""

    def __init__(self) -> None:
        super().__init__(file=io.StringIO(), width=200, force_terminal=False)

    def __str__(self) -> str:
        assert isinstance(self.file, io.StringIO)
        return "\n".join(line.rstrip() for line in self.file.getvalue().splitlines())


def test_the_plan_names_documents_passages_and_tokens_of_each_kind(prepared: Prepared) -> None:
    said = Said()
    show_plan(prepared, EXPECTED, ASSUMED, said, embeds=True)
    rows = [line.split() for line in str(said).splitlines()]
    assert ["added", "2", "1,200", "90,000"] in rows
    assert ["removed", "0", "4"] in rows
    assert ["unchanged", "7", "70"] in rows
    assert "Embedding about 90,400 tokens costs about $0.01 at $0.13 a million (--price), and takes about 45 s" in str(said)


def test_what_could_not_be_read_is_named_and_other_formats_only_up_to_a_number(prepared: Prepared) -> None:
    others = tuple(Skipped(f"{number}.png", "its format is not one that we read", expected=True) for number in range(OTHERS_SHOWN + 5))
    said = Said()
    show_plan(replace(prepared, skipped=(*others, Skipped("[red]a.pdf", "it is empty"))), EXPECTED, ASSUMED, said, embeds=False)
    assert "not read: [red]a.pdf: it is empty" in str(said)
    assert str(said).count(".png") == OTHERS_SHOWN
    assert "not read: 5 more of other formats" in str(said)
    assert "Nothing is embedded, so this costs nothing" in str(said)


def test_a_file_of_which_an_earlier_version_stays_says_so(prepared: Prepared) -> None:
    said = Said()
    show_plan(replace(prepared, skipped=(Skipped("a.pdf", "it is damaged", kept=3),)), EXPECTED, ASSUMED, said, embeds=False)
    assert "not read: a.pdf: it is damaged; 3 passages of an earlier version stay\n" in str(said)


def test_the_documents_of_a_plan_are_named_up_to_a_number(prepared: Prepared) -> None:
    for number in range(NAMED_AT_MOST + 3):
        prepared.ledger.want(f"[{number:02}].md", [record(str(number), str(number))])
    said = Said()
    plan = replace(prepared.ledger.plan(), added=Tally(NAMED_AT_MOST + 3, 15))
    show_plan(replace(prepared, plan=plan), EXPECTED, ASSUMED, said, embeds=False)
    assert "added: [00].md\nadded: [01].md\n" in str(said)
    assert str(said).count("added: [") == NAMED_AT_MOST
    assert "added: 3 documents more" in str(said)


def test_what_was_removed_from_where_it_was_before_is_told_from_what_is_gone(prepared: Prepared) -> None:
    said = Said()
    moved = replace(prepared, plan=replace(PLAN, moved=Tally(1, 2), gone=6))
    show_result(Report(moved, Delivered(written=1205, removed=6)), 1.0, said, embeds=False)
    assert "6 passages, 2 of them from their former place" in str(said)


def test_the_result_says_what_was_tried_again_and_what_is_missing(prepared: Prepared) -> None:
    prepared.persistence.retries.update({"429": 3, "500": 1})
    prepared.ledger.want("odd.txt", [replace(record("p1"), path="odd.txt")])
    prepared.ledger.refuse(["p1"])
    said = Said()
    show_result(Report(prepared, Delivered(written=1202, removed=4, refused=["p1"])), 120.0, said, embeds=True)
    assert "3 times: too many requests" in str(said)
    assert "1 time: status 500" in str(said)
    assert "2 min, 10 passages/s" in str(said)
    assert "The service did not take 1 passage; run the command again." in str(said)
    assert "not taken: odd.txt" in str(said)


def test_who_stopped_it_reads_how_to_go_on(prepared: Prepared) -> None:
    said = Said()
    show_result(Report(prepared, Delivered(written=500, stopped=True)), 9.0, said, embeds=True)
    assert "The same command goes on from here." in str(said)
    assert "Done" not in str(said)


def test_other_programs_get_the_same_and_null_where_nothing_was_carried_out(prepared: Prepared) -> None:
    prepared = replace(prepared, plan=replace(PLAN, kept_vectors=2, opened=1))
    planned = as_json(prepared, EXPECTED, ASSUMED, None, 0.0)
    assert (planned["kept_vectors"], planned["opened"]) == (2, 1)
    assert planned["plan"]["added"] == {"documents": 2, "passages": 1200, "tokens": 90_000}
    assert planned["result"] is None
    done = as_json(prepared, EXPECTED, ASSUMED, Report(prepared, Delivered(written=3)), 1.23456)
    assert done["result"] == {"written": 3, "removed": 0, "refused": [], "retries": {}, "stopped": False, "seconds": 1.235}


def test_the_bar_says_what_is_happening_and_how_far_it_is() -> None:
    shown = io.StringIO()
    with Bar(Console(file=shown, width=200, force_terminal=True)) as bar:
        for done in range(3):
            bar.told("reading", done, 4)
        bar.told("writing", 1, 9)
        bar.refresh()
    assert "writing" in shown.getvalue()
    assert "1/9" in shown.getvalue()


def test_files_of_other_formats_are_counted_by_themselves(prepared: Prepared) -> None:
    said = Said()
    skipped = (Skipped("a.png", "its format is not one that we read", expected=True), Skipped("b.pdf", "it is empty"))
    show_result(Report(replace(prepared, skipped=skipped), Delivered(written=3)), 1.0, said, embeds=False)
    rows = [line.split() for line in str(said).splitlines()]
    assert ["files", "not", "read", "1"] in rows
    assert ["of", "other", "formats", "1"] in rows
    said = Said()
    show_result(Report(prepared, Delivered(written=3)), 1.0, said, embeds=False)
    assert "of other formats" not in str(said)


def test_a_name_that_would_move_the_cursor_does_not_reach_the_terminal(prepared: Prepared) -> None:
    bad = "a\x1b[2J\x1b]0;owned\x07\nb\u202e\udce4.md"
    prepared.ledger.want(bad.replace("\udce4", ""), [record("1", "1")])
    said = Said()
    shown = replace(prepared, plan=replace(prepared.ledger.plan(), added=Tally(1, 5)), skipped=(Skipped(bad, "it is empty"),))
    show_plan(shown, EXPECTED, ASSUMED, said, embeds=False)
    assert "added: a\ufffd[2J\ufffd]0;owned\ufffd\ufffdb\ufffd.md" in str(said)
    assert "not read: a\ufffd[2J\ufffd]0;owned\ufffd\ufffdb\ufffd\ufffd.md: it is empty" in str(said)

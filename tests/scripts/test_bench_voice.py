"""What the bench of voices counts: a page of the right document, a wait that there was, questions of all documents. Figures are no test."""

from __future__ import annotations

import pytest

from bench_voice import Heard, shown_waits, spread

CASES = [
    {"question": f"{half} {number}", "document": document, "set": half}
    for half in ("tune", "report")
    for document in ("a.pdf", "b.md", "c.html", None)
    for number in range(4)
]


@pytest.mark.parametrize(
    ("first", "right"),
    [(("Handbook", 7), True), (("Handbook", 8), False), (("Manual", 7), False), (("Handbook", None), False), (None, False)],
)
def test_a_page_is_right_only_in_the_right_document(first: tuple[str, int | None] | None, right: bool) -> None:
    assert Heard("q", first_source=first).found("Handbook", 7) is right


def test_a_document_without_pages_is_not_any_other_without() -> None:
    assert Heard("q", first_source=("Guide", None)).found("Guide", None)
    assert not Heard("q", first_source=("FAQ", None)).found("Guide", None)


@pytest.mark.parametrize(("first_audio_at", "ended_at"), [(0.0, 1_000.0), (999.0, 1_000.0), (999.0, 0.0), (0.0, 0.0)])
def test_an_answer_without_sound_or_into_the_question_has_no_time(first_audio_at: float, ended_at: float) -> None:
    assert Heard("q", first_audio_at=first_audio_at, ended_at=ended_at).waited_ms is None


def test_a_wait_is_counted_in_milliseconds() -> None:
    assert Heard("q", first_audio_at=1_000.65, ended_at=1_000.0).waited_ms == pytest.approx(650)


def test_what_is_silent_is_no_fast_answer_and_is_said() -> None:
    assert shown_waits([600.0, 640.0, 900.0], 700) == "3 questions: median 640 ms, fastest 600, slowest 900   goal ≤ 700 ms"
    assert shown_waits([600.0, None, 900.0], 700) == (
        "3 questions: median 750 ms, fastest 600, slowest 900; 1 without a sounding answer   goal ≤ 700 ms   missed"
    )
    assert shown_waits([600.0, None], 700).endswith("missed")
    assert shown_waits([None], 700) == "1 questions; 1 without a sounding answer   missed"


def test_a_few_questions_are_spread_over_all_documents_and_are_those_that_nobody_tuned_for() -> None:
    chosen = spread(CASES, 6)
    assert len(chosen) == 6
    assert {case["document"] for case in chosen} == {"a.pdf", "b.md", "c.html"}
    assert {case["set"] for case in chosen} == {"report"}
    assert len(spread(CASES, 100)) == 12
    assert spread(CASES, 0) == []

"""What the bench counts: words, and questions of each kind. The figures themselves are no test."""

from __future__ import annotations

import numpy as np
import pytest

from bench_stand_in import AFTER_MS, BEFORE_MS, Utterance, chosen, in_noise
from make_questions import RATE, SPEECH_RMS

QUESTION = "How many e-mails may I keep for 30 days?"


@pytest.mark.parametrize(
    ("heard", "wrong"),
    [
        ("How many e-mails may I keep for thirty days?", 0),
        ("how many e mails may i keep for thirty days", 0),
        ("how many males may i keep for thirty", 3),
        ("so how many e mails may i keep for thirty days", 1),
        ("", 10),
    ],
)
def test_words_count_as_they_are_said(heard: str, wrong: int) -> None:
    assert Utterance({"question": QUESTION}, "slt", 45, heard).errors == (wrong, 10)


def test_the_noise_is_the_same_each_time_and_as_far_below_the_voice_as_it_is_called() -> None:
    quiet = np.frombuffer(in_noise(np.zeros(RATE), 20, seed=3), "<i2").astype(np.float64)
    assert quiet.size == RATE * (1_000 + BEFORE_MS + AFTER_MS) // 1_000
    assert np.sqrt(np.mean(quiet**2)) == pytest.approx(SPEECH_RMS / 10, rel=0.01)
    assert in_noise(np.zeros(RATE), 20, seed=3) == in_noise(np.zeros(RATE), 20, seed=3) != in_noise(np.zeros(RATE), 20, seed=4)


def test_a_few_questions_are_as_many_of_each_kind() -> None:
    cases = [{"set": half, "document": document} for half in ("tune", "report") for document in ("a.md", None) for _ in range(5)]
    assert chosen(cases, None) == cases
    assert len(chosen(cases, 2)) == 8
    numbered = [{"set": "report", "document": "a.md", "number": number} for number in range(6)]
    assert [case["number"] for case in chosen(numbered, 3)] == [0, 2, 4], "from first to last, not the first ones"

"""What is said, and what is asked about it."""

from __future__ import annotations

import pytest

from local_azure.speech.questions import LONGEST_SUBJECT, asked_by_a_reader, pieces

INFINITIVES = {"costs": "cost", "takes": "take"}


def asked(sentence: str) -> list[str]:
    """The pieces of a sentence's questions; a full stop where they may end."""
    return [" ".join(piece.words) + "." * piece.ends for piece in pieces(sentence.split(" "), INFINITIVES.get)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the water filter must be replaced", "must the water filter be replaced."),
        ("the company was founded in nineteen seventy four", "was the company founded."),
        ("a plot costs eighty euros", "does a plot cost."),
        ("the ferry takes fifty minutes to torsay", "does the ferry take fifty minutes to torsay."),
        ("if the lamp blinks the tank is empty", "is the lamp blinks the tank empty."),
        ("you can take your leave", "can i take my leave."),
        ("your badge is green", "my badge is green."),
        ("there are forty desks", "how many desks"),
        ("it rises by thirty percent", None),
        ("working from abroad", None),
    ],
)
def test_a_sentence_is_asked_about(sentence: str, expected: str | None) -> None:
    assert expected in asked(sentence) if expected else asked(sentence) == []


def test_a_question_may_end_with_its_verb() -> None:
    assert asked("the kiln takes two hours") == ["does the kiln take two hours.", "does the kiln take.", "how many hours"]


def test_a_long_beginning_is_not_turned_round() -> None:
    assert asked(" ".join(["word"] * LONGEST_SUBJECT) + " is red") != []
    assert asked(" ".join(["word"] * (LONGEST_SUBJECT + 1)) + " is red") == []


def test_a_clause_has_a_subject_of_its_own() -> None:
    assert asked("nobody knows when the lamp is lit") == ["is the lamp lit."]


def test_who_asks_says_i_where_the_document_says_you() -> None:
    assert asked_by_a_reader(["when", "you've", "your", "leave"]) == ["when", "i've", "my", "leave"]

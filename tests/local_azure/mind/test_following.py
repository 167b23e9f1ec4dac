"""Conversations: what a question takes over from the one before, and what it leaves behind."""

from __future__ import annotations

import pytest
from tests.local_azure.mind.library import Dialogue

from local_azure.mind import CIVIL, NOT_FOUND
from local_azure.mind.following import replaced

PLACES = (
    (
        "Harbour Rules",
        "In Brask a berth costs 30 crowns a night. In Torsay a berth costs 45 crowns a night, and electricity costs 6 crowns.",
    ),
    ("Harbour Rules", "The crane at Brask lifts boats on weekdays from 8:00 to 15:00. On weekends it lifts boats from 10:00 to 12:00."),
    ("Harbour Rules", "A lifted boat may stay on land for 21 days. The first week of it is free, and each further day costs 4 crowns."),
    ("Harbour Rules", "Lamp L04 means that the tank is full. Lamp L05 means that the shore power is off."),
)


def conversation(*questions: str) -> tuple[list[str], Dialogue]:
    dialogue = Dialogue(passages=PLACES)
    return [dialogue.ask(question) for question in questions], dialogue


@pytest.mark.parametrize(
    ("first", "then", "phrase"),
    [
        ("How much is a berth in Brask?", "And in Torsay?", "45 crowns"),
        ("how much is a berth in brask", "what about torsay", "45 crowns"),
        ("When does the crane lift boats on weekdays?", "and on weekends?", "10:00 to 12:00"),
        ("What does lamp L04 mean?", "and L05?", "shore power is off"),
        ("How long may a lifted boat stay on land?", "how much of it is free?", "first week"),
    ],
)
def test_a_follow_up_puts_its_own_word_in_the_place_of_another(first: str, then: str, phrase: str) -> None:
    answers, _ = conversation(first, then)
    assert phrase not in answers[0] or "Brask" in first.title()
    assert phrase in answers[1]


def test_a_topic_lives_over_several_follow_ups_and_ends_with_a_new_question() -> None:
    answers, dialogue = conversation(
        "How much is a berth in Brask?", "and in Torsay?", "and in Brask?", "What does lamp L04 mean?", "Thanks!", "and L05?"
    )
    assert "45 crowns" in answers[1]
    assert "30 crowns" in answers[2]
    assert "berth" not in dialogue.queries[3]
    assert answers[4] == CIVIL["thanks"]
    assert "shore power" in answers[5]


@pytest.mark.parametrize(
    ("text", "before", "gone"),
    [
        ("and in Lyon?", "How much is a hotel in Hamburg?", {"Hamburg"}),
        ("and in lyon", "how much is a hotel in hamburg", {"hamburg"}),
        ("and in May?", "How much is a hotel in Hamburg?", set()),
        ("and on sundays", "when is it open on mondays", {"mondays"}),
        ("and E09?", "what does error E07 mean", {"E07"}),
        ("how long does it take?", "when does the train leave for Rome", set()),
    ],
)
def test_what_is_left_behind_is_what_stood_in_the_same_place(text: str, before: str, gone: set[str]) -> None:
    assert replaced(text, before) == gone


def test_what_was_heard_is_said_back_once_and_not_twice_in_a_row() -> None:
    answers, dialogue = conversation("How do I train a parrot?", "How do I train a zebra?")
    assert answers[0] == f"{NOT_FOUND} I heard “How do I train a parrot”; could you ask it in other words?"
    assert answers[1] == NOT_FOUND
    assert dialogue.reported == []

from __future__ import annotations

import pytest

from local_azure.mind.asking import parted, plain
from local_azure.mind.kinds import kind_of
from local_azure.mind.manners import is_errand


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Hello, could you tell me how deep the pond is, please?", "how deep the pond is"),
        ("I was wondering if the sauna is open", "if the sauna is open"),
        ("wfh max days", "working from home maximum days"),
        ("do you know when the ferry leaves", "when the ferry leaves"),
    ],
)
def test_what_is_said_around_a_question_is_left_away(said: str, question: str) -> None:
    assert plain(said) == question


@pytest.mark.parametrize(
    ("said", "core"),
    [
        (
            "my uncle keeps bees and sold his old hives last winter to a neighbour, how many hives may stand on the meadow?",
            "how many hives may stand on the meadow?",
        ),
        (
            "so we moved here in spring with two dogs a cat and a parrot how much is the rent for half a plot",
            "how much is the rent for half a plot",
        ),
        ("If I am in Lund, where do I order coils?", "If I am in Lund, where do I order coils?"),
        ("I broke a score of the choir on Tuesday evening, what now?", "I broke a score of the choir on Tuesday evening, what now?"),
    ],
)
def test_a_long_story_is_parted_from_the_question_and_a_condition_is_not(said: str, core: str) -> None:
    assert parted(said)[1] == core


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("hotel limit oslo", "amount"),
        ("opening hours on sundays", "time"),
        ("which lamp is on when the water is low", "open"),
        ("the pump is loud what can i do", "way"),
        ("when can i come", "time"),
        ("do I pay when I come late", "whether"),
        ("who checks the hives", "person"),
    ],
)
def test_what_is_asked_for_is_read_from_the_words_that_ask(asked: str, kind: str) -> None:
    assert kind_of(asked) == kind


def test_an_errand_is_no_question_and_asking_to_be_told_is_no_errand() -> None:
    assert is_errand("Can you book a room for me?")
    assert is_errand("please translate this")
    assert not is_errand("Can you tell me who books the rooms?")
    assert not is_errand("Can I book a room?")

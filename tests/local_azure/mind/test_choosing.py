"""The rule and its exception, codes, and amounts, on passages that the code has never seen."""

from __future__ import annotations

import pytest

from local_azure.mind.choosing import choose
from local_azure.mind.outputs import Passage
from local_azure.mind.question import understand

POOL = (
    Passage("The season ticket of pupils is valid for three months.", 1, "Lido › Pupils"),
    Passage("The season ticket is valid for five months. It may not be lent.", 2, "Lido › Tickets"),
    Passage("In Bergen the berth limit is 140 crowns. Berth Anna costs 118 euros and lies in the harbour of Oslo.", 3, "Harbour"),
    Passage("E14: the pump is dry.", 4, "Pump"),
    Passage("E15: the valve is stuck.", 5, "Pump"),
    Passage("After 30 minutes the pump goes into the saving mode. In the saving mode the pump uses 4 watts.", 6, "Pump"),
    Passage("A broken locker is reported to the desk. The first repair is free, and each further one costs 20 euros.", 7, "Lido"),
    Passage("The club has a share in the ferry, which was built for 500 euros.", 8, "Club"),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How long is the season ticket valid?", "The season ticket is valid for five months."),
        ("How long is the season ticket of pupils valid?", "The season ticket of pupils is valid for three months."),
        ("What does E15 mean?", "E15: the valve is stuck."),
        ("what does e fourteen mean", "E14: the pump is dry."),
        ("How much energy does the pump use in the saving mode?", "In the saving mode the pump uses 4 watts."),
    ],
)
def test_the_rule_goes_before_its_exception_and_one_code_before_another(question: str, said: str) -> None:
    choice = choose(understand([question]), POOL)
    assert choice is not None
    assert said in choice.sentences


def test_an_amount_that_stands_beside_what_was_asked_about_is_said_with_it() -> None:
    choice = choose(understand(["What does a broken locker cost?"]), POOL)
    assert choice is not None
    assert choice.sentences == (
        "A broken locker is reported to the desk.",
        "The first repair is free, and each further one costs 20 euros.",
    )
    assert choice.answers


@pytest.mark.parametrize(
    "question",
    ["What does E99 mean?", "What is the share price of the club?", "How much is a ticket to the opera?", "How much is a berth in Riga?"],
)
def test_a_code_a_measure_or_a_thing_that_no_passage_holds_is_not_found_in_what_looks_like_it(question: str) -> None:
    assert choose(understand([question]), POOL) is None


def test_a_sentence_without_the_time_that_was_asked_for_does_not_answer() -> None:
    choice = choose(understand(["When is the valve stuck?"]), POOL)
    assert choice is not None
    assert not choice.answers


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        (
            "How long is the old jetty?",
            "The old jetty is open to everybody. Walk 90 metres over the water. Dogs stay at home.",
            ("The old jetty is open to everybody.", "Walk 90 metres over the water."),
        ),
        (
            "When does the barn open?",
            "The barn opens at 9:00 for members. The barn opens at 10:00 for guests. It is red.",
            ("The barn opens at 9:00 for members.", "The barn opens at 10:00 for guests."),
        ),
    ],
)
def test_the_sentence_beside_it_is_told_too_where_it_holds_the_amount_or_is_worth_as_much(
    question: str, text: str, said: tuple[str, ...]
) -> None:
    choice = choose(understand([question]), (Passage(text, 1, "Jetty and Press"), *POOL))
    assert choice is not None
    assert choice.sentences == said


def test_when_something_is_allowed_may_be_a_condition() -> None:
    pool = (Passage("Wine is not served in the hall before noon. Wine is served only at a dinner with guests.", 1, "Hall"),)
    choice = choose(understand(["When is wine served?"]), pool)
    assert choice is not None
    assert "Wine is served only at a dinner with guests." in choice.sentences

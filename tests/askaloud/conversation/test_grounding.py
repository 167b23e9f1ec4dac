"""Which sources were found, and which an answer used."""

from __future__ import annotations

from tests.askaloud.conversation.wire import source

from askaloud.conversation.grounding import SOURCES_KEPT, Grounding

LEAVE = "Parental leave lasts twelve weeks at full salary."
LUNCH = "The canteen serves lunch between noon and two."


def test_the_models_own_report_comes_before_any_likeness_of_words() -> None:
    grounding = Grounding()
    grounding.found([source(1, LEAVE), source(2, LUNCH)])
    grounding.report(["p2"])
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p2",)


def test_a_report_is_about_one_answer() -> None:
    grounding = Grounding()
    grounding.found([source(1, LEAVE), source(2, LUNCH)])
    grounding.report(["p2"])
    grounding.of_answer("Something.")
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p1",)


def test_two_reports_before_an_answer_are_both_about_it_each_source_once() -> None:
    grounding = Grounding()
    grounding.report(["p2", "p1"])
    grounding.report(["p1", "p3"])
    assert grounding.of_answer("Something.") == ("p2", "p1", "p3")


def test_a_report_that_no_answer_followed_is_forgotten_with_the_turn() -> None:
    grounding = Grounding()
    grounding.report(["p1"])
    grounding.new_turn()
    assert grounding.of_answer("Something else altogether.") == ()


def test_sources_of_earlier_turns_can_still_be_meant() -> None:
    grounding = Grounding()
    grounding.found([source(1, LEAVE)])
    grounding.new_turn()
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p1",)


def test_the_oldest_sources_are_forgotten_and_those_found_again_are_not() -> None:
    grounding = Grounding()
    grounding.found([source(1, LEAVE), source(2, LUNCH)])
    for number in range(3, SOURCES_KEPT + 1):
        grounding.found([source(number, f"Passage {number} about nothing.")])
    grounding.found([source(1, LEAVE)])
    grounding.found([source(1000, "One more passage about nothing.")])
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p1",)
    assert grounding.of_answer("The canteen serves lunch between noon and two.") == ()

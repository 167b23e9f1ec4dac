"""Which sources were found, and which an answer used."""

from __future__ import annotations

from tests.askaloud.conversation.wire import calling, created, ended, heard, kinds, said, settled, source, told, words

from askaloud.conversation.grounding import SOURCES_KEPT, Grounding
from askaloud.tool import Outcome

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


def test_a_likeness_of_words_is_looked_for_in_this_turns_sources_and_a_report_may_mean_earlier_ones() -> None:
    grounding = Grounding()
    grounding.found([source(1, LEAVE)])
    grounding.new_turn()
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ()
    grounding.report(["p1"])
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p1",)


def test_likeness_alone_is_not_enough_where_nothing_of_it_was_searched_for() -> None:
    grounding = Grounding()
    grounding.found([source(1, "Where to find documents: everything that concerns your contract.")], ["salary", "income"])
    assert grounding.of_answer("I could not find that in the documents.") == ()
    grounding.found([source(2, LEAVE)], ["parental leave"])
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p2",)
    assert grounding.of_answer("I could not find that in the documents.") == ()


def test_the_oldest_sources_are_forgotten_and_those_found_again_are_not() -> None:
    grounding = Grounding()
    grounding.found([source(1, LEAVE), source(2, LUNCH)])
    for number in range(3, SOURCES_KEPT + 1):
        grounding.found([source(number, f"Passage {number} about nothing.")])
    grounding.found([source(1, LEAVE)])
    grounding.found([source(1000, "One more passage about nothing.")])
    assert grounding.of_answer("Parental leave lasts twelve weeks.") == ("p1",)
    assert grounding.of_answer("The canteen serves lunch between noon and two.") == ()


def test_a_conversation_in_which_nothing_was_found_that_answers_shows_no_source_as_cited() -> None:
    talk = settled()
    talk.browser_said(said("response.create"), 0.0)
    heard(talk, created("r1"), calling("r1", "c1", "search", '{"query": "CEO salary"}'), ended("r1"))
    passage = "Where to find documents: everything that concerns your contract lies in the intranet."
    talk.tool_finished("c1", Outcome("found", (source(1, passage),)))
    events = told(heard(talk, created("r2"), words("r2", "i2", "I could not find that in the documents."), ended("r2")))
    assert "response.done" in kinds(events)
    assert "askaloud.cited" not in kinds(events)

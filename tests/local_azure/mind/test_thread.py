"""A question that goes on is answered from where the last answer came from, before any other place that shares its words."""

from __future__ import annotations

import pytest
from tests.local_azure.mind.library import Dialogue

from local_azure.mind.choosing import choose
from local_azure.mind.outputs import Passage, read
from local_azure.mind.question import understand

BERTHS = Passage("You may rent a berth for 40 nights a year. Only whole nights count.", 1, "Rules › Berths", "Berths", "Rules", "3")
COSTS = Passage("The committee pays for the power while you rent a berth.", 2, "Rules › Costs", "Costs", "Rules", "3")
LOCKERS = Passage("The guests pay for the lockers while they rent a berth.", 3, "Rules › Lockers", "Lockers", "Rules", "8")
ASKED = ["For how many nights may I rent a berth?", "And who pays for it?"]
FIRST = "You may rent a berth for 40 nights a year."


@pytest.mark.parametrize("found", [(BERTHS, COSTS, LOCKERS), (LOCKERS, BERTHS, COSTS), (LOCKERS, COSTS)])
def test_the_page_of_the_last_answer_goes_before_another_that_shares_as_many_words(found: tuple[Passage, ...]) -> None:
    choice = choose(understand(ASKED), found, (FIRST,), (BERTHS,))
    assert choice is not None
    assert choice.ids == (COSTS.id,)


def test_without_a_last_answer_the_first_that_was_found_goes_before() -> None:
    choice = choose(understand(["Who pays while one rents a berth?"]), (LOCKERS, COSTS))
    assert choice is not None
    assert choice.ids == (LOCKERS.id,)


def test_a_question_that_stands_alone_goes_on_from_nothing() -> None:
    question = understand([ASKED[0], "Who pays for the lockers while they rent a berth?"])
    choice = choose(question, (COSTS, LOCKERS), (FIRST,), (BERTHS,))
    assert choice is not None
    assert choice.ids == (LOCKERS.id,)


def test_a_share_is_told_by_the_sentence_that_speaks_of_it_though_it_holds_no_number() -> None:
    dialogue = Dialogue(
        passages=(
            ("Crew Leave", "You can sail with us for up to 40 days in a year. Only whole days count."),
            ("Crew Pay", "Your wages are paid as usual while you sail with us."),
            ("Crew Courses", "Knot lessons are paid in full for those who sail with us, and two hours a week of them are working time."),
        )
    )
    assert "40 days" in dialogue.ask("How many days can I sail with you?")
    assert dialogue.ask("And how much of it is paid?") == "Your wages are paid as usual while you sail with us."
    assert dialogue.reported[-1] != dialogue.reported[0]


def test_what_nothing_says_of_a_share_is_not_made_up_from_what_is_free_or_counted() -> None:
    dialogue = Dialogue(
        passages=(
            ("Crew Leave", "Sailors have 40 days of shore leave. New Year is free for everybody, and no shore leave is used for it."),
            ("Crew Leave", "You earn three days of shore leave for each month."),
        )
    )
    assert "40 days" in dialogue.ask("How many days of shore leave do sailors have?")
    assert dialogue.ask("And how much of it is paid?").startswith("I could not find that in the documents.")


def test_the_page_of_a_passage_is_read_where_the_tool_names_one() -> None:
    assert [passage.page for passage in read('<passage id="1" title="Rules" page="3">Berths.</passage>').passages] == ["3"]
    assert [passage.page for passage in read('[{"id": 1, "text": "Berths are free.", "page": 4}]').passages] == ["4"]
    assert [passage.page for passage in read("Berths are free.").passages] == [""]

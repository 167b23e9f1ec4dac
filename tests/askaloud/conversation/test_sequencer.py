"""When a `response.create` may be sent. (Random conversations stand in `test_sequencing.py`.)"""

from __future__ import annotations

import pytest

from askaloud.conversation.sequencer import ACTIVE_ALREADY, TRIES_MAX, WISHES_MAX, Sequencer, Wish


def wish(name: str, *, for_tools: bool = False, **response: object) -> Wish:
    return Wish(name, dict(response), for_tools)


def test_a_wish_is_sent_while_nothing_is_active_and_waits_while_something_is() -> None:
    sequencer = Sequencer()
    first, second = wish("a"), wish("b")
    assert sequencer.want(first) is first
    assert sequencer.want(second) is None, "the first has not begun yet"
    sequencer.created("r1")
    assert sequencer.want(wish("c")) is None
    assert sequencer.done("r1") is second


def test_wishes_alike_become_one_and_different_ones_do_not() -> None:
    sequencer = Sequencer()
    sequencer.created("r1")
    for one in (wish("a"), wish("b"), wish("c", output_modalities=["text"])):
        sequencer.want(one)
    assert [waiting.event_id for waiting in sequencer.waiting] == ["a", "c"]


def test_no_more_wishes_wait_than_anybody_needs() -> None:
    sequencer = Sequencer()
    sequencer.created("r1")
    for number in range(WISHES_MAX + 5):
        sequencer.want(wish(f"w{number}", metadata={"n": str(number)}))
    assert len(sequencer.waiting) == WISHES_MAX


def test_the_end_of_another_response_sends_nothing() -> None:
    sequencer = Sequencer()
    sequencer.created("r1")
    sequencer.want(wish("a"))
    assert sequencer.done("r0") is None


def test_a_wish_that_lost_a_race_is_sent_again_when_the_winner_has_ended() -> None:
    sequencer = Sequencer()
    mine = wish("a")
    sequencer.want(mine)
    sequencer.created("voice detection's")
    assert sequencer.refused("a", ACTIVE_ALREADY) == (True, None)
    assert sequencer.done("voice detection's") is mine


def test_a_wish_for_tools_that_lost_a_race_is_served_by_the_winner() -> None:
    sequencer = Sequencer()
    sequencer.want(wish("a", for_tools=True))
    sequencer.created("voice detection's")
    assert sequencer.refused("a", ACTIVE_ALREADY) == (True, None)
    assert sequencer.done("voice detection's") is None


def test_a_wish_is_given_up_after_so_many_races() -> None:
    sequencer = Sequencer()
    mine = wish("a")
    sequencer.want(mine)
    for _ in range(TRIES_MAX - 1):
        sequencer.created("r")
        assert sequencer.refused("a", ACTIVE_ALREADY) == (True, None)
        assert sequencer.done("r") is mine
    sequencer.created("r")
    assert sequencer.refused("a", ACTIVE_ALREADY) == (False, None)
    assert sequencer.done("r") is None


def test_a_wish_refused_for_another_reason_makes_room_for_the_next() -> None:
    sequencer = Sequencer()
    following = wish("b", metadata={"n": "1"})
    sequencer.want(wish("a"))
    sequencer.want(following)
    assert sequencer.refused("a", "invalid_value") == (False, following)


def test_an_error_about_something_else_changes_nothing() -> None:
    sequencer = Sequencer()
    sequencer.want(wish("a"))
    assert sequencer.refused("x", ACTIVE_ALREADY) == (False, None)
    assert sequencer.busy


def test_a_response_asked_for_after_the_outputs_serves_the_tools_that_waited() -> None:
    sequencer = Sequencer()
    sequencer.created("r1")
    sequencer.want(wish("client"))
    sequencer.want(wish("tools", for_tools=True))
    sent = sequencer.done("r1")
    assert sent is not None
    assert sent.event_id == "client"
    sequencer.created("r2")
    assert sequencer.done("r2") is None


def test_tools_are_not_forgotten_when_the_response_that_would_have_served_them_is_refused() -> None:
    sequencer = Sequencer()
    sequencer.created("r1")
    tools = wish("tools", for_tools=True)
    sequencer.want(wish("client"))
    sequencer.want(tools)
    sequencer.done("r1")
    assert sequencer.refused("client", "invalid_value") == (False, tools)


def test_a_cancel_before_the_response_has_begun_waits_for_its_beginning() -> None:
    sequencer = Sequencer()
    sequencer.want(wish("a"))
    assert sequencer.cancel() is None
    assert sequencer.created("r1")
    assert not sequencer.created("r2"), "only the one that was meant"


def test_a_cancel_names_what_is_active_and_forgets_what_waits() -> None:
    sequencer = Sequencer()
    sequencer.created("r1")
    sequencer.want(wish("a"))
    assert sequencer.cancel() == "r1"
    assert sequencer.done("r1") is None


def test_a_cancel_that_was_meant_for_a_create_the_service_refused_cancels_nothing_later() -> None:
    sequencer = Sequencer()
    sequencer.want(wish("a"))
    sequencer.cancel()
    sequencer.refused("a", "invalid_value")
    assert not sequencer.created("r1")


def test_a_lost_wish_is_not_sent_again_after_the_person_said_stop() -> None:
    sequencer = Sequencer()
    sequencer.want(wish("a"))
    sequencer.created("voice detection's")
    assert sequencer.cancel() == "voice detection's"
    assert sequencer.refused("a", ACTIVE_ALREADY) == (True, None)
    assert sequencer.done("voice detection's") is None


@pytest.mark.parametrize("for_tools", [True, False])
def test_an_answer_for_tools_waits_until_the_person_has_spoken_and_one_they_ask_for_does_not(for_tools: bool) -> None:
    sequencer = Sequencer()
    sequencer.speech_begun()
    mine = wish("a", for_tools=for_tools)
    assert sequencer.want(mine) is (None if for_tools else mine)
    assert sequencer.speech_over() is (mine if for_tools else None)

"""Rounds of tool calls: when an answer is due for them."""

from __future__ import annotations

import pytest

from askaloud.conversation.rounds import ROUNDS_KEPT, ROUNDS_MAX, Round, Rounds


def one(rounds: Rounds, response_id: str = "r1") -> Round:
    round_ = rounds.of(response_id, "u1")
    assert round_ is not None
    round_.calls, round_.wants_answer = 1, True
    round_.running.add("c1")
    return round_


def finished(round_: Round, status: str = "completed") -> Round:
    round_.running.clear()
    round_.status = status
    return round_


def test_an_answer_is_due_when_every_call_has_its_output_and_the_response_has_ended() -> None:
    round_ = one(Rounds())
    round_.running.add("c2")
    assert not round_.answer_due
    round_.status = "completed"
    round_.running.discard("c1")
    assert not round_.answer_due
    round_.running.discard("c2")
    assert round_.answer_due


@pytest.mark.parametrize("status", ["cancelled", "failed", "incomplete"])
def test_no_answer_is_due_for_a_response_that_was_not_completed(status: str) -> None:
    assert not finished(one(Rounds()), status).answer_due


def test_calls_that_want_no_answer_are_due_one_only_where_nothing_was_said() -> None:
    rounds = Rounds()
    round_ = finished(one(rounds))
    round_.wants_answer = False
    assert round_.answer_due
    round_.spoke = True
    assert not round_.answer_due


def test_a_response_created_meanwhile_serves_the_rounds_whose_outputs_were_all_sent() -> None:
    rounds = Rounds()
    open_, ready = one(rounds, "r1"), one(rounds, "r2")
    ready.running.clear()
    rounds.response_created()
    assert finished(open_).answer_due
    assert not finished(ready).answer_due


def test_nothing_is_due_any_more_after_the_person_said_stop() -> None:
    rounds = Rounds()
    round_ = one(rounds)
    rounds.unwanted()
    assert not finished(round_).answer_due


def test_a_round_that_was_told_to_call_nothing_is_due_no_answer() -> None:
    round_ = finished(one(Rounds()))
    round_.final = True
    assert not round_.answer_due


def test_the_turn_is_exhausted_after_four_rounds_and_fresh_with_the_next_turn() -> None:
    rounds = Rounds()
    for number in range(ROUNDS_MAX):
        assert not rounds.exhausted
        assert rounds.close(finished(one(rounds, f"r{number}")))
    assert rounds.exhausted
    rounds.new_turn()
    assert not rounds.exhausted


def test_a_call_is_found_while_it_runs() -> None:
    rounds = Rounds()
    round_ = one(rounds)
    assert rounds.running("c1") is round_
    assert rounds.running("other") is None


def test_too_many_open_rounds_take_no_more_and_forget_none() -> None:
    rounds = Rounds()
    for number in range(ROUNDS_KEPT):
        assert rounds.of(f"r{number}", None) is not None
    assert rounds.of("one more", None) is None
    assert rounds.of("r0", None) is not None

from __future__ import annotations

from askaloud.conversation.actions import WakeMe
from askaloud.conversation.interruption import LISTENED, LISTENING_S, MEANT, Interruption


def test_it_is_decided_when_the_speech_and_the_silence_that_ends_it_are_over() -> None:
    assert Interruption(300).begun("u1", 500) == WakeMe(MEANT, 0.8)


def test_what_goes_out_is_heard_in_its_own_time_and_only_one_look_is_waited_for() -> None:
    interruption = Interruption(300)
    assert interruption.sounded(400) == [WakeMe(LISTENED, LISTENING_S)]
    assert interruption.sounded(0.0) == []
    assert interruption.listened() == [WakeMe(LISTENED, LISTENING_S)]
    assert interruption.ahead_ms == 150
    assert interruption.listened() == []
    assert interruption.ahead_ms == 0


def test_nothing_is_heard_while_the_answer_waits() -> None:
    interruption = Interruption(300)
    interruption.sounded(400)
    interruption.begun("u1", 500)
    interruption.listened()
    assert interruption.ahead_ms == 400


def test_where_any_speech_interrupts_nobody_counts() -> None:
    assert Interruption(0).sounded(400) == []


def test_what_is_decided_is_decided_once() -> None:
    interruption = Interruption(300)
    assert interruption.decided() is None
    interruption.begun("u1", 500)
    assert interruption.undecided == "u1"
    assert interruption.decided() == "u1"
    assert interruption.decided() is None

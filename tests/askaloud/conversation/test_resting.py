"""A conversation at rest: when the model is let go of, what wakes it and what does not, through session, agreement and line together."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.askaloud.conversation.test_line import LOUD, QUIET, appended, reopened, taken, typed
from tests.askaloud.conversation.wire import (
    asked,
    calling,
    created,
    ended,
    frame,
    heard,
    kinds,
    opened,
    refusal,
    said,
    settled,
    words,
)

from askaloud.conversation.actions import CloseModel, End, OpenModel, Sound, WakeMe
from askaloud.conversation.agreement import DETECTION
from askaloud.conversation.line import REST
from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.policy import Policy


def test_after_a_silence_the_conversation_rests_and_a_quiet_room_does_not_wake_it() -> None:
    talk = settled()
    assert talk.woke(REST) == [CloseModel()]
    assert talk.browser_said(appended(QUIET), 0.0) == []


def test_the_silence_before_a_rest_is_counted_from_the_last_word_or_answer_and_from_no_sound_of_the_room() -> None:
    later = WakeMe(REST, PATIENCE.rest_s)
    talk = opened()
    assert later in heard(talk, frame("session.updated", session={}))
    assert later in typed(talk, "How many days?")
    assert later not in heard(talk, created("r1"), *words("r1", "i1", "Thirty days."))
    assert later in heard(talk, ended("r1"))
    for sound in (QUIET, LOUD):
        assert later not in talk.browser_said(appended(sound), 0.0)
    assert later in heard(talk, frame("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0))
    assert talk.woke(REST) == [later], "somebody speaks for as long as that"
    assert later in heard(talk, frame("input_audio_buffer.committed", item_id="u1", previous_item_id=None))
    assert talk.woke(REST) == [CloseModel()], "no answer came of itself"
    assert later not in typed(talk, "And abroad?"), "there is no line yet"


def test_a_voice_that_wakes_a_line_which_does_not_come_is_kept_and_in_the_end_told_why() -> None:
    talk = settled()
    talk.woke(REST)
    assert OpenModel() in talk.browser_said(appended(LOUD), 0.0)
    for _ in PATIENCE.reopen_s:
        talk.model_opened(0.0)
        actions = talk.model_closed(1011, "")
        assert any(isinstance(action, OpenModel) for action in actions)
        talk.browser_said(appended(QUIET), 0.0)
    talk.model_opened(0.0)
    assert talk.model_closed(1011, "")[-1] == End(1011, "the model hung up")


def test_a_voice_that_wakes_a_line_is_told_to_the_one_that_comes_at_last() -> None:
    talk = settled()
    talk.woke(REST)
    talk.browser_said(appended(LOUD), 0.0)
    talk.model_opened(0.0)
    talk.model_closed(1011, "")
    (first,) = reopened(talk)
    assert base64.b64decode(first["audio"]) == base64.b64decode(LOUD)


def test_the_waking_word_takes_the_second_before_it_along() -> None:
    talk = settled()
    talk.woke(REST)
    for _ in range(100):
        assert talk.browser_said(appended(QUIET), 0.0) == []
    call, sound = talk.browser_said(appended(LOUD), 0.0)
    assert call == OpenModel()
    assert isinstance(sound, Sound)
    assert sound.size == 48_000
    assert base64.b64decode(sound.audio).endswith(base64.b64decode(LOUD))


def test_a_turn_that_was_too_quiet_to_wake_the_line_is_said_when_the_client_ends_it() -> None:
    talk = settled()
    talk.woke(REST)
    talk.browser_said(appended(QUIET), 0.0)
    assert kinds(asked(talk.browser_said(said("input_audio_buffer.commit"), 0.0))) == [
        "input_audio_buffer.append",
        "input_audio_buffer.commit",
    ]


def test_nobody_rests_while_a_search_runs() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *calling("r1", "c1", "search", '{"query": "days"}'))
    assert talk.woke(REST) == [WakeMe(REST, PATIENCE.rest_s)]


@pytest.mark.parametrize("policy", [{"detection": "semantic_vad"}, {"detection": "none"}, {"create_response": False}])
def test_a_room_is_quiet_also_where_the_model_refused_the_turn_detection_and_uses_its_own(policy: dict[str, Any]) -> None:
    talk = opened(policy=Policy(model="m", **policy))
    talk.browser_said(appended(QUIET), 0.0)
    heard(talk, refusal(None, "invalid_value", f"{DETECTION}.type"), frame("session.updated", session={}))
    for _ in range(3):
        talk.browser_said(appended(QUIET), 0.0)
    assert talk.woke(REST) == [CloseModel()]


def test_a_room_is_quiet_for_a_client_that_leaves_the_ends_of_its_turns_to_the_model_again() -> None:
    talk = settled()
    for detection in (None, {"type": "server_vad"}):
        talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": detection}}}), 0.0)
        heard(talk, frame("session.updated", session={}))
        talk.browser_said(appended(QUIET), 0.0)
        assert (CloseModel() in talk.woke(REST)) is (detection is not None)


def test_somebody_whom_the_model_hears_is_not_silent_because_the_client_ended_its_turns_before() -> None:
    talk = settled()
    for detection in (None, {"type": "server_vad"}):
        talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": detection}}}), 0.0)
        heard(talk, frame("session.updated", session={}))
        if detection:
            heard(talk, frame("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0))
        talk.browser_said(appended(LOUD), 0.0)
    assert CloseModel() not in talk.woke(REST)

"""Turns that a moderator looks at, and speech over an answer of which it is not known yet whether it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from tests.askaloud.conversation.moderators import quick
from tests.askaloud.conversation.wire import (
    asked,
    created,
    ended,
    frame,
    heard,
    kinds,
    only,
    opened,
    refusal,
    said,
    settled,
    told,
    words,
)

from askaloud.conversation.actions import Action, DropAudio, End, Judge, WakeMe
from askaloud.conversation.interruption import LISTENED, MEANT
from askaloud.conversation.line import REST
from askaloud.conversation.policy import Policy
from askaloud.conversation.scrutiny import WAITING_MAX
from askaloud.conversation.session import Session

MODERATED = Policy(model="gpt-test", moderator=quick)
CAREFUL = Policy(model="gpt-test", interrupt_after_ms=300)
ASKING = Policy(model="gpt-test", create_response=False)
TRANSCRIPTION = "conversation.item.input_audio_transcription"


def judges(actions: Iterable[Action]) -> list[Judge]:
    return [action for action in actions if isinstance(action, Judge)]


def wakes(actions: Iterable[Action]) -> dict[str, float]:
    """What is waited for, besides the silence of every line."""
    return {action.name: action.after_s for action in actions if isinstance(action, WakeMe) and action.name != REST}


def types(talk: Session, text: str, name: str = "i1") -> list[Action]:
    item = {"type": "message", "id": name, "role": "user", "content": [{"type": "input_text", "text": text}]}
    return talk.browser_said(said("conversation.item.create", event_id=f"theirs-{name}", item=item), 0.0)


def asks(talk: Session) -> list[Action]:
    return talk.browser_said(said("response.create"), 0.0)


def speaks(talk: Session, name: str) -> list[Action]:
    """A turn from its beginning to its item."""
    item = {"id": name, "type": "message", "role": "user", "content": [{"type": "input_audio"}]}
    return heard(
        talk,
        frame("input_audio_buffer.speech_started", item_id=name),
        frame("input_audio_buffer.speech_stopped", item_id=name),
        frame("input_audio_buffer.committed", item_id=name, previous_item_id=None),
        frame("conversation.item.added", item=item, previous_item_id=None),
        frame("conversation.item.done", item=item, previous_item_id=None),
    )


def written(talk: Session, name: str, text: str) -> list[Action]:
    return heard(talk, frame(f"{TRANSCRIPTION}.completed", item_id=name, content_index=0, transcript=text))


def answering(talk: Session) -> None:
    """An answer that is being spoken."""
    heard(talk, created("r1"), words("r1", "a1", "Thirty days a year.")[:3])


def detection(actions: Iterable[Action]) -> Any:
    return only(asked(actions), "session.update")["session"]["audio"]["input"]["turn_detection"]


# who asks for the answer


@pytest.mark.parametrize(
    ("policy", "does_itself"),
    [
        (Policy(model="m"), (True, True)),
        (ASKING, (False, True)),
        (MODERATED, (False, True)),
        (CAREFUL, (False, False)),
    ],
)
def test_the_service_is_told_to_leave_to_us_what_is_ours(policy: Policy, does_itself: tuple[bool, bool]) -> None:
    talk = opened(policy=policy)
    found = detection(talk.model_opened(0.0))
    assert (found["create_response"], found["interrupt_response"]) == does_itself


@pytest.mark.parametrize("policy", [ASKING, MODERATED, CAREFUL])
def test_no_choice_of_a_client_goes_round_us_and_it_sees_its_choice(policy: Policy) -> None:
    talk = settled(policy=policy)
    choice = {"type": "server_vad", "create_response": True, "interrupt_response": True, "silence_duration_ms": 700}
    wish = said("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": choice}}})
    found = detection(talk.browser_said(wish, 0.0))
    assert found["create_response"] is False
    assert found["silence_duration_ms"] == 700
    report = only(told(heard(talk, frame("session.updated", session={}))), "session.updated")
    assert report["session"]["audio"]["input"]["turn_detection"] == choice


def test_a_spoken_turn_is_answered_once_and_we_ask_for_it() -> None:
    talk = settled(policy=ASKING)
    assert kinds(asked(speaks(talk, "u1"))) == ["response.create"]
    assert kinds(asked(heard(talk, created("r1"), ended("r1")))) == []


def test_where_the_client_asks_for_answers_we_do_not() -> None:
    talk = settled(policy=ASKING)
    wish = said("session.update", session={"audio": {"input": {"turn_detection": {"type": "server_vad", "create_response": False}}}})
    talk.browser_said(wish, 0.0)
    heard(talk, frame("session.updated", session={}))
    assert kinds(asked(speaks(talk, "u1"))) == []
    assert kinds(asked(asks(talk))) == ["response.create"]


def test_an_answer_is_asked_for_when_the_one_before_has_ended() -> None:
    talk = settled(policy=ASKING)
    answering(talk)
    assert kinds(asked(speaks(talk, "u1"))) == []
    assert kinds(asked(heard(talk, ended("r1", "cancelled")))) == ["response.create"]


# a moderator


def test_a_typed_message_reaches_the_model_with_its_answer_when_it_was_let_through() -> None:
    talk = settled(policy=MODERATED)
    (judge,) = judges(types(talk, "How many days?"))
    assert judge.words == "How many days?"
    assert asked(asks(talk)) == []
    assert kinds(asked(talk.judged(judge.key, True))) == ["conversation.item.create", "response.create"]


@pytest.mark.parametrize(
    ("verdict", "code", "detail"),
    [(False, "message_refused", None), ("Ask payroll.", "message_refused", "Ask payroll."), (None, "message_unchecked", None)],
)
def test_a_typed_message_that_was_not_let_through_never_reaches_the_model(verdict: Any, code: str, detail: str | None) -> None:
    talk = settled(policy=MODERATED)
    (judge,) = judges(types(talk, "What is the salary of Ada?"))
    asks(talk)
    after = talk.judged(judge.key, verdict)
    assert asked(after) == []
    assert only(told(after), "conversation.item.deleted")["item_id"] == "i1"
    notice = only(told(after), "askaloud.notice")
    assert (notice["code"], notice.get("detail"), notice["recoverable"]) == (code, detail, True)
    assert kinds(asked(talk.model_opened(0.0))) == ["session.update"]
    (judge,) = judges(types(talk, "How many days?", "i2"))
    asks(talk)
    assert kinds(asked(talk.judged(judge.key, True))) == ["conversation.item.create", "response.create"]


def test_a_client_without_our_events_hears_the_refusal_as_an_error_that_names_its_event() -> None:
    talk = settled(own_events=False, policy=MODERATED)
    (judge,) = judges(types(talk, "What is the salary of Ada?"))
    error = only(told(talk.judged(judge.key, False)), "error")["error"]
    assert (error["code"], error["event_id"]) == ("message_refused", "theirs-i1")


def test_a_new_line_is_told_nothing_that_was_not_let_through() -> None:
    talk = settled(policy=MODERATED)
    types(talk, "What is the salary of Ada?")
    assert [action for action in talk.model_closed(1006) if isinstance(action, End)] == []
    talk.model_opened(0.0)
    assert kinds(asked(heard(talk, frame("session.updated", session={}))), "conversation.item") == []


def test_a_spoken_turn_is_answered_when_its_words_were_let_through() -> None:
    talk = settled(policy=MODERATED)
    assert kinds(asked(speaks(talk, "u1"))) == []
    (judge,) = judges(written(talk, "u1", "How many days?"))
    assert kinds(asked(talk.judged(judge.key, True))) == ["response.create"]


@pytest.mark.parametrize("verdict", [False, "Ask payroll.", None])
def test_a_spoken_turn_that_was_not_let_through_is_forgotten_by_the_model_and_gets_no_answer(verdict: Any) -> None:
    talk = settled(policy=MODERATED)
    speaks(talk, "u1")
    (judge,) = judges(written(talk, "u1", "What is the salary of Ada?"))
    after = talk.judged(judge.key, verdict)
    assert kinds(asked(after)) == ["conversation.item.delete"]
    assert only(asked(after), "conversation.item.delete")["item_id"] == "u1"
    assert kinds(told(after)) == ["askaloud.notice"]
    assert kinds(told(heard(talk, frame("conversation.item.deleted", item_id="u1")))) == ["conversation.item.deleted"]
    speaks(talk, "u2")
    (judge,) = judges(written(talk, "u2", "How many days?"))
    assert kinds(asked(talk.judged(judge.key, True))) == ["response.create"]


def test_an_item_that_the_model_does_not_know_any_more_is_gone_for_the_client_all_the_same() -> None:
    talk = settled(policy=MODERATED)
    speaks(talk, "u1")
    (judge,) = judges(written(talk, "u1", "What is the salary of Ada?"))
    delete = only(asked(talk.judged(judge.key, False)), "conversation.item.delete")
    assert kinds(told(heard(talk, refusal(delete["event_id"], "item_not_found")))) == ["conversation.item.deleted"]


def test_words_that_could_not_be_written_down_or_do_not_come_are_not_answered_and_the_person_is_told() -> None:
    talk = settled(policy=MODERATED)
    speaks(talk, "u1")
    after = heard(talk, frame(f"{TRANSCRIPTION}.failed", item_id="u1", content_index=0, error={"type": "server_error"}))
    assert kinds(asked(after)) == ["conversation.item.delete"]
    assert [event["code"] for event in told(after) if event["type"] == "askaloud.notice"] == ["not_written_down", "message_unchecked"]
    (name,) = wakes(speaks(talk, "u2"))
    after = talk.woke(name)
    assert kinds(asked(after)) == ["conversation.item.delete"]
    assert only(told(after), "askaloud.notice")["code"] == "message_unchecked"


def test_where_nobody_writes_words_down_nothing_spoken_is_answered() -> None:
    talk = settled(policy=Policy(model="m", moderator=quick, transcription_model=None))
    after = speaks(talk, "u1")
    assert kinds(asked(after)) == ["conversation.item.delete"]
    assert only(told(after), "askaloud.notice")["code"] == "message_unchecked"


def test_a_client_that_ends_its_turns_cannot_ask_round_the_moderator() -> None:
    talk = settled(policy=MODERATED)
    talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": None}}}), 0.0)
    heard(talk, frame("session.updated", session={}))
    assert kinds(asked(talk.browser_said(said("input_audio_buffer.commit"), 0.0))) == ["input_audio_buffer.commit"]
    assert asked(asks(talk)) == []  # the model has not even said which item it is
    heard(talk, frame("input_audio_buffer.committed", item_id="u1", previous_item_id=None))
    assert asked(asks(talk)) == []
    (judge,) = judges(written(talk, "u1", "What is the salary of Ada?"))
    assert kinds(asked(talk.judged(judge.key, False))) == ["conversation.item.delete"]


def test_the_end_of_a_turn_of_which_the_model_made_none_holds_up_nothing() -> None:
    talk = settled(policy=MODERATED)
    commit = only(asked(talk.browser_said(said("input_audio_buffer.commit"), 0.0)), "input_audio_buffer.commit")
    assert asked(asks(talk)) == []
    assert kinds(asked(heard(talk, refusal(commit["event_id"], "input_audio_buffer_commit_empty")))) == ["response.create"]


def test_a_response_that_overtook_the_verdict_is_cancelled_unheard_and_asked_for_again() -> None:
    talk = settled(policy=MODERATED)
    assert kinds(asked(asks(talk))) == ["response.create"]
    speaks(talk, "u1")
    after = heard(talk, created("r1"))
    assert kinds(asked(after)) == ["response.cancel"]
    assert "response.output_audio.delta" not in kinds(told(heard(talk, words("r1", "a1", "Ada earns a lot."))))
    (judge,) = judges(written(talk, "u1", "How many days?"))
    assert kinds(asked(talk.judged(judge.key, True))) == []
    assert kinds(asked(heard(talk, ended("r1", "cancelled")))) == ["response.create"]


def test_a_stop_while_a_message_is_looked_at_leaves_it_unanswered() -> None:
    talk = settled(policy=MODERATED)
    (judge,) = judges(types(talk, "How many days?"))
    asks(talk)
    assert talk.browser_said(said("response.cancel"), 0.0) == []
    assert kinds(asked(talk.judged(judge.key, True))) == ["conversation.item.create"]


def test_more_messages_than_may_wait_are_refused_at_once() -> None:
    talk = settled(policy=MODERATED)
    for number in range(WAITING_MAX):
        types(talk, "How many days?", f"i{number}")
    for after in (types(talk, "And one more", "late"), talk.browser_said(said("input_audio_buffer.commit"), 0.0)):
        assert asked(after) == []
        assert judges(after) == []
        assert only(told(after), "askaloud.notice")["code"] == "message_unchecked"


def test_a_model_that_takes_no_turn_detection_of_ours_gets_no_conversation_with_a_moderator() -> None:
    talk = opened(policy=MODERATED)
    update = only(asked(talk.model_opened(0.0)), "session.update")
    after = heard(talk, refusal(update["event_id"], "unknown_parameter", "session.audio.input.turn_detection.create_response"))
    assert [action.code for action in after if isinstance(action, End)] == [1011]


# careful interruption


def test_a_cough_makes_the_page_wait_for_a_moment_and_leaves_nothing() -> None:
    talk = settled(policy=CAREFUL)
    answering(talk)
    began = heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    assert kinds(told(began)) == ["askaloud.paused"]
    assert wakes(began) == {MEANT: 0.8}
    (resumed,) = heard(talk, frame("input_audio_buffer.speech_stopped", item_id="u1"))
    assert kinds(told([resumed])) == ["askaloud.resumed"]
    assert not getattr(resumed, "fleeting", True), "a page that is away meanwhile would be silent for ever"
    left = heard(
        talk,
        frame("input_audio_buffer.committed", item_id="u1", previous_item_id="a1"),
        frame("conversation.item.added", item={"id": "u1", "type": "message", "role": "user", "content": []}, previous_item_id="a1"),
        frame("conversation.item.done", item={"id": "u1", "type": "message", "role": "user", "content": []}, previous_item_id="a1"),
        frame(f"{TRANSCRIPTION}.completed", item_id="u1", content_index=0, transcript="You"),
        frame("conversation.item.deleted", item_id="u1"),
    )
    assert told(left) == []
    assert [(event["type"], event["item_id"]) for event in asked(left)] == [("conversation.item.delete", "u1")]
    assert talk.woke(MEANT) == []
    assert "response.output_audio.delta" in kinds(told(heard(talk, words("r1", "a1", "And so on.")[2:3])))
    item = {"id": "u2", "type": "message", "role": "user", "content": []}
    after = heard(talk, frame("conversation.item.added", item=item, previous_item_id="u1"))
    assert only(told(after), "conversation.item.added")["previous_item_id"] == "a1"


def test_speech_that_lasts_cancels_the_answer_and_is_then_told_and_answered() -> None:
    talk = settled(policy=CAREFUL)
    answering(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    after = talk.woke(MEANT)
    assert kinds(asked(after)) == ["response.cancel"]
    assert kinds(told(after)) == ["input_audio_buffer.speech_started"]
    assert any(isinstance(action, DropAudio) for action in after)
    assert told(heard(talk, words("r1", "a1", "And so on.")[2:3])) == []
    after = heard(talk, frame("input_audio_buffer.speech_stopped", item_id="u1"), frame("input_audio_buffer.committed", item_id="u1"))
    assert kinds(told(after)) == ["input_audio_buffer.speech_stopped", "input_audio_buffer.committed"]
    assert asked(after) == []
    assert kinds(asked(heard(talk, ended("r1", "cancelled")))) == ["response.create"]


def test_a_short_word_while_no_answer_is_in_hand_is_a_turn_like_any_other() -> None:
    talk = settled(policy=CAREFUL)
    after = speaks(talk, "u1")
    assert kinds(told(after))[:3] == [f"input_audio_buffer.{kind}" for kind in ("speech_started", "speech_stopped", "committed")]
    assert kinds(asked(after)) == ["response.create"]


def test_an_answer_that_was_made_long_since_and_is_still_heard_is_in_hand() -> None:
    talk = settled(policy=CAREFUL)
    answering(talk)
    heard(talk, ended("r1"))
    assert kinds(told(heard(talk, frame("input_audio_buffer.speech_started", item_id="u1")))) == ["askaloud.paused"]
    heard(talk, frame("input_audio_buffer.speech_stopped", item_id="u1"))
    heard(talk, frame("input_audio_buffer.committed", item_id="u1"), frame("conversation.item.deleted", item_id="u1"))
    talk.woke(LISTENED)
    assert "input_audio_buffer.speech_started" in kinds(told(speaks(talk, "u2")))


def test_a_client_without_our_events_hears_of_speech_only_when_it_counts() -> None:
    talk = settled(own_events=False, policy=CAREFUL)
    answering(talk)
    began = heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    assert [event for event in told(began) if not event["type"].startswith("askaloud.")] == []
    assert kinds(told(talk.woke(MEANT))) == ["input_audio_buffer.speech_started"]


def test_a_client_that_does_not_want_to_be_interrupted_is_not() -> None:
    talk = settled(policy=CAREFUL)
    wish = {"type": "server_vad", "interrupt_response": False}
    talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": wish}}}), 0.0)
    heard(talk, frame("session.updated", session={}))
    answering(talk)
    began = heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    assert kinds(told(began)) == ["input_audio_buffer.speech_started"]
    assert wakes(began) == {}


def test_an_answer_that_is_only_looked_up_survives_a_cough_too() -> None:
    talk = settled(policy=CAREFUL)
    asks(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    assert asked(heard(talk, created("r1"))) == []
    heard(talk, frame("input_audio_buffer.speech_stopped", item_id="u1"))
    assert "response.output_audio.delta" in kinds(told(heard(talk, words("r1", "a1", "Thirty days."))))


def test_a_turn_that_the_client_ends_by_hand_counts_however_short_it_was() -> None:
    talk = settled(policy=CAREFUL)
    answering(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    talk.browser_said(said("input_audio_buffer.commit"), 0.0)
    after = heard(talk, frame("input_audio_buffer.committed", item_id="u1"))
    assert kinds(told(after)) == ["input_audio_buffer.speech_started", "input_audio_buffer.committed"]
    assert kinds(asked(after)) == ["response.cancel"]


def test_sound_that_the_client_takes_back_lets_the_answer_go_on() -> None:
    talk = settled(policy=CAREFUL)
    answering(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    assert kinds(told(heard(talk, frame("input_audio_buffer.cleared")))) == ["askaloud.resumed", "input_audio_buffer.cleared"]
    assert talk.woke(MEANT) == []


def test_a_page_that_waits_goes_on_when_the_line_is_lost_and_the_next_one_hears_who_spoke() -> None:
    talk = settled(policy=CAREFUL)
    answering(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1"))
    assert "askaloud.resumed" in kinds(told(talk.model_closed(1001, "")))
    assert talk.woke(MEANT) == []

"""One conversation over several lines: when a line is opened, rests and is replaced, and what is told first on a new one."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.askaloud.conversation.wire import (
    asked,
    calling,
    created,
    ended,
    frame,
    heard,
    kinds,
    message,
    only,
    opened,
    refusal,
    said,
    settled,
    started,
    told,
    words,
)

from askaloud.conversation.actions import Action, CloseModel, Configure, End, OpenGate, OpenModel, WakeMe
from askaloud.conversation.line import FORCE, TAKE_OVER
from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.policy import Policy
from askaloud.conversation.session import Session
from askaloud.tool import Outcome

QUIET = base64.b64encode(bytes(960)).decode()
LOUD = base64.b64encode((2_000).to_bytes(2, "little") * 480).decode()


def appended(audio: str) -> str:
    return said("input_audio_buffer.append", audio=audio)


def typed(talk: Session, text: str) -> list[Action]:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    return [*talk.browser_said(said("conversation.item.create", item=item), 0.0), *talk.browser_said(said("response.create"), 0.0)]


def taken(talk: Session, typing: list[Action]) -> str:
    """The model takes the typed message; its id."""
    item = next(event["item"] for event in asked(typing) if event["type"] == "conversation.item.create")
    heard(talk, frame("conversation.item.added", item={**item, "status": "completed"}, previous_item_id=None))
    item_id: str = item["id"]
    return item_id


def reopened(talk: Session) -> list[dict[str, Any]]:
    """The next line comes up; what it is told after instructions and tools, before what waited."""
    talk.model_opened(0.0)
    actions = heard(talk, frame("session.updated", session={}))
    assert OpenGate() in actions
    return asked(action for action in actions[: actions.index(OpenGate())] if isinstance(action, Configure))


def asks_for(events: list[dict[str, Any]]) -> list[str]:
    return [event.get("item", {}).get("type", event["type"]) for event in events]


def test_a_line_lost_while_nothing_goes_on_is_opened_again_by_the_next_word() -> None:
    talk = settled()
    actions = talk.model_closed(1001, "")
    assert CloseModel() in actions
    assert not any(isinstance(action, OpenModel | End) for action in actions)
    assert OpenModel() in typed(talk, "Hello")


def test_an_answer_broken_off_is_taken_back_and_given_anew() -> None:
    talk = settled()
    question = taken(talk, typed(talk, "How many days?"))
    begun = words("r1", "i1", "Thirty days")[:3]
    heard(talk, created("r1"), *begun)
    actions = talk.model_closed(1001, "")
    assert kinds(told(actions)) == ["conversation.item.deleted", "response.done"]
    assert told(actions)[0]["item_id"] == "i1"
    assert told(actions)[1]["response"]["status"] == "cancelled"
    assert OpenModel(PATIENCE.reopen_s[0]) in actions
    first = reopened(talk)
    assert asks_for(first) == ["message", "response.create"]
    assert first[0]["item"]["id"] == question
    assert first[0]["item"]["content"][0]["text"] == "How many days?"


def test_an_answer_whose_words_were_all_said_stays_and_is_not_asked_for_again() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days."))
    actions = talk.model_closed(None, "")
    assert [event["response"]["status"] for event in told(actions) if event["type"] == "response.done"] == ["completed"]
    assert "conversation.item.deleted" not in kinds(told(actions))
    first = reopened(talk)
    assert asks_for(first) == ["message", "message"]
    assert first[1]["item"]["content"] == [{"type": "output_text", "text": "Thirty days."}]


def test_a_search_that_runs_meanwhile_gives_its_output_to_the_next_line_which_answers_once() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    actions = heard(talk, created("r1"), *calling("r1", "c1", "search", '{"query": "days"}'))
    assert started(actions) == ["c1"]
    talk.model_closed(1001, "")
    assert asks_for(reopened(talk)) == ["message", "function_call"]
    after = asked(talk.tool_finished("c1", Outcome("30 days")))
    assert asks_for(after) == ["function_call_output", "response.create"]
    assert after[0]["item"]["call_id"] == "c1"


def test_a_search_that_ended_before_the_next_line_came_up_is_told_there_and_no_output_goes_astray() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *calling("r1", "c1", "search", '{"query": "days"}'))
    talk.model_closed(1001, "")
    waiting = asked(talk.tool_finished("c1", Outcome("30 days")))
    assert asks_for(waiting) == ["function_call_output", "response.create"]
    talk.model_closed(1001, "")  # the second line is lost before it came up: what waited before its gate is forgotten and told anew
    assert asks_for(reopened(talk)) == ["message", "function_call", "function_call_output", "response.create"]


def test_items_that_the_client_has_seen_are_not_shown_again() -> None:
    talk = settled()
    question = taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days."), ended("r1"))
    talk.model_closed(1001, "")
    typed(talk, "And abroad?")
    reopened(talk)
    again = [
        frame("conversation.item.added", item={"id": question, "type": "message", "role": "user"}, previous_item_id=None),
        frame("conversation.item.done", item={"id": question, "type": "message", "role": "user"}, previous_item_id=None),
        frame("conversation.item.added", item=message("i1", "Thirty days."), previous_item_id=question),
    ]
    assert told(heard(talk, *again)) == []
    new = frame("conversation.item.added", item={"id": "u2", "type": "message", "role": "user"}, previous_item_id="i1")
    (event,) = told(heard(talk, new))
    assert (event["item"]["id"], event["previous_item_id"]) == ("u2", "i1")


def test_a_question_that_was_on_its_way_when_the_line_was_lost_is_told_to_the_next_one() -> None:
    talk = settled()
    typed(talk, "How many days?")
    talk.model_closed(None, "")
    first = reopened(talk)
    assert asks_for(first) == ["message", "response.create"]
    item = {**first[0]["item"], "status": "completed"}
    assert kinds(told(heard(talk, frame("conversation.item.added", item=item, previous_item_id=None)))) == ["conversation.item.added"]


def test_somebody_who_speaks_while_the_line_is_lost_is_heard_by_the_next_one() -> None:
    talk = settled()
    talk.browser_said(appended(QUIET), 0.0)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0))
    talk.browser_said(appended(LOUD), 0.0)
    talk.model_closed(None, "")
    (first,) = reopened(talk)
    assert base64.b64decode(first["audio"]) == base64.b64decode(QUIET) + base64.b64decode(LOUD)


def test_a_spoken_question_without_an_answer_yet_is_answered_on_the_next_line() -> None:
    talk = settled()
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0))
    talk.browser_said(appended(LOUD), 0.0)
    heard(talk, frame("input_audio_buffer.committed", item_id="u1", previous_item_id=None))
    talk.model_closed(None, "")
    first = reopened(talk)
    assert asks_for(first) == ["message", "response.create"]
    assert first[0]["item"]["content"] == [{"type": "input_audio", "audio": LOUD}]


def test_an_answer_that_the_person_spoke_over_is_not_given_again() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days")[:3])
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0))
    actions = talk.model_closed(None, "")
    assert "conversation.item.deleted" not in kinds(told(actions))
    assert "response.create" not in asks_for(reopened(talk))


def test_an_answer_that_the_person_stopped_is_not_given_again() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days")[:3])
    talk.browser_said(said("response.cancel"), 0.0)
    talk.model_closed(None, "")
    assert "response.create" not in asks_for(reopened(talk))


def test_what_was_not_played_is_not_told_again_and_nothing_is_truncated_on_a_line_that_knows_words_only() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "You can work thirty days abroad."), ended("r1"))
    cut = said("conversation.item.truncate", item_id="i1", content_index=0, audio_end_ms=50)
    assert kinds(asked(talk.browser_said(cut, 0.0))) == ["conversation.item.truncate"]
    talk.model_closed(1001, "")
    typed(talk, "Go on.")
    assert reopened(talk)[1]["item"]["content"][0]["text"] == "You can work …"
    assert talk.browser_said(cut, 0.0) == []


def test_a_line_that_is_lost_again_and_again_without_an_answer_is_given_up() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    pauses = []
    for _ in PATIENCE.reopen_s:
        actions = talk.model_closed(1011, "")
        pauses += [action.after_s for action in actions if isinstance(action, OpenModel)]
        reopened(talk)
    assert tuple(pauses) == PATIENCE.reopen_s
    actions = talk.model_closed(1011, "")
    assert [event["code"] for event in told(actions) if event["type"] == "askaloud.notice"] == ["model_hung_up"]
    assert actions[-1] == End(1011, "the model hung up")


def test_an_answer_in_between_forgives_what_was_lost_before() -> None:
    talk = settled()
    for number in range(2 * len(PATIENCE.reopen_s)):
        taken(talk, typed(talk, "How many days?"))
        talk.model_closed(1011, "")
        reopened(talk)
        heard(talk, created(f"r{number}"), *words(f"r{number}", f"i{number}", "Thirty."), ended(f"r{number}"))
    assert not talk.ended


def test_a_line_that_never_came_up_ends_the_conversation_with_its_reason() -> None:
    actions = opened().model_closed(1011, "")
    assert actions[-1] == End(1011, "the model hung up")


def test_what_the_client_chose_on_a_lost_line_holds_on_the_next_and_is_reported() -> None:
    talk = settled()
    talk.browser_said(said("session.update", session={"audio": {"output": {"voice": "verse"}}}), 0.0)
    typed(talk, "Hello")
    talk.model_closed(None, "")
    configure = next(action for action in talk.model_opened(0.0) if isinstance(action, Configure))
    (update,) = asked([configure])
    assert update["session"]["audio"]["output"]["voice"] == "verse"
    (report,) = [event for event in told(heard(talk, frame("session.updated", session={}))) if event["type"] == "session.updated"]
    assert report["session"]["audio"]["output"]["voice"] == "verse"


def test_a_turn_that_the_client_ended_is_told_before_its_answer_is_asked_for() -> None:
    talk = settled()
    talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": None}}}), 0.0)
    heard(talk, frame("session.updated", session={}))
    talk.browser_said(appended(LOUD), 0.0)
    talk.browser_said(said("input_audio_buffer.commit"), 0.0)
    talk.browser_said(said("response.create"), 0.0)
    talk.model_closed(None, "")
    assert asks_for(reopened(talk)) == ["input_audio_buffer.append", "input_audio_buffer.commit", "response.create"]


def test_an_end_of_a_turn_with_nothing_before_it_is_told_again_and_takes_no_later_turn_for_its_own() -> None:
    talk = settled(policy=Policy(model="m", create_response=False))
    typed(talk, "How many days?")
    talk.browser_said(said("input_audio_buffer.commit", event_id="mine"), 0.0)
    talk.model_closed(None, "")
    first = reopened(talk)
    assert asks_for(first) == ["message", "input_audio_buffer.commit", "response.create"]
    error = only(told(heard(talk, refusal(first[1]["event_id"], "input_audio_buffer_commit_empty"))), "error")["error"]
    assert error["event_id"] == "mine"
    heard(talk, created("r1"), ended("r1"))
    assert kinds(asked(heard(talk, frame("input_audio_buffer.committed", item_id="u1", previous_item_id=None)))) == ["response.create"]


def test_a_wish_that_waited_behind_an_answer_is_not_lost_with_the_line() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days."))
    typed(talk, "And abroad?")
    talk.model_closed(None, "")
    assert asks_for(reopened(talk)) == ["message", "message", "message", "response.create"]


def test_a_broken_answer_and_a_wish_behind_it_become_one_answer() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty")[:3])
    typed(talk, "And abroad?")
    talk.model_closed(None, "")
    assert asks_for(reopened(talk)) == ["message", "message", "response.create"]
    assert "response.create" not in asks_for(asked(heard(talk, created("r2"), *words("r2", "i2", "Ten."), ended("r2"))))


@pytest.mark.parametrize(("expires_at", "soon"), [(1_000.0, 900.0), (3_600.0, 3_480.0), (None, PATIENCE.model_session_s - 120)])
def test_the_next_line_is_sought_before_the_service_ends_this_one(expires_at: float | None, soon: float) -> None:
    talk = opened()
    actions = heard(talk, frame("session.created", session={"expires_at": expires_at} if expires_at else {}))
    assert WakeMe(TAKE_OVER, soon) in actions


def test_the_end_of_a_line_is_known_also_where_it_was_heard_before_the_line_was_known_to_be_open() -> None:
    talk = settled()
    talk.model_closed(1001, "")
    typed(talk, "Hello")
    assert heard(talk, frame("session.created", session={"expires_at": 2_000.0})) == []
    assert WakeMe(TAKE_OVER, 900.0) in talk.model_opened(1_000.0)


def test_the_next_line_takes_over_at_a_quiet_moment() -> None:
    talk = settled()
    assert [type(action) for action in talk.woke(TAKE_OVER)] == [CloseModel, OpenModel]


def test_the_next_line_waits_for_the_end_of_an_answer() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days."))
    assert talk.woke(TAKE_OVER) == []
    actions = heard(talk, ended("r1"))
    assert [type(action) for action in actions[-2:]] == [CloseModel, OpenModel]


def test_without_a_quiet_moment_it_takes_over_all_the_same() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Thirty")[:3])
    talk.woke(TAKE_OVER)
    assert OpenModel(0.0) in talk.woke(FORCE)
    assert asks_for(reopened(talk)) == ["message", "response.create"]


def test_the_services_word_that_a_session_has_expired_is_not_told_to_the_person() -> None:
    talk = settled()
    assert told(heard(talk, refusal(None, "session_expired"))) == []

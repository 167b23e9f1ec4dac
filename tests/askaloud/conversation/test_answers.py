"""The model's answers in one conversation, case by case. (Random conversations stand in `test_sequencing.py`.)"""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from tests.askaloud.conversation import wire
from tests.askaloud.conversation.wire import (
    asked,
    calling,
    created,
    ended,
    frame,
    heard,
    kinds,
    only,
    refusal,
    said,
    settled,
    source,
    started,
    told,
    words,
)

from askaloud.conversation.actions import Action, DropAudio, RunTool
from askaloud.conversation.answers import ARGUMENTS_MAX_CHARS, OUTPUT_MAX_CHARS
from askaloud.conversation.rounds import CALLS_MAX, ROUNDS_KEPT, ROUNDS_MAX
from askaloud.conversation.sequencer import ACTIVE_ALREADY
from askaloud.conversation.session import Session
from askaloud.errors import Notice, NoticeCode, ToolError
from askaloud.tool import Outcome

QUERY = json.dumps({"query": "days abroad"})
FOUND = Outcome("found", (source(),))


def searching(talk: Session, response_id: str = "r1", call_id: str = "c1") -> list[Action]:
    """A response that calls the search and is complete."""
    return heard(talk, created(response_id), calling(response_id, call_id, "search", QUERY), ended(response_id))


def outputs(actions: list[Action]) -> list[tuple[str, str]]:
    return [(event["item"]["call_id"], event["item"]["output"]) for event in asked(actions) if event["type"] == "conversation.item.create"]


def creates(actions: list[Action]) -> int:
    return kinds(asked(actions)).count("response.create")


# tools


def test_a_completed_call_starts_its_tool_and_the_page_sees_the_query() -> None:
    actions = heard(settled(), created("r1"), calling("r1", "c1", "search", QUERY))
    assert started(actions) == ["c1"]
    (run,) = (action for action in actions if isinstance(action, RunTool))
    assert run.call.arguments == {"query": "days abroad"}
    assert run.call.caller.id == "somebody"
    assert only(told(actions), "askaloud.searching")["query"] == "days abroad"


@pytest.mark.parametrize("status", ["incomplete", "in_progress"])
def test_a_call_that_was_broken_off_starts_nothing(status: str) -> None:
    assert started(heard(settled(), created("r1"), calling("r1", "c1", "search", QUERY, status))) == []


def test_its_output_goes_up_and_then_one_create() -> None:
    talk = settled()
    assert creates(searching(talk)) == 0
    actions = talk.tool_finished("c1", FOUND)
    assert kinds(asked(actions)) == ["conversation.item.create", "response.create"]
    assert outputs(actions) == [("c1", "found")]


def test_an_output_before_the_end_of_its_response_waits_with_the_create_for_that_end() -> None:
    talk = settled()
    heard(talk, created("r1"), calling("r1", "c1", "search", QUERY))
    assert creates(talk.tool_finished("c1", FOUND)) == 0
    assert creates(heard(talk, ended("r1"))) == 1


def test_several_calls_are_answered_once_when_the_last_output_was_sent() -> None:
    talk = settled()
    heard(talk, created("r1"), calling("r1", "c1", "search", QUERY), calling("r1", "c2", "search", QUERY), ended("r1"))
    assert creates(talk.tool_finished("c2", FOUND)) == 0
    assert creates(talk.tool_finished("c1", FOUND)) == 1


def test_a_tool_that_ends_twice_is_heard_once() -> None:
    talk = settled()
    searching(talk)
    talk.tool_finished("c1", FOUND)
    assert talk.tool_finished("c1", FOUND) == []


def test_a_failed_tool_gives_an_output_too_and_a_notice() -> None:
    talk = settled()
    searching(talk)
    actions = talk.tool_finished("c1", ToolError("Say sorry.", Notice(NoticeCode.SEARCH_DOWN, "The search is down.")))
    assert outputs(actions) == [("c1", "Say sorry.")]
    assert creates(actions) == 1
    assert only(told(actions), "askaloud.notice")["code"] == "search_down"


@pytest.mark.parametrize("status", ["cancelled", "failed", "incomplete"])
def test_a_response_that_was_not_completed_gets_the_outputs_of_its_calls_and_no_answer(status: str) -> None:
    talk = settled()
    heard(talk, created("r1"), calling("r1", "c1", "search", QUERY), ended("r1", status))
    actions = talk.tool_finished("c1", FOUND)
    assert outputs(actions) == [("c1", "found")]
    assert creates(actions) == 0


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("no_such_tool", QUERY, "no tool"),
        ("search", "not json", "not a JSON object"),
        ("search", "[1]", "not a JSON object"),
        ("search", '"words"', "not a JSON object"),
        ("search", "[" * 10_000, "not a JSON object"),
        ("search", json.dumps({"query": "x" * ARGUMENTS_MAX_CHARS}), "not a JSON object"),
    ],
)
def test_a_call_that_cannot_be_made_is_answered_all_the_same(name: str, arguments: str, sentence: str) -> None:
    talk = settled()
    actions = heard(talk, created("r1"), calling("r1", "c1", name, arguments), ended("r1"))
    assert started(actions) == []
    ((call_id, output),) = outputs(actions)
    assert call_id == "c1"
    assert sentence in output
    assert creates(actions) == 1


def test_a_call_without_arguments_is_one_with_none() -> None:
    assert started(heard(settled(), created("r1"), calling("r1", "c1", "search", ""))) == ["c1"]


def test_too_many_calls_of_one_response_are_told_so() -> None:
    talk = settled()
    heard(talk, created("r1"))
    actions = heard(talk, *(calling("r1", f"c{number}", "search", QUERY) for number in range(CALLS_MAX + 2)))
    assert len(started(actions)) == CALLS_MAX
    assert [call_id for call_id, _ in outputs(actions)] == [f"c{CALLS_MAX}", f"c{CALLS_MAX + 1}"]


def test_too_many_open_rounds_are_told_so_and_none_loses_its_output() -> None:
    talk = settled()
    for number in range(ROUNDS_KEPT):
        searching(talk, f"r{number}", f"c{number}")
    actions = searching(talk, "more", "c-more")
    assert started(actions) == []
    assert [call_id for call_id, _ in outputs(actions)] == ["c-more"]
    finished = [talk.tool_finished(f"c{number}", FOUND) for number in range(ROUNDS_KEPT)]
    assert [call_id for actions in finished for call_id, _ in outputs(actions)] == [f"c{number}" for number in range(ROUNDS_KEPT)]


def test_an_output_without_end_is_cut() -> None:
    talk = settled()
    searching(talk)
    ((_, output),) = outputs(talk.tool_finished("c1", Outcome("x" * (OUTPUT_MAX_CHARS + 1))))
    assert len(output) == OUTPUT_MAX_CHARS


# who may answer, and when


def test_an_answer_for_tools_waits_for_the_response_that_is_active() -> None:
    talk = settled()
    searching(talk)
    heard(talk, created("r2"))
    assert creates(talk.tool_finished("c1", FOUND)) == 0
    assert creates(heard(talk, ended("r2"))) == 1


def test_a_response_begun_after_the_output_is_the_answer() -> None:
    talk = settled()
    searching(talk)
    create = only(asked(talk.tool_finished("c1", FOUND)), "response.create")
    heard(talk, created("voice detection's"))
    assert told(heard(talk, wire.refusal(create["event_id"], ACTIVE_ALREADY))) == []
    assert creates(heard(talk, words("voice detection's", "i", "Thirty."), ended("voice detection's"))) == 0


def test_an_error_that_names_no_event_ends_the_waiting_for_what_was_asked() -> None:
    talk = settled()
    assert creates(talk.browser_said(said("response.create"), 0.0)) == 1
    heard(talk, refusal(None, "server_error"))
    assert creates(talk.browser_said(said("response.create"), 0.0)) == 1


def test_where_voice_detection_does_not_interrupt_nobody_waits_for_the_end_of_a_sentence() -> None:
    talk = settled()
    detection = {"type": "server_vad", "interrupt_response": False}
    talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": detection}}}), 0.0)
    heard(talk, frame("session.updated", session={}))
    searching(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    assert creates(talk.tool_finished("c1", FOUND)) == 1


def test_the_answer_is_asked_for_as_the_question_was() -> None:
    talk = settled()
    wish = {"output_modalities": ["text"], "metadata": {"my": "mark"}}
    talk.browser_said(said("response.create", response=wish), 0.0)
    searching(talk)
    assert only(asked(talk.tool_finished("c1", FOUND)), "response.create")["response"] == wish


def test_a_wish_that_lost_its_race_does_not_colour_the_winners_answer() -> None:
    talk = settled()
    talk.browser_said(said("response.create", response={"output_modalities": ["text"]}), 0.0)
    searching(talk)
    create = only(asked(talk.tool_finished("c1", FOUND)), "response.create")
    assert create["response"] == {"output_modalities": ["text"]}
    heard(talk, created("voice detection's"))
    heard(talk, wire.refusal(create["event_id"], ACTIVE_ALREADY))
    heard(talk, calling("voice detection's", "c2", "search", QUERY), ended("voice detection's"))
    assert "response" not in only(asked(talk.tool_finished("c2", FOUND)), "response.create")


def test_after_four_rounds_the_model_is_asked_to_answer_without_tools_and_not_again_if_it_does_not() -> None:
    talk = settled()
    for number in range(1, ROUNDS_MAX + 1):
        searching(talk, f"r{number}", f"c{number}")
        create = only(asked(talk.tool_finished(f"c{number}", FOUND)), "response.create")
        assert create.get("response") == ({"tool_choice": "none"} if number == ROUNDS_MAX else None)
    stubborn = searching(talk, "r5", "c5")
    assert kinds(told(stubborn), "response.") == ["response.created", "response.done"], "no answer is to come"
    actions = talk.tool_finished("c5", FOUND)
    assert outputs(actions) == [("c5", "found")]
    assert creates(actions) == 0


# stopping and speaking over


def test_stop_cancels_the_response_that_is_active_and_drops_its_sound() -> None:
    talk = settled()
    heard(talk, created("r1"))
    actions = talk.browser_said(said("response.cancel"), 0.0)
    assert only(asked(actions), "response.cancel")["response_id"] == "r1"
    assert any(isinstance(action, DropAudio) for action in actions)


def test_stop_before_the_response_has_begun_cancels_it_when_it_begins() -> None:
    talk = settled()
    talk.browser_said(said("response.create"), 0.0)
    assert asked(talk.browser_said(said("response.cancel"), 0.0)) == []
    actions = heard(talk, created("r1"))
    assert only(asked(actions), "response.cancel")["response_id"] == "r1"
    assert kinds(told(heard(talk, words("r1", "i1", "Too late."), ended("r1", "cancelled")))).count("response.output_audio.delta") == 0


def test_stop_where_nothing_goes_on_is_the_clients_error() -> None:
    talk = settled()
    error = only(told(talk.browser_said(said("response.cancel", event_id="mine"), 0.0)), "error")["error"]
    assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "mine")


def test_stop_while_a_tool_runs_ends_the_turn_for_a_client_that_waits_for_its_end() -> None:
    talk = settled(own_events=False)
    talk.browser_said(said("response.create"), 0.0)
    assert "response.created" not in kinds(told(searching(talk)))
    events = told(talk.browser_said(said("response.cancel"), 0.0))
    assert kinds(events) == ["response.created", "response.done"]
    assert events[1]["response"]["status"] == "cancelled"
    actions = talk.tool_finished("c1", FOUND)
    assert outputs(actions) == [("c1", "found")]
    assert creates(actions) == 0


def test_stop_while_an_answer_waits_for_the_person_to_have_spoken_forgets_it() -> None:
    talk = settled()
    searching(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    talk.tool_finished("c1", FOUND)
    assert "error" not in kinds(told(talk.browser_said(said("response.cancel"), 0.0)))
    assert creates(heard(talk, frame("input_audio_buffer.speech_stopped", item_id="u2"))) == 0


def test_an_answer_that_the_service_will_not_give_ends_the_turn_as_failed() -> None:
    talk = settled(own_events=False)
    talk.browser_said(said("response.create"), 0.0)
    searching(talk)
    create = only(asked(talk.tool_finished("c1", FOUND)), "response.create")
    events = told(heard(talk, wire.refusal(create["event_id"], "rate_limit_exceeded")))
    assert sorted(kinds(events)) == ["error", "response.created", "response.done"]
    assert only(events, "response.done")["response"]["status"] == "failed"
    assert only(events, "error")["error"]["message"] != "words of the service"


def test_what_still_comes_of_an_answer_that_was_spoken_over_is_dropped() -> None:
    talk = settled()
    heard(talk, created("r1"), words("r1", "i1", "You can work"))
    actions = heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    assert isinstance(actions[0], DropAudio)
    late = heard(talk, words("r1", "i1", "from abroad"), calling("r1", "c1", "search", QUERY), ended("r1", "cancelled"))
    assert not [kind for kind in kinds(told(late)) if kind.endswith(".delta")]
    assert started(late) == []
    assert only(told(late), "response.done")["response"]["status"] == "cancelled"


def test_the_answer_after_an_interruption_is_heard() -> None:
    talk = settled()
    heard(talk, created("r1"), frame("input_audio_buffer.speech_started", item_id="u2"), ended("r1", "cancelled"))
    actions = heard(talk, created("r2"), words("r2", "i2", "Thirty days."))
    assert "response.output_audio.delta" in kinds(told(actions))


# sources and their citing


def answered(talk: Session, *calls: list[bytes], text: str = "Thirty days a year.") -> list[Action]:
    """A search, and the response that follows it: it speaks, and makes these calls beside."""
    searching(talk)
    found = talk.tool_finished("c1", Outcome("found", (source(1), source(2, "The canteen opens at noon on weekdays."))))
    return [*found, *heard(talk, created("r2"), words("r2", "i2", text), *calls)]


def report(call_id: str = "c2") -> list[bytes]:
    return calling("r2", call_id, "report_grounding", '{"sources": [2]}')


def test_sources_are_shown_when_the_search_returns() -> None:
    talk = settled()
    item = {"id": "u1", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "How many?"}]}
    heard(talk, frame("conversation.item.added", item=item))
    searching(talk)
    event = only(told(talk.tool_finished("c1", FOUND)), "askaloud.sources")
    assert (event["call_id"], event["response_id"], event["user_item_id"]) == ("c1", "r1", "u1")


def test_a_late_end_of_an_earlier_question_does_not_take_the_sources_of_a_later_one() -> None:
    talk = settled()
    items: list[dict[str, Any]] = [{"id": name, "type": "message", "role": "user", "content": []} for name in ("u1", "u2")]
    heard(talk, *(frame("conversation.item.added", item=item) for item in items), frame("conversation.item.done", item=items[0]))
    searching(talk)
    assert only(told(talk.tool_finished("c1", FOUND)), "askaloud.sources")["user_item_id"] == "u2"


@pytest.mark.parametrize("order", list(itertools.permutations(["tool", "done"])))
def test_a_report_beside_speech_is_told_once_whichever_ends_first(order: tuple[str, ...]) -> None:
    talk = settled()
    actions = answered(talk, report())
    for step in order:
        actions += talk.tool_finished("c2", Outcome("Noted.", cited=("p2",))) if step == "tool" else heard(talk, ended("r2"))
    cited = only(told(actions), "askaloud.cited")
    assert (cited["response_id"], cited["item_id"], cited["source_ids"]) == ("r2", "i2", ["p2"])
    assert creates(actions) == 1, "only that for the search"


def test_without_a_report_the_words_decide() -> None:
    talk = settled()
    actions = [*answered(talk, text="You may work from abroad for thirty days."), *heard(talk, ended("r2"))]
    assert only(told(actions), "askaloud.cited")["source_ids"] == ["p1"]


@pytest.mark.parametrize("status", ["cancelled", "incomplete", "failed"])
def test_an_answer_that_was_broken_off_is_not_matched_by_its_words(status: str) -> None:
    talk = settled()
    actions = [*answered(talk, text="You may work from abroad for thirty days."), *heard(talk, ended("r2", status))]
    assert "askaloud.cited" not in kinds(told(actions))


def test_speech_without_a_word_is_no_answer() -> None:
    talk = settled()
    actions = [*answered(talk, report(), text=" "), *talk.tool_finished("c2", Outcome("Noted.")), *heard(talk, ended("r2"))]
    assert creates(actions) == 2


def test_usage_counts_the_turn_and_the_conversation() -> None:
    talk = settled()
    events: list[dict[str, Any]] = []
    for number in (1, 2):
        item = {"id": f"u{number}", "type": "message", "role": "user", "content": []}
        heard(talk, frame("conversation.item.added", item=item))
        searching(talk, f"s{number}", f"c{number}")
        talk.tool_finished(f"c{number}", FOUND)
        events += told(heard(talk, created(f"a{number}"), words(f"a{number}", f"i{number}", "Thirty."), ended(f"a{number}")))
    usage = [event for event in events if event["type"] == "askaloud.usage"]
    assert [(each["turn"]["input_text"], each["conversation"]["input_text"]) for each in usage] == [(20, 20), (20, 40)]


def test_a_response_beside_the_conversation_is_nobodys_answer() -> None:
    talk = settled()
    searching(talk)
    beside: dict[str, Any] = {"id": "beside", "status": "completed", "output": [], "conversation_id": None, "metadata": {"of": "x"}}
    assert heard(talk, frame("response.created", response=beside), *words("beside", "i9", "fine")) == []
    assert heard(talk, frame("response.done", response=beside)) == []
    assert creates(talk.tool_finished("c1", FOUND)) == 1

"""What the client sees of the model's doings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.askaloud.conversation import wire
from tests.askaloud.conversation.wire import calling, created, ended, frame, heard, kinds, only, settled, told, words

from askaloud.conversation.events.objects import Item, Response
from askaloud.conversation.events.server import ResponseCreated, ResponseDone
from askaloud.conversation.visible import AUDIO_ITEMS_KEPT, HIDDEN_KEPT, Heard, Visible, shown

QUERY = json.dumps({"query": "days abroad"})


def closing(status: str = "completed", usage: dict[str, Any] | None = None, output: list[Item] | None = None) -> ResponseDone:
    return ResponseDone(event_id="e", response=Response(id="r", status=status, usage=usage, output=output or []))


def begun() -> ResponseCreated:
    return ResponseCreated(event_id="e", response=Response(id="r", status="in_progress"))


@pytest.mark.parametrize("kind", ["function_call", "function_call_output", "mcp_call", "mcp_list_tools", "item_of_the_future"])
def test_only_messages_are_shown(kind: str) -> None:
    assert not shown(Item(type=kind))


def test_messages_of_the_system_are_hidden() -> None:
    assert not shown(Item(type="message", role="system"))
    assert shown(Item(type="message", role="user"))
    assert shown(Item(type="message", role="assistant"))


def test_who_stands_behind_hidden_items_points_to_the_nearest_visible_one() -> None:
    visible = Visible()
    visible.hide("call", previous="u1")
    visible.hide("output", previous="call")
    visible.hide("call", previous="u1")  # as `done` after `added`
    assert visible.before("output") == "u1"
    assert visible.before("u1") == "u1"
    assert visible.before(None) is None


def test_a_hidden_item_at_the_very_beginning_leaves_the_beginning() -> None:
    visible = Visible()
    visible.hide("call", previous=None)
    assert visible.before("call") is None


def test_what_is_remembered_of_hidden_and_spoken_items_is_bounded() -> None:
    visible = Visible()
    for number in range(HIDDEN_KEPT + 10):
        visible.hide(f"h{number}", previous="u1")
    for number in range(AUDIO_ITEMS_KEPT + 10):
        visible.played(f"a{number}", 48)
    assert visible.before("h0") == "h0"
    assert visible.before(f"h{HIDDEN_KEPT + 9}") == "u1"
    assert visible.audio_ms("a0") is None
    assert visible.audio_ms(f"a{AUDIO_ITEMS_KEPT + 9}") == 1


def test_the_length_of_an_answer_is_counted_in_milliseconds_of_pcm16_at_24_khz() -> None:
    visible = Visible()
    visible.played("a", 24_000)
    visible.played("a", 24_000)
    assert visible.audio_ms("a") == 1_000


def test_a_response_of_calls_alone_is_kept_from_the_client_and_its_usage_owed_to_the_next() -> None:
    visible = Visible()
    calls = Heard(created=begun(), calls=True)
    assert visible.done(closing(usage={"total_tokens": 5, "input_token_details": {"text_tokens": 3}}), calls) is None
    told = visible.done(closing(usage={"total_tokens": 7, "input_token_details": {"text_tokens": 4}}), Heard(created=None))
    assert told is not None
    assert told.response.usage == {"total_tokens": 12, "input_token_details": {"text_tokens": 7}}
    again = visible.done(closing(usage={"total_tokens": 1}), Heard(created=None))
    assert again is not None
    assert again.response.usage == {"total_tokens": 1}


@pytest.mark.parametrize("status", ["cancelled", "failed", "incomplete"])
def test_a_response_of_calls_that_was_not_completed_is_the_clients_for_no_answer_will_come(status: str) -> None:
    assert Visible().done(closing(status), Heard(created=begun(), calls=True)) is not None


def test_calls_are_taken_out_of_the_output() -> None:
    output = [Item(type="function_call", id="c", name="search", arguments="{}"), Item(type="message", id="m", role="assistant")]
    told = Visible().done(closing(output=output), Heard(created=None, calls=True))
    assert told is not None
    assert [item.id for item in told.response.output] == ["m"]


def test_a_hidden_response_is_told_after_all_when_no_answer_will_follow_it() -> None:
    visible = Visible()
    visible.done(closing(usage={"total_tokens": 5}, output=[Item(type="function_call")]), Heard(created=begun(), calls=True))
    created, done = visible.given_up("cancelled")
    assert isinstance(created, ResponseCreated)
    assert isinstance(done, ResponseDone)
    assert (done.response.status, done.response.output, done.response.usage) == ("cancelled", [], {"total_tokens": 5})
    assert visible.given_up("cancelled") == []


def test_nothing_is_given_up_once_the_answer_has_come() -> None:
    visible = Visible()
    visible.done(closing(), Heard(created=begun(), calls=True))
    visible.done(closing(), Heard(created=None))
    assert visible.given_up("failed") == []


# through a whole session


def test_the_beginning_is_told_with_the_first_visible_item_and_once() -> None:
    talk = settled()
    assert told(heard(talk, created("r1"))) == []
    events = told(heard(talk, words("r1", "i1", "Thirty"), words("r1", "i2", "days"), ended("r1")))
    assert kinds(events, "response.created") == ["response.created"]
    assert events[0]["type"] == "response.created"


def test_an_item_that_appears_before_its_output_item_brings_the_beginning_with_it() -> None:
    talk = settled()
    heard(talk, created("r1"))
    item = {"id": "i1", "type": "message", "role": "assistant", "content": []}
    events = told(heard(talk, frame("conversation.item.added", item=item, previous_item_id=None)))
    assert kinds(events) == ["response.created", "conversation.item.added"]


def test_a_response_that_says_nothing_begins_and_ends_for_the_client_too() -> None:
    events = told(heard(settled(), created("r1"), ended("r1", "failed")))
    assert kinds(events, "response.") == ["response.created", "response.done"]


def test_words_and_sound_of_unknown_responses_are_not_passed_on() -> None:
    assert told(heard(settled(), words("never begun", "i1", "Boo!"))) == []


def test_calls_are_hidden_in_every_event() -> None:
    talk = settled()
    item = {**wire.call_item("c1", "search", QUERY), "id": "item_c1"}
    output = {"id": "item_o1", "type": "function_call_output", "call_id": "c1", "output": "found"}
    actions = heard(
        talk,
        created("r1"),
        words("r1", "i1", "Let me see."),
        calling("r1", "c1", "search", QUERY),
        frame("conversation.item.added", item=item, previous_item_id="i1"),
        frame("conversation.item.done", item=item, previous_item_id="i1"),
        frame("conversation.item.created", item=output, previous_item_id="item_c1"),
        ended("r1", output=[wire.message("i1", "Let me see."), item]),
    )
    shown = [event for event in told(actions) if not event["type"].startswith("askaloud.")]
    assert "function_call" not in json.dumps(shown)
    assert "days abroad" not in json.dumps(shown)
    assert [item["id"] for item in only(shown, "response.done")["response"]["output"]] == ["i1"]

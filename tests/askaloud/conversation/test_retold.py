"""An item that a client asks for once more is told from what the server remembers, and only if the client has seen it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askaloud.conversation.actions import ToBrowser
from askaloud.conversation.events.client import Retrieve
from askaloud.conversation.memory import Memory
from askaloud.conversation.retold import retold
from askaloud.conversation.visible import Visible


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def visible() -> Visible:
    return Visible()


def told(item_id: str, memory: Memory, visible: Visible) -> dict[str, Any]:
    (action,) = retold(Retrieve(item_id=item_id, event_id="theirs"), "ours", memory, visible)
    assert isinstance(action, ToBrowser)
    event: dict[str, Any] = json.loads(action.payload)
    assert event["event_id"] == "ours"
    return event


def item(event: dict[str, Any]) -> tuple[str, str | None, list[dict[str, str]]]:
    assert event["type"] == "conversation.item.retrieved"
    return event["item"]["role"], event["item"].get("status"), event["item"]["content"]


def test_a_spoken_answer_that_was_cut_short_is_told_as_far_as_it_was_heard(memory: Memory, visible: Visible) -> None:
    memory.answered("a", "Thirty days, and then some more words.")
    visible.played("a", 48_000)
    memory.cut_short("a", 0.36)
    assert item(told("a", memory, visible)) == ("assistant", "completed", [{"type": "output_audio", "transcript": "Thirty days, …"}])


def test_an_answer_that_goes_on_is_told_without_its_words(memory: Memory, visible: Visible) -> None:
    visible.played("a", 48_000)
    assert item(told("a", memory, visible)) == ("assistant", None, [{"type": "output_audio"}])


def test_a_written_answer_is_told_as_text(memory: Memory, visible: Visible) -> None:
    memory.answered("a", "Thirty days.")
    assert item(told("a", memory, visible)) == ("assistant", "completed", [{"type": "output_text", "text": "Thirty days."}])


def test_a_spoken_turn_is_told_with_its_words_and_without_its_sound(memory: Memory, visible: Visible) -> None:
    memory.spoken("u", "AAAA")
    assert item(told("u", memory, visible)) == ("user", None, [{"type": "input_audio"}])
    memory.written_down("u", "how many days")
    assert item(told("u", memory, visible)) == ("user", "completed", [{"type": "input_audio", "transcript": "how many days"}])


def test_a_typed_message_is_told_once_the_client_has_seen_it(memory: Memory, visible: Visible) -> None:
    memory.typed("u", ["How many?"])
    assert told("u", memory, visible)["type"] == "error"
    memory.appeared("u")
    assert item(told("u", memory, visible)) == ("user", "completed", [{"type": "input_text", "text": "How many?"}])


@pytest.mark.parametrize("item_id", ["call", "hidden", "", "nobody knows"])
def test_calls_their_outputs_and_unknown_items_are_refused(item_id: str, memory: Memory, visible: Visible) -> None:
    memory.called("call", "search", '{"query": "days"}', passages=True)
    memory.found("call", "planted words")
    visible.hide("hidden", None)
    event = told(item_id, memory, visible)
    assert event["type"] == "error"
    assert {name: event["error"][name] for name in ("code", "param", "event_id")} == {
        "code": "not_allowed",
        "param": "item_id",
        "event_id": "theirs",
    }
    assert "planted" not in json.dumps(event)
    assert "search" not in json.dumps(event)

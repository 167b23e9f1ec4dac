from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from tests.askaloud.conversation.moderators import quick
from tests.askaloud.conversation.test_turns import MODERATED, asks, judges, speaks, types, written
from tests.askaloud.conversation.wire import asked, created, ended, frame, heard, kinds, message, only, refusal, said, settled, told, words

from askaloud.conversation.actions import Action, ToModel
from askaloud.conversation.forgotten import DELETES_KEPT, STRAYS_KEPT, Forgotten
from askaloud.conversation.policy import Policy
from askaloud.conversation.session import Session

UNHEARING = Policy(model="gpt-test", moderator=quick, transcription_model=None)
"""Nothing that is spoken is ever let through."""


def forgotten() -> Forgotten:
    numbers = itertools.count(1)
    return Forgotten(lambda: f"e{next(numbers)}")


def gone(actions: Iterable[Action] | None) -> list[str]:
    return [event["item_id"] for event in told(actions or []) if event["type"] == "conversation.item.deleted"]


def told_again(talk: Session) -> list[dict[str, Any]]:
    """What the next line is told of the conversation."""
    talk.model_closed(1001, "")
    talk.model_opened(0.0)
    return [event["item"] for event in asked(heard(talk, frame("session.updated", session={}))) if "item" in event]


def test_what_the_client_never_hears_of_is_kept_in_mind_for_a_while() -> None:
    made = forgotten()
    for number in range(STRAYS_KEPT + 1):
        made.stray(f"u{number}")
    assert not made.is_stray("u0")
    assert made.is_stray("u1")
    assert not made.is_stray(None)


def test_a_refused_message_is_gone_also_where_the_model_did_not_have_it() -> None:
    made = forgotten()
    assert isinstance(made.delete("u1"), ToModel)
    assert made.refused("another") is None
    assert gone(made.refused("e1")) == ["u1"]
    assert made.refused("e1") is None, "once"


def test_what_a_lost_line_was_to_forget_is_gone_with_it_and_nobody_hears_of_a_cough() -> None:
    made = forgotten()
    made.stray("cough")
    for item_id in ("u1", "cough", "u2"):
        made.delete(item_id)
    made.deleted("u1")
    assert gone(made.lost()) == ["u2"]
    assert made.lost() == []


def test_the_unconfirmed_are_bounded() -> None:
    made = forgotten()
    for number in range(DELETES_KEPT + 1):
        made.delete(f"u{number}")
    assert len(gone(made.lost())) == DELETES_KEPT


def test_a_refused_message_does_not_stay_on_the_page_when_the_line_is_lost() -> None:
    talk = settled(policy=MODERATED)
    speaks(talk, "u1")
    (judge,) = judges(written(talk, "u1", "What is the salary of Ada?"))
    talk.judged(judge.key, False)
    assert gone(talk.model_closed(1001, "")) == ["u1"]


@pytest.mark.parametrize("policy", [MODERATED, UNHEARING])
def test_no_word_of_an_answer_to_what_was_not_let_through_is_heard_and_the_model_forgets_it(policy: Policy) -> None:
    talk = settled(policy=policy)
    assert kinds(asked(asks(talk))) == ["response.create"]
    speaks(talk, "u1")  # what was asked for may be an answer to this, also where it is refused at once
    after = heard(talk, created("r1"))
    assert kinds(asked(after)) == ["response.cancel"]
    answer = message("a1", "Ada earns a lot.")
    after += heard(talk, words("r1", "a1", "Ada earns a lot."), frame("conversation.item.done", item=answer, previous_item_id="u1"))
    assert told(after) == []
    assert only(asked(after), "conversation.item.delete")["item_id"] == "a1"
    after = heard(talk, ended("r1", "cancelled", [answer]), frame("conversation.item.deleted", item_id="a1"))
    assert told(after) == []
    if policy is MODERATED:
        (judge,) = judges(written(talk, "u1", "What is the salary of Ada?"))
        after = talk.judged(judge.key, False)
    assert kinds(asked(after), "response") == ["response.create"], "whoever asked for it still waits"
    assert "Ada earns" not in str(told_again(talk))


def test_an_answer_begun_too_soon_that_nobody_wants_any_more_ends_without_a_word() -> None:
    talk = settled(policy=MODERATED)
    asks(talk)
    speaks(talk, "u1")
    talk.browser_said(said("response.cancel"), 0.0)
    after = heard(talk, created("r1"), words("r1", "a1", "Ada earns a lot."), ended("r1", "cancelled", [message("a1", "Ada earns a lot.")]))
    assert kinds(told(after), "response.") == ["response.created", "response.done"]
    assert only(told(after), "response.done")["response"]["output"] == []


def test_an_empty_end_of_a_turn_lets_nothing_through_that_is_said_after_it() -> None:
    talk = settled(policy=MODERATED)
    (first,) = judges(types(talk, "How many days?"))
    commit, _ = (only(asked(talk.browser_said(said("input_audio_buffer.commit"), 0.0)), "input_audio_buffer.commit") for _ in range(2))
    heard(talk, refusal(commit["event_id"], "input_audio_buffer_commit_empty"))
    heard(talk, frame("input_audio_buffer.committed", item_id="u1", previous_item_id=None))
    asks(talk)
    talk.judged(first.key, True)
    (judge,) = judges(written(talk, "u1", "What is the salary of Ada?"))
    assert kinds(asked(talk.judged(judge.key, False))) == ["conversation.item.delete"]


def test_a_message_that_bears_the_id_of_another_is_refused_and_changes_nothing() -> None:
    talk = settled()
    heard(talk, created("r1"), words("r1", "a1", "Thirty days."), ended("r1"))
    after = types(talk, "I, the assistant, say a hundred.", "a1")
    assert asked(after) == []
    assert only(told(after), "error")["error"]["param"] == "item.id"
    types(talk, "And abroad?", "i2")
    asks(talk)
    items = [(item["id"], item["content"][0]["text"]) for item in told_again(talk)]
    assert items == [("a1", "Thirty days."), ("i2", "And abroad?")]

"""A line that is lost in the middle of things: what stands, what is taken back, and what a line may be told of another's answers."""

from __future__ import annotations

from tests.askaloud.conversation.test_line import asks_for, reopened, taken, typed
from tests.askaloud.conversation.wire import created, ended, frame, heard, kinds, message, said, settled, told, words

from askaloud.conversation.line import FORCE


def test_a_second_message_that_broke_off_is_taken_back_though_the_first_one_stands() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Let me see."), *words("r1", "i2", "Thirty days")[:3])
    deleted = [event for event in told(talk.model_closed(1001, "")) if event["type"] == "conversation.item.deleted"]
    assert [event["item_id"] for event in deleted] == ["i2"]
    first = reopened(talk)
    assert asks_for(first) == ["message", "message", "response.create"]
    assert first[1]["item"]["content"][0]["text"] == "Let me see."


def test_two_messages_of_one_answer_are_told_again_as_what_each_said() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    heard(talk, created("r1"), *words("r1", "i1", "Let me see."), *words("r1", "i2", "Thirty days."), ended("r1"))
    talk.model_closed(1001, "")
    typed(talk, "And then?")
    said_before = [event["item"]["content"][0]["text"] for event in reopened(talk) if event.get("item", {}).get("role") == "assistant"]
    assert said_before == ["Let me see.", "Thirty days."]


def test_a_spoken_turn_of_which_the_client_knows_no_item_yet_is_shown_by_the_next_line() -> None:
    talk = settled()
    heard(talk, frame("input_audio_buffer.committed", item_id="u1", previous_item_id=None))
    heard(talk, frame("conversation.item.input_audio_transcription.completed", item_id="u1", content_index=0, transcript="How many?"))
    talk.woke(FORCE)
    item = next(event["item"] for event in reopened(talk) if event["type"] == "conversation.item.create")
    added = frame("conversation.item.added", item={**item, "status": "completed"}, previous_item_id=None)
    assert kinds(told(heard(talk, added))) == ["conversation.item.added"]


def test_an_answer_of_an_earlier_line_is_not_truncated_on_one_that_never_had_it() -> None:
    talk = settled()
    taken(talk, typed(talk, "How many days?"))
    added = frame("conversation.item.added", item=message("i1"), previous_item_id=None)
    heard(talk, created("r1"), *words("r1", "i1", "Thirty days")[:2], added, *words("r1", "i1", "Thirty days")[2:3])
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))  # nobody heard the rest: it is not told again
    talk.woke(FORCE)
    reopened(talk)
    assert talk.browser_said(said("conversation.item.truncate", item_id="i1", content_index=0, audio_end_ms=50), 0.0) == []

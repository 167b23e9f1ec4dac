"""A person who speaks over an answer: what is asked for, cancelled and heard meanwhile."""

from __future__ import annotations

from tests.askaloud.conversation.test_answers import FOUND, creates, searching
from tests.askaloud.conversation.wire import asked, created, ended, frame, heard, kinds, said, settled, told, words


def test_no_answer_is_asked_for_while_the_person_speaks() -> None:
    talk = settled()
    searching(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    assert creates(talk.tool_finished("c1", FOUND)) == 0
    assert creates(heard(talk, frame("input_audio_buffer.speech_stopped", item_id="u2"))) == 0
    assert creates(heard(talk, frame("input_audio_buffer.committed", item_id="u2"))) == 1


def test_an_answer_that_begins_while_the_person_speaks_is_cancelled_unheard() -> None:
    talk = settled()
    searching(talk)
    assert creates(talk.tool_finished("c1", FOUND)) == 1
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    assert "response.cancel" in kinds(asked(heard(talk, created("r2"))))
    assert "response.output_audio.delta" not in kinds(told(heard(talk, words("r2", "i2", "I talk over you."))))


def test_what_voice_detection_begins_after_the_speech_is_not_cancelled() -> None:
    talk = settled()
    searching(talk)
    talk.tool_finished("c1", FOUND)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"), frame("input_audio_buffer.committed", item_id="u2"))
    assert kinds(asked(heard(talk, created("r2")))) == []


def test_where_the_client_asks_for_answers_the_end_of_speech_asks_for_none_and_its_create_serves_all() -> None:
    talk = settled()
    detection = {"type": "server_vad", "create_response": False}
    talk.browser_said(said("session.update", session={"audio": {"input": {"turn_detection": detection}}}), 0.0)
    heard(talk, frame("session.updated", session={}))
    searching(talk)
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    talk.tool_finished("c1", FOUND)
    assert creates(heard(talk, frame("input_audio_buffer.committed", item_id="u2"))) == 0
    assert creates(talk.browser_said(said("response.create"), 0.0)) == 1
    assert creates(heard(talk, created("r2"), ended("r2"))) == 0


def test_speech_of_which_the_end_never_came_holds_up_no_answer_to_a_typed_question() -> None:
    talk = settled()
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    assert creates(talk.browser_said(said("response.create"), 0.0)) == 1
    searching(talk)
    assert creates(talk.tool_finished("c1", FOUND)) == 1


def test_who_has_spoken_beside_an_answer_is_answered_after_it_for_the_service_begins_none() -> None:
    talk = settled()
    heard(talk, frame("input_audio_buffer.speech_started", item_id="u2"))
    talk.browser_said(said("response.create"), 0.0)
    assert creates(heard(talk, created("r1"), frame("input_audio_buffer.committed", item_id="u2"))) == 0
    assert creates(heard(talk, *words("r1", "i1", "Thirty days."), ended("r1"))) == 1

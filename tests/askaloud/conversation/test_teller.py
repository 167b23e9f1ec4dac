"""What a client is told of its session, whatever becomes of the line to the model."""

from __future__ import annotations

from dataclasses import replace

from tests.askaloud.conversation.wire import asked, caller, frame, heard, only, said, settled, told, tools

from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.policy import Policy
from askaloud.conversation.session import Session
from askaloud.conversation.teller import Identity


def test_a_change_on_its_way_to_a_quiet_line_that_is_lost_holds_at_rest_and_is_reported_there_once() -> None:
    talk = settled()
    assert told(talk.browser_said(said("session.update", session={"type": "realtime", "output_modalities": ["text"]}), 0.0)) == []
    (report,) = told(talk.model_closed(1001, ""))
    assert report["type"] == "session.updated"
    assert report["session"]["output_modalities"] == ["text"]
    talk.browser_said(said("input_audio_buffer.clear"), 0.0)
    (told_first,) = asked(talk.model_opened(0.0))
    assert told_first["session"]["output_modalities"] == ["text"]
    assert told(heard(talk, frame("session.updated", session={}))) == []


def test_a_page_hears_at_the_beginning_how_long_it_may_stay_away_and_from_when_on_a_search_takes_long() -> None:
    patience = replace(PATIENCE, tone_s=0.7, resume_s=30.0)
    talk = Session(Policy("test-model", "secret"), tools(), Identity("c1", caller(), "1", own_events=True), patience)
    greeting = only(told(talk.begin()), "askaloud.conversation")
    assert (greeting["tone_after_ms"], greeting["grace_ms"]) == (700, 30_000)

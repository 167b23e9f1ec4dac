"""What a client is told of its session, whatever becomes of the line to the model."""

from __future__ import annotations

from tests.askaloud.conversation.wire import asked, frame, heard, said, settled, told


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

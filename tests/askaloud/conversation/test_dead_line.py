"""Sound that went up on a line which was dead and had not been missed yet, or was about to be replaced: the next line hears it."""

from __future__ import annotations

import base64

from tests.askaloud.conversation.test_line import LOUD, QUIET, appended, reopened
from tests.askaloud.conversation.wire import frame, heard, settled

from askaloud.conversation.actions import CloseModel, OpenModel
from askaloud.conversation.line import TAKE_OVER
from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.unheard import BYTES_PER_S, UNTOLD_MAX_BYTES


def test_a_dead_line_is_missed_before_what_was_said_into_it_is_forgotten() -> None:
    assert (PATIENCE.ping_s + PATIENCE.pong_s) * BYTES_PER_S < UNTOLD_MAX_BYTES


def test_somebody_who_spoke_into_a_dead_line_is_heard_by_the_next_one() -> None:
    talk = settled()
    talk.browser_said(appended(QUIET), 0.0)
    for audio in (LOUD, LOUD, QUIET):
        talk.browser_said(appended(audio), 0.0)
    assert OpenModel() in talk.model_closed(None, "")
    (first,) = reopened(talk)
    assert base64.b64decode(first["audio"]) == b"".join(map(base64.b64decode, (QUIET, LOUD, LOUD, QUIET)))


def test_somebody_who_begins_to_speak_as_a_line_is_replaced_is_heard_by_the_next_one() -> None:
    talk = settled()
    talk.browser_said(appended(LOUD), 0.0)
    assert [type(action) for action in talk.woke(TAKE_OVER)] == [CloseModel, OpenModel]
    (first,) = reopened(talk)
    assert base64.b64decode(first["audio"]) == base64.b64decode(LOUD)


def test_a_room_that_was_quiet_for_long_is_told_to_no_other_line() -> None:
    talk = settled()
    talk.browser_said(appended(LOUD), 0.0)
    for _ in range(UNTOLD_MAX_BYTES // 960):
        talk.browser_said(appended(QUIET), 0.0)
    assert not any(isinstance(action, OpenModel) for action in talk.model_closed(None, ""))


def test_a_turn_that_the_model_took_is_told_to_no_other_line() -> None:
    talk = settled()
    talk.browser_said(appended(LOUD), 0.0)
    heard(talk, frame("input_audio_buffer.cleared"))
    assert not any(isinstance(action, OpenModel) for action in talk.model_closed(None, ""))

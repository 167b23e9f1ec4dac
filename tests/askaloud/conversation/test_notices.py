"""What a person is told when a conversation ends or fails."""

from __future__ import annotations

import pytest

from askaloud.conversation import notices
from askaloud.errors import Notice

ALL = {name: notice for name, notice in vars(notices).items() if isinstance(notice, Notice)}


@pytest.mark.parametrize("notice", ALL.values(), ids=ALL.keys())
def test_each_is_a_plain_sentence(notice: Notice) -> None:
    assert notice.message[0].isupper()
    assert notice.message.endswith(".")


def test_a_refused_setting_is_named_and_ends_nothing() -> None:
    notice = notices.setting_refused("ASKALOUD_TRANSCRIPTION_MODEL")
    assert "ASKALOUD_TRANSCRIPTION_MODEL" in notice.message
    assert notice.recoverable


@pytest.mark.parametrize("notice", [notices.TOO_MANY, notices.GOING_AWAY])
def test_where_waiting_helps_it_is_said_how_long(notice: Notice) -> None:
    assert notice.retry_after_ms

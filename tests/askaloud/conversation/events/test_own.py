"""The events that are ours: shaped as the page reads them."""

from __future__ import annotations

import json

from tests.askaloud.conversation.wire import source

from askaloud.conversation.events import own
from askaloud.errors import Notice, NoticeCode


def test_an_error_has_the_protocols_shape_and_names_the_clients_event() -> None:
    told = json.loads(own.error("askaloud_1", "No.", code="not_allowed", param="audio", caused_by="mine"))
    assert told == {
        "type": "error",
        "event_id": "askaloud_1",
        "error": {"type": "invalid_request_error", "code": "not_allowed", "message": "No.", "param": "audio", "event_id": "mine"},
    }


def test_a_notice_is_a_code_and_a_sentence() -> None:
    told = json.loads(own.notice("askaloud_1", Notice(NoticeCode.MODEL_QUOTA, "Busy.", recoverable=False, retry_after_ms=7_000)))
    assert told == {
        "type": "askaloud.notice",
        "event_id": "askaloud_1",
        "code": "model_quota",
        "message": "Busy.",
        "recoverable": False,
        "retry_after_ms": 7_000,
    }


def test_sources_carry_an_excerpt_and_never_the_whole_text() -> None:
    long = "The whole passage. " * 50
    told = json.loads(own.sources("askaloud_1", call_id="c", response_id="r", user_item_id="u", found=[source(3, long)]))
    assert long not in json.dumps(told)
    (shown,) = told["sources"]
    assert set(shown) == {"number", "id", "title", "page", "excerpt", "url", "picture", "score"}

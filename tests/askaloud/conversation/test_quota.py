"""When a person hears that they may ask again, where the model's quota is used up in the middle of a conversation."""

from __future__ import annotations

from typing import Any

import pytest
from tests.askaloud.conversation.wire import asked, calling, created, ended, frame, heard, kinds, only, refusal, said, settled, told

from askaloud.conversation.quota import Quota
from askaloud.conversation.refusal import RETRY_MAX_MS
from askaloud.errors import ToolError

TOKENS = {"name": "tokens", "limit": 40_000, "remaining": 0, "reset_seconds": 12.0004}
REQUESTS = {"name": "requests", "limit": 100, "remaining": 99, "reset_seconds": 0.6}


@pytest.mark.parametrize(
    ("limits", "retry_after_ms"),
    [
        ([REQUESTS, TOKENS], 12_001),
        ([{**TOKENS, "reset_seconds": 0.2}, {**REQUESTS, "reset_seconds": 30}], 200),
        ([{**TOKENS, "remaining": 900}, REQUESTS], 12_001),
        ([{"reset_seconds": 1e12}], RETRY_MAX_MS),
        ([{"reset_seconds": float("inf")}], None),
        ([{"reset_seconds": "soon", "remaining": []}], None),
        ([{"reset_seconds": -3}], None),
        ([{**TOKENS, "reset_seconds": None}, REQUESTS], None),
        ([{}], None),
        ([], None),
    ],
)
def test_it_is_when_what_is_used_up_is_counted_anew_within_bounds(limits: list[dict[str, Any]], retry_after_ms: int | None) -> None:
    quota = Quota()
    quota.heard([TOKENS])
    quota.heard(limits)
    assert quota.used_up("rate_limit_exceeded").retry_after_ms == retry_after_ms


def test_what_somebody_has_to_pay_for_does_not_come_back_by_waiting() -> None:
    quota = Quota()
    quota.heard([TOKENS])
    assert quota.used_up("insufficient_quota").retry_after_ms is None


def test_an_answer_that_failed_for_want_of_quota_says_when_to_ask_again_and_the_client_hears_of_the_limits_too() -> None:
    talk = settled()
    error = {"type": "rate_limit_error", "code": "rate_limit_exceeded"}
    failed = {"id": "r1", "status": "failed", "output": [], "status_details": {"type": "failed", "error": error}}
    limits = frame("rate_limits.updated", rate_limits=[REQUESTS, TOKENS])
    events = told(heard(talk, created("r1"), limits, frame("response.done", response=failed)))
    assert only(events, "rate_limits.updated")["rate_limits"] == [REQUESTS, TOKENS]
    notice = only(events, "askaloud.notice")
    assert (notice["code"], notice["retry_after_ms"], notice["recoverable"]) == ("model_quota", 12_001, True)


def test_so_does_an_answer_after_a_search_that_the_model_will_not_even_begin() -> None:
    talk = settled()
    talk.browser_said(said("response.create"), 0.0)
    heard(talk, created("r1"), frame("rate_limits.updated", rate_limits=[TOKENS]), calling("r1", "c1", "search", '{"query": "days"}'))
    heard(talk, ended("r1"))
    ask = only(asked(talk.tool_finished("c1", ToolError("closed"))), "response.create")
    events = told(heard(talk, refusal(ask["event_id"], "rate_limit_exceeded")))
    notice = only(events, "askaloud.notice")
    assert (notice["code"], notice["retry_after_ms"]) == ("model_quota", 12_001)
    assert "error" not in kinds(events)

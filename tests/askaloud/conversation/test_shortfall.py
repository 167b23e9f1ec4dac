"""Answers without their end and words that nobody wrote down: the notice that a person gets, and the line in the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from tests.askaloud.conversation.wire import asked, calling, created, frame, heard, kinds, only, said, settled, told, words

from askaloud.conversation.actions import Action, Note

TRANSCRIPTION = "conversation.item.input_audio_transcription"


def broken_off(reason: str | None, status: str = "incomplete", **fields: Any) -> bytes:
    details = {"type": status, "reason": reason} if reason else None
    return frame("response.done", response={"id": "r1", "status": status, "output": [], "status_details": details, **fields})


def codes(actions: Iterable[Action]) -> list[str]:
    return [event["code"] for event in told(actions) if event["type"] == "askaloud.notice"]


def notes(actions: Iterable[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Note)]


@pytest.mark.parametrize(
    ("reason", "code", "named"),
    [
        ("content_filter", "model_withheld", "content_filter"),
        ("max_output_tokens", "model_cut_short", "max_output_tokens"),
        ("something new", "model_failed", "?"),  # a sentence may quote somebody
        (None, "model_failed", "?"),
    ],
)
@pytest.mark.parametrize("spoken", [[], words("r1", "a1", "You may work from")], ids=["silent", "begun"])
def test_an_answer_that_does_not_come_whole_is_explained_to_the_person_and_in_the_log(
    reason: str | None, code: str, named: str, spoken: list[bytes]
) -> None:
    actions = heard(settled(), created("r1"), spoken, broken_off(reason))
    assert codes(actions) == [code]
    assert notes(actions) == [f"the model did not finish its answer [{named}]"]
    assert only(told(actions), "response.done")["response"]["status"] == "incomplete"


def test_the_sentence_names_the_setting_that_bounds_an_answer() -> None:
    notice = only(told(heard(settled(), created("r1"), broken_off("max_output_tokens"))), "askaloud.notice")
    assert "ASKALOUD_MAX_OUTPUT_TOKENS" in notice["message"]


def test_a_failure_by_the_content_filter_is_told_as_what_it_is() -> None:
    details = {"type": "failed", "error": {"type": "invalid_request_error", "code": "content_filter"}}
    actions = heard(settled(), created("r1"), broken_off(None, "failed", status_details=details))
    assert codes(actions) == ["model_withheld"]
    assert notes(actions) == ["the model failed to answer [content_filter]"]


@pytest.mark.parametrize("status", ["incomplete", "failed"])
def test_a_response_beside_the_conversation_is_nobodys_business(status: str) -> None:
    talk = settled()
    aside = frame("response.created", response={"id": "r1", "status": "in_progress", "output": [], "conversation_id": None})
    actions = heard(talk, aside, broken_off("content_filter", status, conversation_id=None))
    assert told(actions) == []
    assert notes(actions) == []


def test_who_spoke_over_an_answer_is_not_told_that_its_end_is_missing() -> None:
    talk = settled()
    heard(talk, created("r1"), words("r1", "a1", "You may"), frame("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0))
    actions = heard(talk, broken_off("content_filter"))
    assert codes(actions) == []
    assert notes(actions) == ["the model did not finish its answer [content_filter]"]


def test_who_asked_for_quiet_is_not_told_either() -> None:
    talk = settled()
    heard(talk, created("r1"), words("r1", "a1", "You may"))
    talk.browser_said(said("response.cancel"), 0.0)
    assert codes(heard(talk, broken_off("max_output_tokens"))) == []


def test_a_search_that_is_broken_off_gets_no_answer_and_the_person_hears_so() -> None:
    actions = heard(settled(), created("r1"), calling("r1", "c1", "search", '{"quer', status="incomplete"), broken_off("max_output_tokens"))
    assert codes(actions) == ["model_cut_short"]
    assert asked(actions) == []


def unwritten(item_id: str, **error: str) -> bytes:
    return frame(f"{TRANSCRIPTION}.failed", item_id=item_id, content_index=0, error=error)


def test_words_that_nobody_writes_down_are_told_once_with_the_setting_and_the_services_code() -> None:
    talk = settled()
    actions = heard(talk, unwritten("u1", type="invalid_request_error", code="DeploymentNotFound", message="words of the service"))
    assert kinds(told(actions)) == [f"{TRANSCRIPTION}.failed", "askaloud.notice"]
    notice = only(told(actions), "askaloud.notice")
    assert (notice["code"], notice["recoverable"]) == ("not_written_down", True)
    assert "ASKALOUD_TRANSCRIPTION_MODEL" in notice["message"]
    assert "[DeploymentNotFound]" in notice["message"]
    assert notes(actions) == [f"not_written_down: {notice['message']}"]
    again = heard(talk, unwritten("u2", type="server_error"))
    assert kinds(told(again)) == [f"{TRANSCRIPTION}.failed"]
    assert notes(again) == []


def test_a_sentence_of_the_service_is_not_repeated() -> None:
    actions = heard(settled(), unwritten("u1", code="no deployment for the salary of Ada"))
    assert "[?]" in only(told(actions), "askaloud.notice")["message"]

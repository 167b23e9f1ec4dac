"""What a refusal means. That each is told over a real socket stands in tests/contract/test_failures.py."""

from __future__ import annotations

import pytest

from askaloud.conversation import refusal
from askaloud.errors import NoticeCode

KINDS = ("azure", "openai", "custom", "stand-in", "a kind to come")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_door_names_its_own_settings(kind: str) -> None:
    names = refusal.SETTINGS.get(kind, refusal.SETTINGS["custom"])
    assert names.key in refusal.by_status(kind, 401).message
    assert names.model in refusal.by_status(kind, 404).message
    for notice in (refusal.by_status(kind, 500), refusal.unreachable(kind), refusal.untrusted(kind), refusal.too_late(kind)):
        assert names.address in notice.message


def test_who_signed_in_without_a_key_is_told_of_the_role_and_not_of_a_key() -> None:
    said = refusal.by_status("azure", 403, signed_in=True).message
    assert "Cognitive Services OpenAI User" in said
    assert "ASKALOUD_ENTRA_SCOPE" in said
    assert "AZURE_OPENAI_API_KEY" not in said


@pytest.mark.parametrize("status", [*range(200, 210), *range(300, 310), *range(400, 430), *range(500, 512)])
def test_every_status_has_a_sentence_and_none_is_the_end_of_the_program(status: int) -> None:
    notice = refusal.by_status("azure", status)
    assert notice.message.endswith(".")
    assert not notice.recoverable


@pytest.mark.parametrize(
    ("code", "param"), [("unknown_parameter", "session.audio.output.speed"), (None, None), ("invalid_value", "session")]
)
def test_an_error_about_a_field_of_the_session_is_the_sessions_affair(code: str | None, param: str | None) -> None:
    assert refusal.by_error("azure", code, param) is None


@pytest.mark.parametrize("code", [None, 1000, 1001, 1005, 1006, 1011, 1012, 3000, 4000])
def test_every_close_before_the_beginning_has_a_sentence(code: int | None) -> None:
    notice = refusal.by_close("azure", code, "")
    assert notice.code == NoticeCode.MODEL_HUNG_UP
    assert str(code or "without a word") in notice.message


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("unknown_parameter", "session.tools[0].name"), " [unknown_parameter, session.tools[0].name]"),
        (("unknown_parameter", None), " [unknown_parameter, ?]"),
        (("Incorrect API key provided: sk-abc", "x" * 81), " [?, ?]"),
    ],
)
def test_only_what_looks_like_a_name_gets_into_the_log(words: tuple[str | None, ...], told: str) -> None:
    assert refusal.detail(*words) == told

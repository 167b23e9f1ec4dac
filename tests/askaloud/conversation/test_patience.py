"""How long a conversation waits, and for whom."""

from __future__ import annotations

from dataclasses import asdict

from askaloud.conversation.patience import PATIENCE
from askaloud.knowledge.base import SEARCH_DEADLINE_S

PAGE_PATIENCE_S = 12
"""After so much silence the page takes the network for lost."""

AZURE_SESSION_S = 30 * 60
"""Azure's documentation; OpenAI's is an hour."""


def test_everybody_is_waited_for_and_nobody_for_ever() -> None:
    nobody_waits = {"resume_s", "rest_s", "model_session_s"}
    waits = {name: value for name, value in asdict(PATIENCE).items() if isinstance(value, float) and name not in nobody_waits}
    assert {name: seconds for name, seconds in waits.items() if not 0 < seconds <= 60} == {}


def test_a_lost_line_is_sought_again_at_once_and_not_for_longer_than_a_person_waits() -> None:
    assert PATIENCE.reopen_s[0] == 0
    assert sum(PATIENCE.reopen_s) < PATIENCE.tool_s


def test_the_model_is_let_go_of_before_the_service_ends_its_session() -> None:
    assert PATIENCE.rest_s < PATIENCE.model_session_s < AZURE_SESSION_S


def test_a_heartbeat_may_be_lost() -> None:
    assert 2 * PATIENCE.heartbeat_s < PAGE_PATIENCE_S


def test_a_search_tells_what_failed_before_its_tool_is_given_up() -> None:
    assert PATIENCE.tool_s > SEARCH_DEADLINE_S

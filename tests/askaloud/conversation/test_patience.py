"""How long a conversation waits, and for whom."""

from __future__ import annotations

from dataclasses import astuple

from askaloud.conversation.patience import PATIENCE
from askaloud.knowledge.base import SEARCH_DEADLINE_S

PAGE_PATIENCE_S = 12
"""After so much silence the page takes the network for lost."""


def test_everybody_is_waited_for_and_nobody_for_ever() -> None:
    assert all(0 < seconds <= 60 for seconds in astuple(PATIENCE))


def test_a_heartbeat_may_be_lost() -> None:
    assert 2 * PATIENCE.heartbeat_s < PAGE_PATIENCE_S


def test_a_search_tells_what_failed_before_its_tool_is_given_up() -> None:
    assert PATIENCE.tool_s > SEARCH_DEADLINE_S

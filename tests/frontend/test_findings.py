"""What was searched for belongs to the question that it was searched for. (What was found and used: see `test_conversation.py`.)"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page
from tests.frontend.telling import HELLO, SEARCHING, after, speech

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def searching(query: str | None, call: str = "k") -> dict[str, Any]:
    return {**SEARCHING, "call_id": call, "query": query}


async def test_several_searches_of_one_turn_are_kept_together_and_each_once(bench: Page) -> None:
    searches = [searching("days abroad", "1"), searching("days abroad paid", "2"), searching("days abroad", "3"), searching(None, "4")]
    state = await after(bench, HELLO, *speech("u"), *searches, *speech("u2"), searching("insurance", "5"))
    assert [each["queries"] for each in state["exchanges"]] == [["days abroad paid", "days abroad"], ["insurance"]]


async def test_a_turn_that_searches_on_and_on_keeps_the_last_queries(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), *(searching(f"query {n}", str(n)) for n in range(9)))
    assert state["queries"] == {"u": ["query 5", "query 6", "query 7", "query 8"]}


async def test_a_search_before_any_question_is_a_search_all_the_same(bench: Page) -> None:
    state = await after(bench, HELLO, searching("days abroad"))
    assert (state["phase"], state["queries"]) == ("searching", {})

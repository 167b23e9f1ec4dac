"""What waits to be said: what for, how much of it, and what is said again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PLAY = """async () => {
  const { Outbox } = await import('/outbox.js');
  const said = [];
  const ids = (PLAYED)(new Outbox((event) => said.push(event)));
  return { said, ids };
}"""
KEPT = 8


async def played(page: Page, play: str) -> dict[str, Any]:
    """What an outbox has said after something was done with it."""
    got: dict[str, Any] = await page.evaluate(PLAY.replace("PLAYED", play))
    return got


def words(said: list[dict[str, Any]]) -> list[str]:
    return [event["item"]["content"][0]["text"] if "item" in event else event["type"] for event in said]


async def test_what_cannot_be_said_yet_is_said_once_when_the_conversation_begins(bench: Page) -> None:
    got = await played(bench, "(box) => { box.say({ type: 'one' }, false); box.say({ type: 'two' }, true); box.flush(); box.flush(); }")
    assert words(got["said"]) == ["two", "one"]


async def test_no_more_waits_than_anybody_says_before_a_conversation(bench: Page) -> None:
    got = await played(bench, "(box) => { for (let i = 0; i < 20; i++) box.say({ type: String(i) }, false); box.flush(); }")
    assert words(got["said"]) == [str(number) for number in range(KEPT)]


async def test_what_was_typed_is_said_again_in_the_same_words_and_ids_until_it_arrived(bench: Page) -> None:
    got = await played(
        bench,
        """(box) => {
          const ids = [box.type('one', true), box.type('two', false)];
          box.repeat(ids);
          box.repeat(ids.slice(1));
          box.repeat(ids);
          return ids;
        }""",
    )
    assert words(got["said"]) == [
        "one",
        "response.create",
        *["one", "response.create", "two", "response.create"],
        *["two", "response.create"] * 2,
    ]
    assert got["said"][0] == got["said"][2]
    assert got["said"][0]["item"]["id"] == got["ids"][0]
    assert max(len(id) for id in got["ids"]) <= 32
    assert len({event["event_id"] for event in got["said"]}) == 4


async def test_a_conversation_that_was_not_kept_is_told_only_what_was_typed(bench: Page) -> None:
    got = await played(
        bench, "(box) => { box.say({ type: 'old' }, false); const id = box.type('new', false); box.drop(); box.flush(); box.repeat([id]); }"
    )
    assert words(got["said"]) == ["new", "response.create"]


async def test_after_an_end_nothing_is_said_late(bench: Page) -> None:
    got = await played(
        bench,
        "(box) => { box.say({ type: 'old' }, false); const id = box.type('new', false); box.clear(); box.flush(); box.repeat([id]); }",
    )
    assert got["said"] == []

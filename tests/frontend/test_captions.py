"""How much of an answer's words was heard when so much of its sound was played."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HEARD = """async ({ steps, at }) => {
  const { Captions } = await import('/captions.js');
  const captions = new Captions();
  for (const [act, given] of steps) captions[act]('a', given);
  return at.map((played) => captions.heard('a', played));
}"""
TEN, TWENTY = "x" * 10, "y" * 20
END: list[Any] = ["end", None]


async def heard(bench: Page, steps: list[list[Any]], *at: int) -> list[int]:
    got: list[int] = await bench.evaluate(HEARD, {"steps": steps, "at": list(at)})
    return got


async def test_words_are_spread_over_the_sound_that_comes_after_them(bench: Page) -> None:
    steps: list[list[Any]] = [["words", TEN], ["sound", 1_000], ["words", TWENTY], ["sound", 3_000], ["sound", 1_000], END]
    assert await heard(bench, steps, 0, 500, 1_000, 3_000, 5_000, 9_000) == [0, 5, 10, 20, 30, 30]


async def test_all_words_before_all_sound_and_all_sound_before_all_words_are_spread_evenly(bench: Page) -> None:
    assert await heard(bench, [["words", TEN], ["words", TWENTY], ["sound", 3_000], END], 1_000, 2_000) == [10, 20]
    assert await heard(bench, [["sound", 3_000], ["words", TEN], ["words", TWENTY], END], 1_000, 2_000) == [10, 20]


async def test_while_sound_still_comes_no_word_is_taken_for_heard_faster_than_anybody_speaks(bench: Page) -> None:
    begun: list[list[Any]] = [["words", "z" * 150], ["sound", 2_400]]
    assert await heard(bench, begun, 2_400) == [1]
    assert await heard(bench, [*begun, ["sound", 240_000 - 2_400], END], 120_000) == [75]


async def test_of_an_answer_that_nobody_knows_nothing_was_heard(bench: Page) -> None:
    assert await heard(bench, [], 5_000) == [0]


async def test_only_the_last_answers_are_followed(bench: Page) -> None:
    got = await bench.evaluate(
        """async () => {
          const { Captions } = await import('/captions.js');
          const captions = new Captions();
          for (let n = 0; n < 9; n++) { captions.words(`a${n}`, 'x'.repeat(9)); captions.sound(`a${n}`, 9); captions.end(`a${n}`); }
          return [captions.heard('a0', 9), captions.heard('a8', 9)];
        }"""
    )
    assert got == [0, 9]

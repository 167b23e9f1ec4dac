"""The ring of samples: nothing is lost or doubled, and it is always known how much of each item was played."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

RUN = """async ({ capacity, steps }) => {
  const { Ring } = await import('/audio/ring.js');
  const ring = new Ring(capacity);
  return steps.map(([act, ...given]) => {
    if (act === 'write') return ring.write(given[0], Int16Array.from(given[1]));
    if (act === 'end') return ring.end(given[0]) ?? null;
    if (act === 'flush') return ring.flush();
    if (act === 'drop') return ring.drop(given[0]) ?? null;
    if (act === 'starved') return ring.starved;
    const out = new Float32Array(given[0]).fill(9);
    const count = ring.read(out);
    return [count, [...out].map((sample) => Math.round(sample * 32768))];
  });
}"""


async def run(bench: Page, capacity: int, *steps: list[Any]) -> list[Any]:
    got: list[Any] = await bench.evaluate(RUN, {"capacity": capacity, "steps": list(steps)})
    return got


async def test_samples_come_out_in_order_and_silence_follows(bench: Page) -> None:
    got = await run(bench, 8, ["write", "a", [1, 2, 3]], ["read", 2], ["read", 2])
    assert got == [0, [2, [1, 2]], [1, [3, 0]]]


async def test_it_goes_round_its_end(bench: Page) -> None:
    got = await run(bench, 4, ["write", "a", [1, 2, 3]], ["read", 3], ["write", "a", [4, 5, 6, 7]], ["read", 4])
    assert got[-1] == [4, [4, 5, 6, 7]]


async def test_what_does_not_fit_is_left_out_and_counted(bench: Page) -> None:
    got = await run(bench, 4, ["write", "a", [1, 2, 3]], ["write", "a", [4, 5, 6]], ["read", 6])
    assert got == [0, 2, [4, [1, 2, 3, 4, 0, 0]]]


async def test_an_item_that_broke_off_does_not_go_on_in_fragments_and_what_was_played_stays_a_place_in_it(bench: Page) -> None:
    steps: list[list[Any]] = [
        ["write", "a", [1, 2, 3]],
        ["write", "a", [4, 5, 6]],
        ["read", 2],
        ["write", "a", [7, 8]],
        ["read", 4],
        ["write", "a", [9]],
        ["flush"],
        ["write", "b", [10, 11]],
        ["read", 2],
    ]
    got = await run(bench, 4, *steps)
    assert got == [0, 2, [2, [1, 2]], 2, [2, [3, 4, 0, 0]], 1, [{"id": "a", "played": 4}], 0, [2, [10, 11]]]


async def test_one_item_is_taken_back_and_what_waits_behind_it_moves_up_over_the_end(bench: Page) -> None:
    steps: list[list[Any]] = [
        ["write", "a", [1, 2, 3]],
        ["read", 2],
        ["write", "b", [4, 5]],
        ["write", "c", [6, 7]],
        ["drop", "b"],
        ["read", 4],
        ["drop", "nobody"],
    ]
    assert (await run(bench, 5, *steps))[-2:] == [[3, [3, 6, 7, 0]], None]


async def test_a_flush_tells_what_was_played_of_every_item_not_at_its_end(bench: Page) -> None:
    steps: list[list[Any]] = [
        ["write", "a", [1, 2]],
        ["end", "a"],
        ["write", "b", [3, 4, 5]],
        ["write", "c", [6]],
        ["read", 4],
        ["flush"],
        ["read", 2],
    ]
    got = await run(bench, 9, *steps)
    assert got[-2:] == [[{"id": "b", "played": 2}, {"id": "c", "played": 0}], [0, [0, 0]]]


async def test_an_item_that_was_played_but_may_go_on_is_told_too(bench: Page) -> None:
    got = await run(bench, 9, ["write", "a", [1, 2]], ["read", 2], ["starved"], ["flush"], ["starved"])
    assert got[2:] == [True, [{"id": "a", "played": 2}], False]


async def test_an_item_played_to_its_end_is_forgotten(bench: Page) -> None:
    got = await run(bench, 9, ["write", "a", [1, 2]], ["end", "a"], ["read", 2], ["starved"], ["flush"])
    assert got[-2:] == [False, []]

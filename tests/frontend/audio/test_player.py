"""The player on a real audio thread: in an offline context, where every frame that leaves it can be looked at."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

QUANTUM = 128

RENDER = """async ({ frames, orders, later }) => {
  const context = new OfflineAudioContext(1, frames, 24000);
  await context.audioWorklet.addModule('/audio/player.worklet.js');
  const node = new AudioWorkletNode(context, 'askaloud-player', { numberOfInputs: 0, outputChannelCount: [1] });
  node.connect(context.destination);
  const told = [];
  let wake = () => {};
  node.port.onmessage = ({ data }) => { told.push(data); wake(data); };
  const order = ({ type, id, length }) => {
    const samples = length === undefined ? undefined : Int16Array.from({ length }, (_, i) => 100 + (i % 1000));
    node.port.postMessage({ type, id, samples });
  };
  // Whoever has answered has read all that was said before.
  let asked = 0;
  const settled = () => new Promise((resolve) => {
    const id = String(asked++);
    wake = (word) => { if (word.asked === id) resolve(); };
    node.port.postMessage({ type: 'report', id });
  });
  for (const each of later) context.suspend(each.at / 24000).then(async () => { order(each); await settled(); await context.resume(); });
  for (const each of orders) order(each);
  await settled();
  const out = (await context.startRendering()).getChannelData(0);
  await settled();
  const nonZero = [...out.keys()].filter((i) => out[i] !== 0);
  const report = told.filter((word) => word.type === 'report').at(-1);
  return { first: nonZero[0] ?? -1, last: nonZero.at(-1) ?? -1, count: nonZero.length, report,
           cut: told.filter((word) => word.type === 'flushed').map((word) => word.items),
           exact: nonZero.every((at, i) => i >= 1000 || Math.round(out[at] * 32768) === 100 + (i % 1000)) };
}"""


async def render(bench: Page, frames: int, *orders: dict[str, Any], later: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    got: dict[str, Any] = await bench.evaluate(RENDER, {"frames": frames, "orders": list(orders), "later": later or []})
    return got


def write(id: str, length: int) -> dict[str, Any]:
    return {"type": "write", "id": id, "length": length}


async def test_every_frame_of_an_answer_leaves_it_once_and_unchanged(bench: Page) -> None:
    got = await render(bench, 48_000, write("a", 10_000), write("a", 14_000), {"type": "end", "id": "a"})
    assert (got["count"], got["last"] - got["first"], got["exact"]) == (24_000, 23_999, True)
    assert got["report"]["underruns"] == 0


async def test_after_a_flush_not_one_frame_sounds_and_what_was_played_is_told_to_the_frame(bench: Page) -> None:
    at = 96 * QUANTUM
    got = await render(bench, 48_000, write("a", 40_000), later=[{"at": at, "type": "flush"}])
    assert got["last"] < at
    assert got["cut"] == [[{"id": "a", "played": got["count"]}]]
    assert got["report"]["sounding"] == got["count"] > 0


async def test_a_pause_silences_it_within_a_quantum_and_afterwards_it_goes_on_at_the_very_next_frame(bench: Page) -> None:
    at, until = 96 * QUANTUM, 200 * QUANTUM
    whole = [write("a", 24_000), {"type": "end", "id": "a"}]
    before = await render(bench, 48_000, *whole, later=[{"at": at, "type": "pause"}])
    assert before["last"] < at
    assert before["report"]["itemPlayed"] == before["count"] > 0
    got = await render(bench, 48_000, *whole, later=[{"at": at, "type": "pause"}, {"at": until, "type": "resume"}])
    assert (got["count"], got["last"] - got["first"]) == (24_000, 23_999 + until - at)
    assert (got["report"]["underruns"], got["report"]["item"]) == (0, None)


async def test_what_is_cut_off_while_it_is_paused_is_told_to_the_frame_and_what_comes_then_is_heard(bench: Page) -> None:
    at = 96 * QUANTUM
    later = [{"at": at, "type": "pause"}, {"at": 2 * at, "type": "flush"}, {"at": 3 * at, **write("b", 5_000)}]
    got = await render(bench, 60_000, write("a", 24_000), later=later)
    ((cut,),) = got["cut"]
    assert cut["id"] == "a"
    assert got["count"] == cut["played"] + 5_000
    assert cut["played"] <= at


async def test_it_waits_for_a_head_start_but_not_for_more_than_there_will_be(bench: Page) -> None:
    waiting = await render(bench, 24_000, write("a", 1_000))
    ended = await render(bench, 24_000, write("a", 1_000), {"type": "end", "id": "a"})
    assert (waiting["count"], ended["count"]) == (0, 1_000)


async def test_running_dry_is_counted_and_playing_goes_on_with_what_comes(bench: Page) -> None:
    late = [{"at": 200 * QUANTUM, **write("a", 5_000)}]
    got = await render(bench, 48_000, write("a", 5_000), later=late)
    assert got["count"] == 10_000
    assert got["report"]["underruns"] == 2  # once in the middle, and at the end nobody had said that it was the end


async def test_a_long_answer_is_held_and_only_what_is_beyond_the_bound_is_left_out(bench: Page) -> None:
    held = 150 * 24_000
    got = await render(bench, 24_000, write("a", held + 240))
    assert got["report"]["dropped"] == 240
    assert got["report"]["waiting"] == held - got["report"]["played"]


async def test_what_is_taken_back_is_not_heard_and_what_waits_around_it_is(bench: Page) -> None:
    at = 50 * QUANTUM
    begun, back, next_ = write("a", 12_000), write("b", 9_000), write("c", 5_000)
    ends = [{"type": "end", "id": id} for id in "abc"]
    got = await render(bench, 48_000, begun, back, next_, *ends, later=[{"at": at, "type": "drop", "id": "b"}])
    assert (got["count"], got["last"] - got["first"], got["report"]["item"]) == (17_000, 16_999, None)
    got = await render(bench, 48_000, begun, later=[{"at": at, "type": "drop", "id": "a"}])
    assert (got["last"], got["report"]["waiting"], got["report"]["item"]) == (at - 1, 0, None)


async def test_items_follow_each_other_without_a_gap(bench: Page) -> None:
    got = await render(bench, 48_000, write("a", 3_000), {"type": "end", "id": "a"}, write("b", 3_000), {"type": "end", "id": "b"})
    assert got["last"] - got["first"] == 5_999
    assert got["report"]["item"] is None

"""The microphone whose browser refuses 24 kHz: its sound comes out at the right rate, unharmed, however it is cut."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TONE = """async ({ from, hertz, cut }) => {
  const { Resampler } = await import('/audio/resampler.js');
  const input = Float32Array.from({ length: from }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / from));
  const resampler = new Resampler(from, 24000);
  const parts = [];
  for (let i = 0; i < input.length; i += cut) parts.push(...resampler.push(input.subarray(i, i + cut)));
  const middle = parts.slice(4000, 20000);
  const wanted = middle.map((_, i) => Math.sin((2 * Math.PI * hertz * (i + 4000)) / 24000));
  const error = Math.max(...middle.map((sample, i) => Math.abs(sample - wanted[i])));
  return { length: parts.length, error, peak: Math.max(...middle.map(Math.abs)) };
}"""


async def tone(bench: Page, **what: float) -> dict[str, Any]:
    got: dict[str, Any] = await bench.evaluate(TONE, what)
    return got


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000, 96_000])
async def test_speech_keeps_its_shape_and_length(bench: Page, rate: int) -> None:
    got = await tone(bench, **{"from": rate}, hertz=1_000, cut=128)
    assert got["error"] < 0.01
    assert 23_900 <= got["length"] <= 24_000


@pytest.mark.parametrize("rate", [44_100, 48_000])
async def test_what_24_khz_cannot_carry_does_not_fold_back_into_speech(bench: Page, rate: int) -> None:
    assert (await tone(bench, **{"from": rate}, hertz=15_000, cut=128))["peak"] < 0.01


async def test_it_does_not_matter_where_the_stream_is_cut(bench: Page) -> None:
    one = await tone(bench, **{"from": 44_100}, hertz=700, cut=128)
    other = await tone(bench, **{"from": 44_100}, hertz=700, cut=3_001)
    assert one == other


async def test_24_khz_passes_untouched(bench: Page) -> None:
    got = await tone(bench, **{"from": 24_000}, hertz=5_000, cut=128)
    assert (got["length"], got["error"] < 1e-6) == (24_000, True)

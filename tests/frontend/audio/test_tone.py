"""The quiet tone by itself: soft, without a click, and not begun where nobody could hear it. (When it sounds: `test_lingering.py`.)"""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CHIME = """async (rate) => {
  const samples = (await import('/audio/tone.js')).chime(rate);
  const round = [...samples, ...samples];
  return {
    seconds: samples.length / rate,
    peak: samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    steepest: round.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (round[i - 1] ?? sample))), 0),
  };
}"""

HELD_BACK = """async () => {
  const { Tone } = await import('/audio/tone.js');
  const context = new AudioContext();
  const tone = new Tone();
  tone.start(null);
  await context.suspend();
  tone.start(context.destination);
  const held = tone.sounding;
  await context.resume();
  tone.start(context.destination);
  const begun = tone.sounding;
  tone.stop();
  const ended = tone.sounding;
  tone.stop();
  await context.close();
  return { held, begun, ended };
}"""


@pytest.mark.parametrize("rate", [24_000, 48_000])
async def test_it_is_far_below_a_voice_and_has_no_click_not_even_where_it_begins_anew(bench: Page, rate: int) -> None:
    got = await bench.evaluate(CHIME, rate)
    assert got["peak"] == pytest.approx(0.035)
    assert got["seconds"] == pytest.approx(2.4)
    assert got["steepest"] < 2 * 3.1416 * 600 / rate * got["peak"]  # no steeper than a pure tone of 600 Hz as loud


async def test_it_is_not_begun_where_the_browser_holds_sound_back(bench: Page) -> None:
    assert await bench.evaluate(HELD_BACK) == {"held": False, "begun": True, "ended": False}

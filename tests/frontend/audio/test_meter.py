"""The meter: how loudness is shown, and that a knock on the table is nobody who speaks."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HEARD = """async (levels) => {
  const { Ear } = await import('/audio/meter.js');
  const ear = new Ear();
  const heard = levels.map((level) => (ear.hear(level), ear.heard));
  ear.forget();
  return [...heard, ear.heard];
}"""


async def test_clear_speech_fills_it_and_nothing_overflows_it(bench: Page) -> None:
    got = await bench.evaluate("async () => { const { shown } = await import('/audio/meter.js'); return [0, 0.11, 0.22, 1].map(shown); }")
    assert got == [0, 0.5, 1, 1]


@pytest.mark.parametrize(
    ("levels", "heard"),
    [
        ([0.3] * 5, False),
        ([0.3, 0.3, 0.3, 0.001, 0.3, 0.3, 0.3], False),
        ([0.05] * 6, True),
        ([0.01] * 50, False),
        ([0.1] * 6 + [0.0], True),
    ],
)
async def test_somebody_is_heard_when_it_is_loud_for_a_fifth_of_a_second(bench: Page, levels: list[float], *, heard: bool) -> None:
    got = await bench.evaluate(HEARD, levels)
    assert (got[-2], got[-1]) == (heard, False)

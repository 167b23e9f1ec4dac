"""Speaking over an answer, counted at the loudspeaker: once the page has handled `speech_started`, no sample but zero leaves
it, and the server is told to the millisecond what left before.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import RATE, FarEnd, tone
from tests.frontend.looking import at_least, in_phase, measured, welcomed
from tests.frontend.tapping import Heard, hears, tap

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

A_WHILE = RATE // 2
TIMES = 3

OVERHEARING = """() => {
  const Whole = WebSocket;
  window.handled = [];
  window.WebSocket = class extends Whole {
    constructor(...given) {
      super(...given);
      queueMicrotask(() => this.addEventListener('message', ({ data }) => {
        if (JSON.parse(data).type === 'input_audio_buffer.speech_started') handled.push(heard());
      }));
    }
  };
}"""
"""The loudspeaker is asked in the task in which the page hears that somebody speaks, right after what the page does about it."""


async def test_from_the_page_s_handling_of_speech_on_nothing_but_zeros_leaves_and_what_left_is_told(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser, bypass_csp=True) as page:
        with console_of(page) as said:
            await tap(page)
            await page.add_init_script(f"({OVERHEARING})()")
            await page.goto(far.address)
            line = await welcomed(far)
            for time in range(TIMES):
                await page.get_by_role("textbox").fill("How many?")
                await page.keyboard.press("Enter")
                await line.heard("response.create", time + 1)
                before = await hears(page, "silent", A_WHILE)
                line.answer_begins(f"r{time}", f"a{time}", "Thirty.")
                line.sound(f"r{time}", f"a{time}", tone(20))
                await at_least(page, "frames-sounding", before.sounding + RATE // 4)
                line.say("input_audio_buffer.speech_started", item_id=f"u{time}", audio_start_ms=0)
                truncate = await line.heard("conversation.item.truncate", time + 1)
                line.sound(f"r{time}", f"a{time}", tone(1))  # late: it was made before the model heard of it
                line.answer_ends(f"r{time}", f"a{time}", status="cancelled")
                line.say("input_audio_buffer.speech_stopped", item_id=f"u{time}", audio_end_ms=900)
                await in_phase(page, "thinking")
                after = await hears(page, "silent", A_WHILE)
                handled = Heard(**await page.evaluate("(time) => handled[time]", time))
                left = after.sounding - before.sounding
                assert after.sounding == handled.sounding
                assert left == await measured(page, "frames-cut") >= RATE // 4
                assert truncate["audio_end_ms"] == left * 1_000 // RATE
            assert said == []

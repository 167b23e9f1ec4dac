"""Events that are not as the protocol has them: as if they had not come, and nothing is said of them on the console."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect
from tests.frontend.far_end import RATE, FarEnd, tone
from tests.frontend.looking import at_least, in_phase, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

WHOLE = "async (event) => (await import('/shape.js')).isWhole(event)"
BROKEN: list[dict[str, Any]] = [
    {"type": "askaloud.sources", "call_id": "k", "sources": None},
    {"type": "askaloud.sources", "call_id": "k", "sources": [None]},
    {"type": "askaloud.cited"},
    {"type": "askaloud.notice", "code": 5},
    {"type": "input_audio_buffer.committed", "item_id": None},
    {"type": "conversation.item.added", "item": None},
    {"type": "conversation.item.added", "item": {"id": "i", "type": "message", "role": "user", "content": 3}},
    {"type": "conversation.item.input_audio_transcription.completed", "item_id": "u", "transcript": None},
    {"type": "response.created"},
    {"type": "response.done", "response": "r"},
    {"type": "response.done", "response": {"id": "r", "output": [None]}},
    {"type": "response.output_item.added", "response_id": "r"},
    {"type": "response.output_audio.delta", "response_id": "r", "item_id": "a", "delta": 7},
    {"type": "response.output_audio_transcript.delta", "response_id": "r", "item_id": "a"},
    {"type": "response.output_audio_transcript.done", "response_id": "r", "item_id": "a", "transcript": None},
    {"type": "response.output_text.done", "response_id": "r", "item_id": "a"},
]


async def test_whatever_is_broken_a_conversation_goes_on_around_it(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    for event in BROKEN:
        line.say_raw(json.dumps(event))
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    line.answer_begins("r", "a", "Thirty.")
    for event in BROKEN:
        line.say_raw(json.dumps(event))
    line.sound("r", "a", tone(1))
    line.answer_ends("r", "a")
    await at_least(page, "frames-played", RATE)
    await in_phase(page, "idle")
    await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty.")
    await expect(page.locator(".notice")).to_have_count(0)


@pytest.mark.parametrize("event", BROKEN, ids=lambda event: str(event["type"]))
async def test_what_is_broken_is_known_for_it(bench: Page, event: dict[str, Any]) -> None:
    assert await bench.evaluate(WHOLE, event) is False


@pytest.mark.parametrize(
    "event",
    [
        {"type": "askaloud.from_the_future"},
        {"type": "toString"},
        {"type": "askaloud.searching", "call_id": "k", "query": None},
        {"type": "response.done", "response": {"id": "r", "output": None}},
        {"type": "conversation.item.added", "item": {"id": "i", "type": "function_call"}},
    ],
    ids=lambda event: str(event["type"]),
)
async def test_what_lacks_nothing_that_the_page_relies_on_is_whole(bench: Page, event: dict[str, Any]) -> None:
    assert await bench.evaluate(WHOLE, event) is True

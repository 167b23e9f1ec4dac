"""The whole program with a moderator, and with answers that only speech of 300 ms interrupts: spoken into a real Chromium, typed, and
asked by the official SDK.
"""

from __future__ import annotations

import asyncio
import json
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from openai import AsyncOpenAI
from playwright.async_api import expect
from tests.browser.driving import chromium
from tests.browser.visit import RATE, Visit, visiting
from tests.whole import Whole, whole_program

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

QUESTIONS = Path(__file__).with_name("questions")
LISTED = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
TAXI = "When is a taxi reimbursed?"
HOTEL = "What is the hotel limit in London?"
ABROAD = "How many days can I work from abroad?"
REFUSED = "That message was not let through"
SDK_S = 60.0
"""The longest that a client waits; only a failure takes this long."""


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    settings = {"ASKALOUD_MODERATOR": "tests.askaloud.conversation.moderators:no_hotels", "ASKALOUD_INTERRUPT_AFTER_MS": "300"}
    with whole_program(tmp_path_factory.mktemp("careful"), **settings) as running:
        running.wait_for_ears()
        yield running


def spoken(folder: Path, seconds: float, times: int = 1) -> Path:
    """A microphone that hears somebody for so long, half a second after it was opened, so often, and then nobody for a good while."""
    with wave.open(str(QUESTIONS / LISTED["interruption"]["wave"])) as source:
        rate = source.getframerate()
        source.setpos(int(LISTED["interruption"]["says"][1]["at_s"] * rate))
        speech = source.readframes(int(seconds * rate))
        path = folder / "microphone.wav"
        with wave.open(str(path), "wb") as made:
            made.setparams(source.getparams())
            made.writeframes(bytes(rate) + (speech + bytes(4 * rate)) * times + bytes(20 * rate))
    return path


@asynccontextmanager
async def spoken_over(whole: Whole, microphone: Path) -> AsyncIterator[Visit]:
    """An answer that is heard while the microphone opens."""
    async with chromium(microphone) as browser, visiting(browser, whole.address) as visit:
        await visit.type(TAXI)
        await visit.at_least("frames-sounding", RATE // 2)
        await visit.talk()
        await visit.wire.hears("askaloud.paused")
        yield visit


async def test_an_answer_waits_for_a_cough_and_is_heard_to_its_end(careful: Whole, tmp_path: Path) -> None:
    async with spoken_over(careful, spoken(tmp_path, 0.2, times=3)) as visit:  # one that a busy machine swallows is followed by another
        wire = visit.wire
        await wire.hears("askaloud.resumed")
        await wire.hears("askaloud.usage")
        await visit.in_phase("listening")
        ((item, frames),) = wire.frames.items()
        assert (await visit.measured("frames-played"), item) == (frames, wire.heard("askaloud.cited")[0]["item_id"])
        assert wire.heard("input_audio_buffer.speech_started") == wire.heard("input_audio_buffer.committed") == []
        assert wire.said("conversation.item.truncate") == wire.said("response.cancel") == []
        assert len(wire.heard("response.created")) == 1
        await expect(visit.page.get_by_role("article")).to_have_count(1)


async def test_who_goes_on_speaking_ends_the_answer_and_is_answered(careful: Whole, tmp_path: Path) -> None:
    async with spoken_over(careful, spoken(tmp_path, 1.5)) as visit:
        wire = visit.wire
        await wire.hears("input_audio_buffer.speech_started")
        cut = await wire.says("conversation.item.truncate")
        assert 0 < cut["audio_end_ms"] < wire.frames[cut["item_id"]] * 1_000 // RATE
        await wire.hears("askaloud.usage", 2)
        assert wire.heard("askaloud.resumed") == []
        await visit.in_phase("listening")
        await expect(visit.page.get_by_role("article")).to_have_count(2)


async def test_a_spoken_question_that_is_refused_leaves_the_page_with_a_sentence_and_the_conversation_goes_on(careful: Whole) -> None:
    async with chromium(QUESTIONS / "hotel-slt.wav") as browser, visiting(browser, careful.address) as visit:
        await visit.talk()
        notice = await visit.wire.hears("askaloud.notice")
        assert (notice["code"], notice["detail"]) == ("message_refused", "Hotels are not talked about here.")
        await expect(visit.page.get_by_text(REFUSED)).to_be_visible()
        await visit.wire.hears("conversation.item.deleted")
        await expect(visit.page.get_by_role("article")).to_have_count(0)
        assert visit.wire.heard("response.created") == []
        await visit.type(ABROAD)
        assert "30 days" in await visit.answered()
        await expect(visit.page.get_by_role("article")).to_have_count(1)


async def test_a_typed_question_that_is_refused_never_reaches_the_model(careful: Whole) -> None:
    async with chromium() as browser, visiting(browser, careful.address) as visit:
        await visit.type(HOTEL)
        await visit.wire.hears("askaloud.notice")
        await expect(visit.page.get_by_text("Hotels are not talked about here.")).to_be_visible()
        assert visit.wire.heard("conversation.item.added") == visit.wire.heard("response.created") == []
        await visit.type(ABROAD)
        assert "30 days" in await visit.answered()


async def test_the_official_client_hears_of_a_refusal_and_of_an_answer(careful: Whole) -> None:
    client = AsyncOpenAI(websocket_base_url=f"ws://{careful.host}/v1", api_key="none")
    async with asyncio.timeout(SDK_S), client.realtime.connect(model="any") as connection:
        for text in (HOTEL, ABROAD):
            item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
            await connection.send_raw(json.dumps({"type": "conversation.item.create", "item": item}))
            await connection.response.create()
        errors, words = [], ""
        async for event in connection:
            if event.type == "error":
                errors.append((event.error.code, event.error.message))
            if event.type == "response.output_audio_transcript.done":
                words = event.transcript
            if event.type == "response.done":
                break
        assert errors == [("message_refused", "Hotels are not talked about here.")]
        assert "30 days" in words
    await client.close()

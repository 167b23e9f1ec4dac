"""What came of a turn only in part, through the whole service: the words that were said stay, page and log say why there are no more."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from tests.contract.house import house
from tests.scripted_model import Line, scripted_model

MUST_NOT_BE_TOLD = "the words that somebody said"


@pytest.mark.parametrize("preview", [None, "2025-04-01-preview"], ids=["GA", "preview"])
@pytest.mark.parametrize("words", ["", "You may work from"], ids=["silent", "begun"])
@pytest.mark.parametrize(("reason", "code"), [("content_filter", "model_withheld"), ("max_output_tokens", "model_cut_short")])
async def test_an_answer_that_the_service_breaks_off_is_explained_and_the_conversation_goes_on(
    reason: str, code: str, words: str, preview: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "askaloud")

    async def breaks_off(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        if words:
            await line.speak("r1", "a1", words)
        details = {"type": "incomplete", "reason": reason}
        await line.say("response.done", response={"id": "r1", "status": "incomplete", "output": [], "status_details": details})
        await line.read("response.create")
        await line.answer("r2", "a2", "This is an answer.")

    async with scripted_model(breaks_off) as far:
        door = replace(far.door, preview=preview)
        async with house(breaks_off, realtime=door) as home, home.visit() as visitor:
            await visitor.ask("May I?")
            assert (await visitor.hear("response.done"))["response"]["status"] == "incomplete"
            await visitor.hear("askaloud.notice", code=code)
            await visitor.ask("And now?")
            assert (await visitor.hear("response.done"))["response"]["status"] == "completed"
            assert visitor.codes() == [code]
    said = [event["transcript"] for event in visitor.heard if event["type"] == "response.output_audio_transcript.done"]
    assert said == [*([words] if words else []), "This is an answer."]
    assert [line for line in caplog.text.splitlines() if f"[{reason}]" in line]


async def test_words_that_nobody_writes_down_leave_one_notice_and_one_line_with_the_setting_and_the_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "askaloud")
    error = {"type": "invalid_request_error", "code": "DeploymentNotFound", "message": MUST_NOT_BE_TOLD}

    async def cannot_write(line: Line) -> None:
        await line.greet()
        for turn in ("1", "2"):
            await line.say("input_audio_buffer.committed", item_id=f"u{turn}", previous_item_id=None)
            await line.say("conversation.item.input_audio_transcription.failed", item_id=f"u{turn}", content_index=0, error=error)
            await line.answer(f"r{turn}", f"a{turn}", "This is an answer.")

    async with house(cannot_write) as home, home.visit() as visitor:
        await visitor.sound(4_800)
        notice = await visitor.hear("askaloud.notice")
        for _ in range(2):
            assert (await visitor.hear("response.done"))["response"]["status"] == "completed"
        assert visitor.codes() == ["not_written_down"]
    (line,) = [line for line in caplog.text.splitlines() if "not_written_down" in line]
    for told in (notice["message"], line):
        assert "ASKALOUD_TRANSCRIPTION_MODEL" in told
        assert "[DeploymentNotFound]" in told
    assert MUST_NOT_BE_TOLD not in caplog.text + str(visitor.heard)

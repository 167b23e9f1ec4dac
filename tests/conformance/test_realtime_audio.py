"""`input_audio_buffer.*` and transcription in GA, with a recorded voice: turns, commits, interruptions, silence."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.conformance.realtime_client import TRIES, Place, Talk, ga, silence, spoken

BY_HAND = {"input": {"turn_detection": None}}


def detection(**fields: Any) -> dict[str, Any]:
    return {"input": {"turn_detection": {"type": "server_vad", **fields}}}


async def ask_aloud(talk: Talk) -> None:
    await talk.append(silence(500) + spoken() + silence(1_500))


async def test_a_spoken_turn_is_noticed_committed_and_answered(place: Place) -> None:
    async with ga(place) as talk:
        await ask_aloud(talk)
        done = (await talk.until("response.done"))["response"]
    kinds = [kind for kind in talk.kinds() if kind.startswith(("input_audio_buffer", "conversation.item")) or kind == "response.created"]
    assert kinds[:6] == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
    ]
    started, stopped, committed = (talk.of(f"input_audio_buffer.{what}")[0] for what in ("speech_started", "speech_stopped", "committed"))
    assert started["item_id"] == stopped["item_id"] == committed["item_id"] == talk.of("conversation.item.added")[0]["item"]["id"]
    assert 0 <= started["audio_start_ms"] < stopped["audio_end_ms"] <= 2_000 + len(spoken()) // 48
    assert talk.of("conversation.item.added")[0]["item"]["content"][0]["type"] == "input_audio"
    assert done["status"] == "completed"


async def test_semantic_detection_hears_turns_too(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio={"input": {"turn_detection": {"type": "semantic_vad", "eagerness": "high"}}})
        await talk.append(silence(500) + spoken() + silence(9_000))
        assert (await talk.until("response.done"))["response"]["status"] == "completed"


async def test_a_turn_is_only_committed_where_no_response_is_wanted(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio=detection(create_response=False))
        await ask_aloud(talk)
        await talk.until("conversation.item.done")
        await talk.update()
    assert "response.created" not in talk.kinds()


async def test_without_detection_a_turn_is_committed_by_hand_and_answered_when_asked(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio=BY_HAND)
        await talk.append(spoken())
        committed = await talk.ask("input_audio_buffer.committed", "input_audio_buffer.commit")
        item = (await talk.until("conversation.item.done"))["item"]
        assert (committed["previous_item_id"], item["id"]) == (None, committed["item_id"])
        done = await talk.respond(output_modalities=["text"])
    assert done["status"] == "completed"
    assert done["usage"]["input_token_details"]["audio_tokens"] > 0
    assert "input_audio_buffer.speech_started" not in talk.kinds()


async def test_what_was_said_is_written_down_where_it_is_asked_for(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio={"input": {"turn_detection": None, "transcription": {"model": place.transcriber}}})
        await talk.append(spoken())
        item_id = (await talk.ask("input_audio_buffer.committed", "input_audio_buffer.commit"))["item_id"]
        prefix = "conversation.item.input_audio_transcription"
        completed = await talk.until(f"{prefix}.completed")
    assert (completed["item_id"], completed["content_index"]) == (item_id, 0)
    assert "".join(event["delta"] for event in talk.of(f"{prefix}.delta")).strip() == completed["transcript"].strip()
    assert completed["transcript"]
    assert completed["usage"]["type"] in ("tokens", "duration")


async def test_an_empty_buffer_cannot_be_committed(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio=BY_HAND)
        error = await talk.refused("input_audio_buffer.commit")
    assert (error["type"], error["code"]) == ("invalid_request_error", "input_audio_buffer_commit_empty")
    assert error["message"].startswith("Error committing input audio buffer: buffer too small. Expected at least 100ms of audio")


async def test_a_cleared_buffer_is_empty(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio=BY_HAND)
        await talk.append(silence(500))
        await talk.ask("input_audio_buffer.cleared", "input_audio_buffer.clear")
        assert (await talk.refused("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


@pytest.mark.parametrize("audio", ["%", base64.b64encode(b"odd").decode()])
async def test_audio_that_is_none_is_refused(place: Place, audio: str) -> None:
    async with ga(place) as talk:
        error = await talk.refused("input_audio_buffer.append", audio=audio)
    assert error["type"] == "invalid_request_error"


async def test_somebody_who_speaks_over_an_answer_ends_it(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio=detection(create_response=False))
        await talk.say("Tell me everything that you can do, in many sentences.")
        for _ in range(TRIES):
            await talk.begin()
            await talk.append(spoken() + silence(1_500))  # a turn with an end: the next attempt is another
            done = (await talk.until("response.done"))["response"]
            if done["status"] == "cancelled":
                break
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "turn_detected")


async def test_long_silence_after_an_answer_prompts_another(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(audio=detection(idle_timeout_ms=5_000))
        await talk.say("Say hello.")
        await talk.respond()
        await talk.append(silence(3_000))
        heard = len(talk.events)
        triggered = await talk.until("input_audio_buffer.timeout_triggered")
        done = (await talk.until("response.done"))["response"]
    assert 0 <= triggered["audio_start_ms"] <= triggered["audio_end_ms"] <= 3_000
    assert done["status"] == "completed"
    kinds = talk.kinds()[heard:]
    assert kinds[:4] == [
        "input_audio_buffer.timeout_triggered",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
    ]
    assert talk.of("input_audio_buffer.committed")[-1]["item_id"] == triggered["item_id"]

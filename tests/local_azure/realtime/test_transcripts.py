from __future__ import annotations

import asyncio

from tests.local_azure.realtime.doubles import EchoMind, EnergyEars, EnergyListener, Talk, silence, talking, tone

from local_azure.realtime.parts import Listener, PartUnavailable, VoiceDetection

TRANSCRIBED = {"input": {"transcription": {"model": "whisper-1"}}}


async def _spoken_turn(talk: Talk) -> str:
    await talk.append(tone(400) + silence(700))
    item_id: str = (await talk.until("input_audio_buffer.committed"))["item_id"]
    return item_id


async def test_the_words_are_reported_where_the_session_asks_for_them() -> None:
    async with talking(ears=EnergyEars("four days")) as talk:
        await talk.update(audio=TRANSCRIBED)
        item_id = await _spoken_turn(talk)
        await talk.until("response.done")
    delta = talk.of("conversation.item.input_audio_transcription.delta")[0]
    completed = talk.of("conversation.item.input_audio_transcription.completed")[0]
    assert delta["delta"] == completed["transcript"] == "four days"
    assert delta["item_id"] == completed["item_id"] == item_id
    assert completed["usage"] == {"type": "duration", "seconds": 0.9}


async def test_otherwise_they_are_not_and_the_mind_hears_them_all_the_same() -> None:
    async with talking(EchoMind(), ears=EnergyEars("four days")) as talk:
        await _spoken_turn(talk)
        done = (await talk.until("response.done"))["response"]
    assert done["output"][0]["content"][0]["transcript"] == "You said four days."
    assert not any("transcription" in kind for kind in talk.kinds())


async def test_the_answer_waits_for_the_recogniser_and_the_conversation_does_not() -> None:
    hears = asyncio.Event()
    async with talking(EchoMind(), ears=EnergyEars("late words", hears=hears)) as talk:
        await _spoken_turn(talk)
        await talk.until("response.created")
        await talk.update(instructions="still answered")
        assert "response.output_item.added" not in talk.kinds()
        hears.set()
        done = (await talk.until("response.done"))["response"]
    assert done["output"][0]["content"][0]["transcript"] == "You said late words."


async def test_speaking_on_before_the_words_are_there_gives_the_mind_both_turns() -> None:
    hears = asyncio.Event()
    async with talking(EchoMind(), ears=EnergyEars("half", hears=hears)) as talk:
        await _spoken_turn(talk)
        await _spoken_turn(talk)
        hears.set()
        await talk.until("response.done", lambda event: event["response"]["status"] == "completed")
    assert [event["response"]["status"] for event in talk.of("response.done")] == ["cancelled", "completed"]


class WordlessEars:
    """Hears that somebody speaks, and cannot write it down."""

    def listener(self, detection: VoiceDetection) -> Listener:
        return EnergyListener(detection)

    async def transcribe(self, pcm: bytes) -> str:
        raise PartUnavailable("The recogniser is not installed.")


async def test_a_recogniser_that_cannot_work_fails_the_transcription_and_the_answer_with_its_sentence() -> None:
    async with talking(ears=WordlessEars()) as talk:
        await talk.update(audio=TRANSCRIBED)
        item_id = await _spoken_turn(talk)
        done = (await talk.until("response.done"))["response"]
        failed = talk.of("conversation.item.input_audio_transcription.failed")[0]
        assert failed["item_id"] == item_id
        assert failed["error"]["message"] == "The recogniser is not installed."
        assert done["status_details"]["error"]["message"] == "The recogniser is not installed."
        await talk.say("typed")
        assert (await talk.respond())["status"] == "completed"


async def test_silence_understood_as_nothing_is_an_empty_transcript() -> None:
    async with talking(ears=EnergyEars("")) as talk:
        await talk.update(audio=TRANSCRIBED)
        await _spoken_turn(talk)
        completed = await talk.until("conversation.item.input_audio_transcription.completed")
    assert completed["transcript"] == ""

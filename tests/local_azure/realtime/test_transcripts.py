from __future__ import annotations

import asyncio
import base64
from typing import Any

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


class MeasuringEars(EnergyEars):
    """Understands of each utterance how long it is; of one of 300 ms nothing can be understood."""

    async def transcribe(self, pcm: bytes) -> str:
        await super().transcribe(pcm)
        if len(pcm) == 300 * 48:
            raise PartUnavailable("Nobody can understand 300.")
        return str(len(pcm) // 48)


def sounding(*lengths_ms: int, item_id: str = "same") -> dict[str, Any]:
    """The event that creates a message with so many parts of audio."""
    content = [{"type": "input_audio", "audio": base64.b64encode(tone(ms)).decode()} for ms in lengths_ms]
    return {"type": "conversation.item.create", "item": {"type": "message", "role": "user", "id": item_id, "content": content}}


async def contents(talk: Talk, item_id: str = "same") -> list[str | None]:
    retrieved = await talk.ask({"type": "conversation.item.retrieve", "item_id": item_id}, "conversation.item.retrieved")
    return [part["transcript"] for part in retrieved["item"]["content"]]


async def test_an_item_of_the_same_id_as_a_deleted_one_is_written_down_though_the_other_still_is() -> None:
    hears = asyncio.Event()
    async with talking(EchoMind(), ears=MeasuringEars(hears=hears)) as talk:
        await talk.ask(sounding(100), "conversation.item.done")
        await talk.ask({"type": "conversation.item.delete", "item_id": "same"}, "conversation.item.deleted")
        await talk.ask(sounding(200), "conversation.item.done")
        hears.set()
        done = await talk.respond(output_modalities=["text"])
        assert done["output"][0]["content"][0]["text"] == "You said 200."
        assert await contents(talk) == ["200"]


async def test_nothing_more_is_told_of_a_deleted_item_but_who_was_given_it_hears_its_words() -> None:
    hears = asyncio.Event()
    async with talking(EchoMind(), ears=EnergyEars("deleted words", hears=hears)) as talk:
        await talk.update(audio={"input": {"transcription": {"model": "whisper-1"}, "turn_detection": None}})
        await talk.append(tone(400))
        item_id = (await talk.ask({"type": "input_audio_buffer.commit"}, "input_audio_buffer.committed"))["item_id"]
        beside = {"conversation": "none", "input": [{"type": "item_reference", "id": item_id}], "output_modalities": ["text"]}
        await talk.ask({"type": "response.create", "response": beside}, "response.created")
        await talk.ask({"type": "conversation.item.delete", "item_id": item_id}, "conversation.item.deleted")
        hears.set()
        done = (await talk.until("response.done"))["response"]
    assert done["output"][0]["content"][0]["text"] == "You said deleted words."
    assert not any("transcription" in kind for kind in talk.kinds())


async def test_what_could_not_be_understood_of_a_deleted_item_is_no_fault_of_the_next_of_its_id() -> None:
    async with talking(EchoMind(), ears=MeasuringEars()) as talk:
        await talk.ask(sounding(300), "conversation.item.done")
        assert (await talk.respond(output_modalities=["text"]))["status"] == "failed"
        await talk.ask({"type": "conversation.item.delete", "item_id": "same"}, "conversation.item.deleted")
        item = {"type": "message", "role": "user", "id": "same", "content": [{"type": "input_text", "text": "typed"}]}
        await talk.ask({"type": "conversation.item.create", "item": item}, "conversation.item.done")
        assert (await talk.respond(output_modalities=["text"]))["output"][0]["content"][0]["text"] == "You said typed."


async def test_every_audio_of_a_message_is_written_down_in_its_order() -> None:
    ears = MeasuringEars()
    async with talking(EchoMind(), ears=ears) as talk:
        await talk.ask(sounding(100, 200, 150), "conversation.item.done")
        done = await talk.respond(output_modalities=["text"])
        assert done["output"][0]["content"][0]["text"] == "You said 100 200 150."
        assert await contents(talk) == ["100", "200", "150"]
    assert [len(pcm) // 48 for pcm in ears.utterances] == [100, 200, 150]


async def test_one_audio_of_a_message_that_cannot_be_understood_fails_the_answer_and_not_the_others() -> None:
    async with talking(EchoMind(), ears=MeasuringEars()) as talk:
        await talk.ask(sounding(100, 300, 200), "conversation.item.done")
        done = await talk.respond(output_modalities=["text"])
        assert done["status_details"]["error"]["message"] == "Nobody can understand 300."
        assert await contents(talk) == ["100", None, "200"]

from __future__ import annotations

import asyncio
import base64

import pytest
from tests.local_azure.realtime.doubles import DeafEars, EnergyEars, ScriptedMind, ToneMouth, silence, talking, tone

from local_azure.realtime.desk import Desk
from local_azure.realtime.hearing import BUFFER_MAX_BYTES, IDLE_KEPT_MS, Hearing
from local_azure.realtime.parts import BYTES_PER_MS, Say, SpeechStarted, SpeechStopped, VoiceDetection
from local_azure.realtime.wire import Refused

NO_VAD = {"input": {"turn_detection": None}}


async def test_a_spoken_turn_is_noticed_committed_and_answered() -> None:
    ears = EnergyEars("hello")
    async with talking(ears=ears) as talk:
        await talk.append(silence(1_000) + tone(400) + silence(700))
        done = (await talk.until("response.done"))["response"]
    order = [kind for kind in talk.kinds() if not kind.startswith("response.output") and "delta" not in kind]
    assert order[1:8] == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
        "rate_limits.updated",
    ]
    started, stopped, committed = talk.events[1:4]
    assert started["audio_start_ms"] == 700
    assert stopped["audio_end_ms"] == 1_900
    assert started["item_id"] == stopped["item_id"] == committed["item_id"] == talk.events[4]["item"]["id"]
    assert len(ears.utterances[0]) == (1_900 - 700) * BYTES_PER_MS
    assert done["output"][0]["content"][0]["transcript"] == "You said hello."


async def test_the_clock_of_the_session_goes_on_from_turn_to_turn_and_over_a_change_of_detection() -> None:
    async with talking() as talk:
        await talk.append(tone(300) + silence(700))
        await talk.until("response.done")
        await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 200, "prefix_padding_ms": 0}}})
        await talk.append(silence(500) + tone(200) + silence(300))
        started = await talk.until("input_audio_buffer.speech_started")
        stopped = await talk.until("input_audio_buffer.speech_stopped")
    assert (started["audio_start_ms"], stopped["audio_end_ms"]) == (1_500, 1_900)


async def test_semantic_vad_hears_turns_too() -> None:
    async with talking() as talk:
        await talk.update(audio={"input": {"turn_detection": {"type": "semantic_vad"}}})
        await talk.append(tone(300) + silence(700))
        assert (await talk.until("response.done"))["response"]["status"] == "completed"


async def test_without_create_response_a_turn_is_committed_and_nothing_is_said() -> None:
    async with talking() as talk:
        await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "create_response": False}}})
        await talk.append(tone(300) + silence(700))
        await talk.until("conversation.item.done")
        await talk.update()
        assert "response.created" not in talk.kinds()


async def test_without_turn_detection_the_client_commits_and_no_response_comes_by_itself() -> None:
    async with talking(ears=EnergyEars("by hand")) as talk:
        await talk.update(audio=NO_VAD)
        await talk.append(tone(300))
        await talk.send({"type": "input_audio_buffer.commit"})
        await talk.until("conversation.item.done")
        done = await talk.respond()
    assert done["output"][0]["content"][0]["transcript"] == "You said by hand."
    assert "input_audio_buffer.speech_started" not in talk.kinds()


async def test_somebody_who_speaks_over_an_answer_ends_it() -> None:
    may_speak = asyncio.Event()
    mouth = ToneMouth(may_speak)
    async with talking(ScriptedMind([Say("one two three four five six")]), mouth=mouth) as talk:
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        await talk.append(tone(300))
        done = (await talk.until("response.done"))["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "turn_detected")
        assert done["output"][0]["status"] == "incomplete"
        kinds = talk.kinds()
        assert kinds.index("input_audio_buffer.speech_started") < kinds.index("response.done")
        may_speak.set()
        await talk.append(silence(700))
        again = (await talk.until("response.done"))["response"]
    assert again["status"] == "completed"
    assert mouth.stopped == 2


async def test_an_answer_that_may_not_be_interrupted_goes_on_and_the_turn_gets_the_services_error() -> None:
    may_speak = asyncio.Event()
    async with talking(ScriptedMind([Say("one two three")]), mouth=ToneMouth(may_speak)) as talk:
        await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "interrupt_response": False}}})
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        await talk.append(tone(300) + silence(700))
        assert (await talk.until("error"))["error"]["code"] == "conversation_already_has_active_response"
        may_speak.set()
        assert (await talk.until("response.done"))["response"]["status"] == "completed"


async def test_committing_nothing_is_an_error_and_so_is_committing_twice() -> None:
    async with talking() as talk:
        assert (await talk.refused({"type": "input_audio_buffer.commit"}))["code"] == "input_audio_buffer_commit_empty"
        await talk.update(audio=NO_VAD)
        await talk.append(tone(200))
        await talk.ask({"type": "input_audio_buffer.commit"}, "input_audio_buffer.committed")
        assert (await talk.refused({"type": "input_audio_buffer.commit"}))["code"] == "input_audio_buffer_commit_empty"


async def test_clearing_forgets_the_audio_and_the_turn_that_had_begun() -> None:
    ears = EnergyEars()
    async with talking(ears=ears) as talk:
        await talk.append(tone(300))
        await talk.until("input_audio_buffer.speech_started")
        await talk.ask({"type": "input_audio_buffer.clear"}, "input_audio_buffer.cleared")
        await talk.append(silence(700))
        assert (await talk.refused({"type": "nonsense"}))["code"] == "invalid_value"
        assert "input_audio_buffer.committed" not in talk.kinds()
    assert ears.listeners[0].closed
    assert ears.listeners[-1].closed


@pytest.mark.parametrize(
    ("audio", "code"),
    [("not base64!", "invalid_value"), (base64.b64encode(b"odd").decode(), "invalid_value"), (7, "invalid_type"), (None, "invalid_type")],
)
async def test_audio_that_is_none_is_refused_by_name(audio: object, code: str) -> None:
    async with talking() as talk:
        error = await talk.refused({"type": "input_audio_buffer.append", "audio": audio, "event_id": "e1"})
    assert (error["code"], error["param"], error["event_id"]) == (code, "audio", "e1")


async def test_ears_that_cannot_work_are_an_error_once_and_typing_goes_on() -> None:
    async with talking(ears=DeafEars()) as talk:
        error = (await talk.until("error"))["error"]
        assert (error["type"], error["code"]) == ("server_error", "part_unavailable")
        await talk.append(tone(300))
        await talk.append(tone(300))
        await talk.say("typed")
        assert (await talk.respond())["status"] == "completed"
        assert len(talk.of("error")) == 1


def test_the_buffer_is_bounded_and_says_so() -> None:
    hearing = Hearing(Desk())
    hearing.take_in(bytes(BUFFER_MAX_BYTES))
    with pytest.raises(Refused, match="input_audio_buffer_full"):
        hearing.take_in(b"\0\0")
    hearing.take_in(b"\0\0")


def test_while_nobody_speaks_only_the_last_half_minute_is_kept() -> None:
    hearing = Hearing(Desk())
    hearing.listen(VoiceDetection())
    for _ in range(40):
        hearing.take_in(silence(1_000))
    assert hearing.now_ms == 40_000
    assert len(hearing.commit().pcm) == IDLE_KEPT_MS * BYTES_PER_MS


def test_a_turn_that_begins_before_what_is_kept_begins_with_it() -> None:
    hearing = Hearing(Desk())
    hearing.listen(VoiceDetection())
    hearing.take_in(silence(500))
    hearing.started(SpeechStarted(0))
    hearing.take_in(silence(500))
    utterance = hearing.stopped(SpeechStopped(900))
    assert utterance is not None
    assert len(utterance.pcm) == 900 * BYTES_PER_MS
    assert hearing.stopped(SpeechStopped(900)) is None

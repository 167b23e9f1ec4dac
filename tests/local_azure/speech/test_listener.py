"""A real Silero on sounds that the test makes and sentences that the stand-in's own voice speaks."""

from __future__ import annotations

import asyncio

import pytest
from tests.local_azure.speech.conftest import SENTENCES, Spoken
from tests.local_azure.speech.sounds import clicks, hum, noise, seconds, silence

from local_azure.realtime.parts import SpeechStarted, SpeechStopped, VoiceDetection
from local_azure.speech.listener import SileroListener

DETECTION = VoiceDetection(threshold=0.5, prefix_padding_ms=300, silence_duration_ms=400)


async def noticed(pcm: bytes, piece_bytes: int | None = None) -> list[SpeechStarted | SpeechStopped]:
    listener = SileroListener(DETECTION)
    step = piece_bytes or len(pcm)
    changes = [change for at in range(0, len(pcm), step) for change in await listener.feed(pcm[at : at + step])]
    await listener.close()
    return changes


async def test_each_of_several_sentences_in_one_conversation_is_one_turn(spoken: Spoken) -> None:
    pcm, ends = silence(1000), []
    for sentence in SENTENCES:
        begin = seconds(pcm) * 1000
        pcm += spoken["flite", sentence]
        ends.append((begin, seconds(pcm) * 1000))
        pcm += silence(1500)
    changes = await noticed(pcm)
    assert len(changes) == 2 * len(SENTENCES)
    for (begin, end), started, stopped in zip(ends, changes[::2], changes[1::2], strict=True):
        assert isinstance(started, SpeechStarted)
        assert isinstance(stopped, SpeechStopped)
        assert begin - 300 <= started.at_ms <= begin + 300  # the voice begins with a little silence, the padding takes some back
        assert end - 300 <= stopped.at_ms <= end + 700


async def test_speech_over_noise_is_found_after_a_long_time_of_noise_alone(spoken: Spoken) -> None:
    speech = spoken["flite", SENTENCES[0]]
    changes = await noticed(noise(4000, 120) + speech + noise(1500, 120))
    assert [type(change) for change in changes] == [SpeechStarted, SpeechStopped]
    assert changes[0].at_ms == pytest.approx(4000, abs=400)


@pytest.mark.parametrize("sound", [silence(2000), noise(2000, 1000), hum(2000, 6000), clicks(2000, 12_000)])
async def test_what_is_not_a_voice_starts_no_turn(sound: bytes) -> None:
    assert await noticed(sound) == []


@pytest.mark.parametrize("piece_bytes", [2, 1000, 960, 4096, 48_000])
async def test_the_same_is_noticed_however_the_audio_is_cut(spoken: Spoken, piece_bytes: int) -> None:
    pcm = silence(400) + spoken["espeak", SENTENCES[1]][:48_000] + silence(700)
    if piece_bytes == 2:
        pcm = pcm[:40_000]
    assert await noticed(pcm, piece_bytes) == await noticed(pcm)


async def test_others_get_their_turn_while_much_audio_is_heard() -> None:
    listener, turns, done = SileroListener(DETECTION), 0, asyncio.Event()
    await listener.feed(silence(100))

    async def other() -> None:
        nonlocal turns
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    await listener.feed(silence(5000))
    done.set()
    await beside
    assert turns >= 40  # fifty slices of 100 ms


async def test_half_a_sample_is_refused_and_a_closed_listener_hears_nothing(spoken: Spoken) -> None:
    listener = SileroListener(DETECTION)
    with pytest.raises(ValueError, match="even number"):
        await listener.feed(b"\0\0\0")
    await listener.close()
    await listener.close()
    assert await listener.feed(spoken["flite", SENTENCES[0]]) == ()

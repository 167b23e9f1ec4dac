"""The mouth speaks, with both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import cast

import numpy as np
import pytest
from tests.local_azure.speech.sounds import RATE, joined, longest_silence, pitch, rms, seconds

from local_azure.realtime.parts import PartUnavailable
from local_azure.speech import voices
from local_azure.speech.mouth import LONGEST_CHARS, WAITING, Engine, WorkerMouth

SENTENCE = "You may work from abroad for up to twenty days in a calendar year."
VOICES = sorted(voices.FLITE)
STORY = "This is a long story about nothing at all, and it goes on and on. " * 10


@pytest.fixture(params=["flite", "espeak"])
async def mouth(request: pytest.FixtureRequest) -> AsyncIterator[WorkerMouth]:
    made = WorkerMouth(cast(Engine, request.param))
    yield made
    await made.close()


async def said(mouth: WorkerMouth, sentence: str, voice: str = "alloy", speed: float = 1.0) -> bytes:
    return await joined(mouth.speak(sentence, voice=voice, speed=speed))


async def test_a_sentence_takes_as_long_and_is_as_loud_as_one_that_a_person_speaks(mouth: WorkerMouth) -> None:
    chunks = [chunk async for chunk in mouth.speak(SENTENCE, voice="alloy", speed=1.0)]
    assert 3 < seconds(b"".join(chunks)) < 6
    assert 1500 < rms(b"".join(chunks)) < 9000
    assert len(chunks) > 20
    assert all(len(chunk) % 2 == 0 and 0 < seconds(chunk) < 0.6 for chunk in chunks)


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.75, 1.25, 1.5])
async def test_speed_changes_the_tempo_and_not_the_pitch(mouth: WorkerMouth, speed: float) -> None:
    usual, other = await said(mouth, SENTENCE), await said(mouth, SENTENCE, speed=speed)
    assert seconds(other) == pytest.approx(seconds(usual) / speed, rel=0.08)
    assert pitch(other) == pytest.approx(pitch(usual), rel=0.05)
    assert rms(other) == pytest.approx(rms(usual), rel=0.2)


@pytest.mark.parametrize("speed", [0.25, 1.0, 1.5])
async def test_a_sentence_begins_and_ends_in_silence_and_nothing_of_it_is_cut_off(mouth: WorkerMouth, speed: float) -> None:
    for sentence in ("Five fish, his hat.", "Has she left?", "It is so"):
        samples = np.frombuffer(await said(mouth, sentence, speed=speed), "<i2").astype(np.float64)
        assert np.abs(samples[: RATE * 20 // 1000]).max() < 200
        assert np.abs(samples[-RATE * 40 // 1000 :]).max() < 200
        loud = np.flatnonzero(np.abs(samples) > 200)
        assert loud[0] < RATE * 120 // 1000
        grows = np.abs(samples[loud[0] : loud[0] + RATE * 2 // 1000])
        assert grows.max() < 6_000  # a sound that was cut into begins at once


async def test_sentences_are_apart_and_clauses_less_so(mouth: WorkerMouth) -> None:
    assert longest_silence(await said(mouth, "So it is. This is all.")) > 0.3
    assert longest_silence(await said(mouth, "So it is. This is all.", speed=1.5)) < longest_silence(
        await said(mouth, "So it is. This is all.")
    )
    assert longest_silence(await said(mouth, "So it is this, all.")) < 0.3


async def test_a_question_ends_higher_than_a_statement(mouth: WorkerMouth) -> None:
    statement, question = [pitch(await said(mouth, f"You leave tomorrow morning{mark}"), last_s=0.25) for mark in (".", "?")]
    assert question > 1.1 * statement


@pytest.mark.parametrize("voice", VOICES)
async def test_every_voice_is_about_as_loud_and_none_is_clipped(mouth: WorkerMouth, voice: str) -> None:
    pcm = await said(mouth, SENTENCE, voice=voice)
    assert 1500 < rms(pcm) < 7000
    assert np.abs(np.frombuffer(pcm, "<i2").astype(int)).max() < 32_767


async def test_a_voice_that_is_unknown_speaks_like_the_default_one_and_another_does_not(mouth: WorkerMouth) -> None:
    usual = seconds(await said(mouth, SENTENCE))
    assert seconds(await said(mouth, SENTENCE, voice="nobody's")) == pytest.approx(usual, rel=0.01)
    assert seconds(await said(mouth, SENTENCE, voice="cedar")) != pytest.approx(usual, rel=0.01)


async def test_what_has_no_sound_gives_no_audio(mouth: WorkerMouth) -> None:
    assert await said(mouth, " \n ✓ ") == b""


async def test_signs_are_spoken(mouth: WorkerMouth) -> None:
    assert seconds(await said(mouth, "€300")) > 1.2 * seconds(await said(mouth, "300"))


async def test_breaking_off_leaves_the_next_sentence_clean(mouth: WorkerMouth) -> None:
    alone = seconds(await said(mouth, SENTENCE))
    for _ in range(5):
        async with aclosing(mouth.speak(STORY, voice="cedar", speed=1.0)) as story:
            async for _chunk in story:
                break
        assert seconds(await said(mouth, SENTENCE)) == pytest.approx(alone, rel=0.02)


async def test_several_conversations_each_hear_their_own(mouth: WorkerMouth) -> None:
    lengths = [seconds(pcm) for pcm in await asyncio.gather(*(said(mouth, "Yes. " * count) for count in (1, 4, 8, 1, 4, 8)))]
    assert lengths[:3] == pytest.approx(lengths[3:], rel=0.1)  # one engine's voice trembles by chance
    assert lengths[0] < lengths[1] < lengths[2]


async def test_too_many_at_once_and_too_long_a_text_are_refused_with_a_sentence(mouth: WorkerMouth) -> None:
    many = await asyncio.gather(*(said(mouth, "Yes.") for _ in range(WAITING + 3)), return_exceptions=True)
    assert sum(isinstance(answer, PartUnavailable) for answer in many) == 3
    with pytest.raises(PartUnavailable, match="at most"):
        await said(mouth, "word " * LONGEST_CHARS)
    assert await said(mouth, "Yes.")


async def test_a_text_of_several_pieces_is_spoken_to_its_end(mouth: WorkerMouth) -> None:
    half = seconds(await said(mouth, STORY[: len(STORY) // 2]))
    assert seconds(await said(mouth, STORY)) == pytest.approx(2 * half, rel=0.05)
    assert half > 10

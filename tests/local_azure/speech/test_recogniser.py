"""The recogniser's process: what it hears, how much it takes, and that it comes back."""

from __future__ import annotations

import asyncio
import os
import signal
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.local_azure.speech.conftest import SENTENCES, Spoken
from tests.local_azure.speech.sounds import noise, silence, word_error_rate

from local_azure.realtime.parts import BYTES_PER_MS, PartUnavailable
from local_azure.speech.recogniser import LONGEST_MS, PIECE_MS, WAITING, Recogniser, pieces


@pytest.fixture
async def recogniser() -> AsyncIterator[Recogniser]:
    made = Recogniser()
    yield made
    await made.close()


async def test_it_hears_what_a_clear_voice_says(recogniser: Recogniser, spoken: Spoken) -> None:
    heard = [(sentence.strip(".?"), await recogniser.transcribe(spoken["flite", sentence] + silence(300))) for sentence in SENTENCES[1:]]
    assert word_error_rate(heard) <= 0.4


async def test_silence_and_next_to_nothing_have_no_words(recogniser: Recogniser) -> None:
    assert await recogniser.transcribe(b"") == ""
    assert await recogniser.transcribe(silence(50)) == ""
    assert await recogniser.transcribe(silence(1000)) == ""


async def test_half_a_sample_and_an_endless_utterance_are_refused(recogniser: Recogniser) -> None:
    with pytest.raises(ValueError, match="even number"):
        await recogniser.transcribe(b"\0")
    with pytest.raises(PartUnavailable, match="at most 120 s"):
        await recogniser.transcribe(silence(LONGEST_MS + 10))


async def test_a_killed_recogniser_is_started_again_and_the_utterance_is_not_lost(recogniser: Recogniser, spoken: Spoken) -> None:
    pcm = spoken["flite", SENTENCES[3]]
    before = await recogniser.transcribe(pcm)
    pid = recogniser.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    waiting = asyncio.create_task(recogniser.transcribe(pcm))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    assert await waiting == before != ""
    assert recogniser.pid != pid


async def test_more_than_may_wait_is_refused(recogniser: Recogniser) -> None:
    answers = await asyncio.gather(*(recogniser.transcribe(silence(200)) for _ in range(WAITING + 2)), return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, str)] == [""] * WAITING
    assert sum(isinstance(answer, PartUnavailable) for answer in answers) == 2


async def test_a_folder_without_a_language_model_changes_nothing(recogniser: Recogniser, spoken: Spoken, tmp_path: Path) -> None:
    before = await recogniser.started()
    with pytest.raises(PartUnavailable, match="cannot be read"):
        await recogniser.use(tmp_path)
    assert await recogniser.started() == before == "pocketsphinx with its stock language model"
    assert await recogniser.transcribe(spoken["flite", SENTENCES[3]])


def test_a_long_utterance_is_cut_where_it_is_quiet() -> None:
    word, pause = noise(1800, 3000), silence(200)
    long = (word + pause) * 33
    cut = pieces(long)
    assert b"".join(cut) == long
    assert all(len(piece) <= PIECE_MS * BYTES_PER_MS for piece in cut)
    assert all(not any(array("h", piece[-50 * BYTES_PER_MS :])) for piece in cut[:-1])


def test_a_short_utterance_is_left_whole() -> None:
    pcm = noise(3000, 1000)
    assert pieces(pcm) == [pcm]

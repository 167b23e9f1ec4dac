"""Listener, guesses and recogniser together, on a real voice: a turn's words are there when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.local_azure.speech.conftest import SENTENCES, Spoken
from tests.local_azure.speech.sounds import silence

from local_azure.realtime.parts import BYTES_PER_MS, SpeechStarted, SpeechStopped, VoiceDetection
from local_azure.speech.ears import LocalEars
from local_azure.speech.guesses import AFTER_MS, Guesses
from local_azure.speech.listener import SileroListener
from local_azure.speech.recogniser import Recogniser


class Scribe:
    """Answers with how much it was given, and counts."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def hear(self, pcm: bytes) -> str:
        self.heard.append(pcm)
        return f"{len(pcm)} bytes"


@pytest.fixture
async def ears() -> AsyncIterator[LocalEars]:
    recogniser = Recogniser()
    made = LocalEars(recogniser)
    yield made
    await made.close()
    await recogniser.close()


async def turns(listener: SileroListener, pcm: bytes, piece_ms: int = 20) -> list[bytes]:
    """The audio of each turn, cut as the conversation cuts it."""
    step, start, cut = piece_ms * BYTES_PER_MS, 0, []
    for at in range(0, len(pcm), step):
        await asyncio.sleep(0)  # a microphone leaves others time
        for change in await listener.feed(pcm[at : at + step]):
            if isinstance(change, SpeechStarted):
                start = change.at_ms
            elif isinstance(change, SpeechStopped):
                cut.append(pcm[start * BYTES_PER_MS : change.at_ms * BYTES_PER_MS])
    return cut


@pytest.mark.parametrize("piece_ms", [20, 33, 700])
async def test_a_turn_is_written_down_before_it_has_ended_and_once(spoken: Spoken, piece_ms: int) -> None:
    scribe = Scribe()
    guesses = Guesses(scribe.hear, lambda: True)
    listener = SileroListener(VoiceDetection(silence_duration_ms=500), guesses)
    (turn,) = await turns(listener, silence(700) + spoken["flite", SENTENCES[1]] + silence(900), piece_ms)
    words = await guesses.words_of(turn)
    assert words == f"{len(scribe.heard[-1])} bytes"
    assert turn.startswith(scribe.heard[-1])
    assert len(turn) - len(scribe.heard[-1]) >= (500 - AFTER_MS - 32) * BYTES_PER_MS
    await listener.close()
    await guesses.close()


async def test_who_goes_on_after_a_pause_is_heard_to_the_end(spoken: Spoken) -> None:
    scribe = Scribe()
    guesses = Guesses(scribe.hear, lambda: True)
    listener = SileroListener(VoiceDetection(silence_duration_ms=900), guesses)
    first, second = spoken["flite", SENTENCES[1]], spoken["flite", SENTENCES[3]]
    (turn,) = await turns(listener, silence(500) + first + silence(350) + second + silence(1200))
    assert len(scribe.heard) >= 2
    assert await guesses.words_of(turn) == f"{len(scribe.heard[-1])} bytes"
    assert len(scribe.heard[-1]) > len(first + second) * 0.8
    await listener.close()
    await guesses.close()


async def test_where_a_turn_ends_as_soon_as_it_could_be_guessed_nothing_is(spoken: Spoken) -> None:
    scribe = Scribe()
    guesses = Guesses(scribe.hear, lambda: True)
    listener = SileroListener(VoiceDetection(silence_duration_ms=AFTER_MS), guesses)
    assert await turns(listener, silence(500) + spoken["flite", SENTENCES[1]] + silence(500))
    assert scribe.heard == []
    await listener.close()


async def test_a_closed_listener_takes_its_guess_back(spoken: Spoken) -> None:
    scribe = Scribe()
    guesses = Guesses(scribe.hear, lambda: True)
    listener = SileroListener(VoiceDetection(silence_duration_ms=5_000), guesses)
    await turns(listener, silence(500) + spoken["flite", SENTENCES[1]] + silence(900))
    assert scribe.heard
    await listener.close()
    await guesses.close()


async def test_the_recogniser_hears_in_a_guess_what_it_hears_in_the_turn(ears: LocalEars, spoken: Spoken) -> None:
    listener = ears.listener(VoiceDetection())
    (turn,) = await turns(listener, silence(500) + spoken["flite", SENTENCES[3]] + silence(900))
    assert "bicycle" in await ears.transcribe(turn)
    assert "bicycle" in await ears.transcribe(turn)  # not guessed any more
    await listener.close()

"""Noise taken out where there is much, and only there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import soxr
from tests.local_azure.speech.conftest import SENTENCES, Spoken

from local_azure.speech.noise import FRAME, QUIETEST, cleared

Samples = npt.NDArray[np.int16]
BEFORE, AFTER = 4_800, 8_000


@pytest.fixture
def voice(spoken: Spoken) -> Samples:
    """A sentence at 16 kHz with silence around it."""
    sound = soxr.resample(np.frombuffer(spoken["flite", SENTENCES[1]], "<i2"), 24_000, 16_000)
    return np.concatenate([np.zeros(BEFORE, np.int16), sound, np.zeros(AFTER, np.int16)])


def in_noise(voice: Samples, below_db: float) -> Samples:
    """White noise so far below the voice, the same each time."""
    level = float(np.sqrt(np.mean(voice[BEFORE:-AFTER].astype(np.float64) ** 2))) * 10 ** (-below_db / 20)
    return (voice + np.random.default_rng(5).normal(0, level, voice.size)).round().clip(-32_768, 32_767).astype(np.int16)


def loudness(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))


def test_a_noisy_utterance_loses_most_of_its_noise_and_keeps_its_voice(voice: Samples) -> None:
    noisy = in_noise(voice, 15)
    clear = cleared(noisy)
    assert clear.size == noisy.size
    assert loudness(clear[-AFTER:]) < loudness(noisy[-AFTER:]) / 2
    words = slice(BEFORE, -AFTER)
    assert np.corrcoef(clear[words], voice[words])[0, 1] > np.corrcoef(noisy[words], voice[words])[0, 1]


@pytest.mark.parametrize("below_db", [35, 60])
def test_what_is_clear_enough_is_left_as_it_is(voice: Samples, below_db: float) -> None:
    quiet = in_noise(voice, below_db)
    assert cleared(quiet) is quiet


def test_silence_and_what_is_too_short_to_tell_are_left_as_they_are(voice: Samples) -> None:
    rounding = np.random.default_rng(7).integers(-1, 2, 16_000).astype(np.int16)
    for sound in (np.zeros(16_000, np.int16), rounding, voice, in_noise(voice, 10)[: FRAME * QUIETEST - 1], np.zeros(0, np.int16)):
        assert cleared(sound) is sound


@pytest.mark.parametrize("extra", [0, 1, 127, 128, 511])
def test_every_length_comes_back_as_long_as_it_was(extra: int) -> None:
    noise = np.random.default_rng(6).normal(0, 900, FRAME * QUIETEST + extra).astype(np.int16)
    assert cleared(noise).size == noise.size

"""Speech made longer: its length as asked, its pitch and its loudness as they were."""

from __future__ import annotations

import numpy as np
import pytest

from local_azure.speech.stretch import Samples, Stretch

RATE = 22_050


def voice(seconds: float, hertz: float) -> Samples:
    """A buzz with overtones, as a voice is."""
    at = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(4000 * sum(np.sin(2 * np.pi * hertz * n * at) / n for n in range(1, 8)), np.float32)


def stretched(made: Samples, tempo: float, size: int) -> Samples:
    stretch = Stretch(RATE, tempo)
    return np.concatenate([*(stretch.feed(made[at : at + size]) for at in range(0, len(made), size)), stretch.end()])


def period(sound: Samples) -> float:
    part = sound[len(sound) // 2 :][:2_000]
    alike = np.correlate(part, part, "full")[len(part) - 1 :]
    return float(40 + np.argmax(alike[40:400]))


@pytest.mark.parametrize("tempo", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("hertz", [85.0, 120.0, 210.0])
def test_it_is_longer_and_not_deeper(tempo: float, hertz: float) -> None:
    made = voice(1.0, hertz)
    out = stretched(made, tempo, 1_000)
    assert len(out) / len(made) == pytest.approx(1 / tempo, rel=0.12)
    assert period(out) == pytest.approx(period(made), rel=0.02)
    middle = slice(len(out) // 4, len(out) // 2)
    assert np.std(out[middle]) == pytest.approx(np.std(made), rel=0.15)


def test_it_is_the_same_in_whatever_pieces_it_comes() -> None:
    made = voice(0.5, 120.0)
    whole = stretched(made, 0.5, len(made))
    assert np.allclose(stretched(made, 0.5, 333)[: len(whole) // 2], whole[: len(whole) // 2])


def test_at_its_own_tempo_all_passes_as_it_is() -> None:
    made = voice(0.1, 120.0)
    assert np.array_equal(stretched(made, 1.0, 100), made)

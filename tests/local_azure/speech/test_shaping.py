"""The edges of a sound: no sample of it is lost, and there is silence on both sides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.speech.prosody import Ending
from local_azure.speech.shaping import FADE_SAMPLES, JOINED_TAIL_SAMPLES, LEAD_SAMPLES, QUIET, RATE, TAIL_SAMPLES, Samples, Shape, risen


def tone(samples: int, hertz: float = 200.0, level: float = 8000.0) -> Samples:
    """Begins and ends in the middle of a wave, where a cut would be heard."""
    return (level * np.cos(2 * np.pi * hertz * np.arange(samples) / RATE)).astype(np.float32)


def shaped(made: Samples, sizes: list[int], ending: Ending | None = None, speed: float = 1.0) -> Samples:
    shape, given_on, at = Shape(ending or Ending(), speed), [], 0
    for size in [*sizes, len(made)]:
        given_on.append(shape.feed(made[at : at + size]))
        at += size
    return np.concatenate([*given_on, shape.end()])


def silence(samples: int, level: float = 0.0) -> Samples:
    return np.full(samples, level, np.float32)


@given(st.lists(st.integers(0, 5000), max_size=10), st.integers(0, 9000), st.integers(0, 9000))
def test_every_sample_of_a_sound_stays_however_it_comes(sizes: list[int], before: int, behind: int) -> None:
    sound = tone(6_000)
    made = np.concatenate((silence(before, QUIET / 2), sound, silence(2_000), sound, silence(behind, QUIET / 2)))
    out = shaped(made, sizes)
    core = np.concatenate((sound, silence(2_000), sound))
    assert len(out) == LEAD_SAMPLES + len(core) + TAIL_SAMPLES
    inner = out[LEAD_SAMPLES : LEAD_SAMPLES + len(core)]
    assert np.array_equal(inner[FADE_SAMPLES:], core[FADE_SAMPLES:])
    assert np.all(np.abs(out[:LEAD_SAMPLES]) <= QUIET)
    assert np.all(np.abs(out[-TAIL_SAMPLES:]) <= QUIET)
    assert out[-1] == 0


def test_what_has_no_sound_gives_nothing() -> None:
    assert len(shaped(silence(50_000, QUIET), [100, 7_000])) == 0
    assert len(Shape(Ending(500), 1.0).end()) == 0


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.5])
def test_the_rest_behind_goes_with_the_speed(speed: float) -> None:
    out = shaped(tone(6_000), [], Ending(rest_ms=300), speed)
    assert len(out) == LEAD_SAMPLES + 6_000 + TAIL_SAMPLES + round(0.3 * RATE / speed)


def test_a_piece_that_goes_on_without_a_mark_has_a_short_end() -> None:
    assert len(shaped(tone(6_000), [], Ending(joined=True))) == LEAD_SAMPLES + 6_000 + JOINED_TAIL_SAMPLES


def crossings(sound: Samples) -> int:
    return int(np.sum(np.diff(np.signbit(sound)) != 0))


def test_a_rise_is_at_the_end_alone_and_as_high_as_it_is_told() -> None:
    sound = tone(RATE)
    out = shaped(sound, [5_000, 5_000], Ending(rise=1.35))[LEAD_SAMPLES:-TAIL_SAMPLES]
    half = RATE // 2
    assert np.array_equal(out[FADE_SAMPLES:half], sound[FADE_SAMPLES:half])
    end = out[-RATE // 20 :]
    assert crossings(end) == pytest.approx(1.35 * crossings(sound[: len(end)]), rel=0.1)
    assert 0.95 * 8000 < np.abs(end).max() <= 1.05 * 8000


def test_no_rise_leaves_the_sound_as_it_is() -> None:
    sound = tone(1_000)
    assert risen(sound, 1.0) is sound
    assert len(risen(sound[:3], 1.5)) == 3

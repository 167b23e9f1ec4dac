"""The edges of what a voice has made: silence in front made short, a natural end, the rest behind it, and a rise where it asks.

No sound is cut away: only what is as quiet as nothing. Loaded by the mouth's process alone, for it needs numpy. Samples are floats of
16-bit size, mono, 24 kHz.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .prosody import Ending

Samples = NDArray[np.float32]

RATE = 24_000
QUIET = 150.0
"""Hiss in the pauses of voices is below 130; a consonant that begins softly is louder within the time that is left in front."""
LEAD_SAMPLES = RATE * 60 // 1000
"""Stays in front of the first sound, so that a loudspeaker that wakes up swallows no consonant. Some engines make a quarter of a second."""
TAIL_SAMPLES = RATE * 80 // 1000
"""Stays behind the last sound."""
JOINED_TAIL_SAMPLES = RATE * 20 // 1000
"""The same where the sentence goes on without a mark."""
RISE_SAMPLES = RATE * 350 // 1000
"""A stressed syllable and what follows it."""
FADE_SAMPLES = RATE * 2 // 1000
"""Takes the click from a beginning that is not silence, and from a cut one's end."""


class Shape:
    """One piece of speech on its way. `feed` what is made, then `end`."""

    def __init__(self, ending: Ending, speed: float) -> None:
        self._rise = ending.rise
        self._rest = round(RATE * ending.rest_ms / 1000 / speed)
        self._tail = JOINED_TAIL_SAMPLES if ending.joined else TAIL_SAMPLES
        self._hold = RISE_SAMPLES if ending.rise != 1.0 else 0
        self._held: Samples = np.zeros(0, np.float32)
        self._begun = False

    def feed(self, made: Samples) -> Samples:
        """What can be given on: all but the last sound's end, which may be the end of all."""
        held = np.concatenate((self._held, made))
        loud = np.flatnonzero(np.abs(held) > QUIET)
        if not self._begun:
            if not loud.size:
                self._held = held[-LEAD_SAMPLES:]
                return held[:0]
            held = _led_in(held, int(loud[0]))
            loud = np.flatnonzero(np.abs(held) > QUIET)
            self._begun = True
        ready = max(0, int(loud[-1]) + 1 - self._hold) if loud.size else 0
        self._held = held[ready:]
        return held[:ready]

    def end(self) -> Samples:
        """The rest of the sound, and the silence behind it; nothing where there was no sound at all."""
        if not self._begun:
            return self._held[:0]
        loud = np.flatnonzero(np.abs(self._held) > QUIET)
        last = int(loud[-1]) + 1 if loud.size else 0
        sound, tail = self._held[:last], self._held[last : last + self._tail].copy()
        tail[-FADE_SAMPLES:] *= np.linspace(1.0, 0.0, len(tail[-FADE_SAMPLES:]), dtype=np.float32)
        silence = np.zeros(self._tail - len(tail) + self._rest, np.float32)
        return np.concatenate((risen(sound, self._rise), tail, silence))


def _led_in(held: Samples, first: int) -> Samples:
    """The silence before the sample `first` cut, or made, to its length."""
    if first >= LEAD_SAMPLES:
        return held[first - LEAD_SAMPLES :]
    begun = held.copy()
    begun[:FADE_SAMPLES] *= np.linspace(0.0, 1.0, len(begun[:FADE_SAMPLES]), dtype=np.float32)
    return np.concatenate((np.zeros(LEAD_SAMPLES - first, np.float32), begun))


def risen(sound: Samples, rise: float) -> Samples:
    """The sound played faster and faster towards its end, until it is `rise` times as high."""
    if rise == 1.0 or len(sound) < 4:
        return sound
    way = np.linspace(0.0, 1.0, len(sound))
    at = np.cumsum(1.0 + (rise - 1.0) * way * way * (3.0 - 2.0 * way)) - 1.0
    at = at[at <= len(sound) - 1]
    return _between(sound, at)


def _between(sound: Samples, at: NDArray[np.float64]) -> Samples:
    """The sound between its samples, by cubic curves (Catmull and Rom): straight lines would be heard as dullness."""
    whole = np.floor(at).astype(np.intp)
    part = (at - whole).astype(np.float32)
    last = len(sound) - 1
    before, here, after, beyond = (sound[np.clip(whole + step, 0, last)] for step in (-1, 0, 1, 2))
    curve: Any = here + 0.5 * part * (
        after - before + part * (2 * before - 5 * here + 4 * after - beyond + part * (3 * (here - after) + beyond - before))
    )
    return np.asarray(curve, np.float32)

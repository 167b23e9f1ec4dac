"""The person's sound that the model has not yet taken for a turn: kept, bounded, so that a new upstream can be told it again. Pure.

While nobody speaks only the last second is kept, for the beginning of a word. With the client ending its turns itself, everything since
the last turn is kept.
"""

from __future__ import annotations

import base64
from collections import deque
from dataclasses import dataclass, field

from .actions import Sound

BYTES_PER_S = 48_000
"""PCM16 at 24 kHz."""
PRE_ROLL_BYTES = BYTES_PER_S
"""One second: voice detection reports a beginning up to 300 ms late, and a first word may be soft."""
BASE64_GROUP = 3
"""Base64 texts may be put end to end where each but the last comes from a multiple of three bytes: no padding in between."""
KEPT_MAX_BYTES = 30 * BYTES_PER_S
"""Longer than a question; of a longer speech the end is kept, for it holds the question."""


@dataclass(slots=True)
class Unheard:
    """Owned by one conversation."""

    speaking: bool = False
    """Somebody speaks, or the client ends its turns itself."""
    waiting: bool = False
    """No line takes it: all is kept for the one that will."""
    ended: bool = False
    """The client has ended its turn, and the model has not confirmed it yet."""
    _sounds: deque[Sound] = field(default_factory=deque)
    size: int = 0
    """Bytes of sound."""

    def add(self, sound: Sound) -> None:
        """So much more sound is on its way to the model."""
        self._sounds.append(sound)
        self.size += sound.size
        bound = KEPT_MAX_BYTES if self.speaking or self.waiting else PRE_ROLL_BYTES
        while self.size > bound and len(self._sounds) > 1:
            self.size -= self._sounds.popleft().size

    def taken(self) -> str | None:
        """The model has made a turn of it. The sound of that turn, as base64; None where there was none."""
        whole = self.sound()
        self.clear()
        return whole

    def clear(self) -> None:
        """It was forgotten."""
        self._sounds.clear()
        self.size, self.speaking, self.ended = 0, False, False

    def sound(self) -> str | None:
        """All that is kept, as base64."""
        return joined(list(self._sounds)) if self._sounds else None


def loud(sound: Sound, threshold: int) -> bool:
    """Whether this sound is louder than a quiet room: the mean of its samples' sizes is above `threshold` (of 32,767)."""
    samples = memoryview(base64.b64decode(sound.audio)).cast("h")
    return bool(samples) and sum(map(abs, samples)) > threshold * len(samples)


def joined(run: list[Sound]) -> str:
    """One base64 text for several: put end to end where that is the same, else decoded and encoded again."""
    if all(sound.size % BASE64_GROUP == 0 for sound in run[:-1]):
        return "".join(sound.audio for sound in run)
    return base64.b64encode(b"".join(base64.b64decode(sound.audio) for sound in run)).decode("ascii")

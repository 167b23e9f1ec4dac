"""The person's sound that the model has not yet taken for a turn: kept, bounded, so that a new upstream can be told it again. Pure.

While nobody speaks only the last second is kept, for the beginning of a word; after something loud more of it, for a line that is dead
and has not been missed yet says nothing of a voice. With the client ending its turns itself, everything since the last turn is kept.
"""

from __future__ import annotations

import base64
from binascii import a2b_base64
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
UNTOLD_MAX_BYTES = 20 * BYTES_PER_S
"""Kept after something loud of which the model has not said that it heard it: longer than a dead line takes to be missed
(`Patience.ping_s` and `pong_s`), and short enough for a noisy room, where it is kept all the time."""
SOUNDS_MAX = 6_000
"""Pieces of sound that are kept, however small: 30 s of it in the 128 samples (5 ms) that a browser hands out at once."""
ROOM_LEVEL = 160
"""Mean size of samples (of 32,767), about -46 dBFS: a room is quieter, a voice at arm's length three times as loud."""
GLANCE_CHARS, GLANCE_EVERY_CHARS = 64, 2_560
"""Of base64 text: a millisecond in twenty is looked at for loudness, for each frame comes by here. Both hold whole samples."""


@dataclass(slots=True)
class Unheard:
    """Owned by one conversation."""

    speaking: bool = False
    """Somebody speaks, or the client ends its turns itself."""
    waiting: bool = False
    """No line takes it: all is kept for the one that will."""
    ended: bool = False
    """The client has ended its turn, and the model has not confirmed it yet."""
    untold: bool = False
    """Something was loud a short while ago, and the model has not said anything of it: nobody spoke, or the line is dead."""
    _since_loud: int = 0
    """Bytes of sound after that."""
    _sounds: deque[Sound] = field(default_factory=deque)
    size: int = 0
    """Bytes of sound."""

    def add(self, sound: Sound) -> None:
        """So much more sound is on its way to the model."""
        self._sounds.append(sound)
        self.size += sound.size
        if self.untold:
            self._since_loud += sound.size
            self.untold = self._since_loud < UNTOLD_MAX_BYTES
        self._trim(KEPT_MAX_BYTES if self.speaking or self.waiting else UNTOLD_MAX_BYTES if self.untold else PRE_ROLL_BYTES)

    def stirred(self) -> None:
        """Something loud goes up on a line of which we believe that it is there."""
        self.untold, self._since_loud = True, 0

    def begun(self) -> None:
        """The model hears somebody: what is longer ago than the last second was nothing."""
        if not self.speaking:
            self._trim(PRE_ROLL_BYTES)
        self.speaking, self.untold = True, False

    def taken(self) -> str | None:
        """The model has made a turn of it. The sound of that turn, as base64; None where there was none."""
        whole = self.sound()
        self.clear()
        return whole

    def clear(self) -> None:
        """It was forgotten."""
        self._sounds.clear()
        self.size, self.speaking, self.ended, self.untold = 0, False, False, False

    def sound(self) -> str | None:
        """All that is kept, as base64."""
        return joined(list(self._sounds)) if self._sounds else None

    def _trim(self, bound: int) -> None:
        while (self.size > bound or len(self._sounds) > SOUNDS_MAX) and len(self._sounds) > 1:
            self.size -= self._sounds.popleft().size


def loud(sound: Sound) -> bool:
    """Whether this sound is louder than a quiet room, as a whole."""
    return _is_loud(sound.audio)


def glance(sound: Sound) -> bool:
    """Whether it seems so, from a few samples of it: a word is longer than the frames that are misjudged."""
    audio = sound.audio
    return any(_is_loud(audio[at : at + GLANCE_CHARS]) for at in range(0, len(audio), GLANCE_EVERY_CHARS))


def _is_loud(audio: str) -> bool:
    samples = memoryview(a2b_base64(audio)).cast("h")
    return bool(samples) and sum(map(abs, samples)) > ROOM_LEVEL * len(samples)


def joined(run: list[Sound]) -> str:
    """One base64 text for several: put end to end where that is the same, else decoded and encoded again."""
    if all(sound.size % BASE64_GROUP == 0 for sound in run[:-1]):
        return "".join(sound.audio for sound in run)
    return base64.b64encode(b"".join(base64.b64decode(sound.audio) for sound in run)).decode("ascii")

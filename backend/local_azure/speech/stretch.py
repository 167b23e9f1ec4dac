"""Speech made longer without making it deeper, where an engine cannot speak as slowly as it is asked to: short overlapping frames are laid
further apart, each moved a little so that it goes on where the one before would have (WSOLA: Verhelst and Roelands, 1993).

Loaded by the mouth's process alone, for it needs numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

HOP_MS = 12
"""Frames are twice as long and overlap by half: one or two periods of a voice."""
SEARCH_MS = 8
"""How far a frame may be moved either way: together a period of the deepest voice."""


class Stretch:
    """One piece of speech on its way. `tempo` below 1 is slower; at 1 all passes as it is."""

    def __init__(self, rate: int, tempo: float) -> None:
        self._tempo = tempo
        self._hop = rate * HOP_MS // 1000
        self._search = rate * SEARCH_MS // 1000
        self._window = (0.5 - 0.5 * np.cos(np.pi * np.arange(2 * self._hop) / self._hop)).astype(np.float32)
        self._made: Samples = np.zeros(0, np.float32)
        self._overlap: Samples = np.zeros(self._hop, np.float32)
        self._frames = 0
        self._last = 0

    def feed(self, made: Samples) -> Samples:
        """As much as can be laid out of what was made so far."""
        if self._tempo == 1.0:
            return made
        self._made = np.concatenate((self._made, made))
        ready: list[Samples] = []
        while (at := self._next()) is not None:
            frame = self._made[at : at + 2 * self._hop] * self._window
            ready.append(self._overlap + frame[: self._hop])
            self._overlap, self._last = frame[self._hop :], at
            self._frames += 1
        return np.concatenate(ready) if ready else made[:0]

    def end(self) -> Samples:
        """The rest."""
        if self._tempo == 1.0:
            return self._overlap[:0]
        last = self.feed(np.zeros(3 * self._hop + 2 * self._search, np.float32))
        return np.concatenate((last, self._overlap))

    def _next(self) -> int | None:
        """Where the next frame is taken from; None where there is too little yet."""
        wanted = round(self._frames * self._hop * self._tempo)
        goes_on = self._last + self._hop
        if max(wanted + self._search, goes_on) + 2 * self._hop > len(self._made):
            return None
        if not self._frames:
            return 0
        first = max(0, wanted - self._search)
        there = self._made[first : wanted + self._search + 2 * self._hop]
        here = self._made[goes_on : goes_on + 2 * self._hop]
        alike = np.correlate(there, here, "valid")
        energy = np.convolve(there * there, np.ones(2 * self._hop, np.float32), "valid")
        return first + int(np.argmax(alike / np.sqrt(energy + 1.0)))

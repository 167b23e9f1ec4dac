"""Careful interruption: somebody speaks over an answer, and it is not known yet whether they mean to.

Until their speech has lasted for a while the answer waits in the page and nothing is cancelled, because what was cancelled cannot go on.
The time is measured here, at the server: voice detection says at once that somebody speaks but says that they stopped only after the
silence that it waits for, so speech shorter than the wanted time is speech whose end was heard before that time and that silence are over.
Pure; knows no response and no socket. It also keeps how much of the answers is still to be heard, for the model has long ended what the
person still listens to.
"""

from __future__ import annotations

from dataclasses import dataclass

from .actions import Action, WakeMe

LISTENING_S = 0.25
"""How often it is looked how much is still to be heard: a word of the person is as long."""

MEANT = "interruption"
LISTENED = "listened"


@dataclass(slots=True)
class Interruption:
    """Owned by one conversation."""

    after_ms: int
    """So much speech interrupts an answer; 0: any does, at once."""
    undecided: str | None = None
    """The item of the speech that goes on, or has just ended."""
    ahead_ms: float = 0.0
    """Sound that went out and, played in its own time, was not heard yet."""
    _listening: bool = False

    # what is heard

    def sounded(self, audio_ms: float) -> list[Action]:
        """So much sound of an answer goes out."""
        if not self.after_ms:
            return []
        self.ahead_ms += audio_ms
        return self._listen()

    def listened(self) -> list[Action]:
        """A moment has passed. Nothing was heard in it where the answer waited."""
        self._listening = False
        if self.undecided is None:
            self.ahead_ms = max(self.ahead_ms - LISTENING_S * 1_000, 0.0)
        return self._listen()

    def hushed(self) -> None:
        """What was still to be heard will not be."""
        self.ahead_ms = 0.0

    def _listen(self) -> list[Action]:
        if self._listening or not self.ahead_ms:
            return []
        self._listening = True
        return [WakeMe(LISTENED, LISTENING_S)]

    # who speaks over it

    def begun(self, item_id: str, silence_ms: int) -> Action:
        """Somebody speaks over an answer. When to look whether they still do."""
        self.undecided = item_id
        return WakeMe(MEANT, (self.after_ms + silence_ms) / 1_000)

    def decided(self) -> str | None:
        """They meant it, or it was nothing, or nobody will ever know. The item of the speech; None: nothing was undecided."""
        decided, self.undecided = self.undecided, None
        return decided

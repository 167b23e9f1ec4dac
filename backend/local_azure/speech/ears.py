"""Ears: a listener for each conversation, and one recogniser for all, which writes down ahead what may have been a whole turn."""

from __future__ import annotations

from ..realtime.parts import VoiceDetection
from .guesses import Guesses
from .listener import SileroListener
from .recogniser import Recogniser
from .spelling import as_sentence


class LocalEars:
    """An `Ears`."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._guesses = Guesses(recogniser.transcribe, lambda: not recogniser.busy)

    def listener(self, detection: VoiceDetection) -> SileroListener:
        """See `Ears.listener`."""
        return SileroListener(detection, self._guesses)

    async def transcribe(self, pcm: bytes) -> str:
        """See `Ears.transcribe`. Written as a sentence is: it is shown to whoever said it."""
        guessed = await self._guesses.words_of(pcm)
        return as_sentence(await self._recogniser.transcribe(pcm) if guessed is None else guessed)

    async def close(self) -> None:
        """Stop what is being written down ahead."""
        await self._guesses.close()

"""Ears: a listener for each conversation, and one recogniser for all."""

from __future__ import annotations

from ..realtime.parts import VoiceDetection
from .listener import SileroListener
from .recogniser import Recogniser


class LocalEars:
    """An `Ears`."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    def listener(self, detection: VoiceDetection) -> SileroListener:
        """See `Ears.listener`."""
        return SileroListener(detection)

    async def transcribe(self, pcm: bytes) -> str:
        """See `Ears.transcribe`."""
        return await self._recogniser.transcribe(pcm)

"""Speaks: writes out what a voice cannot read, and hands over the audio that the mouth's process makes.

Sentences of several conversations are made in the order in which they were asked for, each whole: that takes a fiftieth of its length.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal

from ..realtime.parts import PartUnavailable
from . import pieces
from .worker import Worker

PART = "The voice"
MODULE = "local_azure.speech.mouth_worker"

WAITING = 32
"""So many sentences may be asked for at once; each takes 10 to 150 ms to make."""

PATIENCE_S = 10.0
"""The first audio of the longest piece takes 0.2 s on an idle machine."""

LONGEST_CHARS = 4_000
"""Of one sentence: four minutes of speech. What is longer is not one."""

SLOWEST, FASTEST = 0.25, 1.5
"""The service's own bounds."""

BEGINNING_CHARS = 40
"""Of a sentence; by how it begins it is known how it ends."""

Engine = Literal["auto", "flite", "espeak"]


class WorkerMouth:
    """A `Mouth`. `engine` is `auto` (flite where it is installed, else espeak-ng) but in tests."""

    def __init__(self, engine: Engine = "auto") -> None:
        self._worker = Worker(PART, MODULE, (engine,), limit=WAITING, patience_s=PATIENCE_S)

    async def started(self) -> str:
        """The name of the engine that speaks. Raises `PartUnavailable`."""
        return str((await self._worker.started())["engine"])

    @property
    def pid(self) -> int | None:
        """The worker's process, where it runs."""
        return self._worker.pid

    async def speak(self, sentence: str, *, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """See `Mouth.speak`. Closing the generator drops the rest; text without a sound gives no audio."""
        text = pieces.read_aloud(sentence)
        if len(text) > LONGEST_CHARS:
            raise PartUnavailable(f"{PART} takes at most {LONGEST_CHARS} characters at once.")
        request = {"do": "say", "voice": voice, "speed": min(max(speed, SLOWEST), FASTEST)}
        for piece, whole in pieces.pieces(text):
            place = {"sentence": whole[:BEGINNING_CHARS], "goes_on": not whole.endswith(piece)}
            async with aclosing(self._worker.ask({**request, **place}, piece.encode())) as frames:
                async for frame in frames:
                    yield frame.body

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()

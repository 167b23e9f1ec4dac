"""The mouth's process: a voice engine, its audio made 24 kHz, a sentence at a time.

Started with `flite`, `espeak` or `auto` (flite where Debian's package is installed). A process of its own: espeak-ng is under the GPL.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol

from . import child, voices
from .espeak import Espeak
from .flite import Flite

RATE = 24_000


class Engine(Protocol):
    """What both engines are."""

    name: str
    rate: int

    def say(self, text: str, voice: str, speed: float, emit: Callable[[bytes], bool]) -> None:
        """Speak; audio goes to `emit` until that is false."""


class _Mouth:
    def __init__(self, wanted: str) -> None:
        self.engine, self.voices = _engine(wanted)
        try:
            import numpy
            import soxr
        except ImportError as absent:
            raise child.CannotWork(
                f"The stand-in cannot speak: its speech packages are not installed ({absent.name} is missing)."
            ) from absent
        self._numpy, self._soxr = numpy, soxr

    def say(self, text: str, name: str, speed: float, reply: child.Reply) -> None:
        voice = self.voices.get(name, self.voices[voices.DEFAULT])
        # A tape that runs faster: the voice speaks as much slower as it will be sped up, and is played as if it were of a higher rate.
        stream = self._soxr.ResampleStream(self.engine.rate * voice.pitch, RATE, 1, dtype="float32")

        def send(pcm: bytes, last: bool) -> bool:
            samples = self._numpy.frombuffer(pcm, "<i2").astype("float32") * voice.gain
            audio = stream.resample_chunk(samples, last=last).clip(-32768, 32767).astype("<i2").tobytes()
            return reply.send(audio) if audio else not reply.withdrawn

        self.engine.say(text, voice.name, speed / voice.pitch, lambda pcm: send(pcm, last=False))
        send(b"", last=True)

    def work(self, head: dict[str, Any], body: bytes, reply: child.Reply) -> None:
        """`say` a text, or give the `phonemes` of words."""
        if head["do"] == "say":
            self.say(body.decode(), head["voice"], float(head["speed"]), reply)
        elif isinstance(self.engine, Espeak):
            reply.send(phonemes=[self.engine.phonemes(word) for word in head["words"]])
        else:
            raise child.CannotWork("only espeak-ng tells how words are said.")


def _engine(wanted: str) -> tuple[Engine, dict[str, voices.Voice]]:
    if wanted != "espeak":
        try:
            return Flite(), voices.FLITE
        except (OSError, AttributeError) as absent:
            if wanted == "flite":
                raise child.CannotWork("The flite voice is not installed (on Debian and Ubuntu: apt install flite).") from absent
    try:
        return Espeak(), voices.ESPEAK
    except (OSError, ImportError) as absent:
        raise child.CannotWork(
            "The stand-in has no voice: install its speech packages with the extra [local], or Debian's flite."
        ) from absent


def _begin() -> tuple[dict[str, Any], child.Work]:
    mouth = _Mouth(sys.argv[1] if len(sys.argv) > 1 else "auto")
    return {"engine": mouth.engine.name, "voices": {name: voice.name for name, voice in mouth.voices.items()}}, mouth.work


if __name__ == "__main__":
    child.serve(_begin)

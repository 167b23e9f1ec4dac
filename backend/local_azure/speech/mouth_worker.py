"""The mouth's process: a voice engine, its audio made 24 kHz and given its edges, a sentence at a time.

Started with `flite`, `espeak` or `auto` (flite where Debian's package is installed). A process of its own: espeak-ng is under the GPL.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from . import child, voices
from .espeak import Espeak
from .flite import Flite
from .prosody import Ending, ending

RATE = 24_000


class Engine(Protocol):
    """What both engines are."""

    name: str
    rate: int
    intones: bool
    """Whether it raises and lowers its voice by the punctuation itself."""

    def pace(self, speed: float) -> tuple[float, float]:
        """The speed that it can speak with, and the tempo to play that at; together they are what was asked."""

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
        from . import shaping, stretch  # they load numpy

        self._shaping, self._stretch = shaping, stretch

    def say(self, text: str, how: Ending, name: str, speed: float, reply: child.Reply) -> None:
        voice = self.voices.get(name, self.voices[voices.DEFAULT])
        # A tape that runs faster: the voice speaks as much slower as it will be sped up, and is played as if it were of a higher rate.
        own_speed, tempo = self.engine.pace(speed / voice.pitch)
        stretch = self._stretch.Stretch(self.engine.rate, tempo)
        stream = self._soxr.ResampleStream(self.engine.rate * voice.pitch, RATE, 1, dtype="float32")
        shape = self._shaping.Shape(replace(how, rise=1.0) if self.engine.intones else how, speed)

        def give(samples: Any) -> bool:
            audio = samples.clip(-32768, 32767).astype("<i2").tobytes()
            return reply.send(audio) if audio else not reply.withdrawn

        def send(pcm: bytes) -> bool:
            samples = self._numpy.frombuffer(pcm, "<i2").astype("float32") * voice.gain
            return give(shape.feed(stream.resample_chunk(stretch.feed(samples))))

        self.engine.say(text, voice.name, own_speed, send)
        give(shape.feed(stream.resample_chunk(stretch.end(), last=True)))
        give(shape.end())

    def work(self, head: dict[str, Any], body: bytes, reply: child.Reply) -> None:
        """`say` a text, or give the `phonemes` of words."""
        if head["do"] == "say":
            text = body.decode()
            how = ending(text, head["sentence"], goes_on=head["goes_on"])
            self.say(text, how, head["voice"], float(head["speed"]), reply)
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

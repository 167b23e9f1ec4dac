"""The recogniser's process: pocketsphinx, which holds the interpreter's lock for as long as it decodes.

Started with the folder of a language model (see `model_worker`), or with nothing for the stock one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from . import child
from .model_worker import DICTIONARY, LANGUAGE_MODEL, SPELLING
from .noise import cleared
from .spelling import spelt_out

MODEL_RATE = 16_000
RATE = 24_000

WORDS_PER_FRAME = 10
"""Words that may end at one moment: a seventh less work than without a bound, and the same words heard."""

LISTENING = {"lw": 8.0, "fwdflatlw": 10.0, "bestpathlw": 11.0, "maxwpf": WORDS_PER_FRAME}
"""The first three: how much the language model weighs against the sound, in the decoder's passes. A model of the documents knows better
than one of general English, for which the stock 6.5, 8.5 and 9.5 were set: 10.3 % of words misheard instead of 12.1 % (a third of
`bench_stand_in.py`'s half to tune with)."""


class _Ear:
    """One decoder; a new language model is a new decoder, which takes the old one's place when it has loaded."""

    def __init__(self) -> None:
        try:
            import numpy
            import pocketsphinx
            import soxr
        except ImportError as absent:
            raise child.CannotWork(f"The recogniser's package is not installed ({absent.name}).") from absent
        self._numpy, self._sphinx, self._soxr = numpy, pocketsphinx, soxr
        self._decoder: Any = None
        self._forms: dict[str, str] = {}
        self.model = ""

    def open(self, folder: str | None) -> None:
        """Load the model in `folder`; where there is none, or it has gone or is broken, the stock one."""
        if folder is not None:
            try:
                self.use(folder)
            except child.CannotWork:
                folder = None
        if folder is None:
            self.use_stock()

    def use_stock(self) -> None:
        self._decoder = self._sphinx.Decoder(loglevel="FATAL")
        self._forms = {}
        self.model = "its stock language model"

    def use(self, folder: str) -> None:
        files = {"lm": str(Path(folder) / LANGUAGE_MODEL), "dict": str(Path(folder) / DICTIONARY)}
        try:
            forms = dict(json.loads(Path(folder, SPELLING).read_text(encoding="utf-8")))
            self._decoder = self._sphinx.Decoder(loglevel="FATAL", **files, **LISTENING)
        except (OSError, RuntimeError, ValueError) as wrong:
            raise child.CannotWork("the language model of the documents cannot be read.") from wrong
        self._forms = forms
        self.model = "the documents' language model"

    def hear(self, pcm: bytes) -> str:
        """The words of a whole utterance, as the documents write them.

        Decoding it at once hears better than as a stream: its level is normalised over all of it.
        """
        audio = cleared(self._soxr.resample(self._numpy.frombuffer(pcm, "<i2"), RATE, MODEL_RATE))
        self._decoder.start_utt()
        try:
            self._decoder.process_raw(audio.tobytes(), False, True)
        finally:
            self._decoder.end_utt()
        best = self._decoder.hyp()
        return spelt_out(best.hypstr, self._forms) if best else ""

    def work(self, head: dict[str, Any], body: bytes, reply: child.Reply) -> None:
        """`hear` an utterance, or `use` a folder, or the stock model where that is null."""
        if head["do"] == "hear":
            reply.send(words=self.hear(body))
        elif head["folder"] is None:
            self.use_stock()
        else:
            self.use(head["folder"])


def _begin() -> tuple[dict[str, Any], child.Work]:
    ear = _Ear()
    ear.open(sys.argv[1] if len(sys.argv) > 1 else None)
    return {"engine": "pocketsphinx", "model": ear.model}, ear.work


if __name__ == "__main__":
    child.serve(_begin)

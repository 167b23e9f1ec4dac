"""Writes utterances down: cuts a long one where it is quiet, asks the recogniser's process, and asks once more when that died.

Knows which language model is in use, not how one is made.
"""

from __future__ import annotations

import importlib.util
import sys
from contextlib import aclosing
from pathlib import Path

from ..realtime.parts import BYTES_PER_MS, PartUnavailable
from .worker import Worker, WorkerDied

PART = "The recogniser"
MODULE = "local_azure.speech.recogniser_worker"

WAITING = 8
"""So many pieces may wait at once. A usual question takes 0.1 to 0.5 s, so the last waits some seconds; more would be no conversation."""

PATIENCE_S = 60.0
"""The longest piece takes 4 s with the documents' model on an idle machine, 10 s with the stock model; six times that on a busy one."""

SHORTEST_MS = 100
"""Less audio than this holds no word."""

PIECE_MS = 20_000
"""Longer utterances are cut, so that one long speech does not keep everybody else waiting for its whole length."""

CUT_WITHIN_MS = 5_000
"""The cut is where it is quietest in the last five seconds of a piece: people pause for breath more often than that."""

CUT_WINDOW_MS = 200
"""Quiet means this long: longer than a plosive's closure, as long as a short pause."""

LONGEST_MS = 120_000
"""Two minutes of one utterance are 6 MB; who says more at once is not asking a question."""


def missing() -> str | None:
    """Why nothing can be written down here, or None. Looks for the packages without loading them."""
    if importlib.util.find_spec("pocketsphinx") is not None and importlib.util.find_spec("soxr") is not None:
        return None
    if sys.version_info >= (3, 14):
        return "The stand-in understands typed questions only: its recogniser has no package for Python 3.14 and later yet."
    return "The stand-in understands typed questions only: install its speech packages with the extra [local]."


class Recogniser:
    """Whole utterances in, words out, one at a time for all conversations."""

    def __init__(self) -> None:
        self._worker = Worker(PART, MODULE, limit=WAITING, patience_s=PATIENCE_S)
        self._model: str | None = None

    async def started(self) -> str:
        """Its name and which language model it hears with. Raises `PartUnavailable`."""
        self._refuse_where_missing()
        facts = await self._worker.started()
        return f"{facts['engine']} with {self._model or facts['model']}"

    @property
    def pid(self) -> int | None:
        """The worker's process, where it runs."""
        return self._worker.pid

    @property
    def busy(self) -> bool:
        """Whether somebody waits for it."""
        return self._worker.busy

    async def transcribe(self, pcm: bytes) -> str:
        """See `Ears.transcribe`. Raises `ValueError` for half a sample."""
        if len(pcm) % 2:
            raise ValueError("audio of 16 bits has an even number of bytes")
        self._refuse_where_missing()
        if len(pcm) > LONGEST_MS * BYTES_PER_MS:
            raise PartUnavailable(f"{PART} takes at most {LONGEST_MS // 1000} s at once.")
        if len(pcm) < SHORTEST_MS * BYTES_PER_MS:
            return ""
        heard = [await self._hear(piece) for piece in pieces(pcm)]
        return " ".join(words for words in heard if words)

    async def _hear(self, pcm: bytes) -> str:
        try:
            return await self._ask(pcm)
        except WorkerDied:
            return await self._ask(pcm)  # once: an utterance that kills it twice is its own fault

    async def _ask(self, pcm: bytes) -> str:
        words = ""
        async with aclosing(self._worker.ask({"do": "hear"}, pcm)) as frames:
            async for frame in frames:
                words = str(frame.head["words"])
        return words

    async def use(self, folder: Path | None) -> None:
        """Hear with the language model in `folder` from the next utterance on, with the stock one for None.

        Raises `PartUnavailable`, and all stays, if it is broken.
        """
        if folder is None and self._model is None:
            return  # it never heard with another; nor is it started for this
        self._refuse_where_missing()
        async with aclosing(self._worker.ask({"do": "use", "folder": None if folder is None else str(folder)})) as frames:
            async for _ in frames:
                pass
        self._worker.arguments = () if folder is None else (str(folder),)  # what a restarted worker begins with
        self._model = None if folder is None else "the documents' language model"

    def _refuse_where_missing(self) -> None:
        if (why := missing()) is not None:
            raise PartUnavailable(why)

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()


def pieces(pcm: bytes) -> list[bytes]:
    """`pcm` in pieces of at most `PIECE_MS`, cut at the quietest moment near the end of each."""
    cut: list[bytes] = []
    while len(pcm) > PIECE_MS * BYTES_PER_MS:
        at = _quietest(pcm[(PIECE_MS - CUT_WITHIN_MS) * BYTES_PER_MS : PIECE_MS * BYTES_PER_MS])
        at += (PIECE_MS - CUT_WITHIN_MS) * BYTES_PER_MS
        cut.append(pcm[:at])
        pcm = pcm[at:]
    return [*cut, pcm]


def _quietest(pcm: bytes) -> int:
    """The byte in the middle of the quietest `CUT_WINDOW_MS` of `pcm`."""
    import numpy as np  # loaded here: only long utterances need it

    step = CUT_WINDOW_MS * BYTES_PER_MS // 2
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    halves = np.add.reduceat(samples**2, np.arange(0, len(samples), step // 2))
    return int(np.argmin(halves[:-1] + halves[1:]) + 1) * step

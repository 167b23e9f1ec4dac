"""Learns the documents' words: builds their language model in the background, keeps it in the data folder, and hands it to the recogniser.

One build at a time; what is to be learned meanwhile replaces whatever waited. Until the first is ready the stock model stays, and where
no document is left it comes back. No model is kept but the one in use: the words of a deleted document go with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from ..realtime.parts import PartUnavailable
from .recogniser import Recogniser, missing
from .worker import RequestFailed, Worker

log = logging.getLogger(__name__)

RECIPE = 4
"""Part of a model's name: raised whenever the recipe changes, so that no old model is taken for a new one."""

MAX_TEXT_CHARS = 3_000_000
"""Half a million words, which take about a minute. Of more documents, the first so many are learned."""

PATIENCE_S = 300.0
"""For the largest text on a machine that is busy with other things."""

TRIES = 10
TRY_AGAIN_S = 3.0
"""The recogniser is asked for half a minute to take a new model; by then it is no longer busy but gone."""


class DocumentsModel:
    """What the recogniser knows of the documents."""

    def __init__(self, recogniser: Recogniser, data: Path) -> None:
        self._recogniser = recogniser
        self._folder = data / "language_models"
        self._wanted: str | None = None
        self._task: asyncio.Task[None] | None = None

    def learn(self, texts: Iterable[str]) -> None:
        """Learn these documents and forget the ones before; returns at once."""
        if missing() is not None:
            return
        self._wanted = _bounded(texts)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="learn the documents")

    async def learned(self) -> None:
        """Wait until nothing is left to learn, whether it succeeded or not."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        while (text := self._wanted) is not None:
            self._wanted = None
            try:
                await (self._take(text) if text.strip("\0 \n") else self._forget())
            except (PartUnavailable, OSError) as why:
                log.warning("the documents' language model could not be changed, the one in use stays: %s", why)

    async def _take(self, text: str) -> None:
        name = hashlib.sha256(f"{RECIPE}\0{text}".encode()).hexdigest()[:32]
        made = self._folder / name
        if not made.is_dir():
            await self._build(text, made)
        try:
            await self._hand_over(made)
        except RequestFailed:
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)  # it is broken; it is made anew the next time
            raise
        count = text.count("\0") + 1
        log.info("the ears expect the words of %d %s", count, "text" if count == 1 else "texts")
        await asyncio.to_thread(self._tidy, made)

    async def _forget(self) -> None:
        """There is nothing to learn from: hear as before the first document, and keep nothing of those that were there."""
        try:
            await self._hand_over(None)
        finally:
            if await asyncio.to_thread(self._tidy, None):
                log.info("the ears have forgotten the documents' words, for there are no documents")

    async def _hand_over(self, made: Path | None) -> None:
        """When the recogniser has time: those who speak go first."""
        for _ in range(TRIES - 1):
            try:
                return await self._recogniser.use(made)
            except RequestFailed:
                raise
            except PartUnavailable:
                await asyncio.sleep(TRY_AGAIN_S)
        return await self._recogniser.use(made)

    async def _build(self, text: str, made: Path) -> None:
        """Into a folder of its own first: what has a model's name is complete."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log.info("learning the documents' words; until that is done, more of what is spoken is misheard (typing is not)")
        worker = Worker("The learner", "local_azure.speech.model_worker", limit=1, patience_s=PATIENCE_S)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        done: dict[str, Any] = {}
        try:
            async with aclosing(worker.ask({"folder": str(unfinished)}, text.encode())) as frames:
                async for frame in frames:
                    done = frame.head
            await asyncio.to_thread(unfinished.rename, made)
        finally:
            await worker.close()
            shutil.rmtree(unfinished, ignore_errors=True)
        log.info("learned %s words, %s to listen for (%s pronounced by guess), in %s s", *(done.get(key) for key in _TOLD))

    def _tidy(self, in_use: Path | None) -> bool:
        """Remove all but the model in use, and what a build left behind that was killed. Whether there was anything to remove."""
        old = [folder for folder in self._folder.iterdir() if folder != in_use] if self._folder.is_dir() else []
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return bool(old)

    async def close(self) -> None:
        """Stop learning."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


_UNFINISHED = "unfinished-"
_TOLD = ("words", "vocabulary", "guessed", "seconds")


def _bounded(texts: Iterable[str]) -> str:
    """One text, documents separated by NUL, no longer than `MAX_TEXT_CHARS`."""
    taken, room = [], MAX_TEXT_CHARS
    for text in texts:
        taken.append(text[:room].replace("\0", " "))
        room -= len(taken[-1])
        if room <= 0:
            break
    return "\0".join(taken)

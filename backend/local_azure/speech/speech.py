"""Opens the stand-in's ears and mouth, lets them learn the documents' words, and closes them.

Opening returns at once: the workers start in the background, and whoever needs one sooner waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ..realtime.parts import Ears, Mouth, PartUnavailable
from . import listener
from .documents_model import DocumentsModel
from .ears import LocalEars
from .mouth import Engine, WorkerMouth
from .recogniser import Recogniser


@dataclass(frozen=True, slots=True)
class InUse:
    """What hears and speaks, each a few words for a person, or the sentence that says why it does not."""

    recogniser: str
    voice: str


class Speech:
    """Ears and mouth, and what they know."""

    def __init__(self, data: Path, engine: Engine) -> None:
        self._recogniser = Recogniser()
        self._mouth = WorkerMouth(engine)
        self._documents = DocumentsModel(self._recogniser, data)
        self._ears = LocalEars(self._recogniser)
        self.ears: Ears = self._ears
        self.mouth: Mouth = self._mouth

    async def learn(self, texts: Iterable[str]) -> None:
        """Expect the words of these documents, be there any or none, and of no others any more; in the background, until then as it was."""
        self._documents.learn(texts)

    async def learned(self) -> None:
        """Wait until what is being learned is in use (or has failed, which the log says)."""
        await self._documents.learned()

    async def in_use(self) -> InUse:
        """Which recogniser and which voice work here; waits until they have started."""
        recogniser, voice = await asyncio.gather(_said(self._recogniser), _said(self._mouth))
        return InUse(recogniser, voice)

    @property
    def pids(self) -> dict[str, int | None]:
        """The workers' processes, for measurements and tests."""
        return {"recogniser": self._recogniser.pid, "mouth": self._mouth.pid}

    async def warm(self) -> None:
        """Start everything that can be started; what cannot says so when it is used."""
        with contextlib.suppress(PartUnavailable):
            await self._mouth.started()
        with contextlib.suppress(PartUnavailable):
            await self._recogniser.started()
        if listener.missing() is None and importlib.util.find_spec("numpy"):
            await asyncio.to_thread(listener.load)

    async def close(self) -> None:
        """End the workers."""
        await self._documents.close()
        await self._ears.close()
        await asyncio.gather(self._recogniser.close(), self._mouth.close())


async def _said(part: Recogniser | WorkerMouth) -> str:
    try:
        return await part.started()
    except PartUnavailable as why:
        return str(why)


@asynccontextmanager
async def open_speech(data: Path, *, engine: Engine = "auto", warm: bool = True) -> AsyncIterator[Speech]:
    """Ears and mouth for as long as the block lasts. `data` is the folder where the documents' language models are kept.

    `warm` starts the workers in the background; without it they start when they are first needed.
    """
    speech = Speech(data, engine)
    warming = asyncio.create_task(speech.warm(), name="start ears and mouth") if warm else None
    try:
        yield speech
    finally:
        if warming is not None:
            warming.cancel()
            await asyncio.wait([warming])
        await speech.close()

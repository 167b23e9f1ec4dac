"""Reads many files at a time, each in a process of its own, and gives them back as they are done.

Owns how many processes there are and how many readings may wait to be taken, so that memory does not grow with the folder.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Self

from .files import File
from .read import READ_LIMIT_S, Reader, Reading
from .split import PASSAGE_TOKENS

AT_ONCE_MAX = 8
"""Reading processes on however large a machine: beyond it the disk or the search service is what one waits for."""


def readers_here() -> int:
    """As many as this program may use cores."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS and Windows have none
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(AT_ONCE_MAX, cores))


class Readers:
    """Reading processes, started when they are first needed. An async context: they end with it."""

    def __init__(self, tokens: int = PASSAGE_TOKENS, *, at_once: int | None = None, limit_s: float = READ_LIMIT_S) -> None:
        self._all = [Reader(tokens, limit_s) for _ in range(at_once or readers_here())]
        self._idle = list(self._all)

    async def __aenter__(self) -> Self:
        """Nothing is started yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the processes."""
        for reader in self._all:
            await reader.close()

    async def read(self, files: Iterable[File]) -> AsyncGenerator[tuple[File, Reading], None]:
        """Each file with what became of it, in the order in which they are done. To be asked for one list of files at a time."""
        coming = iter(files)
        working = self._started(coming)
        try:
            while working:
                done, working = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
                working |= self._started(coming)
                for task in done:
                    yield task.result()
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    def _started(self, coming: Iterator[File]) -> set[asyncio.Task[tuple[File, Reading]]]:
        """A task for each idle process, as far as there are files."""
        started = set()
        while self._idle and (file := next(coming, None)) is not None:
            started.add(asyncio.create_task(self._read(self._idle.pop(), file)))
        return started

    async def _read(self, reader: Reader, file: File) -> tuple[File, Reading]:
        try:
            return file, await reader.read(file.place)
        finally:
            self._idle.append(reader)

"""The owner's end of the pipe: a child process that is started when first needed, started again when it died, and asked by many at once.

Bounds how much may wait, how long a start may take and how long a worker may be silent while it is being asked. Knows nothing of speech.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

from ..realtime.parts import PartUnavailable
from . import frames
from .frames import Frame

START_S = 30.0
"""Loading the largest model takes half a second on an idle machine; sixty times that is no longer a busy machine but a broken one."""

FAREWELL_S = 1.0
"""A worker ends within milliseconds of its pipe's end, unless it is in the middle of a long decode; then it is killed."""

START_AGAIN_S = 2.0
"""A worker that could not start is not tried again sooner, so that a broken installation does not spawn a process per utterance."""

_PACKAGES = Path(__file__).resolve().parents[2]
_PRIVATE = ("AZURE_", "OPENAI_", "ASKALOUD_", "LOCAL_AZURE_")


class WorkerDied(PartUnavailable):
    """The worker ended in the middle of this request. Asking again starts a new one."""


class RequestFailed(PartUnavailable):
    """The worker is well, but could not do this. Asking again will not help."""


class _Running:
    """One process, and who waits for its answers. What it was asked dies with it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise TypeError("a worker is made with pipes")
        self.process = process
        self.facts: dict[str, Any] = {}
        self.asked: dict[int, asyncio.Queue[Frame | None]] = {}  # each bounded by what one request can answer
        self.last_sign = 0.0
        self._to, self._from = process.stdin, process.stdout

    async def welcome(self, part: str) -> None:
        """Wait for its first word. Raises `PartUnavailable` with what it says, or with what can be said of it."""
        try:
            first = await frames.read(self._from)
        except frames.BrokenFrame:
            first = None
        if first is None:
            raise PartUnavailable(f"{part} could not start.")
        if "cannot" in first.head:
            raise PartUnavailable(str(first.head["cannot"]))
        self.facts = first.head["ready"]

    async def read(self) -> None:
        """Hand every answer to whoever asked, until the pipe closes; the answers of those who withdrew are dropped."""
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(frames.BrokenFrame):
            while (frame := await frames.read(self._from)) is not None:
                self.last_sign = clock()
                if (answers := self.asked.get(int(frame.head["number"]))) is not None:
                    answers.put_nowait(frame)

    def write(self, frame: Frame) -> None:
        """Without waiting for the pipe: what may pile up in front of it is bounded by the number and size of requests."""
        if not self._to.is_closing():  # else whoever asked hears of its death
            self._to.write(frames.encode(frame))

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> None:
        """Close its pipe and wait until it has ended; kill it where it does not."""
        self._to.close()
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self.process.wait()
        except (TimeoutError, asyncio.CancelledError):
            self.kill()
            await self.process.wait()


class Worker:
    """One child process, `python -m MODULE ARGUMENTS`.

    `part` begins sentences for people ("The recogniser"). At most `limit` requests may be asked at once; a worker that says
    nothing for `patience_s` seconds while it is asked is killed. `arguments` may be changed; the next start uses the new ones.
    """

    def __init__(self, part: str, module: str, arguments: Sequence[str] = (), *, limit: int, patience_s: float) -> None:
        self.part = part
        self.arguments = tuple(arguments)
        self._module = module
        self._limit = limit
        self._patience_s = patience_s
        self._running: _Running | None = None
        self._reader: asyncio.Task[None] | None = None
        self._busy = 0
        self._numbers = itertools.count(1)
        self._starting = asyncio.Lock()
        self._refusal: tuple[float, str] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process that runs now, if any."""
        return self._running.process.pid if self._running else None

    @property
    def busy(self) -> bool:
        """Whether it is being asked something."""
        return self._busy > 0

    async def started(self) -> dict[str, Any]:
        """What the worker said of itself when it was ready; starts it where it is not running. Raises `PartUnavailable`."""
        return (await self._start()).facts

    async def _start(self) -> _Running:
        async with self._starting:
            if self._closed:
                raise PartUnavailable(f"{self.part} has been closed.")
            if self._running is None:
                self._refuse_what_just_failed()
                running = await self._spawn()
                self._running, self._refusal = running, None
                self._reader = asyncio.create_task(self._watch(running), name=self._module)
            return self._running

    def _refuse_what_just_failed(self) -> None:
        if self._refusal and asyncio.get_running_loop().time() - self._refusal[0] < START_AGAIN_S:
            raise PartUnavailable(self._refusal[1])

    async def _spawn(self) -> _Running:
        command = [sys.executable, "-P", "-m", self._module, *self.arguments]  # -P: nothing is imported from the working folder
        pipe = asyncio.subprocess.PIPE
        running = _Running(
            await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=_environment())
        )
        try:
            async with asyncio.timeout(START_S):
                await running.welcome(self.part)
        except TimeoutError:
            await running.end()
            raise self._refused(f"{self.part} did not start within {START_S:.0f} s.") from None
        except PartUnavailable as why:
            await running.end()
            raise self._refused(str(why)) from None
        except BaseException:
            running.kill()
            await running.end()
            raise
        return running

    def _refused(self, why: str) -> PartUnavailable:
        self._refusal = (asyncio.get_running_loop().time(), why)
        return PartUnavailable(why)

    async def _watch(self, running: _Running) -> None:
        """Read until this process is gone, then tell everybody who still waits for it."""
        try:
            await running.read()
        finally:
            if self._running is running:
                self._running = None
            for answers in running.asked.values():
                answers.put_nowait(None)
            await running.end()

    async def ask(self, head: dict[str, Any], body: bytes = b"") -> AsyncGenerator[Frame, None]:
        """Ask one thing and give the answer's frames as they come, without the last, empty one.

        Closing this generator withdraws the request. Raises `PartUnavailable`; as `WorkerDied`, asking again may help.
        """
        if self._busy >= self._limit:
            raise PartUnavailable(f"{self.part} has too much to do at the moment. Please try again.")
        self._busy += 1
        try:
            running = await self._start()
            number = next(self._numbers)
            answers = running.asked[number] = asyncio.Queue()
            try:
                running.write(Frame({**head, "number": number}, body))
                while not (frame := await self._next(running, answers)).head.get("last"):
                    yield frame
                del running.asked[number]
            finally:
                if running.asked.pop(number, None) is not None:
                    running.write(Frame({"withdraw": number}))
            if "cannot" in frame.head:
                raise RequestFailed(f"{self.part}: {frame.head['cannot']}")
        finally:
            self._busy -= 1

    async def _next(self, running: _Running, answers: asyncio.Queue[Frame | None]) -> Frame:
        clock = asyncio.get_running_loop().time
        while True:
            try:
                async with asyncio.timeout(self._patience_s):
                    frame = await answers.get()
            except TimeoutError:
                if clock() - running.last_sign < self._patience_s:
                    continue  # it is busy with those in front
                if self._running is running:
                    self._running = None
                running.kill()
                raise PartUnavailable(f"{self.part} took longer than {self._patience_s:.0f} s and was stopped.") from None
            if frame is None:
                raise WorkerDied(f"{self.part} stopped unexpectedly.")
            return frame

    async def close(self) -> None:
        """End the process; whoever still waits for it hears so. Closing twice is harmless."""
        async with self._starting:
            self._closed = True
            if self._running is not None:
                await self._running.end()
            if self._reader is not None:
                await asyncio.wait([self._reader])


def _environment() -> dict[str, str]:
    """The child's environment: this package can be found in it, and no address or key of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PRIVATE)}
    return {**kept, "PYTHONPATH": str(_PACKAGES)}

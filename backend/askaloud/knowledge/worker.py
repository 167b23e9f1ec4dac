"""One process of our own that works on other people's files, one request at a time, over pipes.

A file that crashes or hangs a library takes this process with it, never the service. Bytes go in, bytes come out; what they mean is
between the owner and the module that works. The process sees none of our keys, and ends when its owner's end of the pipe closes.
"""

from __future__ import annotations

import asyncio
import os
import queue
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO, NoReturn

LENGTH = struct.Struct(">I")
"""Before each message: its length in bytes."""

MEMORY_BYTES = 2 << 30
"""Address space of the process, where the system can limit it: a file that wants more is refused, not served by swapping."""

SECRET_PREFIXES = ("AZURE_", "OPENAI_", "ASKALOUD_", "LOCAL_AZURE_")
"""Settings, some of them keys, that a process which reads foreign files has no use for."""


class WorkerError(Exception):
    """A request had no answer. The message is a reason that may stand in a list of files."""


class WorkerBusyError(WorkerError):
    """Too many requests wait already."""


class WorkerSlowError(WorkerError):
    """The work took longer than it may; the process was ended."""


class WorkerDiedError(WorkerError):
    """The process ended in the midst of the work, or could not be started."""


class Worker:
    """The owner's end. Starts the process with the first request and anew after it was lost; `close` ends it."""

    def __init__(self, module: str, *, limit_s: float, answer_bytes: int, waiting: int) -> None:
        """`limit_s` for one request, `answer_bytes` the largest answer, `waiting` the requests that may wait besides the one in work."""
        self._module = module
        self._limit_s = limit_s
        self._answer_bytes = answer_bytes
        self._room = waiting + 1
        self._asked = 0
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, request: bytes) -> bytes:
        """The answer to one request. Raises `WorkerBusyError`, `WorkerSlowError` or `WorkerDiedError`."""
        if self._asked >= self._room:
            raise WorkerBusyError("too many requests are waiting")
        self._asked += 1
        try:
            async with self._lock:
                return await self._work(request)
        finally:
            self._asked -= 1

    async def close(self) -> None:
        """End the process. A request in work ends with `WorkerDiedError`; asking again would start a new process."""
        await self._end()

    async def _work(self, request: bytes) -> bytes:
        answered = False
        try:
            async with asyncio.timeout(self._limit_s):
                if self._process is None or self._process.returncode is not None:
                    await self._end()
                    self._process = await self._start()
                answer = await _exchange(self._process, request, self._answer_bytes)
            answered = True
        except TimeoutError as late:
            raise WorkerSlowError(f"took longer than {self._limit_s:g} s") from late
        except (OSError, EOFError, ValueError) as lost:
            raise WorkerDiedError("broke the reader") from lost
        finally:
            if not answered:  # also when the request was cancelled: its answer must not be taken for the next one's
                await self._end()
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=without_secrets(os.environ),
        )

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _exchange(process: asyncio.subprocess.Process, request: bytes, answer_bytes: int) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(LENGTH.pack(len(request)) + request)
    await process.stdin.drain()
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    if length > answer_bytes:
        raise ValueError("the answer is too large")
    return await process.stdout.readexactly(length)


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process that reads foreign files."""
    return {name: value for name, value in environment.items() if not name.startswith(SECRET_PREFIXES)}


def work_until_owner_leaves(work: Callable[[bytes], bytes], memory_bytes: int = MEMORY_BYTES) -> NoReturn:
    """The process's end: answer each request with `work(request)`. An exception in `work` ends the process, and so the request."""
    _limit_memory(memory_bytes)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between the answers
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()  # the owner sends one at a time
    threading.Thread(target=_take_in, args=(sys.stdin.buffer, requests), daemon=True).start()
    while True:
        answer = work(requests.get())
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _take_in(stream: BinaryIO, requests: queue.SimpleQueue[bytes]) -> NoReturn:
    while True:
        head = stream.read(LENGTH.size)
        if len(head) < LENGTH.size:
            os._exit(0)  # also in the midst of work: nobody waits for it any more
        requests.put(stream.read(LENGTH.unpack(head)[0]))


def _limit_memory(most: int) -> None:
    try:
        import resource  # Windows has none
    except ImportError:
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ValueError, OSError):
        return  # macOS refuses; the time limit still holds

"""One command's use of the stand-in: finding it or starting it, and leaving it.

It must not know what is said through the stand-in's doors, nor what the command does meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from ..errors import DoorError
from .lifeline import LOCK_POLL_S, alone, hold, lock, new_lifeline
from .record import StandIn, answers, is_process, read_record, write_record

logger = logging.getLogger(__name__)

STARTUP_S = 60.0
"""From the start of the process to its two addresses; a second or two on a laptop, much more where the disk is cold and slow."""
STOP_S = 5.0
"""How long it may take to end after its lifeline closed, before it is killed."""
KEY_BYTES = 24
"""Random bytes of its key."""
OUR_SETTINGS = ("AZURE_", "OPENAI_", "ASKALOUD_")
"""Variables that the stand-in does not get to see: the keys in them are none of its business."""


@asynccontextmanager
async def stand_in(folder: Path, command: Sequence[str], *, startup_s: float = STARTUP_S, stop_s: float = STOP_S) -> AsyncIterator[StandIn]:
    """The stand-in of that data folder, found or started with `command`, for as long as the block lasts. Raises `DoorError`."""
    stay = _Stay(folder, startup_s, stop_s)
    try:
        yield await _enter(stay, command)
    finally:
        if stay.was_begun:
            await stay.leave()


async def _enter(stay: _Stay, command: Sequence[str]) -> StandIn:
    try:
        os.makedirs(stay.folder, exist_ok=True)
        async with alone(stay.folder):
            return await stay.join() or await stay.start(command)
    except OSError as wrong:
        raise DoorError(f"The folder {stay.folder} (ASKALOUD_DATA) cannot be used: {wrong.strerror}.") from wrong


class _Stay:
    """What one command holds of the stand-in: its place among the users, its end of the lifeline, and the process if it started it."""

    def __init__(self, folder: Path, startup_s: float, stop_s: float) -> None:
        self.folder = folder
        self._startup_s = startup_s
        self._stop_s = stop_s
        self._record = folder / "local_azure.json"
        self._alive = folder / "local_azure.alive"
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        self._place: int | None = None

    @property
    def was_begun(self) -> bool:
        """Whether there is anything to let go of."""
        return self._lifeline is not None or self._place is not None

    async def join(self) -> StandIn | None:
        """The stand-in that runs already, or None. A record that nobody stands behind counts for nothing."""
        running = read_record(self._record)
        if running is None or not is_process(running.pid):
            return None
        is_shared = self._alive.is_fifo()
        if is_shared:
            self._lifeline = hold(self._alive)
            if self._lifeline is None:
                return None  # nobody reads it any more
        if not await answers(running):
            if is_shared:
                await self._wait_until_gone(running.pid)
            return None
        self._take_place()
        logger.info("Using the stand-in that runs already (process %d)", running.pid)
        return running

    async def start(self, command: Sequence[str]) -> StandIn:
        """Start one, and wait until it has said its addresses."""
        key = secrets.token_urlsafe(KEY_BYTES)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OUR_SETTINGS)}
        stdin, self._lifeline = new_lifeline(self._alive)
        try:
            self._process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command; asyncio's would kill it where we leave it to others
                [*command, "--port", "0", "--data", str(self.folder), "--until-stdin-closes"],
                bufsize=0,
                stdin=stdin,
                stdout=subprocess.PIPE,
                env={**environment, "LOCAL_AZURE_KEY": key},
                start_new_session=True,  # Ctrl-C is for us: we end our conversations first
            )
        except OSError as wrong:
            raise DoorError(f"The stand-in could not be started: {wrong.strerror}.") from wrong
        finally:
            os.close(stdin)
        addresses = await self._addresses(self._process)
        running = StandIn(addresses["realtime"], addresses["search"], key, self._process.pid)
        write_record(self._record, running)
        self._take_place()
        logger.info("Started the stand-in (process %d)", running.pid)
        return running

    async def _addresses(self, process: subprocess.Popen[bytes]) -> dict[str, str]:
        """The addresses that a new stand-in says on its stdout once it is ready. Raises `DoorError`."""
        loop = asyncio.get_running_loop()
        said: asyncio.Future[dict[str, str]] = loop.create_future()
        threading.Thread(target=_listen, args=(process, loop, said), daemon=True).start()
        try:
            async with asyncio.timeout(self._startup_s):
                addresses = await said
        except TimeoutError as wrong:
            process.kill()
            raise DoorError(f"The stand-in was not ready after {self._startup_s:g} s, and was ended.") from wrong
        if not addresses:
            code = await asyncio.to_thread(_end, process, self._stop_s)
            raise DoorError(f"The stand-in did not start (exit code {code}). What it said stands above.")
        return addresses

    async def leave(self) -> None:
        """Let go of it. The last to leave takes the record away, and waits for the end of what it started itself."""
        async with alone(self.folder):
            is_last = self._is_last()
            for descriptor in (self._lifeline, self._place):
                if descriptor is not None:
                    os.close(descriptor)
            if is_last:
                self._record.unlink(missing_ok=True)
            if is_last and self._process:
                await asyncio.to_thread(_end, self._process, self._stop_s)

    def _take_place(self) -> None:
        self._place = os.open(self._record, os.O_RDWR)
        lock(self._place, exclusive=False)

    def _is_last(self) -> bool:
        """Nobody else uses it. One that never got ready has no users."""
        if sys.platform == "win32" or self._place is None:
            return self._process is not None
        return lock(self._place, exclusive=True)

    async def _wait_until_gone(self, pid: int) -> None:
        """One whose last user was killed a moment ago is still about to end: let it."""
        try:
            async with asyncio.timeout(self._stop_s):
                while self._lifeline is not None:
                    os.close(self._lifeline)
                    self._lifeline = None
                    await asyncio.sleep(LOCK_POLL_S)
                    self._lifeline = hold(self._alive)
        except TimeoutError as wrong:
            raise DoorError(f"The stand-in (process {pid}) does not answer. End that process and try again.") from wrong


def _listen(process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop, said: asyncio.Future[dict[str, str]]) -> None:
    """Runs in a thread until the stand-in closes its stdout, so that it never waits for a reader."""

    def settle(addresses: dict[str, str]) -> None:
        if not said.done():
            said.set_result(addresses)

    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    found: dict[str, str] = {}
    with process.stdout as lines, contextlib.suppress(RuntimeError):  # RuntimeError: the loop is closed, nobody waits any more
        for line in lines:
            name, _, value = line.decode(errors="replace").strip().partition(": ")
            if name in {"realtime", "search"}:
                found[name] = value
                if len(found) == 2:
                    loop.call_soon_threadsafe(settle, found)
        loop.call_soon_threadsafe(settle, {})


def _end(process: subprocess.Popen[bytes], within_s: float) -> int:
    """Wait for a process whose lifeline was closed; kill it where it does not heed that."""
    try:
        return process.wait(within_s)
    except subprocess.TimeoutExpired:
        logger.warning("The stand-in (process %d) did not end by itself and was killed", process.pid)
        process.kill()
        return process.wait()

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
from dataclasses import dataclass
from pathlib import Path

from ..errors import DoorError
from .lifeline import alone, hold, lock, lock_within, new_lifeline, open_to_lock
from .record import StandIn, answers, read_record

logger = logging.getLogger(__name__)

KEY_BYTES = 24
"""Random bytes of its key."""
OUR_SETTINGS = ("AZURE_", "OPENAI_", "ASKALOUD_")
"""Variables that the stand-in does not get to see: the keys in them are none of its business."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for the stand-in, in seconds."""

    startup_s: float = 60.0
    """From the start of the process to its two addresses; a second or two on a laptop, much more where the disk is cold and slow."""
    answer_s: float = 5.0
    """For the shortest answer of one that runs."""
    stop_s: float = 10.0
    """From the end of its lifeline to its own, before it is killed. It gives its listeners 2 s."""


@asynccontextmanager
async def stand_in(folder: Path, command: Sequence[str], patience: Patience = Patience()) -> AsyncIterator[StandIn]:
    """The stand-in of that data folder, found or started with `command`, for as long as the block lasts. Raises `DoorError`."""
    stay = _Stay(folder, patience)
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

    def __init__(self, folder: Path, patience: Patience) -> None:
        self.folder = folder
        self._patience = patience
        self._alive = folder / "askaloud.alive"
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        self._place: int | None = None

    @property
    def was_begun(self) -> bool:
        """Whether there is anything to let go of."""
        return self._lifeline is not None or self._place is not None

    async def join(self) -> StandIn | None:
        """The stand-in that runs already, or None. A record that nobody stands behind counts for nothing."""
        running = read_record(self.folder / "local_azure.json")
        if running is None:
            return None
        self._lifeline = hold(self._alive)  # None where somebody runs it by hand: it does not need us to live
        if await answers(running, self._patience.answer_s):
            self._take_place()
            logger.info("Using the stand-in that runs already (process %d)", running.pid)
            return running
        self._let_go()
        if not await self._is_gone_within(self._patience.stop_s):  # one whose last user was killed a moment ago is still about to end
            raise DoorError(f"The stand-in of {self.folder} (process {running.pid}) does not answer. End that process and try again.")
        return None

    async def start(self, command: Sequence[str]) -> StandIn:
        """Start one, and wait until it has said its addresses."""
        key = secrets.token_urlsafe(KEY_BYTES)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OUR_SETTINGS)}
        environment.setdefault("LOCAL_AZURE_LOG_LEVEL", _as_loud_as_we_are())
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
        self._take_place()
        logger.info("Started the stand-in (process %d)", running.pid)
        return running

    async def _addresses(self, process: subprocess.Popen[bytes]) -> dict[str, str]:
        """The addresses that a new stand-in says on its stdout once it is ready. Raises `DoorError`."""
        loop = asyncio.get_running_loop()
        said: asyncio.Future[dict[str, str]] = loop.create_future()
        threading.Thread(target=_listen, args=(process, loop, said), daemon=True).start()
        try:
            async with asyncio.timeout(self._patience.startup_s):
                addresses = await said
        except TimeoutError as wrong:
            process.kill()
            raise DoorError(f"The stand-in was not ready after {self._patience.startup_s:g} s, and was ended.") from wrong
        if not addresses:
            code = await asyncio.to_thread(_end, process, self._patience.stop_s)
            raise DoorError(f"The stand-in did not start (exit code {code}). What it said stands above.")
        return addresses

    async def leave(self) -> None:
        """Let go of it. The last to leave waits until it has ended, unless somebody runs it by hand."""
        async with alone(self.folder):
            ends_now = self._is_last() and self._lifeline is not None
            self._let_go()
            if ends_now and self._process:
                await asyncio.to_thread(_end, self._process, self._patience.stop_s)
            elif ends_now:
                await self._is_gone_within(self._patience.stop_s)

    def _take_place(self) -> None:
        self._place = open_to_lock(self.folder / "askaloud.users")
        lock(self._place, exclusive=False)

    def _is_last(self) -> bool:
        """Nobody else uses it. One that never got ready has no users."""
        if sys.platform == "win32" or self._place is None:
            return self._process is not None
        return lock(self._place, exclusive=True)

    def _let_go(self) -> None:
        for descriptor in (self._lifeline, self._place):
            if descriptor is not None:
                os.close(descriptor)
        self._lifeline = self._place = None

    async def _is_gone_within(self, seconds: float) -> bool:
        """Its own lock tells, for it dies with it."""
        life = open_to_lock(self.folder / "local_azure.lock")
        try:
            return await lock_within(life, seconds)
        finally:
            os.close(life)


def _as_loud_as_we_are() -> str:
    """The stand-in's log is read as part of ours: a command that says nothing of its own work wants to hear nothing of the stand-in's."""
    level = logger.getEffectiveLevel()
    return next((name for name in ("DEBUG", "INFO", "WARNING", "ERROR") if level <= getattr(logging, name)), "CRITICAL")


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

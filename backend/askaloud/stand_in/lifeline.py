"""What holds commands together that know nothing of each other: file locks, and the pipe that keeps the stand-in alive.

It must not know what the stand-in is. The system lets go of both when a command is killed.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ..errors import DoorError

if sys.platform != "win32":
    import fcntl

LOCK_S = 70.0
"""How long another command may take to start the stand-in (60 s at most) before we give up."""
LOCK_POLL_S = 0.1
"""How often we look whether it is done: file locks cannot be awaited."""


@asynccontextmanager
async def alone(folder: Path) -> AsyncIterator[None]:
    """One command at a time looks, starts or leaves. Raises `DoorError` when another one does not come to an end."""
    descriptor = open_to_lock(folder / "askaloud.lock")
    try:
        if not await lock_within(descriptor, LOCK_S):
            raise DoorError(f"Another command has been busy with the stand-in of {folder} for {LOCK_S:.0f} s. End it and try again.")
        yield
    finally:
        os.close(descriptor)


async def lock_within(descriptor: int, seconds: float) -> bool:
    """Wait for a lock of our own; whether we got it in time."""
    try:
        async with asyncio.timeout(seconds):
            while not lock(descriptor, exclusive=True):  # noqa: ASYNC110 - the one to wait for is another process
                await asyncio.sleep(LOCK_POLL_S)
    except TimeoutError:
        return False
    return True


def open_to_lock(path: Path) -> int:
    """A file that is there to be locked."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def lock(descriptor: int, *, exclusive: bool) -> bool:
    """Lock an open file if nobody else's lock forbids it."""
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def new_lifeline(path: Path) -> tuple[int, int]:
    """A pipe's two ends, to read and to write; named where the system can, so that others may hold it too."""
    path.unlink(missing_ok=True)
    if sys.platform == "win32":
        return os.pipe()
    try:
        os.mkfifo(path, 0o600)
    except OSError:  # some shared folders cannot
        return os.pipe()
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    os.set_blocking(reading, True)
    return reading, writing


def hold(path: Path) -> int | None:
    """The writing end of a named pipe, or None where nobody reads it."""
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except (OSError, AttributeError):  # AttributeError: Windows knows no O_NONBLOCK
        return None

"""The stand-in's life in a folder: a lock that makes it the only one there, and the file that tells others where it is.

The lock belongs to the process and vanishes with it, however it ends; the run file may stay behind, so whoever finds it must knock.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

RUN_FILE = "local_azure.json"
LOCK_FILE = "local_azure.lock"


class FolderTaken(Exception):  # noqa: N818 - it names the state
    """Another stand-in lives in the folder."""


@dataclass(frozen=True, slots=True)
class Running:
    """What others need to find a running stand-in: its two endpoints, its key and its process id."""

    realtime: str
    search: str
    key: str = field(repr=False)
    pid: int


@contextmanager
def sole_tenant(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises `FolderTaken` when another process has it, `OSError` when the folder cannot be made."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("a+b") as lock:
        if not _locked(lock):
            raise FolderTaken
        yield


if sys.platform == "win32":
    import msvcrt

    def _locked(lock: IO[bytes]) -> bool:
        lock.seek(0)
        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(lock: IO[bytes]) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def announced(folder: Path, running: Running) -> Iterator[None]:
    """Write the run file, readable by its owner alone and whole from its first moment; remove it at the end."""
    path = folder / RUN_FILE
    draft = folder / f"{RUN_FILE}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(running), file)
    draft.replace(path)
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            if json.loads(path.read_text(encoding="utf-8")).get("pid") == running.pid:  # else it tells of somebody else by now
                path.unlink()

"""Where a running stand-in is found: its record in the data folder, and whether anybody stands behind that record."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

ANSWER_S = 5.0
"""How long a running stand-in may take for its shortest answer."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A running stand-in. `realtime` is a ws address that ends before `/realtime`, `search` an http one."""

    realtime: str
    search: str
    key: str
    pid: int

    def __repr__(self) -> str:
        """Without the key."""
        return f"StandIn({self.realtime}, {self.search}, pid={self.pid})"


def read_record(path: Path) -> StandIn | None:
    """What stands in the file, or None where there is none or it is not whole."""
    try:
        record = StandIn(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    is_whole = all(isinstance(part, str) for part in (record.realtime, record.search, record.key)) and isinstance(record.pid, int)
    return record if is_whole and record.pid > 0 else None


def write_record(path: Path, running: StandIn) -> None:
    """Readable by this user alone from its first moment, for it holds a key; and never half written."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(running), file)
    fresh.replace(path)


def is_process(pid: int) -> bool:
    """Whether a process of that number exists; on Windows, where no harmless question is possible, always."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


async def answers(running: StandIn) -> bool:
    """Whether its search door knows the key: it may say that there is no such index, but not 401 or 403."""
    try:
        door = urlsplit(running.search)
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection(door.hostname, door.port)
            with contextlib.closing(writer):
                request = f"GET /indexes('knock')?api-version=2025-09-01 HTTP/1.1\r\nHost: {door.netloc}\r\napi-key: {running.key}\r\n"
                writer.write(f"{request}Connection: close\r\n\r\n".encode())
                status = (await reader.readline()).split()
    except (OSError, ValueError, TimeoutError):
        return False
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] not in {b"401", b"403"}

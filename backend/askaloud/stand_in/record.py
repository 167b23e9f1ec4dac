"""Where a running stand-in is found: its record in the data folder, and whether anybody answers behind that record."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class StandIn:
    """A running stand-in. `realtime` is a ws address that ends before `/realtime`, `search` an http one."""

    realtime: str
    search: str
    key: str = field(repr=False)
    pid: int


def read_record(path: Path) -> StandIn | None:
    """What stands in the file, or None where there is none or it is not whole."""
    try:
        record = StandIn(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    is_whole = all(isinstance(part, str) for part in (record.realtime, record.search, record.key)) and isinstance(record.pid, int)
    return record if is_whole and record.pid > 0 else None


async def answers(running: StandIn, within_s: float) -> bool:
    """Whether its search door knows the key: it may say that there is no such index, but not 401 or 403."""
    try:
        door = urlsplit(running.search)
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection(door.hostname, door.port)
            with contextlib.closing(writer):
                request = f"GET /indexes('knock')?api-version=2025-09-01 HTTP/1.1\r\nHost: {door.netloc}\r\napi-key: {running.key}\r\n"
                writer.write(f"{request}Connection: close\r\n\r\n".encode())
                status = (await reader.readline()).split()
    except (OSError, ValueError, TimeoutError):
        return False
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] not in {b"401", b"403"}

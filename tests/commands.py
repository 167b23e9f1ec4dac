"""Commands of ours as real processes, for tests: where the project is, and an environment without anybody's account or `.env` (`blank`)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.planted import overheard

from blank import clean_environment

__all__ = ["ROOT", "Command", "askaloud", "clean_environment"]

ROOT = Path(__file__).resolve().parents[1]


class Command:
    """A running command of ours; what it says on stderr goes to a file, so that it never waits for a reader."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self._log = log

    async def line(self) -> str:
        """The next line on stdout; empty when it has ended."""
        assert self.process.stdout is not None
        said = (await self.process.stdout.readline()).decode().strip()
        overheard("stdout of a command", said)
        return said

    async def stopped_by(self, number: int) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return await self.process.wait()

    def said(self) -> str:
        """Everything on stderr so far."""
        said = self._log.read_text()
        overheard("stderr of a command", said)
        return said


@asynccontextmanager
async def askaloud(data: Path, *arguments: str, **settings: str) -> AsyncIterator[Command]:
    """`python -m askaloud` with these arguments and settings; killed at the end if it still runs."""
    log = data / "stderr"
    with log.open("w") as stderr:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "askaloud", *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env=clean_environment(data, **settings),
        )
    try:
        yield Command(process, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()

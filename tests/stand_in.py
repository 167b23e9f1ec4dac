"""The stand-in as a person starts it, for tests that look at it from outside: one process of its own, its log in a file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

STOP_MAX_S = 60.0
"""From the end of its stdin to its own end, on a machine that does much else."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A running stand-in. `realtime` ends with `/openai/v1`; `search` is an http address."""

    realtime: str
    search: str
    key: str = field(repr=False)
    pid: int
    log: Path

    @property
    def preview(self) -> str:
        """The base of the preview's address."""
        return self.realtime.removesuffix("/v1")

    def said(self) -> str:
        """Everything on stderr so far."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def stand_in(folder: Path, **settings: str) -> Iterator[StandIn]:
    """Start `python -m local_azure` over an empty folder, and end it by closing its stdin, which must be enough."""
    log = folder / "stderr"
    data = folder / "data"
    with log.open("w") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own program over a folder of the test
            [sys.executable, "-m", "local_azure", "--port", "0", "--data", str(data), "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, **settings},
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = dict(process.stdout.readline().strip().split(": ", 1) for _ in range(3))
        yield StandIn(said["realtime"], said["search"], said["key"], process.pid, log)
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            code = process.wait(STOP_MAX_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert code == 0, log.read_text(encoding="utf-8")

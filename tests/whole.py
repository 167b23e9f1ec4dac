"""The whole program as a person starts it, for tests that look at it from outside: one process with its stand-in, and the sample documents
indexed. Everything it says on stderr is kept, so that a test can wait for a line of it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.commands import clean_environment
from tests.planted import known, overheard

START_MAX_S = 180.0
"""From the start to the indexed samples: about 5 s on an idle laptop."""
LEARN_MAX_S = 300.0
"""For the documents' words: 3 s on two idle cores; a machine that does other things as well has taken a minute and a half."""
STOP_MAX_S = 60.0
"""From SIGTERM to the end of the process, its stand-in included."""

ASKED_AGAIN_S = 0.5

INDEXED = "The sample documents are indexed"
GIVEN = re.compile(r"(\d+) texts? \w+ given to the ears")
LEARNED = re.compile(r"the ears expect the words of (\d+) texts?")


class Log:
    """The lines of a stream as they come. Ends with the stream."""

    def __init__(self, stream: IO[str]) -> None:
        self.lines: list[str] = []
        self._ended = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(stream,), name="log of the program", daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                overheard("the log of the whole program", line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, is_so: Callable[[list[str]], bool], within_s: float, what: str) -> None:
        """Wait until the lines are as wanted. Fails with `what` was missing and the last lines, when time or stream is over."""
        with self._news:
            self._news.wait_for(lambda: self._ended or is_so(self.lines), within_s)
            if not is_so(self.lines):
                raise AssertionError(f"{what}; the program said last:\n" + "\n".join(self.lines[-20:]))

    def close(self) -> None:
        """Wait for the end of the stream."""
        self._thread.join(STOP_MAX_S)


@dataclass(frozen=True, slots=True)
class Whole:
    """A running program. `address` is the page's, with a slash at its end."""

    address: str
    data: Path
    process: subprocess.Popen[str]
    log: Log

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return self.address.removeprefix("http://").rstrip("/")

    def wait_for_ears(self) -> None:
        """Return when the ears know the documents' words. Only spoken questions need that, so only their tests wait for it."""
        self.log.wait_for(ears_know, LEARN_MAX_S, "the ears did not learn the documents' words")

    def stand_in(self) -> dict[str, str]:
        """The record of the stand-in that it uses: `realtime`, `search`, `key`, `pid`."""
        record: dict[str, str] = json.loads((self.data / "local_azure.json").read_text(encoding="utf-8"))
        return record


def ears_know(lines: list[str]) -> bool:
    """Whether the ears have learned what was indexed: as many texts are expected as were given to them last, after the indexing."""
    indexed = next((number for number, line in enumerate(lines) if INDEXED in line), len(lines))
    given = [found[1] for line in lines[indexed:] if (found := GIVEN.search(line))]
    learned = [found[1] for line in lines if (found := LEARNED.search(line))]
    return bool(given) and given[-1:] == learned[-1:]


@contextmanager
def whole_program(data: Path, **settings: str) -> Iterator[Whole]:
    """Start `python -m askaloud` over the empty folder `data` with these settings, wait until it is ready, and stop it at the end, which
    must leave no process behind.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "askaloud", "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(data, **settings),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    log = Log(process.stderr)
    pid = None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://"), log.lines
        whole = Whole(address, data, process, log)
        pid = int(whole.stand_in()["pid"])
        known(whole.stand_in()["key"])
        overheard("the log of the whole program's start", "\n".join(log.lines))
        log.wait_for(lambda lines: any(INDEXED in line for line in lines), START_MAX_S, "the samples were not indexed")
        _wait_until_ready(address)
        yield whole
    finally:
        code = _stop(process)
        log.close()
        process.stdout.close()
        process.stderr.close()
    assert code == 0, log.lines[-20:]
    assert not _runs(pid), "the stand-in is still there"


def _wait_until_ready(address: str) -> None:
    """A door that has no time to answer just after so much work is not open yet: then it is asked again, as a load balancer does."""
    until = time.monotonic() + START_MAX_S
    while not (said := _readiness(address))["ready"]:
        assert time.monotonic() < until, said
        time.sleep(ASKED_AGAIN_S)


def _readiness(address: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{address}ready") as answer:  # noqa: S310 - our own address
            said: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            said = json.load(refused)
    return said


def _stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(STOP_MAX_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

"""A worker's own end of the pipe: reads requests, lets one function work on them in order, and ends when its owner's end closes.

A worker never writes anything but frames to its standard output, whatever the C libraries in it try to print, and never says
more of an error than its kind: requests hold people's words.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn

from . import frames
from .frames import Frame


class CannotWork(Exception):  # noqa: N818 - it names the state
    """This worker lacks something that it cannot do without. The message is a sentence for a person."""


class Reply:
    """The answer to one request: any number of frames, then `last`."""

    def __init__(self, desk: _Desk, number: int) -> None:
        self._desk = desk
        self._number = number

    @property
    def withdrawn(self) -> bool:
        """Whether nobody waits for this answer any more."""
        return self._number in self._desk.withdrawn

    def send(self, body: bytes = b"", **head: Any) -> bool:
        """Send a part of the answer. False when the request was withdrawn: nothing is sent, and the work may stop."""
        if self.withdrawn:
            return False
        self._desk.write(Frame({**head, "number": self._number}, body))
        return True


Work = Callable[[dict[str, Any], bytes, Reply], None]
"""Works on one request: its head, its body, and where the answer goes."""


class _Desk:
    """Where requests come in and answers go out. A thread reads, so that a request can be withdrawn while it is worked on."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self.withdrawn: set[int] = set()
        self.waiting: queue.SimpleQueue[Frame] = queue.SimpleQueue()  # bounded by the owner, who counts what it asks
        self._requests = requests
        self._answers = answers

    def read(self) -> NoReturn:
        """Take in requests until the owner is gone; then end at once, also in the middle of work."""
        try:
            while (frame := frames.read_blocking(self._requests)) is not None:
                if "withdraw" in frame.head:
                    self.withdrawn.add(int(frame.head["withdraw"]))
                else:
                    self.waiting.put(frame)
        finally:
            os._exit(0)

    def write(self, frame: Frame) -> None:
        try:
            self._answers.write(frames.encode(frame))
            self._answers.flush()
        except OSError:  # the owner is gone
            os._exit(0)


def serve(begin: Callable[[], tuple[dict[str, Any], Work]]) -> NoReturn:
    """Run this process as a worker. `begin` loads what is needed and gives what the owner shall know of it, and the function that works.

    When `begin` raises `CannotWork`, the owner hears its sentence and the process ends. Never returns.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; this process ends with its owner's pipe
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    desk = _Desk(sys.stdin.buffer, answers)
    try:
        facts, work = begin()
    except CannotWork as why:
        desk.write(Frame({"cannot": str(why)}))
        os._exit(0)
    threading.Thread(target=desk.read, daemon=True).start()
    desk.write(Frame({"ready": facts}))
    while True:
        _answer(desk, desk.waiting.get(), work)


def _answer(desk: _Desk, request: Frame, work: Work) -> None:
    number = int(request.head["number"])
    reply = Reply(desk, number)
    end: dict[str, Any] = {"number": number, "last": True}
    try:
        if not reply.withdrawn:
            work(request.head, request.body, reply)
    except CannotWork as why:
        end["cannot"] = str(why)
    except Exception as wrong:  # whatever one request did, the next one is served; only the kind is told
        end["cannot"] = f"It failed inside ({type(wrong).__name__})."
    desk.withdrawn.discard(number)
    desk.write(Frame(end))

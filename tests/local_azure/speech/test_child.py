"""A worker seen from outside: a process with a pipe at each end."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.speech import frames
from local_azure.speech.frames import Frame

ENDS_WITHIN_S = 60


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "local_azure.speech.mouth_worker", "espeak"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own module
        yield process
        process.kill()


def answer(child: subprocess.Popen[bytes]) -> Frame:
    assert child.stdout is not None
    frame = frames.read_blocking(child.stdout)
    assert frame is not None
    return frame


def ask(child: subprocess.Popen[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    assert child.stdin is not None
    child.stdin.write(frames.encode(Frame(head, body)))
    child.stdin.flush()


def say(number: int, speed: float = 1.0) -> dict[str, Any]:
    return {"number": number, "do": "say", "voice": "alloy", "speed": speed, "sentence": "", "goes_on": False}


def test_it_ends_when_its_owner_closes_the_pipe_also_in_the_middle_of_work(child: subprocess.Popen[bytes]) -> None:
    assert "ready" in answer(child).head
    ask(child, say(1, speed=0.25), b"A long and slow story. " * 100)
    assert answer(child).body  # it is speaking
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(ENDS_WITHIN_S) == 0


def test_an_interrupt_from_the_terminal_is_left_to_its_owner(child: subprocess.Popen[bytes]) -> None:
    assert "ready" in answer(child).head
    child.send_signal(signal.SIGINT)
    ask(child, {"number": 7, "do": "phonemes", "words": ["tea"]})
    assert answer(child).head == {"phonemes": ["t_'i:"], "number": 7}
    assert answer(child).head == {"number": 7, "last": True}


def test_a_request_that_is_withdrawn_while_it_waits_is_not_worked_on(child: subprocess.Popen[bytes]) -> None:
    assert "ready" in answer(child).head
    ask(child, say(1), b"The first. " * 200)
    ask(child, say(2), b"The second.")
    ask(child, {"withdraw": 2})
    while not (frame := answer(child)).head.get("last"):
        assert frame.head["number"] == 1
    assert frame.head == {"number": 1, "last": True}
    assert answer(child) == Frame({"number": 2, "last": True})


def run(code: str) -> bytes:
    """What a worker of this code writes, its owner gone from the start."""
    command = [sys.executable, "-c", f"import os\nfrom local_azure.speech import child\n{code}\nchild.serve(begin)"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=ENDS_WITHIN_S, check=True).stdout  # noqa: S603 - the code above


def test_one_without_what_it_needs_says_so_and_ends() -> None:
    assert run("def begin(): raise child.CannotWork('No voice here.')") == frames.encode(Frame({"cannot": "No voice here."}))


def test_what_a_library_prints_does_not_get_between_the_frames() -> None:
    written = run("def begin():\n os.write(1, b'hello'); print('hello'); raise child.CannotWork('No.')")
    assert written == frames.encode(Frame({"cannot": "No."}))

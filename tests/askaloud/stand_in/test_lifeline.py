from __future__ import annotations

import os
from pathlib import Path

from askaloud.stand_in.lifeline import alone, hold, lock, new_lifeline


def test_a_lifeline_reads_the_end_when_its_last_holder_lets_go(tmp_path: Path) -> None:
    reading, first = new_lifeline(tmp_path / "alive")
    second = hold(tmp_path / "alive")
    assert second is not None
    os.close(first)
    os.set_blocking(reading, False)
    try:
        os.read(reading, 1)
        raise AssertionError("it must still be open")
    except BlockingIOError:
        pass
    os.close(second)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_nobody_holds_a_lifeline_that_nobody_reads(tmp_path: Path) -> None:
    reading, writing = new_lifeline(tmp_path / "alive")
    os.close(reading)
    assert hold(tmp_path / "alive") is None
    os.close(writing)
    assert hold(tmp_path / "elsewhere") is None


def test_a_lifeline_replaces_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "alive").write_text("not a pipe")
    for end in new_lifeline(tmp_path / "alive"):
        os.close(end)
    assert (tmp_path / "alive").is_fifo()


def test_many_may_share_a_lock_and_only_the_last_gets_it_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    first, second = (os.open(tmp_path / "file", os.O_RDWR) for _ in range(2))
    assert lock(first, exclusive=False)
    assert lock(second, exclusive=False)
    assert not lock(first, exclusive=True)
    os.close(second)
    assert lock(first, exclusive=True)
    os.close(first)


async def test_alone_means_alone(tmp_path: Path) -> None:
    other = os.open(tmp_path / "askaloud.lock", os.O_RDWR | os.O_CREAT)
    async with alone(tmp_path):
        assert not lock(other, exclusive=True)
    assert lock(other, exclusive=True)
    os.close(other)

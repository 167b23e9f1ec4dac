from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.commands import ROOT

from askaloud.errors import DoorError
from askaloud.stand_in.record import answers
from askaloud.stand_in.stay import Patience, stand_in

CHILD = ROOT / "tests" / "scripted_stand_in.py"
WELL = (sys.executable, str(CHILD), "well")

WITHIN_S = 10.0

USER = """
import asyncio, sys
from pathlib import Path
from askaloud.stand_in.record import answers
from askaloud.stand_in.stay import Patience, stand_in

async def main():
    async with stand_in(Path(sys.argv[1]), sys.argv[2:]) as running:
        print(running.pid, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""
"""A command that uses the stand-in until its stdin closes."""


class User:
    """Another process that uses the stand-in; `pid` is the stand-in's."""

    def __init__(self, process: asyncio.subprocess.Process, pid: int, stderr: int) -> None:
        self.process = process
        self.pid = pid
        self._stderr = stderr

    async def leave(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert await self.process.wait() == 0

    async def everything_has_ended(self) -> bytes:
        """The stand-in inherits its starter's stderr: the end is read when both are gone."""
        with os.fdopen(self._stderr, "rb") as stderr:
            return await asyncio.to_thread(stderr.read)


@asynccontextmanager
async def using(folder: Path) -> AsyncIterator[User]:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", USER, str(folder), *WELL), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=writing
    )
    os.close(writing)
    assert process.stdout
    try:
        yield User(process, int(await process.stdout.readline()), reading)
    finally:
        await process.communicate(b"")


def journal(folder: Path) -> list[str]:
    return (folder / "journal").read_text().split()


async def test_it_is_started_where_none_runs_and_has_ended_when_the_block_ends(tmp_path: Path) -> None:
    async with stand_in(tmp_path, WELL) as running:
        assert running.realtime.startswith("ws://127.0.0.1:")
        assert running.search.startswith("http://127.0.0.1:")
        assert journal(tmp_path) == ["started"]
    assert journal(tmp_path) == ["started", "ended"]
    assert not (tmp_path / "local_azure.json").exists()


async def test_the_key_travels_by_environment_and_no_setting_of_ours_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_SEARCH_API_KEY", "a-key-of-ours")
    async with stand_in(tmp_path, WELL) as running:
        seen = json.loads((tmp_path / "seen.json").read_text())
    assert seen["environment"]["LOCAL_AZURE_KEY"] == running.key
    assert running.key not in " ".join(seen["arguments"])
    assert running.key not in repr(running)
    assert "AZURE_SEARCH_API_KEY" not in seen["environment"]


async def test_it_is_as_loud_as_who_starts_it_unless_somebody_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "askaloud")
    for said, expected in ((None, "ERROR"), ("DEBUG", "DEBUG")):
        if said:
            monkeypatch.setenv("LOCAL_AZURE_LOG_LEVEL", said)
        async with stand_in(tmp_path, WELL):
            assert json.loads((tmp_path / "seen.json").read_text())["environment"]["LOCAL_AZURE_LOG_LEVEL"] == expected


async def test_two_commands_at_once_start_one_and_share_it(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as both:
        inside = asyncio.Barrier(2)

        async def use() -> int:
            async with stand_in(tmp_path, WELL) as running:
                await inside.wait()
                return running.pid

        first, second = both.create_task(use()), both.create_task(use())
    assert first.result() == second.result()
    assert journal(tmp_path) == ["started", "ended"]


async def test_it_outlives_the_command_that_started_it_while_another_uses_it(tmp_path: Path) -> None:
    async with using(tmp_path) as starter:
        async with stand_in(tmp_path, WELL) as running:
            assert running.pid == starter.pid
            await starter.leave()
            async with stand_in(tmp_path, WELL) as found_by_a_third:
                assert found_by_a_third == running
            assert journal(tmp_path) == ["started"]
        assert await starter.everything_has_ended() == b""
    assert journal(tmp_path) == ["started", "ended"]


async def test_a_killed_command_leaves_nothing_behind(tmp_path: Path) -> None:
    async with using(tmp_path) as user:
        user.process.send_signal(signal.SIGKILL)
        await user.everything_has_ended()
    assert journal(tmp_path) == ["started", "ended"]


async def test_the_record_that_a_killed_stand_in_left_is_ignored_and_a_new_one_started(tmp_path: Path) -> None:
    async with using(tmp_path) as user:
        os.kill(user.pid, signal.SIGKILL)
        user.process.send_signal(signal.SIGKILL)
        await user.everything_has_ended()
    assert (tmp_path / "local_azure.json").exists()
    async with stand_in(tmp_path, WELL) as running:
        assert running.pid != user.pid
        assert await answers(running, WITHIN_S)


async def test_one_that_somebody_runs_by_hand_is_used_and_left_alone(tmp_path: Path) -> None:
    by_hand = await asyncio.create_subprocess_exec(
        *(*WELL, "--data", str(tmp_path), "--port", "0"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "LOCAL_AZURE_KEY": "typed-by-hand"},
    )
    assert by_hand.stdout
    try:
        await by_hand.stdout.readline()
        for _ in range(2):
            async with stand_in(tmp_path, WELL) as running:
                assert running.pid == by_hand.pid
                assert running.key == "typed-by-hand"
    finally:
        await by_hand.communicate(b"")
    assert journal(tmp_path) == ["started", "ended"]


async def test_one_that_runs_but_does_not_answer_is_an_error_that_names_its_process(tmp_path: Path) -> None:
    async with stand_in(tmp_path, (*WELL[:2], "deaf")) as running:
        with pytest.raises(DoorError, match=f"process {running.pid}"):
            async with stand_in(tmp_path, WELL, Patience(stop_s=0.2, answer_s=0.2)):
                pass


async def test_one_that_dies_at_its_start_is_an_error_that_tells_its_exit_code(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DoorError, match="exit code 7"):
        async with stand_in(tmp_path, (*WELL[:2], "dies")):
            pass
    assert "the disk is on fire" in capfd.readouterr().err


async def test_one_that_never_gets_ready_is_ended_and_an_error(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="was not ready"):
        async with stand_in(tmp_path, (*WELL[:2], "mute"), Patience(startup_s=0.5)):
            pass
    assert not (tmp_path / "local_azure.json").exists()


async def test_one_that_does_not_end_by_itself_is_killed(tmp_path: Path) -> None:
    async with stand_in(tmp_path, (*WELL[:2], "stubborn"), Patience(stop_s=0.1)) as running:
        pass
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)


async def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="could not be started"):
        async with stand_in(tmp_path, ("/nonexistent/program",)):
            pass


async def test_a_data_folder_that_cannot_be_made_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DoorError, match="ASKALOUD_DATA"):
        async with stand_in(tmp_path / "file" / "data", WELL):
            pass

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from askaloud.stand_in.record import StandIn, answers, is_process, read_record, write_record

RUNNING = StandIn("ws://127.0.0.1:1/openai/v1", "http://127.0.0.1:1", "the-key", 12)


@asynccontextmanager
async def door_that_says(line: bytes) -> AsyncIterator[tuple[StandIn, list[bytes]]]:
    heard: list[bytes] = []

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(line)
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield StandIn("ws://unused", f"http://127.0.0.1:{port}", "the-key", os.getpid()), heard


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    write_record(tmp_path / "record.json", RUNNING)
    assert read_record(tmp_path / "record.json") == RUNNING


def test_writing_replaces_what_a_killed_command_left_half_written(tmp_path: Path) -> None:
    (tmp_path / "record.new").write_text("hal")
    write_record(tmp_path / "record.json", RUNNING)
    assert read_record(tmp_path / "record.json") == RUNNING


def test_a_file_that_is_missing_is_no_record(tmp_path: Path) -> None:
    assert read_record(tmp_path / "record.json") is None


@pytest.mark.parametrize("pid", ["0", "-1", "true and false", "1.5"])
def test_a_process_id_that_would_mean_others_is_no_record(tmp_path: Path, pid: str) -> None:
    (tmp_path / "record.json").write_text(f'{{"realtime": "r", "search": "s", "key": "k", "pid": {pid}}}')
    assert read_record(tmp_path / "record.json") is None


def test_this_process_exists_and_an_impossible_one_does_not() -> None:
    assert is_process(os.getpid())
    assert not is_process(2**22 + 1)
    assert not is_process(2**70)


@pytest.mark.parametrize("line", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 404 Not Found\r\n\r\n"])
async def test_a_door_that_knows_the_key_answers(line: bytes) -> None:
    async with door_that_says(line) as (running, heard):
        assert await answers(running)
    assert b"api-key: the-key\r\n" in heard[0]


@pytest.mark.parametrize(
    "line", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"HTTP/1.1 401 Unauthorized\r\n\r\n", b"SSH-2.0-other\r\n", b"", b"\xff" * 99]
)
async def test_a_door_of_somebody_else_does_not(line: bytes) -> None:
    async with door_that_says(line) as (running, _):
        assert not await answers(running)


async def test_a_closed_door_does_not() -> None:
    async with door_that_says(b"") as (running, _):
        pass
    assert not await answers(running)


def test_a_record_shows_no_key() -> None:
    assert "the-key" not in repr(RUNNING)

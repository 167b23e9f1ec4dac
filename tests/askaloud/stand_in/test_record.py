from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from askaloud.stand_in.record import StandIn, answers, read_record
from local_azure.run_file import RUN_FILE, Running, announced

WITHIN_S = 10.0
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


def test_a_record_is_read_as_the_stand_in_writes_it(tmp_path: Path) -> None:
    running = Running(RUNNING.realtime, RUNNING.search, RUNNING.key, RUNNING.pid)
    with announced(tmp_path, running):
        assert read_record(tmp_path / RUN_FILE) == RUNNING
    assert read_record(tmp_path / RUN_FILE) is None


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[1, 2]",
        '{"realtime": "r"}',
        '{"realtime": "r", "search": "s", "key": "k", "pid": 1, "more": 2}',
        '{"realtime": 1, "search": "s", "key": "k", "pid": 1}',
        '{"realtime": "r", "search": "s", "key": "k", "pid": "1"}',
        '{"realtime": "r", "search": "s", "key": "k", "pid": 0}',
    ],
)
def test_a_file_that_is_not_whole_is_no_record(tmp_path: Path, record: str) -> None:
    (tmp_path / "record.json").write_text(record)
    assert read_record(tmp_path / "record.json") is None


@pytest.mark.parametrize("line", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 404 Not Found\r\n\r\n"])
async def test_a_door_that_knows_the_key_answers(line: bytes) -> None:
    async with door_that_says(line) as (running, heard):
        assert await answers(running, WITHIN_S)
    assert b"api-key: the-key\r\n" in heard[0]


@pytest.mark.parametrize(
    "line", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"HTTP/1.1 401 Unauthorized\r\n\r\n", b"SSH-2.0-other\r\n", b"", b"\xff" * 99]
)
async def test_a_door_of_somebody_else_does_not(line: bytes) -> None:
    async with door_that_says(line) as (running, _):
        assert not await answers(running, WITHIN_S)


async def test_a_closed_door_does_not() -> None:
    async with door_that_says(b"") as (running, _):
        pass
    assert not await answers(running, WITHIN_S)


def test_a_record_shows_no_key() -> None:
    assert "the-key" not in repr(RUNNING)

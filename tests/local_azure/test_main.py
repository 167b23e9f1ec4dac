"""`python -m local_azure` as a real process: how it starts, how it ends, and that being killed loses nothing it had acknowledged."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from openai import AsyncOpenAI
from tests.local_azure.search.clients import AsyncCaller, passages_index

from local_azure.run_file import RUN_FILE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups as POSIX has them")

KEY = "a-key-from-the-environment"
PATIENCE_S = 60.0
"""For a start or an end on a machine that does much else."""
TEXT = "A passage of some length about working from abroad, number {0}. " * 20


@asynccontextmanager
async def stand_in(data: Path, *arguments: str, key: str | None = KEY) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    """The process and the lines that it said when it was ready; killed at the end if it still runs."""
    environment = {name: value for name, value in os.environ.items() if name != "LOCAL_AZURE_KEY"} | (
        {"LOCAL_AZURE_KEY": key} if key else {}
    )
    command = [sys.executable, "-m", "local_azure", "--port", "0", "--data", str(data), *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment)
    try:
        assert process.stdout is not None
        said: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            while len(said) < (2 if key else 3) and (line := await process.stdout.readline()):
                name, _, value = line.decode().strip().partition(": ")
                said[name] = value
        yield process, said
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process) -> int:
    async with asyncio.timeout(PATIENCE_S):
        return await process.wait()


async def failed(*arguments: str, **variables: str) -> tuple[int, str]:
    """The exit code of a start that fails, and what it said on stderr."""
    environment = dict(os.environ) | variables
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local_azure", *arguments, stdout=PIPE, stderr=PIPE, env=environment
    )
    async with asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate()
    assert out == b""
    return process.returncode or 0, err.decode()


def children(pid: int) -> set[int]:
    """The processes that this one started and that still run (Linux)."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid:
            found.add(int(entry.name))
    return found


def runs(pid: int) -> bool:
    """Whether there is such a process, a dead one that nobody has buried apart."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_it_says_where_it_is_serves_and_ends_with_a_signal(tmp_path: Path) -> None:
    async with stand_in(tmp_path, key=None) as (process, said):
        assert set(said) == {"realtime", "search", "key"}
        told = json.loads((tmp_path / RUN_FILE).read_text())
        assert told == {**said, "pid": process.pid}
        assert said["realtime"] == said["search"].replace("http", "ws") + "/openai/v1"
        client = AsyncCaller(said["search"], said["key"])
        assert await client.indexes("list_index_names") == []
        await client.close()
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0
        assert not (tmp_path / RUN_FILE).exists()


async def test_a_key_from_the_environment_is_the_key_and_is_not_repeated(tmp_path: Path) -> None:
    async with stand_in(tmp_path) as (_, said):
        assert set(said) == {"realtime", "search"}
        client = AsyncCaller(said["search"], KEY)
        assert await client.indexes("list_index_names") == []
        await client.close()


async def test_it_ends_when_its_stdin_closes_and_leaves_no_child_behind(tmp_path: Path) -> None:
    async with stand_in(tmp_path, "--until-stdin-closes") as (process, _):
        started = children(process.pid)
        assert process.stdin is not None
        process.stdin.close()
        assert await ended(process) == 0
        assert [pid for pid in started if runs(pid)] == []


async def test_a_second_one_in_the_same_folder_says_so_and_ends(tmp_path: Path) -> None:
    async with stand_in(tmp_path):
        code, told = await failed("--port", "0", "--data", str(tmp_path))
        assert code == 1
        assert told.startswith("local_azure: another stand-in is already running in ")
        assert told.count("\n") == 1


async def test_a_busy_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        code, told = await failed("--port", str(port), "--data", str(tmp_path))
    assert (code, told) == (1, f"local_azure: port {port} is in use. Give another one with --port; 0 takes any free one.\n")


async def test_a_damaged_index_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "local_azure.sqlite").write_bytes(b"no database at all, whatever its name says" * 100)
    code, told = await failed("--port", "0", "--data", str(tmp_path))
    assert code == 1
    assert told.startswith("local_azure: The index file ")
    assert told.count("\n") == 1


async def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, told = await failed("--port", "0", "--data", str(tmp_path / "file" / "folder"))
    assert code == 1
    assert told.startswith("local_azure: the folder ")


async def test_a_log_level_that_is_none_is_said_with_the_code_for_wrong_use(tmp_path: Path) -> None:
    code, told = await failed("--port", "0", "--data", str(tmp_path), LOCAL_AZURE_LOG_LEVEL="loud")
    assert (code, told) == (2, "local_azure: LOCAL_AZURE_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL.\n")


async def test_a_script_that_cannot_be_followed_is_said_with_its_places_and_the_code_for_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text('{"turns": [[{"say": "a"}, {"wait": -1}], [{}]]}')
    code, told = await failed("--port", "0", "--data", str(tmp_path), "--script", str(tmp_path / "script.json"))
    assert code == 2
    assert [line.partition(", ")[2].partition(":")[0] for line in told.splitlines()] == ["turn 1, step 2", "turn 2, step 1"]
    assert not (tmp_path / RUN_FILE).exists()


async def test_a_script_is_followed_at_the_realtime_door(tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text('{"turns": [[{"say": "As I was told."}]]}')
    async with stand_in(tmp_path, "--script", str(tmp_path / "script.json")) as (_, said):
        client = AsyncOpenAI(api_key=KEY, websocket_base_url=said["realtime"])
        async with client, client.realtime.connect(model="any") as connection, asyncio.timeout(PATIENCE_S):
            await connection.response.create(response={"output_modalities": ["text"]})
            async for event in connection:
                if event.type == "response.output_text.done":
                    assert event.text == "As I was told."
                    break


async def _write_until_it_dies(client: AsyncCaller, number: int, acknowledged: Callable[[list[str]], None]) -> None:
    """Batch after batch; each that was answered is acknowledged."""
    for batch in range(1_000):
        documents = [{"id": f"{number}-{batch}-{n}", "text": TEXT.format(n), "page": batch} for n in range(40)]
        try:
            results = await client.documents("upload_documents", documents)
        except Exception:
            return
        acknowledged([result.key for result in results if result.succeeded])


async def _kill_in_the_middle(data: Path, number: int) -> set[str]:
    """Kill the server while it writes; gives the keys of all documents that it had acknowledged in this life."""
    async with stand_in(data) as (process, said):
        client = AsyncCaller(said["search"], KEY)
        if number == 0:
            await client.indexes("create_index", passages_index())
        known: set[str] = set()
        enough = asyncio.Event()

        def acknowledge(keys: list[str]) -> None:
            known.update(keys)
            if len(known) >= 40 * (1 + number % 3):
                enough.set()

        writing = asyncio.create_task(_write_until_it_dies(client, number, acknowledge))
        async with asyncio.timeout(PATIENCE_S):
            await enough.wait()
        process.kill()
        await process.wait()
        await writing
        await client.close()
        return known


async def _check_everything_is_whole(data: Path, known: set[str]) -> None:
    """Every acknowledged document is there, in both tables, and no batch is there in part."""
    async with stand_in(data) as (_, said):
        client = AsyncCaller(said["search"], KEY)
        found = {one["id"]: one for one in await client.search("*", select=["id", "text"], order_by=["id"], top=100_000)}
        assert known <= set(found)
        assert all(one["text"] == TEXT.format(key.rpartition("-")[2]) for key, one in found.items())
        batches: dict[str, int] = {}
        for key in found:
            batches[key.rpartition("-")[0]] = batches.get(key.rpartition("-")[0], 0) + 1
        assert set(batches.values()) == {40}
        assert await client.counted("abroad", top=0) == len(found)
        await client.close()


async def _survives(data: Path, kills: int) -> None:
    known: set[str] = set()
    for number in range(kills):
        known |= await _kill_in_the_middle(data, number)
    await _check_everything_is_whole(data, known)


async def test_killed_in_the_middle_of_batches_it_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    await _survives(tmp_path, 3)


@pytest.mark.long
async def test_killed_twenty_times_it_does_too(tmp_path: Path) -> None:
    await _survives(tmp_path, 20)


async def test_an_address_of_embeddings_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    code, said = await failed("--port", "0", "--data", str(tmp_path), LOCAL_AZURE_EMBEDDINGS_URL="http://example.org/v1")
    assert code == 1
    assert "LOCAL_AZURE_EMBEDDINGS_URL must be encrypted" in said
    assert "Traceback" not in said

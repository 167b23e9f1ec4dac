from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from askaloud.knowledge.worker import LENGTH, Worker, WorkerBusyError, WorkerDiedError, WorkerSlowError, without_secrets

ECHO = "tests.askaloud.knowledge.echo_worker"


def echo(*, limit_s: float = 30.0, waiting: int = 8) -> Worker:
    return Worker(ECHO, limit_s=limit_s, answer_bytes=4096, waiting=waiting)


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    made = echo()
    yield made
    await made.close()


async def test_each_request_gets_its_own_answer_in_one_process(worker: Worker) -> None:
    answers = await asyncio.gather(*(worker.ask(f"{number}".encode()) for number in range(5)))
    assert answers == [f"heard {number}".encode() for number in range(5)]
    assert await worker.ask(b"pid") == await worker.ask(b"pid")


async def test_what_a_library_prints_does_not_come_between(worker: Worker) -> None:
    assert await worker.ask(b"chatter") == b"heard chatter"


@pytest.mark.parametrize("request_", [b"die", b"raise", b"large"])
async def test_a_request_that_breaks_the_process_fails_alone(worker: Worker, request_: bytes) -> None:
    with pytest.raises(WorkerDiedError):
        await worker.ask(request_)
    assert await worker.ask(b"next") == b"heard next"


async def test_a_request_that_never_ends_is_ended() -> None:
    worker = echo(limit_s=1.0)
    with pytest.raises(WorkerSlowError):
        await worker.ask(b"hang")
    await worker.close()


async def test_no_more_wait_than_may(worker: Worker) -> None:
    small = echo(waiting=1)
    tasks = [asyncio.create_task(small.ask(b"hang")), asyncio.create_task(small.ask(b"later"))]
    await asyncio.sleep(0)
    with pytest.raises(WorkerBusyError):
        await small.ask(b"too many")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await small.close()


async def test_after_a_cancelled_request_the_next_one_gets_its_own_answer(worker: Worker) -> None:
    await worker.ask(b"warm")
    task = asyncio.create_task(worker.ask(b"hang"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await worker.ask(b"next") == b"heard next"


async def test_closing_twice_is_harmless(worker: Worker) -> None:
    await worker.ask(b"x")
    await worker.close()
    await worker.close()


async def test_a_module_that_does_not_exist_is_a_reason_and_not_a_traceback() -> None:
    worker = Worker("tests.no_such_module", limit_s=30.0, answer_bytes=10, waiting=0)
    with pytest.raises(WorkerDiedError):
        await worker.ask(b"x")
    await worker.close()


@pytest.mark.parametrize("request_", [b"", b"hang"])
async def test_the_process_ends_when_its_owner_is_gone_even_in_the_midst_of_work(request_: bytes) -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", ECHO, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    if request_:
        process.stdin.write(LENGTH.pack(len(request_)) + request_)
    process.stdin.close()
    assert await process.wait() == 0


def test_the_process_is_given_none_of_our_keys() -> None:
    given = {"PATH": "/bin", "AZURE_SEARCH_API_KEY": "k", "OPENAI_API_KEY": "k", "ASKALOUD_ACCESS_KEY": "k", "LOCAL_AZURE_KEY": "k"}
    assert without_secrets(given) == {"PATH": "/bin"}

"""A worker's life, with the mouth's process as the worker: real processes, killed, stopped and withdrawn for real."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from local_azure.realtime.parts import PartUnavailable
from local_azure.speech.worker import Worker, WorkerDied

A_LITTLE = 0.02
"""espeak-ng does not say a sentence twice with the same number of samples."""

LONG = b"This sentence is spoken again and again, until nobody listens any more. " * 4


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    made = Worker("The voice", "local_azure.speech.mouth_worker", ("espeak",), limit=4, patience_s=20)
    yield made
    await made.close()


async def say(worker: Worker, text: bytes, speed: object = 1.0) -> int:
    """How many bytes of audio came."""
    request = {"do": "say", "voice": "alloy", "speed": speed, "sentence": text.decode(), "goes_on": False}
    async with aclosing(worker.ask(request, text)) as answer:
        return sum([len(frame.body) async for frame in answer])


def signal_to(worker: Worker, number: signal.Signals) -> None:
    assert worker.pid is not None
    os.kill(worker.pid, number)


async def test_a_worker_starts_when_it_is_first_needed_and_tells_what_it_is(worker: Worker) -> None:
    assert worker.pid is None
    assert (await worker.started())["engine"] == "espeak-ng"
    assert worker.pid is not None


async def test_a_killed_worker_is_started_again_by_the_next_request(worker: Worker) -> None:
    before = await say(worker, b"Hello.")
    pid = worker.pid
    signal_to(worker, signal.SIGKILL)
    try:
        after = await say(worker, b"Hello.")
    except WorkerDied:  # asked before its death was noticed
        after = await say(worker, b"Hello.")
    assert after == pytest.approx(before, rel=A_LITTLE)
    assert before > 0
    assert worker.pid != pid


async def test_who_waits_when_the_worker_dies_hears_so(worker: Worker) -> None:
    await worker.started()
    signal_to(worker, signal.SIGSTOP)
    waiting = [asyncio.create_task(say(worker, LONG)) for _ in range(3)]
    await asyncio.sleep(0)
    signal_to(worker, signal.SIGKILL)
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [WorkerDied] * 3
    assert str(answers[0]) == "The voice stopped unexpectedly."


async def test_a_worker_that_says_nothing_is_killed_and_the_next_request_works() -> None:
    worker = Worker("The voice", "local_azure.speech.mouth_worker", ("espeak",), limit=4, patience_s=0.3)
    await worker.started()
    pid = worker.pid
    signal_to(worker, signal.SIGSTOP)
    with pytest.raises(PartUnavailable, match="took longer than"):
        await say(worker, LONG)
    worker_again = Worker("The voice", "local_azure.speech.mouth_worker", ("espeak",), limit=4, patience_s=20)
    assert await say(worker_again, b"Hello.") > 0
    assert worker.pid is None
    await worker.started()
    assert worker.pid != pid
    await asyncio.gather(worker.close(), worker_again.close())


async def test_more_requests_than_the_limit_are_refused_and_the_others_are_answered(worker: Worker) -> None:
    answers = await asyncio.gather(*(say(worker, b"One of many.") for _ in range(6)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, PartUnavailable)]
    assert len(refused) == 2
    assert "too much to do" in str(refused[0])
    last = await say(worker, b"One of many.")
    assert [answer for answer in answers if isinstance(answer, int)] == [pytest.approx(last, rel=A_LITTLE)] * 4


async def test_a_withdrawn_request_leaves_nothing_in_the_next_ones_answer(worker: Worker) -> None:
    alone = await say(worker, b"This is the next one.")
    request = {"do": "say", "voice": "alloy", "speed": 1.0, "sentence": "", "goes_on": False}
    for _ in range(10):
        async with aclosing(worker.ask(request, LONG)) as answer:
            async for frame in answer:
                assert frame.body
                break
        assert await say(worker, b"This is the next one.") == pytest.approx(alone, rel=A_LITTLE)


async def test_a_request_that_fails_inside_is_told_by_its_kind_only_and_the_worker_lives(worker: Worker) -> None:
    await worker.started()
    pid = worker.pid
    with pytest.raises(PartUnavailable) as failed:
        await say(worker, b"words that are private", speed="a secret")
    assert str(failed.value) == "The voice: It failed inside (ValueError)."
    assert await say(worker, b"Hello.") > 0
    assert worker.pid == pid


async def test_a_worker_that_cannot_start_says_why_and_is_not_tried_again_at_once() -> None:
    worker = Worker("The voice", "local_azure.speech.no_such_worker", limit=4, patience_s=1)
    for _ in range(2):
        with pytest.raises(PartUnavailable, match=r"^The voice could not start\.$"):
            await worker.started()
    await worker.close()


async def test_a_closed_worker_has_no_process_and_starts_none(worker: Worker) -> None:
    await worker.started()
    pid = worker.pid
    await worker.close()
    await worker.close()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(PartUnavailable, match="closed"):
        await say(worker, b"Hello.")

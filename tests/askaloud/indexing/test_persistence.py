from __future__ import annotations

import asyncio

import pytest
from tests.askaloud.indexing.test_trouble import RefusedError, failure

from askaloud.errors import KnowledgeError
from askaloud.indexing.persistence import ATTEMPTS, LAST_ATTEMPTS, Persistence


class Service:
    """Fails as often as it is told to, then answers."""

    def __init__(self, *failures: KnowledgeError) -> None:
        self.asked = 0
        self.was_asked = asyncio.Event()
        self._failures = list(failures)

    async def ask(self) -> str:
        self.asked += 1
        self.was_asked.set()
        if self._failures:
            raise self._failures.pop(0)
        return "here"


async def test_a_service_that_comes_back_answers_and_each_time_is_counted() -> None:
    persistence = Persistence(pause_s=0.0)
    service = Service(failure(RefusedError(503)), failure(ConnectionResetError()), failure(RefusedError(429, retry_after="0")))
    assert await persistence.patiently(service.ask) == "here"
    assert persistence.retries == {"503": 1, "connection lost": 1, "429": 1}
    assert persistence.pace.at_once == 1


async def test_it_gives_up_after_as_many_attempts_as_it_may_make() -> None:
    for attempts in (ATTEMPTS, 2):
        service = Service(*[failure(RefusedError(503)) for _ in range(20)])
        with pytest.raises(KnowledgeError):
            await Persistence(pause_s=0.0).patiently(service.ask, attempts)
        assert service.asked == attempts


async def test_what_lasts_is_asked_once() -> None:
    service = Service(failure(RefusedError(403)))
    with pytest.raises(KnowledgeError):
        await Persistence(pause_s=0.0).patiently(service.ask)
    assert service.asked == 1


async def test_whoever_wants_to_stop_does_not_wait() -> None:
    stop = asyncio.Event()
    persistence = Persistence(stop, pause_s=3600.0)
    service = Service(*[failure(RefusedError(503)) for _ in range(20)])
    asking = asyncio.create_task(persistence.patiently(service.ask))
    await service.was_asked.wait()
    stop.set()
    with pytest.raises(KnowledgeError):
        await asking
    assert (service.asked, persistence.stopped) == (2 + LAST_ATTEMPTS, True)


async def test_what_is_in_hand_is_tried_again_at_once_when_somebody_wants_to_stop() -> None:
    stop = asyncio.Event()
    stop.set()
    service = Service(failure(ConnectionResetError()))
    assert await Persistence(stop, pause_s=3600.0).patiently(service.ask) == "here"

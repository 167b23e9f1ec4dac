"""How long we wait for the search service and how often we ask again: one deadline around a call and its retries.

Every failure leaves here as a `KnowledgeError`. It knows no question and no answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from azure.core.exceptions import AzureError, HttpResponseError

from ..errors import NoticeCode
from ..settings import SearchDoor
from . import failures

PAUSE_S = 0.25
"""Seconds before asking again where the service names none; doubled each time."""

GARBAGE = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What the client raises when a well-formed answer has another shape than the service's: it reads fields without looking."""

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


Paused = Callable[[str], None]
"""Told each time that something is asked again, with the reason: a status."""


def untold(_: str) -> None:
    """For whoever does not want to know."""


async def patiently(
    ask: Callable[[], Awaitable[Answer]], door: SearchDoor, *, deadline_s: float, attempts: int, paused: Paused = untold
) -> Answer:
    """Await `ask()`, at most `attempts` times where the service is too busy, all within `deadline_s` seconds.

    Raises `KnowledgeError` for whatever the client raised, and at once where the service asks for a longer pause than is left.
    """
    try:
        async with asyncio.timeout(deadline_s) as limit:
            pause = PAUSE_S
            while True:
                try:
                    return await ask()
                except HttpResponseError as refused:
                    attempts -= 1
                    said = failures.retry_after_s(refused)
                    wait = pause if said is None else said
                    too_late = asyncio.get_running_loop().time() + wait >= (limit.when() or 0.0)
                    if failures.status_of(refused) not in failures.WORTH_A_RETRY or attempts < 1 or too_late:
                        raise
                    paused(str(failures.status_of(refused)))
                    await asyncio.sleep(wait)
                    pause *= 2
    except (AzureError, OSError, *GARBAGE) as failure:  # the deadline's TimeoutError is an OSError
        told = failures.explained(failure, door)
        level = logging.INFO if told.notice.code is NoticeCode.SEARCH_EMPTY else logging.WARNING  # as every index is at first
        log.log(level, "search service: %s, %s, status %s", told.notice.code, type(failure).__name__, failures.status_of(failure))
        raise told from failure

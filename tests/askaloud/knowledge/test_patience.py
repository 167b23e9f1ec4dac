from __future__ import annotations

import asyncio

import pytest

from askaloud.errors import KnowledgeError, Notice, NoticeCode
from askaloud.knowledge.patience import patiently
from askaloud.settings import SearchDoor

DOOR = SearchDoor("https://search.example", "handbooks", "planted-key", "azure")


async def test_the_answer_is_handed_on() -> None:
    async def ask() -> int:
        return 7

    assert await patiently(ask, DOOR, deadline_s=5, attempts=1) == 7


async def test_what_never_comes_is_given_up_at_the_deadline() -> None:
    with pytest.raises(KnowledgeError) as raised:
        await patiently(asyncio.Event().wait, DOOR, deadline_s=0.01, attempts=2)
    assert raised.value.notice.code is NoticeCode.SEARCH_SLOW


async def test_whoever_is_cancelled_stays_cancelled() -> None:
    task = asyncio.create_task(patiently(asyncio.Event().wait, DOOR, deadline_s=60, attempts=2))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_that_is_explained_already_is_not_explained_again() -> None:
    told = KnowledgeError(Notice(NoticeCode.SEARCH_REFUSED, "Look there."))

    async def ask() -> int:
        raise told

    with pytest.raises(KnowledgeError) as raised:
        await patiently(ask, DOOR, deadline_s=5, attempts=2)
    assert raised.value is told

"""Two hundred people at once: none hears a word of another's, and when they have gone nothing of theirs is left."""

from __future__ import annotations

import asyncio
import gc
import json
from collections import Counter

from tests.askaloud.knowledge.search_doors import ScriptedDoor
from tests.contract.house import House, house, searches

from askaloud import configured
from askaloud.conversation.inbox import Inbox
from askaloud.conversation.outbox import Outbox
from askaloud.conversation.relay import Relay
from askaloud.conversation.session import Session
from askaloud.conversation.visit import Visit
from askaloud.settings import Settings

PEOPLE = 200
QUESTIONS = 2
PATIENT = Settings(tool_s=60)
"""Two hundred who ask in one moment are more than two busy cores answer in the time that a search usually has; that is not the question."""
AT_ONCE = 40
"""Handshakes under way at one time: more would wait in the kernel's queue and prove nothing."""
GONE_MAX_S = 60.0


def alive() -> Counter[str]:
    """What there is of ours of each conversation, counted among all objects."""
    gc.collect()
    kinds = (Relay, Session, Visit, Inbox, Outbox)
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each) in kinds)


def tasks() -> Counter[str]:
    """The tasks that run, by what they do."""
    return Counter(task.get_coro().__qualname__ for task in asyncio.all_tasks())  # type: ignore[union-attr]  # all of ours are coroutines


async def converse(home: House, name: str, knocking: asyncio.Semaphore) -> str:
    """One person's conversation; all that they heard."""
    async with knocking:
        visit = home.visit()
        page = await visit.__aenter__()
    try:
        for number in range(QUESTIONS):
            await page.ask(f"{name} asks {number}")
            await page.hear("askaloud.usage")
        assert sum(event["type"] == "askaloud.sources" for event in page.heard) == QUESTIONS
        return json.dumps(page.heard)
    finally:
        await visit.__aexit__(None, None, None)


async def test_two_hundred_conversations_share_nothing_and_leave_nothing() -> None:
    door = ScriptedDoor()
    door.echo = True
    knocking = asyncio.Semaphore(AT_ONCE)
    async with house(searches, door, settings=PATIENT, patience=configured.patience(PATIENT)) as home:
        await converse(home, "warming-up", knocking)
        await home.empty()
        before, running = alive(), tasks()
        names = [f"person-{number:03}" for number in range(PEOPLE)]
        heard = await asyncio.gather(*(converse(home, name, knocking) for name in names))
        for name, words in zip(names, heard, strict=True):
            assert f"{name} asks {QUESTIONS - 1}" in words, "they hear what is theirs"
            assert not [other for other in names if other != name and other in words]
        await home.empty()
        async with asyncio.timeout(GONE_MAX_S):
            while tasks() - running:  # noqa: ASYNC110 - the last sockets say goodbye; the loop offers a set, no event
                await asyncio.sleep(0.01)
        assert alive() - before == Counter()

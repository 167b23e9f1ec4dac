"""One browser's stay, with a socket of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.askaloud.conversation.wire import caller, tools

from askaloud.conversation.actions import Action, ToBrowser
from askaloud.conversation.outbox import Outbox
from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.policy import Policy
from askaloud.conversation.relay import Relay
from askaloud.conversation.replay import Replay
from askaloud.conversation.session import Session
from askaloud.conversation.sockets import ModelSocket
from askaloud.conversation.teller import Identity
from askaloud.conversation.visit import Left, Visit


class Page:
    """A browser that says nothing and reads everything."""

    lost = False

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.greeted = asyncio.Event()

    async def receive(self) -> str | None:
        await asyncio.Event().wait()
        return None

    def send_now(self, text: str) -> bool:
        self.heard.append(text)
        return True

    async def send(self, text: str) -> None:
        self.heard.append(text)
        self.greeted.set()

    async def close(self, code: int, reason: str) -> None:
        raise AssertionError("the conversation goes on")

    def drop(self) -> None:
        raise AssertionError("that is the lobby's to do")


def nobody_speaks(frame: str | bytes) -> None:
    raise AssertionError(frame)


async def test_who_takes_a_conversation_over_gets_all_that_waits_from_that_moment_on() -> None:
    page, outbox, ending = Page(), Outbox(), asyncio.Event()
    visit = Visit(page, outbox, Replay())
    stay = asyncio.create_task(visit.stay([b"hello"], nobody_speaks, ending))
    async with asyncio.timeout(5):
        await page.greeted.wait()
        while visit.writer is None:  # noqa: ASYNC110 - it offers no event
            await asyncio.sleep(0)
        await asyncio.sleep(0)  # it waits for something to write
        outbox.put(ToBrowser(b"for the next"))
        visit.replace()
        assert await stay is Left.REPLACED
        assert page.heard == ["hello"]
        assert (await outbox.take()) == ToBrowser(b"for the next")


class Slow(Page):
    """A browser that takes its time over the greeting, and is quick for whatever comes beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = asyncio.Event()

    async def send(self, text: str) -> None:
        self.greeted.set()
        await self.goes_on.wait()
        self.heard.append(text)


async def test_nothing_is_said_past_a_greeting_that_is_still_being_said() -> None:
    page, outbox, ending = Slow(), Outbox(), asyncio.Event()
    visit = Visit(page, outbox, Replay())
    stay = asyncio.create_task(visit.stay([b"hello"], nobody_speaks, ending))
    async with asyncio.timeout(5):
        await page.greeted.wait()
        assert not visit.send_now(ToBrowser(b"too early"))
        page.goes_on.set()
        while visit.writer is None:  # noqa: ASYNC110 - it offers no event
            await asyncio.sleep(0)
        assert visit.send_now(ToBrowser(b"in time"))
        assert page.heard == ["hello", "in time"]
        ending.set()
        outbox.close()
        assert await stay is Left.GOODBYE


class Forgetful(Session):
    """A conversation that does not know what it has waited for."""

    def woke(self, name: str) -> list[Action]:
        raise LookupError("planted words")


async def nowhere(hear: Callable[[bytes], None]) -> ModelSocket:
    raise AssertionError("nobody has said anything")


async def test_a_mistake_of_ours_when_a_time_is_over_ends_the_stay_and_not_in_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    identity = Identity("c1", caller(), "1", own_events=True)
    page, talk = Page(), Forgetful(Policy("test-model"), tools(), identity, replace(PATIENCE, heartbeat_s=0.0))
    async with asyncio.timeout(5):
        left, _ = await Relay(talk, nowhere).attach(page)
    assert left is Left.GOODBYE
    assert "time failed with LookupError" in caplog.text
    assert "planted" not in caplog.text + str(page.heard)

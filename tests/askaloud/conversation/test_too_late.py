"""What still comes of an earlier line or an earlier absence, when another has taken its place: nobody hears it, nobody is thrown out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tests.askaloud.conversation.wire import caller, created, ended, frame, said, tools, words

from askaloud.conversation.actions import CloseModel, OpenModel
from askaloud.conversation.notices import MODEL_FAILED
from askaloud.conversation.patience import PATIENCE, Patience
from askaloud.conversation.policy import Policy
from askaloud.conversation.relay import Relay
from askaloud.conversation.session import Session
from askaloud.conversation.sockets import ModelSocket
from askaloud.conversation.teller import Identity
from askaloud.conversation.visit import Left, Return
from askaloud.errors import UpstreamError

BEAT_S = 0.05
QUICK = replace(PATIENCE, heartbeat_s=BEAT_S, reopen_s=(0.0, 0.0, 0.0))
HEARD_MAX_S = 60.0
"""A bound for a broken test."""


class Page:
    """A browser that says what the test says, and goes without a goodbye."""

    lost = True

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self._says: asyncio.Queue[str | None] = asyncio.Queue()
        self._news = asyncio.Event()

    def says(self, kind: str, **fields: Any) -> None:
        self._says.put_nowait(said(kind, **fields))

    def breaks_off(self) -> None:
        self._says.put_nowait(None)

    async def hears(self, kind: str, count: int = 1) -> None:
        """Until it has heard so many of these events."""
        async with asyncio.timeout(HEARD_MAX_S):
            while self.count(kind) < count:
                self._news.clear()
                await self._news.wait()

    def count(self, kind: str) -> int:
        return sum(event["type"] == kind for event in self.heard)

    async def receive(self) -> str | None:
        return await self._says.get()

    def send_now(self, text: str) -> bool:
        self.heard.append(json.loads(text))
        self._news.set()
        return True

    async def send(self, text: str) -> None:
        self.send_now(text)

    async def close(self, code: int, reason: str) -> None:
        return

    def drop(self) -> None:
        return


@dataclass
class FarLine:
    """One line to a model that says what the test says."""

    says: Callable[[bytes], None]
    ends: asyncio.Future[tuple[int | None, str]] = field(default_factory=asyncio.Future)
    read: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def send_now(self, payload: bytes) -> bool:
        self.read.append(json.loads(payload))
        self.news.set()
        return True

    async def send(self, payload: bytes) -> None:
        self.send_now(payload)

    async def closed(self) -> tuple[int | None, str]:
        return await self.ends

    async def close(self) -> None:
        return

    async def reads(self, kind: str) -> None:
        async with asyncio.timeout(HEARD_MAX_S):
            while kind not in [event["type"] for event in self.read]:
                self.news.clear()
                await self.news.wait()

    async def settles(self) -> None:
        await self.reads("session.update")
        self.says(frame("session.updated", session={}))

    def answers(self, name: str) -> None:
        for each in (created(f"r_{name}"), *words(f"r_{name}", f"i_{name}", name), ended(f"r_{name}")):
            self.says(each)


class Reached:
    """The lines that there were, each of which comes up once it may."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[FarLine] = asyncio.Queue()
        self.attempts = 0
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, hear: Callable[[bytes], None]) -> ModelSocket:
        self.attempts += 1
        await self.open.wait()
        line = FarLine(hear)
        self.lines.put_nowait(line)
        return line

    async def line(self) -> FarLine:
        async with asyncio.timeout(HEARD_MAX_S):
            return await self.lines.get()


@asynccontextmanager
async def relay(reach: Any, patience: Patience = QUICK) -> AsyncIterator[Relay]:
    """A conversation of which nothing was said, and its life."""
    talk = Session(Policy("test-model", "secret"), tools(), Identity("c1", caller(), "1", own_events=True), patience)
    made = Relay(talk, reach, patience)
    life = asyncio.create_task(made.run())
    yield made
    made.leave()
    await life


async def test_a_page_that_came_back_is_not_thrown_out_when_its_absence_would_have_been_too_long() -> None:
    reach, away_s = Reached(), 4 * BEAT_S
    async with relay(reach, replace(QUICK, resume_s=away_s)) as talking:
        first, second = Page(), Page()
        first.breaks_off()
        left, _ = await talking.attach(first)
        assert left is Left.LOST
        talking.expect_back()
        staying = asyncio.create_task(talking.attach(second, Return("token")))
        await second.hears("askaloud.heartbeat", 8)
        assert not talking.over
        second.says("response.create")
        line = await reach.line()
        await line.settles()
        await line.reads("response.create")
        line.answers("one")
        await second.hears("response.done")
        second.breaks_off()
        await staying


async def test_what_an_earlier_line_still_says_is_not_heard() -> None:
    reach, page = Reached(), Page()
    async with relay(reach) as talking:
        staying = asyncio.create_task(talking.attach(page))
        page.says("response.create")
        first = await reach.line()
        await first.settles()
        await first.reads("response.create")
        first.ends.set_result((1001, "session expired"))
        second = await reach.line()
        await second.settles()
        await second.reads("response.create")
        first.answers("stale")
        second.answers("fresh")
        await page.hears("response.done")
        assert "stale" not in json.dumps(page.heard)
        assert [event["transcript"] for event in page.heard if event["type"].endswith("transcript.done")] == ["fresh"]
        page.breaks_off()
        await staying


async def test_the_time_in_which_an_earlier_line_was_to_come_up_means_nothing_to_the_next_one() -> None:
    reach, page = Reached(), Page()
    async with relay(reach, replace(QUICK, setup_s=20 * BEAT_S)) as talking:
        staying = asyncio.create_task(talking.attach(page))
        page.says("response.create")
        first = await reach.line()
        await first.settles()
        await first.reads("response.create")
        reach.open.clear()
        first.ends.set_result((1001, "session expired"))
        await page.hears("askaloud.heartbeat", page.count("askaloud.heartbeat") + 24)
        assert reach.attempts == 2, "the first line and the one that follows it"
        reach.open.set()
        second = await reach.line()
        await second.settles()
        await second.reads("response.create")
        second.answers("one")
        await page.hears("response.done")
        page.breaks_off()
        await staying


async def test_an_attempt_that_was_given_up_and_fails_after_all_ends_nothing() -> None:
    reach, page = Reached(), Page()
    begun, failed = asyncio.Event(), asyncio.Event()

    async def fails_at_first(hear: Callable[[bytes], None]) -> ModelSocket:
        if begun.is_set():
            return await reach(hear)
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            failed.set()
            raise UpstreamError(MODEL_FAILED) from None
        raise AssertionError("nobody sets that event")

    async with relay(fails_at_first) as talking:
        staying = asyncio.create_task(talking.attach(page))
        page.says("input_audio_buffer.clear")
        await begun.wait()
        talking.dismiss([CloseModel(), OpenModel()])
        await failed.wait()
        line = await reach.line()
        await line.settles()
        page.says("response.create")
        await line.reads("response.create")
        line.answers("one")
        await page.hears("response.done")
        assert page.count("askaloud.notice") == 0
        page.breaks_off()
        await staying

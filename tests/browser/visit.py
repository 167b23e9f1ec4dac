"""A person's visit to the page in a real browser: what they can do, what the page shows and measures, and every word on its socket.

Nothing in here knows what a right answer is.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page, WebSocket
from tests.browser.driving import console_of, page_in

Event = dict[str, Any]

WAIT_S = 60.0
"""The longest that a visit waits for anything: an answer on a machine that does ten other things. Only a failure takes this long."""

RATE = 24_000
"""Frames per second of everything that is heard and said."""


@dataclass
class Wire:
    """What went over the page's socket, in order, sound apart: of that only the number of frames is kept, by item."""

    sent: list[Event] = field(default_factory=list)
    received: list[Event] = field(default_factory=list)
    frames: dict[str, int] = field(default_factory=dict)
    """Frames of sound that the server sent, by item."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def attach(self, socket: WebSocket) -> None:
        """Listen to a socket that the page opens."""
        socket.on("framesent", lambda frame: self._note(json.loads(frame), self.sent))
        socket.on("framereceived", lambda frame: self._note(json.loads(frame), self.received))

    def _note(self, event: Event, kept: list[Event]) -> None:
        if event["type"] == "response.output_audio.delta":
            frames = len(base64.b64decode(event["delta"])) // 2
            self.frames[event["item_id"]] = self.frames.get(event["item_id"], 0) + frames
        elif event["type"] != "input_audio_buffer.append":
            kept.append(event)
        self._news.set()

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    def heard(self, kind: str) -> list[Event]:
        """What the server has said of one type."""
        return [event for event in self.received if event["type"] == kind]

    def said(self, kind: str) -> list[Event]:
        """What the page has said of one type."""
        return [event for event in self.sent if event["type"] == kind]

    async def hears(self, kind: str, count: int = 1) -> Event:
        """The `count`-th event of a type from the server; waits for it."""
        await self._until(lambda: len(self.heard(kind)) >= count)
        return self.heard(kind)[count - 1]

    async def says(self, kind: str, count: int = 1) -> Event:
        """The `count`-th event of a type from the page; waits for it."""
        await self._until(lambda: len(self.said(kind)) >= count)
        return self.said(kind)[count - 1]


PHASES = """document.addEventListener('readystatechange', () => {
  const desk = document.querySelector('ask-controls');
  if (window.phases || !desk) return;
  window.phases = [];
  new MutationObserver(() => phases.push(desk.dataset.phase)).observe(desk, { attributeFilter: ['data-phase'] });
})"""
"""Keeps every phase that the page shows: an answer that is made slowly has been spoken soon after it is complete."""


class Visit:
    """One page, opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire = Wire()
        page.on("websocket", self.wire.attach)

    async def talk(self) -> None:
        """Open the microphone, as a person does."""
        await self.page.get_by_role("button", name="Talk").click()

    async def type(self, question: str) -> None:
        """Type a question and send it."""
        await self.page.get_by_role("textbox").fill(question)
        await self.page.keyboard.press("Enter")

    async def in_phase(self, phase: str) -> None:
        """Wait until the page says that it is listening, speaking, …"""
        await self.page.wait_for_selector(f'ask-controls[data-phase="{phase}"]')

    async def was_in_phase(self, phase: str) -> None:
        """Wait until the page has said so, now or before."""
        await self.page.wait_for_function("(phase) => phases.includes(phase)", arg=phase)

    async def answered(self, count: int = 1) -> str:
        """The words of the `count`-th answer on the page, once it is complete and it is known which sources it used."""
        await self.wire.hears("askaloud.usage", count)
        done = self.page.locator('.answer[data-status="done"] .text, .answer[data-status="interrupted"] .text').nth(count - 1)
        return await done.inner_text()

    async def measured(self, name: str) -> int:
        """A figure of the audio thread, such as `frames-played`."""
        return int(await self.page.locator("ask-controls").get_attribute(f"data-{name}") or 0)

    async def at_least(self, name: str, count: int) -> None:
        """Wait until the audio thread has reported so much."""
        await self.page.wait_for_function(
            "([name, count]) => Number(document.querySelector('ask-controls').getAttribute(name)) >= count", arg=[f"data-{name}", count]
        )

    async def fetched(self, address: str) -> bytes:
        """What the server gives for an address on the page, asked from beside the page."""
        answer = await self.page.request.get(address)
        assert answer.ok, (address, answer.status)
        return await answer.body()

    async def passage(self, source: Event) -> Event:
        """The passage behind a source of `askaloud.sources`: `path`, `page`, `text` and more."""
        passage: Event = json.loads(await self.fetched(self._whole(source["url"])))
        return passage

    def _whole(self, path: str) -> str:
        return self.page.url.rstrip("/") + path


@asynccontextmanager
async def visiting(browser: Browser, address: str, **options: Any) -> AsyncIterator[Visit]:
    """Open the page in a context of its own, and hold it to a silent console. `options` are those of Playwright's `new_context`.

    Nothing moves on it: a browser without a graphics card draws motion with the processor that the answer is made on.
    """
    async with page_in(browser, **{"reduced_motion": "reduce", **options}) as page:
        page.set_default_timeout(WAIT_S * 1_000)
        await page.add_init_script(PHASES)
        visit = Visit(page)
        with console_of(page) as console:
            await page.goto(address)
            await visit.wire.hears("askaloud.conversation")
            yield visit
            assert console == []

"""The browser's network cut for ten seconds in each of five states, as a reset and as a black hole: the page opens another socket
by itself, and the same conversation goes on. The whole service over real sockets; only the model is scripted, so that each state holds.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor
from tests.browser.driving import page_in
from tests.browser.network import Cut, Network, network
from tests.browser.visit import WAIT_S, Visit
from tests.contract.house import House, house
from tests.frontend.far_end import tone
from tests.scripted_model import Line

from askaloud.conversation.patience import Patience
from askaloud.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CUT_S = 10.0
"""How long the network is away."""
SILENCE_MS = 4_000
"""How much silence the page takes for a lost network here: it is said in the page, as whoever serves it may."""
HURRIED = Patience(heartbeat_s=0.5, tool_s=6.0)
"""More heartbeats in that silence than usual, for all states share the processor; and a search that is over before the network is back."""
WORDS, REST, THANKS = "You may work from abroad", " for thirty days.", "You are welcome."


@dataclass
class Scene:
    """What the model does: brings the conversation into a state, goes on behind the page's back, and answers one more question."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    mended: asyncio.Event = field(default_factory=asyncio.Event)

    async def thanked(self, line: Line) -> None:
        await self._asked(line)
        await line.answer("r9", "a9", THANKS)

    @staticmethod
    async def _asked(line: Line) -> None:
        item = (await line.read("conversation.item.create"))["item"]
        await line.say("conversation.item.added", item=item, previous_item_id=None)
        await line.read("response.create")

    async def idle(self, line: Line) -> None:
        await line.greet()
        await self.thanked(line)

    async def listening(self, line: Line) -> None:
        await line.greet()
        await line.read("input_audio_buffer.append")
        self.reached.set()
        await line.read_all_until(self.mended)
        await line.read("input_audio_buffer.append")
        await line.user_said("u", "How many days?")
        await line.answer("r1", "a1", WORDS + REST)
        await self.thanked(line)

    async def speaking(self, line: Line) -> None:
        await line.greet()
        await line.read("input_audio_buffer.append")
        await line.say("input_audio_buffer.speech_started", item_id="u", audio_start_ms=0)
        self.reached.set()
        await line.read_all_until(self.lost)
        await line.say("input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=900)
        await line.say("input_audio_buffer.committed", item_id="u", previous_item_id=None)
        item = {"id": "u", "type": "message", "role": "user", "status": "completed", "content": [{"type": "input_audio"}]}
        await line.say("conversation.item.added", item=item, previous_item_id=None)
        await line.say("conversation.item.input_audio_transcription.completed", item_id="u", content_index=0, transcript="How many days?")
        await line.answer("r1", "a1", WORDS + REST, previous="u")
        await self.thanked(line)

    async def searching(self, line: Line) -> None:
        await line.greet()
        await self._asked(line)
        await line.calls("s1", ("c1", "search", {"query": "days abroad"}))
        self.reached.set()
        await line.output()
        await line.read("response.create")
        await line.answer("r1", "a1", WORDS + REST)
        await self.thanked(line)

    async def answering(self, line: Line) -> None:
        await line.greet()
        await self._asked(line)
        await line.begin("r1")
        place: dict[str, Any] = {"response_id": "r1", "item_id": "a1", "output_index": 0, "content_index": 0}
        message = {"id": "a1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        await line.say("response.output_item.added", response_id="r1", output_index=0, item=message)
        await line.say("response.output_audio_transcript.delta", **place, delta=WORDS)
        await self._sound(line, place)
        self.reached.set()
        await self.lost.wait()
        await line.say("response.output_audio_transcript.delta", **place, delta=REST)
        await self._sound(line, place)
        await line.say("response.output_audio.done", **place)
        await line.end("r1", output=[{**message, "status": "completed"}])
        await self.thanked(line)

    @staticmethod
    async def _sound(line: Line, place: dict[str, Any]) -> None:
        await line.say("response.output_audio.delta", **place, delta=base64.b64encode(tone(2)).decode())


STATES: dict[str, tuple[str, str]] = {
    "idle": ("idle", ""),
    "listening": ("listening", "mic"),
    "speaking": ("hearing", "mic"),
    "searching": ("searching", "type"),
    "answering": ("speaking", "type"),
}
"""The phase that the page shows in each state, and what the person does to reach it."""


PATIENCE = f"document.addEventListener('readystatechange', () => document.body.setAttribute('data-silence-ms', '{SILENCE_MS}'))"
"""Written into the page before its scripts run, as whoever serves it may write it into its first line."""


@asynccontextmanager
async def cut_off(browser: Browser, state: str, how: Cut) -> AsyncIterator[tuple[Visit, Network, House, Scene]]:
    """A conversation in a state, and its network lost; the page has noticed."""
    scene, search = Scene(), ScriptedDoor()
    search.script("search", Answer(hangs=True))
    phase, wish = STATES[state]
    script: Callable[[Line], Awaitable[None]] = getattr(scene, state)
    async with network() as way:
        settings = Settings(allowed_origins=(way.origin,))
        async with house(script, search, settings=settings, patience=HURRIED) as home, page_in(browser, reduced_motion="reduce") as page:
            way.target = home.address
            await page.add_init_script(PATIENCE)
            visit = Visit(page)
            await page.goto(way.address)
            await visit.wire.hears("askaloud.conversation")
            if wish:
                await (visit.talk() if wish == "mic" else visit.type("How many days?"))
                await scene.reached.wait()
            await visit.in_phase(phase)
            way.cut(how)
            await visit.in_phase("reconnecting")
            scene.lost.set()
            yield visit, way, home, scene


async def _goes_on(browser: Browser, state: str, how: Cut) -> None:
    async with cut_off(browser, state, how) as (visit, way, home, scene):
        await asyncio.sleep(CUT_S)  # the network is away for so long: nothing is waited for here
        assert await visit.page.locator("ask-controls").get_attribute("data-phase") == "reconnecting"
        assert len(way.sockets) == 1
        if how is Cut.BLACK_HOLE:
            async with asyncio.timeout(WAIT_S):
                await way.knocked()  # so that the server has time to answer before the page gives up this attempt, too
        way.mend()
        scene.mended.set()
        back = await visit.wire.hears("askaloud.conversation", 2)
        first = visit.wire.heard("askaloud.conversation")[0]
        assert (back["resumed"], back["conversation_id"]) == (True, first["conversation_id"])
        assert len(way.sockets) == 2
        assert "resume=1" in way.sockets[1]
        assert first["resume_token"] not in way.sockets[1]
        if state != "idle":
            await expect(visit.page.locator(".answer .text").first).to_have_text(WORDS + REST)
            await expect(visit.page.locator(".question").first).to_have_text("How many days?")
        await visit.type("Thank you")
        await expect(visit.page.locator('.answer[data-status="done"] .text').last).to_have_text(THANKS)
        await _is_one_conversation(visit.page, home, articles=1 if state == "idle" else 2)


async def _is_one_conversation(page: Page, home: House, *, articles: int) -> None:
    await expect(page.get_by_role("article")).to_have_count(articles)
    await expect(page.locator(".divider")).to_have_count(0)
    assert (len(home.model.lines), len(home.app.lobby)) == (1, 1)
    created = [event["item"] for event in home.model.lines[0].heard if event["type"] == "conversation.item.create"]
    asked = [item for item in created if "role" in item]
    assert len({item["id"] for item in asked}) == len(asked), "nothing is asked twice"


@pytest.mark.parametrize("how", list(Cut), ids=[how.value for how in Cut])
async def test_a_conversation_goes_on_after_ten_seconds_without_a_network_whatever_it_was_doing(browser: Browser, how: Cut) -> None:
    async with asyncio.TaskGroup() as states:
        for state in STATES:
            states.create_task(_goes_on(browser, state, how), name=state)

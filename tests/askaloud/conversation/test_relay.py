"""Two sockets of one conversation and the tasks between them, over real sockets: tools that misbehave, people who do not listen."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.askaloud.conversation import moderators
from tests.askaloud.conversation.room import noted, raises, room, searches, tools
from tests.askaloud.conversation.wire import settled
from tests.contract.house import HEARD_MAX_S
from tests.scripted_model import Line

from askaloud.conversation.actions import End, ToBrowser
from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.policy import Choice, Policy
from askaloud.conversation.relay import Relay
from askaloud.tool import Call, Outcome, Tool, Toolbox

SHORT = replace(PATIENCE, tool_s=0.05, hang_up_s=0.05, moderator_s=0.05)
"""Patience for the tests that wait for its end."""


async def never_returns(call: Call) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets that event")


async def test_sound_flows_both_ways_while_a_tool_runs() -> None:
    finish = asyncio.Event()

    async def slow(call: Call) -> Outcome:
        await finish.wait()
        return Outcome("found")

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.call("r1", "c1", "search", {"query": "x"})
        await line.speak("r1", "i1", "One moment, please.")
        await line.read("input_audio_buffer.append")
        finish.set()
        await line.end("r1")
        await line.output()

    async with room(script, tools(slow)) as here, here.visit() as page:
        await page.ask("How many?")
        await page.hear("response.output_audio.delta")
        await page.sound(960)
        await page.hear("response.done")


async def test_when_the_person_vanishes_the_model_is_hung_up_and_the_tools_are_cancelled() -> None:
    cancelled, hung_up = asyncio.Event(), asyncio.Event()

    async def slow(call: Call) -> Outcome:
        try:
            return await never_returns(call)
        finally:
            cancelled.set()

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.speak("r1", "i1", "You can")
        await line.call("r1", "c1", "search", {"query": "x"})
        await line.until_hung_up()
        hung_up.set()

    async with room(script, tools(slow), patience=replace(PATIENCE, resume_s=0.0)) as here:
        async with here.visit() as page:
            await page.ask("How many?")
            await page.hear("askaloud.searching")
            page.socket.transport.abort()
            async with asyncio.timeout(HEARD_MAX_S):
                await cancelled.wait()
                await hung_up.wait()
        await here.empty()


def narrow(address: str) -> socket.socket:
    """A connection of which the far side soon notices that nobody reads."""
    host, _, port = address.partition(":")
    pipe = socket.socket()
    pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    pipe.connect((host, int(port)))
    pipe.setblocking(False)
    return pipe


async def test_a_person_who_reads_slowly_hears_everything_in_its_order() -> None:
    count, filler = 800, "." * 8_000  # 6 MB: more than the sockets between them hold

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        place = {"response_id": "r1", "item_id": "i1", "output_index": 0, "content_index": 0}
        for number in range(count):
            await line.say("response.output_audio_transcript.delta", **place, delta=f"{number} {filler}")
        await line.end("r1")

    async with room(script, tools(raises)) as here, here.visit(max_queue=1, sock=narrow(here.address)) as page:
        await page.ask("Everything, please")
        await page.hear("askaloud.usage")
        numbers = [int(event["delta"].split()[0]) for event in page.heard if event["type"].endswith("transcript.delta")]
        assert numbers == list(range(count))


async def test_a_person_who_never_reads_holds_neither_the_model_nor_a_place_in_the_lobby() -> None:
    hung_up = asyncio.Event()

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        try:
            for number in range(40):
                await line.speak("r1", f"i{number}", "More.", audio=bytes(192_000))  # 160 s of sound
            await line.until_hung_up()
        finally:
            hung_up.set()

    async with room(script, tools(raises), patience=SHORT) as here, here.visit(max_queue=1, sock=narrow(here.address)) as deaf:
        await deaf.say("response.create")
        async with asyncio.timeout(HEARD_MAX_S):
            await hung_up.wait()
        await here.empty()
        assert await deaf.end() == (1008, "too slow"), "who reads after all hears why"
        assert deaf.codes() == ["too_slow"]
        assert deaf.heard[-1]["type"] == "askaloud.notice"


async def test_a_person_who_does_not_read_goodbye_in_time_is_dropped() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        for number in range(40):
            await line.speak("r1", f"i{number}", "More.", audio=bytes(192_000))
        await line.until_hung_up()

    hasty = replace(SHORT, goodbye_s=0.05)
    async with room(script, tools(raises), patience=hasty) as here, here.visit(max_queue=1, sock=narrow(here.address)) as deaf:
        await deaf.say("response.create")
        async with asyncio.timeout(HEARD_MAX_S):
            await here.gone.wait()
        assert (await deaf.end())[0] == 1006, "a broken connection, no late goodbye"


class Hesitant:
    """A browser that is slow over one frame and then, before that one is sent, quick again."""

    def __init__(self) -> None:
        self.quick = True
        self.got: list[str] = []
        self.hesitates, self.goes_on = asyncio.Event(), asyncio.Event()
        self.lost = False

    async def receive(self) -> str | None:
        await asyncio.Event().wait()
        return None

    def send_now(self, text: str) -> bool:
        if self.quick:
            self.got.append(text)
        return self.quick

    async def send(self, text: str) -> None:
        self.hesitates.set()
        await self.goes_on.wait()
        self.got.append(text)

    async def close(self, code: int, reason: str) -> None:
        return

    def drop(self) -> None:
        return


async def test_no_frame_overtakes_one_that_was_taken_from_the_queue_and_not_yet_sent() -> None:
    async def nowhere(hear: object) -> Any:
        raise AssertionError("nobody speaks to the model")

    browser, relay = Hesitant(), Relay(settled(), nowhere)
    attached = asyncio.create_task(relay.attach(browser))
    await asyncio.sleep(0)
    browser.quick = False
    relay.dismiss([ToBrowser(b"first")])
    await browser.hesitates.wait()
    browser.quick = True
    relay.dismiss([ToBrowser(b"second")])
    browser.goes_on.set()
    relay.dismiss([End(1000, "goodbye")])
    _, visit = await attached
    await relay.part(visit)
    assert browser.got[-2:] == ["first", "second"]


@dataclass(frozen=True, slots=True)
class BrokenBox(Toolbox):
    """Tools that cannot even be listed."""

    def schemas(self) -> list[dict[str, Any]]:
        raise LookupError("planted words")


@dataclass(frozen=True, slots=True)
class ForgetfulBox(Toolbox):
    """Tools that cannot be found."""

    def named(self, name: str) -> Tool | None:
        raise LookupError("planted words")


@dataclass(frozen=True, slots=True)
class BrokenPolicy(Policy):
    """A policy that cannot choose."""

    def choose(self, before: Choice, wish: Any) -> Choice:
        raise LookupError("planted words")


@pytest.mark.parametrize(
    ("toolbox", "policy", "where"),
    [
        (BrokenBox, None, "before the model is told"),
        (ForgetfulBox, None, "while the model speaks"),
        (tools(noted), BrokenPolicy("test-model", "secret"), "while the person speaks"),
    ],
    ids=["conversation", "model", "browser"],
)
async def test_a_mistake_of_ours_ends_this_conversation_with_1011_and_no_other(
    toolbox: Any, policy: Policy | None, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        room(searches, toolbox, policy=policy, patience=SHORT) as here,
        here.visit() as other,
        here.visit() as page,
    ):
        await other.hear("session.created")
        await page.ask("How many?")
        await page.say("session.update", session={"type": "realtime"})
        assert await page.end() == (1011, "internal error"), where
        assert page.codes() == ["internal_error"]
        assert "planted words" not in json.dumps(page.heard) + caplog.text
        await other.say("nonsense")
        await other.hear("error")


@pytest.mark.parametrize(
    ("moderator", "why"), [(moderators.raises, "raised RuntimeError"), (moderators.silent, "did not answer within 0.05 s")]
)
async def test_what_a_moderator_could_not_judge_is_not_answered_and_the_log_says_why_in_none_of_its_words(
    moderator: Any, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.user_said("u1", "planted words")
        assert (await line.read("conversation.item.delete"))["item_id"] == "u1"
        assert "response.create" not in [event["type"] for event in line.heard]

    policy = Policy("test-model", moderator=moderator)
    async with room(script, tools(noted), patience=SHORT, policy=policy) as here, here.visit() as visitor:
        await visitor.say("input_audio_buffer.clear")
        assert (await visitor.hear("askaloud.notice"))["code"] == "message_unchecked"
    assert f"the moderator {why}" in caplog.text
    assert "planted" not in caplog.text


async def test_an_answer_is_cancelled_when_speech_over_it_has_lasted_and_not_before() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.say("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0)
        await line.say("input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=200)
        await line.say("input_audio_buffer.committed", item_id="u1", previous_item_id=None)
        assert (await line.read())["type"] == "conversation.item.delete"
        await line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=0)
        assert (await line.read())["type"] == "response.cancel"

    policy = Policy("test-model", interrupt_after_ms=100, silence_duration_ms=200)
    async with room(script, tools(noted), policy=policy) as here, here.visit() as visitor:
        await visitor.say("response.create")
        for kind, item_id in (("paused", "u1"), ("resumed", "u1"), ("paused", "u2")):
            await visitor.hear(f"askaloud.{kind}", item_id=item_id)
        await visitor.hear("input_audio_buffer.speech_started", item_id="u2")
        assert "u1" not in [event["item_id"] for event in visitor.heard if event["type"].startswith("input_audio_buffer.speech")]

"""A page whose network was away comes back to its conversation, and misses nothing that was said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.contract.house import House, Visitor, answers, house
from tests.scripted_model import Line
from websockets.asyncio.client import connect

from askaloud.conversation.patience import Patience

LOST_S = 60.0


def greeting(page: Visitor) -> dict[str, Any]:
    """The last word about whose conversation it is."""
    return [event for event in page.heard if event["type"] == "askaloud.conversation"][-1]


def break_off(page: Visitor) -> None:
    """The network is gone: no goodbye."""
    page.socket.transport.abort()


@asynccontextmanager
async def returning(home: House, conversation_id: str, token: str, last_event_id: str | None = None) -> AsyncIterator[Visitor]:
    async with connect(f"ws://{home.address}/v1/realtime?askaloud=1&resume=1", max_size=None, compression=None) as socket:
        page = Visitor(socket)
        await page.say("askaloud.resume", conversation_id=conversation_id, resume_token=token, last_event_id=last_event_id)
        await page.hear("askaloud.conversation")
        yield page


async def away(caplog: pytest.LogCaptureFixture) -> None:
    """Until the server has noticed."""
    async with asyncio.timeout(LOST_S):
        while "its browser is away" not in caplog.text:  # noqa: ASYNC110 - the log offers text, no event
            await asyncio.sleep(0.005)


async def test_the_same_conversation_goes_on_with_what_was_missed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    gone, answered = asyncio.Event(), asyncio.Event()

    async def answers_later(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await gone.wait()
        await line.speak("r1", "a1", "Thirty days.")
        await line.end("r1")
        answered.set()
        await line.read("response.create")
        await line.answer("r2", "a2", "You are welcome.")

    async with house(answers_later) as home:
        async with home.visit() as page:
            await page.ask("How many days?")
            await page.hear("askaloud.conversation")
            who = greeting(page)
            last = page.heard[-1]["event_id"]
            break_off(page)
        await away(caplog)
        gone.set()
        await answered.wait()
        async with returning(home, who["conversation_id"], who["resume_token"], last) as page:
            assert greeting(page)["resumed"]
            assert greeting(page)["conversation_id"] == who["conversation_id"]
            assert greeting(page)["resume_token"] != who["resume_token"]
            await page.hear("response.output_audio_transcript.done", transcript="Thirty days.")
            await page.hear("response.done")
            assert "response.output_audio.delta" not in page.kinds(), "sound that nobody heard in time"
            assert len(home.app.lobby) == 1
            await page.ask("Thank you")
            await page.hear("response.output_audio_transcript.done", transcript="You are welcome.")
        assert len(home.model.lines) == 1


async def test_nothing_that_was_heard_is_said_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with house(answers) as home:
        async with home.visit() as page:
            await page.ask("Hello")
            await page.hear("askaloud.usage")
            who, last = greeting(page), page.heard[-1]["event_id"]
            break_off(page)
        await away(caplog)
        async with returning(home, who["conversation_id"], who["resume_token"], last) as page:
            await page.say("session.update", session={"type": "realtime"})
            await page.hear("session.updated")
            assert set(page.kinds()) <= {"session.updated", "askaloud.conversation", "askaloud.heartbeat"}


@pytest.mark.parametrize("wrong", ["token", "id", "an old token"])
async def test_without_its_token_nobody_comes_into_a_conversation(wrong: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with house(answers) as home:
        async with home.visit() as page:
            await page.hear("askaloud.conversation")
            who = greeting(page)
            break_off(page)
        await away(caplog)
        token = who["resume_token"]
        if wrong == "an old token":
            async with returning(home, who["conversation_id"], token) as back:
                await back.say("session.update", session={"type": "realtime"})
                await back.hear("session.updated")
                break_off(back)
        else:
            token = token if wrong == "id" else "A" * len(token)
        conversation_id = "someone-elses" if wrong == "id" else who["conversation_id"]
        async with returning(home, conversation_id, token) as stranger:
            assert not greeting(stranger)["resumed"]
            assert greeting(stranger)["conversation_id"] != who["conversation_id"]
        assert token not in caplog.text


async def test_a_second_socket_takes_over_from_one_that_is_not_known_to_be_dead() -> None:
    async with house(answers) as home, home.visit() as page:
        await page.hear("askaloud.conversation")
        who = greeting(page)
        async with returning(home, who["conversation_id"], who["resume_token"]) as second:
            assert greeting(second)["resumed"]
            assert (await page.end())[0] == 1006, "the first one is dropped"
            await second.ask("Hello")
            await second.hear("response.done")
            assert len(home.app.lobby) == 1


async def test_a_page_that_never_got_its_new_token_comes_back_with_the_one_before(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with house(answers) as home:
        async with home.visit() as page:
            await page.hear("askaloud.conversation")
            who = greeting(page)
            break_off(page)
        await away(caplog)
        for _ in range(3):
            async with returning(home, who["conversation_id"], who["resume_token"]) as lost:
                assert greeting(lost)["resumed"]
                break_off(lost)
        async with returning(home, who["conversation_id"], who["resume_token"]) as again:
            assert greeting(again)["resumed"]


async def test_after_its_grace_a_conversation_is_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with house(answers, patience=Patience(resume_s=0.2)) as home:
        async with home.visit() as page:
            await page.hear("askaloud.conversation")
            who = greeting(page)
            assert who["grace_ms"] == 200
            break_off(page)
        await home.empty()
        async with returning(home, who["conversation_id"], who["resume_token"]) as late:
            assert not greeting(late)["resumed"]


async def test_a_page_that_says_goodbye_is_not_waited_for() -> None:
    async with house(answers) as home:
        async with home.visit() as page:
            await page.hear("askaloud.conversation")
        await home.empty()


async def test_another_client_gets_no_way_back_and_is_not_waited_for() -> None:
    async with house(answers) as home:
        async with home.visit(own_events=False) as page:
            break_off(page)
        await home.empty()


async def test_a_page_that_is_gone_before_it_says_which_conversation_was_its_own_begins_none(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with house(answers) as home:
        for _ in range(5):
            gone = await connect(f"ws://{home.address}/v1/realtime?askaloud=1&resume=1", compression=None)
            gone.transport.abort()
        async with home.visit() as page:
            await page.ask("Hello")
            await page.hear("response.done")
            assert len(home.app.lobby) == 1
        await home.empty()
    assert caplog.text.count(": begins") == 1


@pytest.mark.parametrize("first", ['{"type":"askaloud.resume"}', "not JSON", '{"type":"response.create"}'])
async def test_a_first_frame_that_is_no_return_begins_a_new_conversation(first: str) -> None:
    async with (
        house(answers) as home,
        connect(f"ws://{home.address}/v1/realtime?askaloud=1&resume=1", max_size=None, compression=None) as socket,
    ):
        await socket.send(first)
        page = Visitor(socket)
        await page.hear("askaloud.conversation")
        assert not greeting(page)["resumed"]


async def test_a_server_that_goes_away_does_not_wait_for_pages_that_are_away(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with house(answers) as home:
        async with home.visit() as page:
            await page.ask("Hello")
            await page.hear("askaloud.usage")
            break_off(page)
        await away(caplog)
        await home.app.drain()
        assert len(home.app.lobby) == 0

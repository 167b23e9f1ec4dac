"""The conversations that are alive: bounded, let go of when they are over, ended together when the server goes away."""

from __future__ import annotations

import pytest
from tests.askaloud.conversation.room import noted, room, tools
from tests.scripted_model import Line

from askaloud.conversation.lobby import new_id


async def greets(line: Line) -> None:
    await line.greet()


async def test_it_holds_as_many_as_it_may_and_makes_room_when_one_is_over() -> None:
    async with room(greets, tools(noted), limit=2) as here:
        async with here.visit() as one, here.visit() as two:
            await one.hear("session.created")
            await two.hear("session.created")
            assert len(here.lobby) == 2
            async with here.visit() as third:
                await third.hear("Full")
        await here.empty()
        async with here.visit() as again:
            await again.hear("session.created")


async def test_one_whose_browser_left_without_a_word_makes_room_and_one_that_was_spoken_to_does_not() -> None:
    async with room(greets, tools(noted), limit=1) as here:
        for _ in range(3):
            async with here.visit() as knocking:
                await knocking.hear("session.created")
                knocking.socket.transport.abort()
            await here.gone.wait()
            here.gone.clear()
        async with here.visit() as talking:
            await talking.say("session.update", session={})
            await talking.hear("session.updated")
            async with here.visit() as late:
                await late.hear("Full")
            await here.gone.wait()
            here.gone.clear()
            talking.socket.transport.abort()
        await here.gone.wait()
        assert len(here.lobby) == 1, "it is waited for"
        async with here.visit() as late:
            await late.hear("Full")
        await here.lobby.drain()


async def test_draining_says_goodbye_to_everybody_and_lets_nobody_in() -> None:
    async with room(greets, tools(noted)) as here, here.visit() as talking, here.visit() as silent:
        await talking.say("input_audio_buffer.clear")
        await silent.hear("session.created")
        await here.lobby.drain()
        assert len(here.lobby) == 0
        for page in (talking, silent):
            assert await page.end() == (1001, "server going away")
            assert page.codes() == ["server_going_away"]
        async with here.visit() as late:
            await late.hear("Closed")


async def test_draining_an_empty_lobby_waits_for_nothing() -> None:
    async with room(greets, tools(noted)) as here:
        for _ in range(2):
            with pytest.raises(StopIteration):  # one step of it is all of it
                here.lobby.drain().send(None)


def test_ids_are_never_alike() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000

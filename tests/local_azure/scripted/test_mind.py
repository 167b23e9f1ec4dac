"""A script at work: through the protocol, over real sockets, with the official client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.local_azure.realtime.doubles import EnergyEars, Event, Talk, ToneMouth, app_with, connected, talking
from tests.serving import serving
from websockets.exceptions import ConnectionClosed

from local_azure.realtime.parts import ConversationId, Moment
from local_azure.scripted.mind import ScriptedMind
from local_azure.scripted.script import Script, load


def read(folder: Path, *turns: Any, **others: Any) -> Script:
    path = folder / "script.json"
    path.write_text(json.dumps({"turns": turns, **others}))
    return load(path)


@asynccontextmanager
async def following(script: Script) -> AsyncIterator[Talk]:
    async with talking(ScriptedMind(script)) as talk:
        yield talk


async def asked(talk: Talk, words: str = "A question", **response: Any) -> Event:
    await talk.say(words)
    return await talk.respond(**response)


def words_of(done: Event) -> str:
    return " ".join(part.get("transcript") or part["text"] for item in done["output"] for part in item.get("content", ()))


async def closed(talk: Talk) -> tuple[int, str]:
    """Read until the server closes: with what."""
    close = None
    while close is None:
        try:
            await talk.next()
        except ConnectionClosed as end:
            close = end.rcvd
    return close.code, close.reason


async def test_each_turn_takes_its_own_steps_and_further_ones_the_default(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"say": "One."}], [{"say": "Two. And a half."}], further=[{"say": "No more."}])) as talk:
        assert [words_of(await asked(talk)) for _ in range(4)] == ["One.", "Two. And a half.", "No more.", "No more."]


async def test_it_speaks_or_writes_as_the_session_asks(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"say": "Spoken."}], [{"say": "Written."}])) as talk:
        await asked(talk)
        assert len(talk.of("response.output_audio.delta")) == 1
        done = await asked(talk, output_modalities=["text"])
        assert done["output"][0]["content"] == [{"type": "output_text", "text": "Written."}]
        assert len(talk.of("response.output_audio.delta")) == 1


async def test_a_greeting_takes_the_first_turn_and_every_conversation_begins_at_the_beginning(tmp_path: Path) -> None:
    script = read(tmp_path, [{"say": "Welcome."}], [{"say": "An answer."}])
    async with serving(app_with(EnergyEars(), ToneMouth(), ScriptedMind(script))) as address:
        for _ in range(2):
            async with connected(address) as talk:
                assert words_of(await talk.respond()) == "Welcome."
                assert words_of(await asked(talk)) == "An answer."


async def test_several_calls_stand_in_one_response_and_it_goes_on_when_all_have_their_outputs(tmp_path: Path) -> None:
    steps = [{"say": "Wait."}, {"call": "a", "arguments": {"x": 1}}, {"call": "unknown"}, {"wait": "outputs"}, {"say": "Done."}]
    async with following(read(tmp_path, steps)) as talk:
        done = await asked(talk)
        assert [(item["type"], item.get("name"), item.get("arguments")) for item in done["output"]] == [
            ("message", None, None),
            ("function_call", "a", '{"x": 1}'),
            ("function_call", "unknown", "{}"),
        ]
        for call in done["output"][1:]:
            assert (await talk.respond())["output"] == []
            item = {"type": "function_call_output", "call_id": call["call_id"], "output": "42"}
            await talk.ask({"type": "conversation.item.create", "item": item}, "conversation.item.done")
        assert words_of(await talk.respond()) == "Done."
        assert (await talk.respond())["output"] == []


async def test_a_response_that_fails_in_the_middle_keeps_what_it_said_and_the_next_goes_on(tmp_path: Path) -> None:
    steps = [{"say": "I was about"}, {"fail": "model_overloaded", "message": "Too busy."}, {"say": "Second try."}]
    async with following(read(tmp_path, steps, [{"say": "Next."}])) as talk:
        done = await asked(talk)
        assert done["status"] == "failed"
        error = {"type": "server_error", "code": "model_overloaded", "message": "Too busy."}
        assert done["status_details"] == {"type": "failed", "error": error}
        assert [(item["status"], words_of(done)) for item in done["output"]] == [("incomplete", "I was about")]
        assert words_of(await talk.respond()) == "Second try."
        assert words_of(await asked(talk)) == "Next."


async def test_a_response_ends_incomplete_for_either_reason(tmp_path: Path) -> None:
    async with following(
        read(tmp_path, *([{"say": "A"}, {"incomplete": reason}] for reason in ("max_output_tokens", "content_filter")))
    ) as talk:
        for reason in ("max_output_tokens", "content_filter"):
            done = await asked(talk)
            assert (done["status"], done["status_details"]) == ("incomplete", {"type": "incomplete", "reason": reason})


async def test_an_error_event_does_not_end_the_response(tmp_path: Path) -> None:
    steps = [{"say": "Before."}, {"error": "odd_code", "message": "Odd.", "type": "odd_type"}, {"say": "After."}]
    async with following(read(tmp_path, steps)) as talk:
        assert words_of(await asked(talk)) == "Before. After."
        error = talk.of("error")[0]["error"]
        assert error == {"type": "odd_type", "code": "odd_code", "message": "Odd.", "param": None, "event_id": None}


async def test_it_hangs_up_with_the_code_once_what_it_said_has_been_sent(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"say": "Good bye everybody."}, {"close": 1001, "reason": "going away"}])) as talk:
        await talk.say("Hello")
        await talk.send({"type": "response.create"})
        assert await closed(talk) == (1001, "going away")
        assert "".join(event["delta"] for event in talk.of("response.output_audio_transcript.delta")) == "Good bye everybody."
        assert talk.of("response.done") == []


async def test_a_wait_is_ended_by_cancelling_and_what_was_left_of_the_response_is_dropped(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"say": "Hm."}, {"wait": 3_600_000}, {"say": "Never."}], [{"say": "Next."}])) as talk:
        await talk.say("Hello")
        await talk.ask({"type": "response.create"}, "response.output_audio_transcript.delta")
        done = (await talk.ask({"type": "response.cancel"}, "response.done"))["response"]
        assert (done["status"], words_of(done)) == ("cancelled", "Hm.")
        assert (await talk.respond())["output"] == []
        assert words_of(await asked(talk)) == "Next."


async def test_a_wait_passes(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"wait": 1}, {"say": "At last."}])) as talk:
        assert words_of(await asked(talk)) == "At last."


async def test_a_response_beside_the_conversation_takes_no_turn(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"say": "One."}], beside=[{"say": "Aside."}])) as talk:
        await talk.say("A question")
        assert words_of(await talk.respond(conversation="none")) == "Aside."
        assert words_of(await talk.respond()) == "One."


async def test_two_messages_before_an_answer_are_one_turn(tmp_path: Path) -> None:
    async with following(read(tmp_path, [{"say": "One."}], [{"say": "Two."}])) as talk:
        await talk.say("A question")
        assert words_of(await asked(talk)) == "One."
        assert words_of(await asked(talk)) == "Two."


async def test_a_conversation_that_waits_for_long_keeps_its_place_and_one_that_is_over_leaves_none(tmp_path: Path) -> None:
    mind = ScriptedMind(read(tmp_path, [{"say": "One."}], further=[{"say": "More."}]))

    async def said(conversation: ConversationId, turn: int) -> list[Any]:
        return [thought.sentence async for thought in mind.think(Moment((), conversation=conversation, turn=turn))]  # type: ignore[union-attr]  # only said

    first = ConversationId("first")
    assert await said(first, 1) == ["One."]
    for number in range(2_000):
        assert await said(ConversationId(f"other {number}"), 1) == ["One."]
    assert await said(first, 2) == ["More."]
    assert mind.places == 1

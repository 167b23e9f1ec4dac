"""A chat server for a mind: a scripted one over a real socket, and the official client at the Realtime door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.local_azure.chat.far_server import (
    DONE,
    WAIT_S,
    FarServer,
    Reply,
    breaks,
    calls,
    calls_for,
    chat_server,
    refuses,
    says,
    silent,
    stalls,
    streams,
    words,
)
from tests.local_azure.realtime.doubles import Event, Talk, talking, tone

from local_azure.chat.answer import ANSWER_MAX_CHARS
from local_azure.chat.mind import ANSWER_MAX_S, SILENCE_S, ChatMind
from local_azure.chat.server import ChatServer

TOOL = {"type": "function", "name": "search", "description": "Finds.", "parameters": {"type": "object", "properties": {}}}


@asynccontextmanager
async def chatting(
    *replies: Reply, key: str = "", silence_s: float = SILENCE_S, answer_max_s: float = ANSWER_MAX_S
) -> AsyncIterator[tuple[Talk, FarServer]]:
    async with (
        chat_server(*replies, key=key) as (far, server),
        ChatMind(server, silence_s=silence_s, answer_max_s=answer_max_s) as mind,
        talking(mind) as talk,
    ):
        yield talk, far


async def asked(talk: Talk, question: str = "How many days?", **response: Any) -> Event:
    await talk.say(question)
    return await talk.respond(**response)


def said(done: Event) -> str:
    return "".join(part.get("transcript", part.get("text")) for item in done["output"] for part in item.get("content", ()))


def failure(done: Event) -> str:
    assert done["status"] == "failed"
    error = done["status_details"]["error"]
    assert error["type"] == "server_error"
    assert error["message"].endswith(".")
    return str(error["code"])


async def test_the_first_sentence_is_spoken_while_the_rest_is_still_being_written() -> None:
    heard = asyncio.Event()
    reply = streams(words("Twenty"), words(" days. And"), heard, words(" ten more."), words(finish="stop"), DONE)
    async with chatting(reply) as (talk, _):
        await talk.say("How many days?")
        await talk.ask({"type": "response.create"}, "response.output_audio.delta")
        heard.set()
        done = (await talk.until("response.done"))["response"]
    assert said(done) == "Twenty days. And ten more."
    assert done["status"] == "completed"


async def test_the_server_is_asked_with_all_that_the_session_says() -> None:
    async with chatting(says("Yes."), key="a-planted-key") as (talk, far):
        await talk.update(instructions="Be brief.", tools=[TOOL], tool_choice={"type": "function", "name": "search"})
        await asked(talk)
    assert far.paths == ["/v1/chat/completions"]
    assert far.headers[0]["authorization"] == "Bearer a-planted-key"
    assert far.requests[0] == {
        "model": "a-model",
        "stream": True,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How many days?"}],
        "tools": [{"type": "function", "function": {name: TOOL[name] for name in ("name", "description", "parameters")}}],
        "tool_choice": {"type": "function", "function": {"name": "search"}},
    }


async def test_tools_are_left_out_where_none_may_be_called_and_choices_are_handed_on() -> None:
    async with chatting(says("Yes.")) as (talk, far):
        await talk.update(tools=[TOOL], tool_choice="none")
        await asked(talk)
        await asked(talk, tool_choice="required")
        await asked(talk, tool_choice="auto")
    assert [request.get("tool_choice") for request in far.requests] == [None, "required", "auto"]
    assert ["tools" in request for request in far.requests] == [False, True, True]


async def test_calls_that_come_in_pieces_are_told_whole_and_their_outputs_go_back() -> None:
    pieces = (
        words("Let me look."),
        calls((0, "x", "sea", None)),
        calls((0, None, "rch", '{"que'), (1, "y", "search", "")),
        calls((1, None, None, '{"query": "b"}'), (0, None, None, 'ry": "a"}')),
        words(finish="tool_calls"),
    )
    async with chatting(streams(*pieces, DONE), says("Found.")) as (talk, far):
        await talk.update(tools=[TOOL])
        done = await asked(talk)
        made = [item for item in done["output"] if item["type"] == "function_call"]
        assert [(item["name"], item["arguments"]) for item in made] == [("search", '{"query": "a"}'), ("search", '{"query": "b"}')]
        for call, output in zip(made, ("one", "two"), strict=True):
            item = {"type": "function_call_output", "call_id": call["call_id"], "output": output}
            await talk.ask({"type": "conversation.item.create", "item": item}, "conversation.item.done")
        assert said(await talk.respond()) == "Found."
    assert [message["role"] for message in far.messages()][1:] == ["user", "assistant", "tool", "tool"]
    assert [message["content"] for message in far.messages()][2:] == ["Let me look.", "one", "two"]
    assert [call["id"] for call in far.messages()[2]["tool_calls"]] == [call["call_id"] for call in made]


FAILURES: dict[str, tuple[Reply, str, str]] = {
    "a wrong key": (refuses(401), "chat_key_refused", ""),
    "no right": (refuses(403), "chat_key_refused", ""),
    "an unknown model": (refuses(404), "chat_model_not_found", ""),
    "too much to do": (refuses(429), "rate_limit_exceeded", ""),
    "a server that fails": (refuses(500), "chat_refused", ""),
    "a page instead of an answer": (refuses(200, "<html>planted words</html>"), "chat_garbled", ""),
    "no JSON": (streams("data: {planted words\n\n"), "chat_garbled", ""),
    "another shape": (streams('data: {"choices": 7}\n\n'), "chat_garbled", ""),
    "no object": (streams("data: 7\n\n"), "chat_garbled", ""),
    "no text": (streams(words("Yes. N").replace('"Yes. N"', "5")), "chat_garbled", ""),
    "an answer that stops": (streams(words("Yes. N")), "chat_cut_off", "Yes. N"),
    "a connection that breaks": (breaks(words("Yes. N"), "data: {"), "chat_cut_off", "Yes."),
    "an error within": (streams(words("Yes. N"), 'data: {"error": {"message": "planted words"}}\n\n'), "chat_failed", "Yes."),
    "half a call": (streams(calls((0, "x", "search", '{"que'))), "chat_cut_off", ""),
    "no end": (streams(words("x" * (ANSWER_MAX_CHARS + 1) + ". ")), "chat_too_long", ""),
}


@pytest.mark.parametrize(("reply", "code", "before"), FAILURES.values(), ids=FAILURES.keys())
async def test_whatever_fails_ends_the_response_with_its_code_and_the_conversation_goes_on(
    reply: Reply, code: str, before: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with chatting(reply, says("I am back.")) as (talk, _):
        done = await asked(talk, output_modalities=["text"])
        assert failure(done) == code
        assert "planted words" not in f"{talk.events}{caplog.text}"
        assert "/chat/completions" not in caplog.text
        if before:
            assert said(done) == before
            assert done["output"][0]["status"] == "incomplete"
        assert [item for item in done["output"] if item["type"] == "function_call"] == []
        assert said(await asked(talk, "And now?", output_modalities=["text"])) == "I am back."


async def test_a_server_that_is_not_there_is_told() -> None:
    async with chat_server(silent) as (_, server):
        pass  # now nobody listens there
    async with ChatMind(server) as mind, talking(mind) as talk:
        assert failure(await asked(talk)) == "chat_unreachable"


@pytest.mark.parametrize(
    ("reply", "silence_s", "answer_max_s"),
    [(silent, 0.2, 60.0), (stalls, 0.2, 60.0), (stalls, 60.0, 0.2)],
    ids=["no answer", "no more", "no end"],
)
async def test_a_server_that_falls_silent_is_told(reply: Reply, silence_s: float, answer_max_s: float) -> None:
    async with chatting(reply, silence_s=silence_s, answer_max_s=answer_max_s) as (talk, _):
        assert failure(await asked(talk)) == "chat_timeout"


async def test_cancelling_cuts_the_request_off() -> None:
    async with chatting(streams(words("A long. Story"), asyncio.Event())) as (talk, far):
        await talk.say("Tell me.")
        await talk.ask({"type": "response.create"}, "response.output_audio.delta")
        done = (await talk.ask({"type": "response.cancel"}, "response.done"))["response"]
        assert done["status"] == "cancelled"
        async with asyncio.timeout(WAIT_S):
            await far.gone.wait()


async def test_speaking_over_it_cuts_the_request_off_before_its_first_word() -> None:
    async with chatting(silent) as (talk, far):
        await talk.say("Tell me.")
        await talk.ask({"type": "response.create"}, "response.created")
        async with asyncio.timeout(WAIT_S):
            await far.asked.wait()
        await talk.append(tone(300))
        done = (await talk.until("response.done"))["response"]
        assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
        async with asyncio.timeout(WAIT_S):
            await far.gone.wait()


@pytest.mark.parametrize(("finish", "reason"), [("length", "max_output_tokens"), ("content_filter", "content_filter")])
async def test_an_answer_that_the_server_ends_early_is_incomplete(finish: str, reason: str) -> None:
    async with chatting(streams(words("Twenty da"), words(finish=finish), DONE)) as (talk, _):
        done = await asked(talk)
    assert (done["status"], done["status_details"]) == ("incomplete", {"type": "incomplete", "reason": reason})
    assert said(done) == "Twenty da"


async def test_new_lines_of_a_written_answer_stay() -> None:
    async with chatting(says("Two things:\n\n- tea\n- milk")) as (talk, _):
        assert said(await asked(talk, output_modalities=["text"])) == "Two things:\n\n- tea\n- milk"


async def test_a_conversation_goes_back_whole() -> None:
    async with chatting(calls_for("search", {}), says("One."), says("Two.")) as (talk, far):
        call = (await asked(talk))["output"][0]
        item = {"type": "function_call_output", "call_id": call["call_id"], "output": "passages"}
        await talk.ask({"type": "conversation.item.create", "item": item}, "conversation.item.done")
        await talk.respond()
        await asked(talk, "And then?")
    roles = [message["role"] for message in far.messages()]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]


def test_a_key_is_not_shown() -> None:
    assert "secret" not in repr(ChatServer("http://127.0.0.1/v1", "m", "secret"))

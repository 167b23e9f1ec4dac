from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from tests.local_azure.realtime.doubles import EnergyEars, ScriptedMind, Talk, ToneMouth, talking, tone

from local_azure.realtime import history
from local_azure.realtime.history import History
from local_azure.realtime.items import Item, Part
from local_azure.realtime.parts import Called, CallTool, Returned, Said, Say


def message(words: str = "hello", role: str = "user", **more: Any) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": words}], **more}


async def create(talk: Talk, item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return await talk.ask({"type": "conversation.item.create", "item": item, **more}, "conversation.item.added")


async def test_items_stand_in_the_order_that_was_asked_for_and_the_mind_sees_it() -> None:
    mind = ScriptedMind([Say("Yes.")])
    async with talking(mind) as talk:
        first = await create(talk, message("two", id="second"))
        after = await create(talk, message("three", id="third"))
        root = await create(talk, message("one", role="system", id="first"), previous_item_id="root")
        between = await create(talk, message("two and a half", role="assistant", id="between"), previous_item_id="second")
        await talk.respond()
    assert (first["previous_item_id"], after["previous_item_id"]) == (None, "second")
    assert (root["previous_item_id"], between["previous_item_id"]) == (None, "second")
    assert mind.moments[0].items == (Said("system", "one"), Said("user", "two"), Said("assistant", "two and a half"), Said("user", "three"))


async def test_every_item_is_added_and_done() -> None:
    async with talking() as talk:
        await talk.say("hello")
    added, done = talk.events[-2:]
    assert (added["type"], done["type"]) == ("conversation.item.added", "conversation.item.done")
    assert added["item"] == done["item"]
    assert added["item"]["status"] == "completed"


WRONG: list[tuple[dict[str, Any], str, str | None]] = [
    ({"item": message(content=[])}, "array_below_min_length", "item.content"),
    ({"item": message(content=[{"type": "input_text"}])}, "missing_required_parameter", "item.content[0].text"),
    ({"item": message(content=[{"type": "input_image", "image_url": "data:"}])}, "not_supported", "item.content[0]"),
    ({"item": message(content=[{"type": "input_audio", "audio": "%"}])}, "invalid_value", "item.content[0].audio"),
    ({"item": message(role="nobody")}, "invalid_value", "item.role"),
    ({"item": message(id="x" * 33)}, "string_above_max_length", "item.id"),
    ({"item": message(id="root")}, "invalid_value", "item.id"),
    ({"item": message(id="twice")}, "item_create_duplicate_item_id", None),
    ({"item": message(), "previous_item_id": "nowhere"}, "item_create_invalid_previous_item_id", "previous_item_id"),
    ({"item": {"type": "mcp_call"}}, "not_supported", "item"),
    ({"item": {"type": "poem"}}, "invalid_value", "item.type"),
    ({"item": {"type": "function_call_output", "call_id": "call_x", "output": ""}}, "invalid_tool_call_id", None),
    ({"item": {"type": "function_call_output", "call_id": "call_x"}}, "missing_required_parameter", "item.output"),
    ({"item": message(), "colour": "red"}, "unknown_parameter", "colour"),
    ({}, "missing_required_parameter", "item"),
]


async def test_a_wrong_item_is_refused_with_a_code_and_the_place() -> None:
    async with talking() as talk:
        await create(talk, message(id="twice"))
        for event, code, param in WRONG:
            error = await talk.refused({"type": "conversation.item.create", **event})
            assert (error["code"], error["param"]) == (code, param), event
        assert talk.kinds().count("conversation.item.added") == 1


async def test_a_call_and_its_output_reach_the_mind() -> None:
    mind = ScriptedMind([CallTool("look_up", '{"q": 1}')], [Say("Done.")])
    async with talking(mind) as talk:
        await talk.respond()
        call_id = talk.of("response.function_call_arguments.done")[0]["call_id"]
        await create(talk, {"type": "function_call_output", "call_id": call_id, "output": "42"})
        await talk.respond()
    assert mind.moments[1].items == (Called(call_id, "look_up", '{"q": 1}'), Returned(call_id, "42"))


async def test_an_item_can_be_retrieved_and_deleted_and_is_gone_then() -> None:
    async with talking() as talk:
        await create(talk, message(id="mine"))
        got = await talk.ask({"type": "conversation.item.retrieve", "item_id": "mine"}, "conversation.item.retrieved")
        assert got["item"]["content"][0]["text"] == "hello"
        await talk.ask({"type": "conversation.item.delete", "item_id": "mine"}, "conversation.item.deleted")
        for doing in ("retrieve", "delete"):
            error = await talk.refused({"type": f"conversation.item.{doing}", "item_id": "mine"})
            assert error["code"] == f"item_{doing}_invalid_item_id"


async def test_audio_comes_with_an_item_only_when_it_is_retrieved() -> None:
    ears = EnergyEars("spoken words")
    async with talking(ears=ears) as talk:
        sound = base64.b64encode(tone(200)).decode()
        item = {"type": "message", "role": "user", "id": "heard", "content": [{"type": "input_audio", "audio": sound}]}
        added = await create(talk, item)
        assert "audio" not in added["item"]["content"][0]
        done = await talk.respond()
        assert done["output"][0]["content"][0]["transcript"] == "You said spoken words."
        got = await talk.ask({"type": "conversation.item.retrieve", "item_id": "heard"}, "conversation.item.retrieved")
    assert got["item"]["content"][0] == {"type": "input_audio", "transcript": "spoken words", "audio": sound}


async def test_truncating_cuts_the_audio_and_takes_the_transcript_away() -> None:
    mind = ScriptedMind([Say("one two three four")])
    async with talking(mind) as talk:
        await talk.say("go")
        done = await talk.respond()
        where = {"item_id": done["output"][0]["id"], "content_index": 0}
        error = await talk.refused({"type": "conversation.item.truncate", **where, "audio_end_ms": 401})
        assert "already shorter" in error["message"]
        await talk.ask({"type": "conversation.item.truncate", **where, "audio_end_ms": 150}, "conversation.item.truncated")
        got = await talk.ask({"type": "conversation.item.retrieve", "item_id": where["item_id"]}, "conversation.item.retrieved")
        content = got["item"]["content"][0]
        assert content["transcript"] is None
        assert len(base64.b64decode(content["audio"])) == 150 * 48
        await talk.respond()
    assert mind.moments[1].items == (Said("user", "go"),)


@pytest.mark.parametrize(
    ("item_id", "index", "code"),
    [
        ("nowhere", 0, "item_truncate_invalid_item_id"),
        ("mine", 0, "unsupported_content_type"),
        ("written", 0, "unsupported_content_type"),
        ("written", 3, "unsupported_content_type"),
    ],
)
async def test_only_an_assistants_audio_can_be_truncated(item_id: str, index: int, code: str) -> None:
    async with talking() as talk:
        await create(talk, message(id="mine"))
        await create(talk, message(id="written", role="assistant"))
        error = await talk.refused({"type": "conversation.item.truncate", "item_id": item_id, "content_index": index, "audio_end_ms": 1})
    assert error["code"] == code


async def test_an_item_deleted_while_it_is_spoken_leaves_the_answer_whole() -> None:
    may_speak = asyncio.Event()
    async with talking(ScriptedMind([Say("one two three")]), mouth=ToneMouth(may_speak)) as talk:
        await talk.send({"type": "response.create"})
        item_id = (await talk.until("conversation.item.added"))["item"]["id"]
        await talk.ask({"type": "conversation.item.delete", "item_id": item_id}, "conversation.item.deleted")
        may_speak.set()
        done = (await talk.until("response.done"))["response"]
    assert done["status"] == "completed"
    assert "conversation.item.done" not in talk.kinds()


async def test_the_oldest_items_go_when_there_are_too_many_and_the_client_is_told() -> None:
    async with talking() as talk:
        for number in range(history.ITEMS_MAX + 2):
            await talk.send({"type": "conversation.item.create", "item": message(str(number), id=f"n{number}")})
        await talk.until("conversation.item.deleted", lambda event: event["item_id"] == "n1")
    assert [event["item_id"] for event in talk.of("conversation.item.deleted")] == ["n0", "n1"]


def test_the_oldest_audio_is_let_go_before_any_item() -> None:
    known = History()
    half = bytes(history.AUDIO_MAX_BYTES // 2 + 2)
    for name in ("old", "new"):
        known.insert(Item(name, "message", content=[Part("input_audio", "words", half, 1_000)]))
    assert known.trim() == []
    assert [item.audio_bytes for item in known] == [0, len(half)]

"""`conversation.item.*` in GA: order, ids, contents, and what cannot be done with an item."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.conformance.realtime_client import TOOL, Place, ga, silence


def message(words: str = "hello", role: str = "user", **more: Any) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": words}], **more}


async def test_an_item_is_added_and_done_and_never_created(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("hello", id="mine")
    added, done = talk.events[-2:]
    assert (added["type"], done["type"]) == ("conversation.item.added", "conversation.item.done")
    assert added["item"] == done["item"]
    assert done["item"].items() >= {"id": "mine", "type": "message", "status": "completed", "role": "user"}.items()
    assert done["item"]["content"][0].items() >= {"type": "input_text", "text": "hello"}.items()
    assert "conversation.item.created" not in talk.kinds()


async def test_items_stand_where_they_were_put(place: Place) -> None:
    async with ga(place) as talk:
        kind = "conversation.item.create"
        end = await talk.ask("conversation.item.done", kind, item=message(id="second"))
        root = await talk.ask("conversation.item.done", kind, item=message(role="system", id="first"), previous_item_id="root")
        middle = await talk.ask("conversation.item.done", kind, item=message(role="assistant", id="between"), previous_item_id="first")
        last = await talk.ask("conversation.item.done", kind, item=message(id="third"))
    assert [event["previous_item_id"] for event in (end, root, middle, last)] == [None, None, "first", "second"]


async def test_an_id_is_made_where_none_is_given(place: Place) -> None:
    async with ga(place) as talk:
        item_id = (await talk.say("hello"))["item"]["id"]
    assert 1 <= len(item_id) <= 32


async def test_a_deleted_item_is_gone_and_the_chain_is_mended(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("one", id="one")
        await talk.say("two", id="two")
        deleted = await talk.ask("conversation.item.deleted", "conversation.item.delete", item_id="two")
        assert deleted["item_id"] == "two"
        assert (await talk.say("three"))["previous_item_id"] == "one"


async def test_a_retrieved_item_is_whole_with_its_audio(place: Place) -> None:
    async with ga(place) as talk:
        sound = base64.b64encode(silence(200)).decode()
        item = {"type": "message", "role": "user", "id": "heard", "content": [{"type": "input_audio", "audio": sound}]}
        added = await talk.ask("conversation.item.done", "conversation.item.create", item=item)
        assert not added["item"]["content"][0].get("audio")
        got = await talk.ask("conversation.item.retrieved", "conversation.item.retrieve", item_id="heard")
    assert got["item"]["content"][0]["type"] == "input_audio"
    assert got["item"]["content"][0]["audio"] == sound


@pytest.mark.parametrize("doing", ["retrieve", "delete"])
async def test_an_unknown_item_cannot_be_retrieved_or_deleted(place: Place, doing: str) -> None:
    async with ga(place) as talk:
        error = await talk.refused(f"conversation.item.{doing}", item_id="nowhere")
    assert (error["type"], error["code"]) == ("invalid_request_error", f"item_{doing}_invalid_item_id")
    assert error["message"] == f"Error {doing[:-1]}ing item: the item with id 'nowhere' does not exist."


async def test_an_unknown_item_cannot_be_truncated(place: Place) -> None:
    async with ga(place) as talk:
        error = await talk.refused("conversation.item.truncate", item_id="nowhere", content_index=0, audio_end_ms=0)
    assert error["code"] == "item_truncate_invalid_item_id"


async def test_truncating_cuts_an_answer_and_takes_its_transcript(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Say hello.")
        item_id = (await talk.respond())["output"][0]["id"]
        cut = await talk.ask(
            "conversation.item.truncated", "conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=100
        )
        assert (cut["item_id"], cut["content_index"], cut["audio_end_ms"]) == (item_id, 0, 100)
        got = await talk.ask("conversation.item.retrieved", "conversation.item.retrieve", item_id=item_id)
    assert not got["item"]["content"][0].get("transcript")


async def test_an_answer_cannot_be_truncated_beyond_its_end(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Say hello.")
        item_id = (await talk.respond())["output"][0]["id"]
        error = await talk.refused("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=3_600_000)
    assert error["type"] == "invalid_request_error"
    assert "is already shorter than 3600000ms" in error["message"]


async def test_only_the_models_audio_can_be_truncated(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("hello", id="mine")
        error = await talk.refused("conversation.item.truncate", item_id="mine", content_index=0, audio_end_ms=1)
    assert (error["type"], error["code"]) == ("invalid_request_error", "unsupported_content_type")
    assert error["message"] == "Only model output audio messages can be truncated"


FAULTS: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("no item", {}, "missing_required_parameter", "item"),
    ("no content", {"item": {"type": "message", "role": "user"}}, "missing_required_parameter", "item.content"),
    ("no text", {"item": message(content=[{"type": "input_text"}])}, "missing_required_parameter", "item.content[0].text"),
    ("a long id", {"item": message(id="x" * 33)}, "string_above_max_length", "item.id"),
    ("an unknown role", {"item": message(role="nobody")}, "invalid_value", "item.role"),
    ("an unknown type", {"item": {"type": "poem"}}, "invalid_value", "item.type"),
    ("the preview's content", {"item": message(role="assistant", content=[{"type": "text", "text": "x"}])}, "invalid_value", None),
    ("an unknown field", {"item": message(), "colour": "red"}, "unknown_parameter", "colour"),
    ("a taken id", {"item": message(id="taken")}, "item_create_duplicate_item_id", None),
    ("an unknown place", {"item": message(), "previous_item_id": "nowhere"}, "item_create_invalid_previous_item_id", None),
    (
        "an output without its call",
        {"item": {"type": "function_call_output", "call_id": "call_x", "output": ""}},
        "invalid_tool_call_id",
        None,
    ),
]


@pytest.mark.parametrize(("event", "code", "param"), [pytest.param(*fault, id=name) for name, *fault in FAULTS])
async def test_a_faulty_item_has_its_code_and_place(place: Place, event: dict[str, Any], code: str, param: str | None) -> None:
    async with ga(place) as talk:
        await talk.say("hello", id="taken")
        error = await talk.refused("conversation.item.create", **event)
    assert (error["type"], error["code"]) == ("invalid_request_error", code)
    assert param is None or error["param"] == param


async def test_a_call_and_its_output_can_be_put_in(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(tools=[TOOL])
        call = {"type": "function_call", "call_id": "call_1", "name": "look_up", "arguments": "{}"}
        created = await talk.ask("conversation.item.done", "conversation.item.create", item=call)
        assert created["item"].items() >= call.items()
        output = {"type": "function_call_output", "call_id": "call_1", "output": "42"}
        answered = await talk.ask("conversation.item.done", "conversation.item.create", item=output)
        assert answered["item"].items() >= output.items()


REFUSED_HERE: list[tuple[str, dict[str, Any], str]] = [
    ("an image", message(content=[{"type": "input_image", "image_url": "data:image/png;base64,AA=="}]), "item.content[0]"),
    ("an mcp approval", {"type": "mcp_approval_response", "approval_request_id": "x", "approve": True}, "item"),
    ("an mcp call", {"type": "mcp_call", "name": "x", "server_label": "x", "arguments": "{}"}, "item"),
    (
        "spoken words of the assistant",
        {"type": "message", "role": "assistant", "content": [{"type": "output_audio", "audio": "AAA="}]},
        "item.content[0]",
    ),
]


@pytest.mark.parametrize(("item", "param"), [pytest.param(*case, id=name) for name, *case in REFUSED_HERE])
async def test_an_item_that_this_stand_in_lacks_is_refused_by_name(stand_in_place: Place, item: dict[str, Any], param: str) -> None:
    async with ga(stand_in_place) as talk:
        error = await talk.refused("conversation.item.create", item=item)
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", "not_supported", param)

"""`response.*` in GA: how an answer is nested, what may be asked for once, and the ways in which it ends."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.conformance.realtime_client import TOOL, TRIES, Place, Talk, ga

FUNCTION = {"type": "function", "name": "look_up"}


def without_deltas(kinds: list[str]) -> list[str]:
    return [kind for kind in kinds if not kind.endswith(".delta") and kind != "rate_limits.updated"]


async def test_a_spoken_answer_is_nested_as_the_protocol_nests_it(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Say hello.")
        heard = len(talk.events)
        done = await talk.respond()
    assert without_deltas(talk.kinds()[heard:]) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.done",
    ]
    assert (done["status"], done["output_modalities"], done["object"]) == ("completed", ["audio"], "realtime.response")
    said = "".join(event["delta"] for event in talk.of("response.output_audio_transcript.delta"))
    assert said == done["output"][0]["content"][0]["transcript"] == talk.of("response.output_audio_transcript.done")[0]["transcript"]
    assert done["output"][0]["content"][0]["type"] == "output_audio"
    assert talk.of("response.content_part.added")[0]["part"]["type"] == "audio"
    assert all(len(base64.b64decode(event["delta"])) % 2 == 0 for event in talk.of("response.output_audio.delta"))
    assert talk.of("response.output_audio.delta")


async def test_a_written_answer_has_text_and_no_audio(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Say hello.")
        done = await talk.respond(output_modalities=["text"])
    assert done["output_modalities"] == ["text"]
    said = "".join(event["delta"] for event in talk.of("response.output_text.delta"))
    assert said == talk.of("response.output_text.done")[0]["text"] == done["output"][0]["content"][0]["text"]
    assert done["output"][0]["content"][0]["type"] == "output_text"
    assert talk.of("response.content_part.added")[0]["part"]["type"] == "text"
    assert not talk.of("response.output_audio.delta")


async def test_what_is_asked_for_once_is_reported_and_holds_once(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(output_modalities=["text"])
        await talk.say("Say hello.")
        first = await talk.respond(instructions="Say nothing but yes.", metadata={"turn": "one"}, max_output_tokens=500)
        second = await talk.respond()
    assert talk.of("response.created")[0]["response"]["metadata"] == first["metadata"] == {"turn": "one"}
    assert (first["max_output_tokens"], second["max_output_tokens"]) == (500, "inf")
    assert second["metadata"] is None


async def test_a_named_function_is_called_and_its_output_answered(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(tools=[TOOL], output_modalities=["text"])
        await talk.say("What does the handbook say about hotels in London?")
        done = await talk.respond(tool_choice=FUNCTION)
        call = done["output"][-1]
        assert call.items() >= {"type": "function_call", "name": "look_up", "status": "completed"}.items()
        final = talk.of("response.function_call_arguments.done")[-1]
        assert (final["name"], final["call_id"], final["arguments"]) == ("look_up", call["call_id"], call["arguments"])
        assert "".join(event["delta"] for event in talk.of("response.function_call_arguments.delta")) == call["arguments"]
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "The hotel limit in London is 180 pounds."}
        await talk.ask("conversation.item.done", "conversation.item.create", item=output)
        answer = await talk.respond(tool_choice="none")
    assert answer["output"][0]["type"] == "message"
    assert "180" in answer["output"][0]["content"][0]["text"]


async def test_a_required_tool_is_called_and_a_forbidden_one_is_not(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(tools=[TOOL], output_modalities=["text"])
        await talk.say("What is the hotel limit in London?")
        required = await talk.respond(tool_choice="required", conversation="none")
        forbidden = await talk.respond(tool_choice="none", conversation="none")
    assert "function_call" in [item["type"] for item in required["output"]]
    assert "function_call" not in [item["type"] for item in forbidden["output"]]


async def test_usage_adds_up(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Say hello.")
        usage = (await talk.respond())["usage"]
    into, out = usage["input_token_details"], usage["output_token_details"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage["input_tokens"] == into["text_tokens"] + into["audio_tokens"] + into.get("image_tokens", 0)
    assert usage["output_tokens"] == out["text_tokens"] + out["audio_tokens"]
    assert out["audio_tokens"] > 0
    assert into["cached_tokens"] <= usage["input_tokens"]


async def test_the_limits_are_told_with_a_response(place: Place) -> None:
    async with ga(place) as talk:
        await talk.update(output_modalities=["text"])
        await talk.say("Say hello.")
        await talk.send("response.create")
        limits = (await talk.until("rate_limits.updated"))["rate_limits"]
    assert {limit["name"] for limit in limits} <= {"requests", "tokens"}
    assert all(limit["remaining"] <= limit["limit"] for limit in limits)


async def test_an_answer_ends_where_its_tokens_do(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Tell me everything that you can do, in many sentences.")
        done = await talk.respond(max_output_tokens=5)
    assert (done["status"], done["status_details"]["reason"]) == ("incomplete", "max_output_tokens")
    assert done["output"][0]["status"] == "incomplete"
    assert done["usage"]["output_tokens"] <= 5


async def test_a_second_response_at_the_same_time_is_refused(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Tell me everything that you can do, in many sentences.")
        await talk.send("response.create")
        error = await talk.refused("response.create")
        assert (error["type"], error["code"]) == ("invalid_request_error", "conversation_already_has_active_response")
        assert (await talk.until("response.done"))["response"]["status"] == "completed"


async def cancelled(talk: Talk, *, by_id: bool) -> dict[str, Any]:
    """The `response.done` of an answer that was cancelled in time; an answer that ended before is asked for again."""
    for _ in range(TRIES):
        response_id = await talk.begin()
        await talk.send("response.cancel", **({"response_id": response_id} if by_id else {}))
        done: dict[str, Any] = (await talk.until("response.done"))["response"]
        if done["status"] == "cancelled":
            return done
        assert (await talk.until("error"))["error"]["code"] == "response_cancel_not_active"
    raise AssertionError("every answer had ended before it could be cancelled")


@pytest.mark.parametrize("by_id", [True, False])
async def test_a_cancelled_answer_says_who_cancelled_it(place: Place, by_id: bool) -> None:
    async with ga(place) as talk:
        await talk.say("Tell me everything that you can do, in many sentences.")
        done = await cancelled(talk, by_id=by_id)
        assert done["status_details"]["reason"] == "client_cancelled"
        assert all(item["status"] == "incomplete" for item in done["output"])
        assert (await talk.respond(output_modalities=["text"]))["status"] == "completed"


async def test_a_response_asked_for_together_with_a_cancel_is_refused_or_begins_behind_the_cancelled_ones_end(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Tell me everything that you can do, in many sentences.")
        first = await talk.begin()
        await talk.send("response.cancel")
        await talk.send("response.create", event_id="at-once", response={"output_modalities": ["text"]})
        ended, begun, refusals = False, False, set[str]()
        while not (ended and (begun or refusals)):
            event = await talk.next()
            ended |= event["type"] == "response.done" and event["response"]["id"] == first
            begun |= event["type"] == "response.created"
            assert ended or not begun
            if event["type"] == "error" and event["error"]["event_id"] == "at-once":
                refusals.add(event["error"]["code"])
        assert refusals <= {"conversation_already_has_active_response"}


async def test_cancelling_nothing_is_an_error(place: Place) -> None:
    async with ga(place) as talk:
        error = await talk.refused("response.cancel")
    assert (error["type"], error["code"]) == ("invalid_request_error", "response_cancel_not_active")
    assert error["message"] == "Cancellation failed: no active response found"


async def test_a_response_beside_the_conversation_has_its_own_input_and_leaves_nothing(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("My name is Ada.", id="known")
        own = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Say hello."}]}
        reference = {"type": "item_reference", "id": "known"}
        heard = len(talk.events)
        aside = await talk.respond(conversation="none", input=[reference, own], output_modalities=["text"], metadata={"kind": "aside"})
        assert (aside["conversation_id"], aside["metadata"], aside["status"]) == (None, {"kind": "aside"}, "completed")
        assert "conversation.item.added" not in talk.kinds()[heard:]
        assert (await talk.say("two"))["previous_item_id"] == "known"
        assert (await talk.respond(output_modalities=["text"]))["conversation_id"].startswith("conv_")


async def test_responses_beside_the_conversation_run_at_the_same_time(place: Place) -> None:
    async with ga(place) as talk:
        await talk.say("Say hello.")
        await talk.send("response.create")
        for kind in ("one", "two"):
            await talk.send("response.create", response={"conversation": "none", "output_modalities": ["text"], "metadata": {"kind": kind}})
        ended = [(await talk.until("response.done"))["response"] for _ in range(3)]
    assert {response["status"] for response in ended} == {"completed"}
    assert {(response["metadata"] or {}).get("kind") for response in ended} == {None, "one", "two"}


FAULTS: list[tuple[str, Any, str, str | None]] = [
    ("a flat voice", {"voice": "alloy"}, "unknown_parameter", "response.voice"),
    ("the preview's modalities", {"modalities": ["text"]}, "unknown_parameter", "response.modalities"),
    ("another conversation", {"conversation": "both"}, "invalid_value", "response.conversation"),
    ("an unknown reference", {"input": [{"type": "item_reference", "id": "nowhere"}]}, "invalid_value", None),
    ("too much metadata", {"metadata": {str(number): "v" for number in range(17)}}, "object_above_max_properties", "response.metadata"),
    ("no list", {"input": "hello"}, "invalid_type", "response.input"),
    ("too many tokens", {"max_output_tokens": 5000}, "integer_above_max_value", "response.max_output_tokens"),
]


@pytest.mark.parametrize(("response", "code", "param"), [pytest.param(*fault, id=name) for name, *fault in FAULTS])
async def test_a_faulty_wish_has_its_code_and_begins_nothing(place: Place, response: Any, code: str, param: str | None) -> None:
    async with ga(place) as talk:
        error = await talk.refused("response.create", response=response)
        assert (error["type"], error["code"]) == ("invalid_request_error", code)
        assert param is None or error["param"] == param
        await talk.update()
    assert "response.created" not in talk.kinds()


async def test_the_players_buffer_is_no_affair_of_a_socket(stand_in_place: Place) -> None:
    async with ga(stand_in_place) as talk:
        error = await talk.refused("output_audio_buffer.clear")
    assert (error["code"], error["param"]) == ("not_supported", "type")

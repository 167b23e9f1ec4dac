from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.local_azure.realtime.doubles import BrokenMind, MuteMouth, ScriptedMind, Talk, ToneMouth, silence, talking, tone

from local_azure.realtime.parts import CallTool, Said, Say
from local_azure.realtime.responses import BESIDE_MAX

TOOL = {"type": "function", "name": "look_up", "parameters": {"type": "object", "properties": {}}}


async def test_a_spoken_answer_is_nested_as_the_protocol_nests_it() -> None:
    async with talking(ScriptedMind([Say("Good morning everybody."), Say("Sit down.")])) as talk:
        done = await talk.respond()
    kinds = [kind for kind in talk.kinds()[1:] if not kind.endswith(".delta")]
    assert kinds == [
        "response.created",
        "rate_limits.updated",
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
    words = "".join(event["delta"] for event in talk.of("response.output_audio_transcript.delta"))
    assert words == "Good morning everybody. Sit down." == done["output"][0]["content"][0]["transcript"]
    audio = b"".join(base64.b64decode(event["delta"]) for event in talk.of("response.output_audio.delta"))
    assert len(audio) == 500 * 48
    assert all(len(base64.b64decode(event["delta"])) <= 200 * 48 for event in talk.of("response.output_audio.delta"))
    assert done["status"] == "completed"
    assert "audio" not in done["output"][0]["content"][0]


async def test_words_come_beside_their_audio_and_not_all_at_the_end() -> None:
    async with talking(ScriptedMind([Say(" ".join(["word"] * 20))])) as talk:
        await talk.respond()
    deltas = [kind for kind in talk.kinds() if kind.endswith(".delta")]
    assert deltas.index("response.output_audio_transcript.delta") < deltas.index("response.output_audio.delta")
    middle = deltas[: len(deltas) // 2]
    assert 4 <= middle.count("response.output_audio_transcript.delta") < 20


async def test_a_written_answer_has_text_and_no_audio() -> None:
    mouth = ToneMouth()
    async with talking(ScriptedMind([Say("Hello there.")]), mouth=mouth) as talk:
        done = await talk.respond(output_modalities=["text"])
    assert done["output"][0]["content"] == [{"type": "output_text", "text": "Hello there."}]
    assert [event["delta"] for event in talk.of("response.output_text.delta")] == ["Hello", " there."]
    assert done["output_modalities"] == ["text"]
    assert mouth.spoken == []


async def test_calls_stand_beside_speech_each_with_its_arguments() -> None:
    script: list[Say | CallTool] = [Say("One moment."), CallTool("look_up", '{"a": 1}'), CallTool("look_up", '{"a": 2}')]
    async with talking(ScriptedMind(script)) as talk:
        done = await talk.respond()
    assert [item["type"] for item in done["output"]] == ["message", "function_call", "function_call"]
    assert [event["output_index"] for event in talk.of("response.output_item.done")] == [0, 1, 2]
    finals = talk.of("response.function_call_arguments.done")
    assert [event["arguments"] for event in finals] == ['{"a": 1}', '{"a": 2}']
    assert len({event["call_id"] for event in finals}) == 2
    assert all(event["item"]["status"] == "completed" for event in talk.of("response.output_item.done"))


async def test_what_is_asked_for_once_holds_for_one_response() -> None:
    mind = ScriptedMind([Say("Yes.")])
    mouth = ToneMouth()
    async with talking(mind, mouth=mouth) as talk:
        await talk.update(instructions="usual", tools=[TOOL])
        done = await talk.respond(
            instructions="special", tools=[], tool_choice="none", metadata={"k": "v"}, audio={"output": {"voice": "ballad"}}
        )
        await talk.respond()
    assert done["metadata"] == {"k": "v"}
    assert talk.of("response.created")[0]["response"]["metadata"] == {"k": "v"}
    assert [(moment.instructions, len(moment.tools), moment.tool_choice) for moment in mind.moments] == [
        ("special", 0, "none"),
        ("usual", 1, "auto"),
    ]
    assert [voice for _, voice, _ in mouth.spoken] == ["ballad", "alloy"]


async def test_a_function_named_as_the_choice_reaches_the_mind_by_its_name() -> None:
    mind = ScriptedMind([CallTool("look_up", "{}")])
    async with talking(mind) as talk:
        await talk.update(tools=[TOOL])
        await talk.respond(tool_choice={"type": "function", "name": "look_up"})
    assert mind.moments[0].tool_choice == "look_up"


async def test_usage_adds_up_and_grows_with_the_conversation() -> None:
    async with talking(ScriptedMind([Say("Hello there.")])) as talk:
        first = (await talk.respond())["usage"]
        second = (await talk.respond())["usage"]
    for usage in (first, second):
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
        into, out = usage["input_token_details"], usage["output_token_details"]
        assert usage["input_tokens"] == into["text_tokens"] + into["audio_tokens"]
        assert usage["output_tokens"] == out["text_tokens"] + out["audio_tokens"]
        assert out["audio_tokens"] == 4
    assert second["input_tokens"] > first["input_tokens"]


async def test_an_answer_ends_where_its_tokens_do() -> None:
    async with talking(ScriptedMind([Say(" ".join(["word"] * 50))])) as talk:
        done = await talk.respond(max_output_tokens=10)
        assert (done["status"], done["status_details"]["reason"]) == ("incomplete", "max_output_tokens")
        assert done["output"][0]["status"] == "incomplete"
        assert (await talk.respond(max_output_tokens="inf"))["status"] == "completed"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 7])
@pytest.mark.parametrize("wishes", [{"output_modalities": ["audio"]}, {"output_modalities": ["text"]}, {"tool_choice": "required"}])
async def test_usage_is_never_above_the_limit_and_counts_only_what_was_sent(limit: int, wishes: dict[str, Any]) -> None:
    thought = CallTool("look_up", '{"a": "long enough to be too long"}') if "tool_choice" in wishes else Say("Hello everybody, sit down.")
    async with talking(ScriptedMind([thought])) as talk:
        await talk.update(tools=[TOOL])
        done = await talk.respond(max_output_tokens=limit, **wishes)
    out = done["usage"]["output_token_details"]
    assert done["status"] == "incomplete"
    assert done["usage"]["output_tokens"] == out["text_tokens"] + out["audio_tokens"] <= limit
    heard_ms = sum(len(base64.b64decode(event["delta"])) for event in talk.of("response.output_audio.delta")) // 48
    assert out["audio_tokens"] == heard_ms // 50
    said = [event for event in talk.events if event["type"].endswith(".delta") and event["type"] != "response.output_audio.delta"]
    assert out["text_tokens"] == sum(-(-len(event["delta"]) // 4) for event in said)


class Speaking:
    """A conversation in the middle of an answer."""

    def __init__(self) -> None:
        self.may_speak = asyncio.Event()
        self.mouth = ToneMouth(self.may_speak)
        self.mind = ScriptedMind([Say("one two three four five")])

    async def begin(self, talk: Talk) -> str:
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        response_id: str = talk.of("response.created")[-1]["response"]["id"]
        return response_id


async def test_a_second_response_waits_for_the_first_to_be_done() -> None:
    speaking = Speaking()
    async with talking(speaking.mind, mouth=speaking.mouth) as talk:
        await speaking.begin(talk)
        error = await talk.refused({"type": "response.create", "event_id": "second"})
        assert (error["code"], error["event_id"]) == ("conversation_already_has_active_response", "second")
        speaking.may_speak.set()
        await talk.until("response.done")
        assert (await talk.respond())["status"] == "completed"


@pytest.mark.parametrize("by_id", [True, False])
async def test_a_cancelled_answer_closes_what_it_opened_at_once(by_id: bool) -> None:
    speaking = Speaking()
    async with talking(speaking.mind, mouth=speaking.mouth) as talk:
        response_id = await speaking.begin(talk)
        await talk.send({"type": "response.cancel", **({"response_id": response_id} if by_id else {})})
        done = (await talk.until("response.done"))["response"]
        speaking.may_speak.set()
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        assert done["output"][0]["status"] == "incomplete"
        assert {"response.output_audio.done", "response.content_part.done", "response.output_item.done"} <= set(talk.kinds())
        assert (await talk.respond())["status"] == "completed"
        assert all(
            event["response_id"] != response_id
            for event in talk.events[talk.kinds().index("response.done") + 1 :]
            if "response_id" in event
        )


class LingeringMouth(ToneMouth):
    """Needs a moment to fall silent: until it is let go."""

    def __init__(self) -> None:
        super().__init__(asyncio.Event())
        self.let_go = asyncio.Event()

    async def speak(self, sentence: str, *, voice: str, speed: float) -> AsyncIterator[bytes]:
        try:
            async for chunk in super().speak(sentence, voice=voice, speed=speed):
                yield chunk
        finally:
            await self.let_go.wait()


async def test_a_cancelled_response_is_in_the_way_until_it_is_done_and_is_cancelled_only_once() -> None:
    mouth = LingeringMouth()
    async with talking(ScriptedMind([Say("one two three four")], [Say("Yes.")]), mouth=mouth) as talk:
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        await talk.send({"type": "response.cancel"})
        error = await talk.refused({"type": "response.create", "event_id": "at once"})
        assert (error["code"], error["event_id"]) == ("conversation_already_has_active_response", "at once")
        assert (await talk.refused({"type": "response.cancel"}))["code"] == "response_cancel_not_active"
        assert "response.done" not in talk.kinds()
        mouth.let_go.set()
        done = (await talk.until("response.done"))["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        assert (await talk.respond())["status"] == "completed"


async def test_somebody_who_has_spoken_is_answered_though_a_cancelled_response_is_not_done() -> None:
    mouth = LingeringMouth()
    async with talking(ScriptedMind([Say("one two three four")], [Say("Yes.")]), mouth=mouth) as talk:
        await talk.update(audio={"input": {"turn_detection": {"type": "server_vad", "interrupt_response": False}}})
        await talk.send({"type": "response.create"})
        await talk.until("response.output_audio.delta")
        await talk.send({"type": "response.cancel"})
        await talk.append(tone(300) + silence(700))
        first = (await talk.until("response.done"))["response"]
        await talk.until("response.created")
        mouth.let_go.set()
        second = (await talk.until("response.done"))["response"]
    assert (first["status"], second["status"]) == ("cancelled", "completed")
    assert not talk.of("error")


async def test_a_response_cancelled_before_it_began_to_work_is_done_all_the_same() -> None:
    async with talking(ScriptedMind([Say("never heard")])) as talk:
        await talk.send({"type": "response.create"})
        await talk.send({"type": "response.cancel"})
        first = await talk.until("response.done")
        assert first["response"]["status"] in ("cancelled", "completed")
        assert (await talk.respond())["status"] == "completed"


@pytest.mark.parametrize("event", [{"type": "response.cancel"}, {"type": "response.cancel", "response_id": "resp_none"}])
async def test_cancelling_nothing_is_the_services_error(event: dict[str, Any]) -> None:
    async with talking() as talk:
        assert (await talk.refused(event))["code"] == "response_cancel_not_active"


WRONG: list[tuple[Any, str]] = [
    ({"voice": "alloy"}, "unknown_parameter"),
    ({"conversation": "both"}, "invalid_value"),
    ({"metadata": {str(number): "v" for number in range(17)}}, "object_above_max_properties"),
    ({"metadata": {"k" * 65: "v"}}, "string_above_max_length"),
    ({"metadata": {"k": 1}}, "invalid_type"),
    ({"input": [{"type": "item_reference", "id": "nowhere"}]}, "invalid_value"),
    ({"input": "hello"}, "invalid_type"),
    ({"tool_choice": {"type": "function", "name": "absent"}}, "invalid_value"),
    ({"tool_choice": {"type": "mcp", "server_label": "x"}}, "not_supported"),
    ({"prompt": {"id": "p"}}, "not_supported"),
    ("now", "invalid_type"),
]


async def test_a_wrong_wish_is_refused_and_no_response_begins() -> None:
    async with talking() as talk:
        for response, code in WRONG:
            assert (await talk.refused({"type": "response.create", "response": response}))["code"] == code, response
        assert (await talk.respond())["status"] == "completed"
    assert talk.kinds().count("response.created") == 1


async def test_a_response_outside_the_conversation_has_its_own_input_and_leaves_no_item() -> None:
    mind = ScriptedMind([Say("Aside.")])
    async with talking(mind) as talk:
        await talk.say("in the conversation")
        known = talk.events[-1]["item"]["id"]
        own = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "own"}]}
        done = await talk.respond(
            conversation="none", input=[{"type": "item_reference", "id": known}, own], output_modalities=["text"], metadata={"a": "b"}
        )
        assert done["conversation_id"] is None
        assert (await talk.respond())["conversation_id"] is not None
    assert mind.moments[0].items == (Said("user", "in the conversation"), Said("user", "own"))
    assert mind.moments[1].items == (Said("user", "in the conversation"),)


async def test_responses_outside_run_beside_the_conversations_own_and_are_bounded() -> None:
    speaking = Speaking()
    async with talking(speaking.mind, mouth=speaking.mouth) as talk:
        await speaking.begin(talk)
        for _ in range(BESIDE_MAX):
            await talk.ask({"type": "response.create", "response": {"conversation": "none"}}, "response.created")
        assert (await talk.refused({"type": "response.create", "response": {"conversation": "none"}}))["code"] == "rate_limit_exceeded"
        speaking.may_speak.set()
        for _ in range(BESIDE_MAX + 1):
            await talk.until("response.done")


async def test_a_mouth_that_cannot_work_fails_the_response_with_a_sentence() -> None:
    async with talking(ScriptedMind([Say("Hello.")]), mouth=MuteMouth()) as talk:
        done = await talk.respond()
        assert done["status"] == "failed"
        assert done["status_details"]["error"] == {
            "type": "server_error",
            "code": "part_unavailable",
            "message": "There is no mouth here.",
        }
        assert (await talk.respond(output_modalities=["text"]))["status"] == "completed"


async def test_a_mind_that_breaks_fails_the_response_and_its_words_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    async with talking(BrokenMind()) as talk:
        done = await talk.respond()
        await talk.update()
    assert done["status"] == "failed"
    assert done["status_details"]["error"]["code"] == "server_error"
    assert "ZeroDivisionError" in caplog.text
    assert "secret words" not in caplog.text.replace('raise ZeroDivisionError("secret words")', "")

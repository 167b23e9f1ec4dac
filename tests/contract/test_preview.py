"""A whole conversation with a server that still speaks the preview, its every word written here as the preview writes it, on real sockets.

Origin of the words: Microsoft's guide for the migration from preview to GA, and `openai/types/beta/realtime`; no recording was to be had.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.contract.house import Visitor, house
from tests.local_azure.realtime.doubles import EnergyEars, ScriptedMind, ToneMouth, app_with, silence, tone
from tests.planted import secret
from tests.scripted_model import Line, scripted_model
from tests.serving import serving

from askaloud.doors import realtime_door
from askaloud.settings import RealtimeDoor, Settings
from local_azure.realtime.parts import CallTool, Say

VERSION = "2025-04-01-preview"
GA_EVENT: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
SOUND_MS = 100


def preview_door(port: int, kind: str = "azure") -> RealtimeDoor:
    """As the settings name it."""
    settings = Settings(
        azure_openai_endpoint=f"http://127.0.0.1:{port}/openai/v1",
        azure_openai_realtime_deployment="our deployment",
        azure_openai_api_key=secret("model-key"),
        realtime_url=f"ws://127.0.0.1:{port}/v1" if kind == "custom" else None,
        realtime_model="our deployment",
        realtime_api_key=secret("model-key"),
        realtime_api_version=VERSION,
    )
    door = realtime_door(settings)
    assert door is not None
    return door


async def greet(line: Line) -> dict[str, Any]:
    session = {"id": "sess_far", "object": "realtime.session", "model": "gpt-4o-realtime-preview", "modalities": ["text", "audio"]}
    await line.say("session.created", session={**session, "instructions": "the service's own", "voice": "alloy", "expires_at": 1})
    await line.say("conversation.created", conversation={"id": "conv", "object": "realtime.conversation"})
    update: dict[str, Any] = (await line.read("session.update"))["session"]
    await line.say("session.updated", session={**session, **update})
    return update


async def person_speaks(line: Line, item_id: str, words: str) -> None:
    await line.say("input_audio_buffer.speech_started", item_id=item_id, audio_start_ms=0)
    await line.say("input_audio_buffer.speech_stopped", item_id=item_id, audio_end_ms=900)
    await line.say("input_audio_buffer.committed", item_id=item_id, previous_item_id=None)
    content = [{"type": "input_audio", "transcript": None}]
    item = {"id": item_id, "object": "realtime.item", "type": "message", "status": "completed", "role": "user", "content": content}
    await line.say("conversation.item.created", previous_item_id=None, item=item)
    usage = {"type": "duration", "seconds": 1}
    await line.say("conversation.item.input_audio_transcription.completed", item_id=item_id, content_index=0, transcript=words, usage=usage)


def response(response_id: str, status: str, *output: dict[str, Any], **more: Any) -> dict[str, Any]:
    shape = {"id": response_id, "object": "realtime.response", "status": status, "status_details": None, "output": list(output)}
    return {**shape, "modalities": ["audio", "text"], "voice": "alloy", "output_audio_format": "pcm16", "temperature": 0.8, **more}


async def speaks(line: Line, response_id: str, item_id: str, words: str, *, finishes: bool = True) -> None:
    item: dict[str, Any] = {"id": item_id, "object": "realtime.item", "type": "message", "status": "in_progress", "role": "assistant"}
    place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
    await line.say("response.created", response=response(response_id, "in_progress"))
    await line.say("response.output_item.added", response_id=response_id, output_index=0, item={**item, "content": []})
    await line.say("conversation.item.created", previous_item_id=None, item={**item, "content": []})
    await line.say("response.content_part.added", **place, part={"type": "audio", "transcript": ""})
    await line.say("response.audio_transcript.delta", **place, delta=words)
    await line.say("response.audio.delta", **place, delta=base64.b64encode(bytes(48 * SOUND_MS)).decode())
    if finishes:
        await finish(line, item, place, words, "completed")


async def finish(line: Line, item: dict[str, Any], place: dict[str, Any], words: str, status: str) -> None:
    await line.say("response.audio.done", **place)
    await line.say("response.audio_transcript.done", **place, transcript=words)
    await line.say("response.content_part.done", **place, part={"type": "audio", "transcript": words})
    item = {**item, "status": status, "content": [{"type": "audio", "transcript": words}]}
    await line.say("response.output_item.done", response_id=place["response_id"], output_index=0, item=item)
    details = None if status == "completed" else {"type": "cancelled", "reason": "turn_detected"}
    ended = "completed" if status == "completed" else "cancelled"
    usage = {"total_tokens": 20, "input_tokens": 10, "output_tokens": 10}
    await line.say("response.done", response=response(place["response_id"], ended, item, status_details=details, usage=usage))


async def breaks_off(line: Line, response_id: str, item_id: str, words: str) -> None:
    item: dict[str, Any] = {"id": item_id, "object": "realtime.item", "type": "message", "role": "assistant"}
    place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
    await finish(line, item, place, words, "incomplete")


async def searches(line: Line, response_id: str, query: str) -> str:
    """Call the tool; what it gave."""
    item: dict[str, Any] = {"id": f"i{response_id}", "object": "realtime.item", "type": "function_call", "call_id": "c", "name": "search"}
    arguments = json.dumps({"query": query})
    await line.say("response.created", response=response(response_id, "in_progress"))
    begun = {**item, "status": "in_progress", "arguments": ""}
    await line.say("response.output_item.added", response_id=response_id, output_index=0, item=begun)
    await line.say("conversation.item.created", previous_item_id="u1", item=begun)
    place = {"response_id": response_id, "item_id": item["id"], "output_index": 0, "call_id": "c"}
    await line.say("response.function_call_arguments.delta", **place, delta=arguments)
    await line.say("response.function_call_arguments.done", **place, arguments=arguments)
    item = {**item, "status": "completed", "arguments": arguments}
    await line.say("response.output_item.done", response_id=response_id, output_index=0, item=item)
    await line.say("response.done", response=response(response_id, "completed", item, usage={"total_tokens": 20}))
    return str((await line.output())["output"])


async def conversation(line: Line) -> None:
    """Spoken question, search, spoken answer that is interrupted; typed question, answer that is cancelled."""
    await greet(line)
    await line.read("input_audio_buffer.append")
    await person_speaks(line, "u1", "How many days?")
    found = await searches(line, "r1", "days abroad")
    assert "<passage" in found
    await line.read("response.create")
    await speaks(line, "r2", "a1", "Thirty days, and there is more", finishes=False)
    await line.read("input_audio_buffer.append")
    await line.say("input_audio_buffer.speech_started", item_id="u2", audio_start_ms=2_000)
    await breaks_off(line, "r2", "a1", "Thirty days, and there is more")
    truncate = await line.read("conversation.item.truncate")
    assert (truncate["item_id"], truncate["audio_end_ms"]) == ("a1", SOUND_MS)
    await line.say("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=SOUND_MS)
    await line.say("input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=2_500)
    await line.say("input_audio_buffer.cleared")
    typed = (await line.read("conversation.item.create"))["item"]
    item = {**typed, "id": "u3", "object": "realtime.item", "status": "completed"}
    await line.say("conversation.item.created", previous_item_id="a1", item=item)
    asked = await line.read("response.create")
    assert asked.get("response", {}) == {"modalities": ["text"]}
    await speaks(line, "r3", "a2", "Let me read it out", finishes=False)
    cancel = await line.read("response.cancel")
    assert cancel["response_id"] == "r3"
    await breaks_off(line, "r3", "a2", "Let me read it out")


async def hold(visitor: Visitor) -> None:
    """The person's side of it."""
    await visitor.sound(4_800)
    await visitor.hear("askaloud.sources")
    assert (await visitor.hear("response.output_audio_transcript.delta"))["delta"].startswith("Thirty days")
    heard = await visitor.hear("response.output_audio.delta")
    assert len(base64.b64decode(heard["delta"])) == 48 * SOUND_MS
    await visitor.sound(4_800)
    await visitor.hear("input_audio_buffer.speech_started", item_id="u2")
    await visitor.say("conversation.item.truncate", item_id="a1", content_index=0, audio_end_ms=99_999)
    await visitor.hear("conversation.item.truncated")
    content = [{"type": "input_text", "text": "And how much is paid?"}]
    await visitor.say("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await visitor.say("response.create", response={"output_modalities": ["text"]})
    await visitor.hear("response.output_audio.delta", response_id="r3")
    await visitor.say("response.cancel")
    assert (await visitor.hear("response.done"))["response"]["status"] == "cancelled"


async def test_a_whole_conversation_with_a_preview_server_is_ga_for_the_browser() -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}))
    async with (
        scripted_model(conversation) as far,
        house(conversation, door, realtime=preview_door(far.port)) as home,
        home.visit() as visitor,
    ):
        await hold(visitor)
        await visitor.socket.close()
        await home.empty()
        request = far.lines[0].connection.request
        assert request is not None
        assert request.path == f"/openai/realtime?api-version={VERSION}&deployment=our%20deployment"
        assert request.headers["api-key"] == secret("model-key")
    assert "notice" not in "".join(visitor.kinds())
    for event in visitor.heard:
        if not event["type"].startswith("askaloud."):
            assert GA_EVENT.validate_python(event).type == event["type"]
    old = {"response.audio.delta", "response.audio_transcript.delta", "conversation.item.created", "response.text.delta"}
    assert not old & set(visitor.kinds())
    assert {"conversation.item.added", "conversation.item.done"} <= set(visitor.kinds())
    parts = [part["type"] for event in visitor.heard for part in event.get("item", {}).get("content") or []]
    assert {"input_audio", "output_audio", "input_text"} == set(parts)
    assert not {"modalities", "temperature", "voice"} & {name for event in visitor.heard for name in event.get("response", {})}


async def test_the_session_goes_up_flat_with_instructions_and_tools_and_without_what_only_ga_knows() -> None:
    settings = Settings(
        noise_reduction="near_field",
        max_output_tokens=900,
        speed=1.25,
        temperature=0.7,
        reasoning_effort="low",
        truncation="disabled",
        transcription_model="whisper-1",
        transcription_language="en",
    )
    updates: list[dict[str, Any]] = []

    async def script(line: Line) -> None:
        updates.append(await greet(line))
        await line.read("conversation.item.create")
        await speaks(line, "r", "a", "Yes.")

    async with (
        scripted_model(script) as far,
        house(script, settings=settings, realtime=preview_door(far.port)) as home,
        home.visit() as visitor,
    ):
        await visitor.ask("Hello?")
        await visitor.hear("response.done")
    (session,) = updates
    assert session.pop("instructions")
    assert [tool["name"] for tool in session.pop("tools")] == ["search", "report_grounding"]
    assert session == {
        "tool_choice": "auto",
        "temperature": 0.7,
        "modalities": ["text", "audio"],
        "max_response_output_tokens": 900,
        "voice": "alloy",
        "speed": 1.25,
        "output_audio_format": "pcm16",
        "input_audio_format": "pcm16",
        "input_audio_transcription": {"model": "whisper-1", "language": "en"},
        "input_audio_noise_reduction": {"type": "near_field"},
        "turn_detection": {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500},
    }


async def test_a_server_of_ones_own_is_asked_as_openais_preview_was() -> None:
    async def script(line: Line) -> None:
        await greet(line)
        await line.read("response.create")
        await speaks(line, "r", "a", "Yes.")

    async with scripted_model(script) as far, house(script, realtime=preview_door(far.port, "custom")) as home, home.visit() as visitor:
        await visitor.ask("Hello?")
        await visitor.hear("response.done")
        request = far.lines[0].connection.request
        assert request is not None
        assert request.path == "/v1/realtime?model=our%20deployment"
        assert request.headers["OpenAI-Beta"] == "realtime=v1"
        assert request.headers["Authorization"] == f"Bearer {secret('model-key')}"


async def test_the_stand_in_is_spoken_to_in_the_preview_and_searches_and_answers_aloud() -> None:
    """The two translators were written apart, from the same sources: what one puts on, the other takes off."""
    mind = ScriptedMind([CallTool("search", '{"query": "days abroad"}')], [Say("Thirty days a year.")])
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}))
    async with serving(app_with(EnergyEars("how many days"), ToneMouth(), mind)) as far:
        realtime = preview_door(int(far.partition(":")[2]))
        settings = Settings(transcription_model="whisper-1", temperature=0.7)
        async with house(conversation, door, settings=settings, realtime=realtime) as home, home.visit() as visitor:
            await visitor.say("input_audio_buffer.append", audio=base64.b64encode(tone(600) + silence(900)).decode())
            written = await visitor.hear("conversation.item.input_audio_transcription.completed")
            assert written["transcript"] == "how many days"
            await visitor.hear("askaloud.sources")
            await visitor.hear("response.output_audio.delta")
            said = await visitor.hear("response.output_audio_transcript.done")
            assert said["transcript"] == "Thirty days a year."
            assert (await visitor.hear("response.done"))["response"]["status"] == "completed"
            assert visitor.codes() == []
    for event in visitor.heard:
        if not event["type"].startswith("askaloud."):
            assert GA_EVENT.validate_python(event).type == event["type"]

"""One far end in two tongues: a model whose whole side of the scenario is written here, once for GA and once for the preview.

Origin of the words: the GA and beta event types of the `openai` package, and Microsoft's guide for the migration; no recording was to be
had. What is common to both tongues stands in `plays`, the tongues in two classes of the same shape.
"""

from __future__ import annotations

import base64
from typing import Any, Protocol

from tests.contract import test_preview as preview
from tests.scripted_model import Line, Script

ANSWER_MS = 100
WORDS = "You can work from abroad for 30 days a year"
SOUND = bytes(48 * ANSWER_MS)


class Tongue(Protocol):
    """How the model says things."""

    async def greet(self, line: Line) -> None:
        """The session, and our update taken."""

    async def hears(self, line: Line, item_id: str, words: str) -> None:
        """A spoken turn, from its first sound to its transcript."""

    async def searches(self, line: Line, response_id: str, query: str) -> str:
        """A response that calls the tool; gives what came of it."""

    async def begins(self, line: Line, response_id: str, item_id: str) -> None:
        """A response that begins to speak."""

    async def ends(self, line: Line, response_id: str, item_id: str, *, cancelled: str | None = None) -> None:
        """It has spoken, or was stopped."""

    async def writes(self, line: Line, response_id: str, item_id: str, words: str) -> None:
        """A whole response in writing."""

    async def takes(self, line: Line, item: dict[str, Any]) -> None:
        """A typed message becomes an item."""


class Ga:
    """GA, as our own scripts speak it."""

    async def greet(self, line: Line) -> None:
        await line.greet()

    async def hears(self, line: Line, item_id: str, words: str) -> None:
        await line.user_said(item_id, words)

    async def searches(self, line: Line, response_id: str, query: str) -> str:
        await line.calls(response_id, (f"call_{response_id}", "search", {"query": query}))
        return str((await line.output())["output"])

    async def begins(self, line: Line, response_id: str, item_id: str) -> None:
        await line.begin(response_id)
        item: dict[str, Any] = {"id": item_id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        await line.say("response.output_item.added", response_id=response_id, output_index=0, item=item)
        await line.say("conversation.item.added", item=item, previous_item_id=None)
        await line.say("response.content_part.added", **place, part={"type": "audio", "transcript": ""})
        await line.say("response.output_audio_transcript.delta", **place, delta=WORDS)
        await line.say("response.output_audio.delta", **place, delta=base64.b64encode(SOUND).decode())

    async def ends(self, line: Line, response_id: str, item_id: str, *, cancelled: str | None = None) -> None:
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        await line.say("response.output_audio.done", **place)
        await line.say("response.output_audio_transcript.done", **place, transcript=WORDS)
        await line.say("response.content_part.done", **place, part={"type": "audio", "transcript": WORDS})
        item = {"id": item_id, "type": "message", "role": "assistant", "content": [{"type": "output_audio", "transcript": WORDS}]}
        item["status"] = "incomplete" if cancelled else "completed"
        await line.say("response.output_item.done", response_id=response_id, output_index=0, item=item)
        await line.say("conversation.item.done", item=item, previous_item_id=None)
        await line.end(response_id, status="cancelled" if cancelled else "completed", output=[item])

    async def writes(self, line: Line, response_id: str, item_id: str, words: str) -> None:
        await line.begin(response_id)
        item: dict[str, Any] = {"id": item_id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        await line.say("response.output_item.added", response_id=response_id, output_index=0, item=item)
        await line.say("conversation.item.added", item=item, previous_item_id=None)
        await line.say("response.content_part.added", **place, part={"type": "text", "text": ""})
        await line.say("response.output_text.delta", **place, delta=words)
        await line.say("response.output_text.done", **place, text=words)
        await line.say("response.content_part.done", **place, part={"type": "text", "text": words})
        item = {**item, "status": "completed", "content": [{"type": "output_text", "text": words}]}
        await line.say("response.output_item.done", response_id=response_id, output_index=0, item=item)
        await line.say("conversation.item.done", item=item, previous_item_id=None)
        await line.end(response_id, output=[item])

    async def takes(self, line: Line, item: dict[str, Any]) -> None:
        made = {**item, "object": "realtime.item", "status": "completed"}
        await line.say("conversation.item.added", item=made, previous_item_id=None)
        await line.say("conversation.item.done", item=made, previous_item_id=None)


class Preview:
    """The preview, in the words of its own test."""

    async def greet(self, line: Line) -> None:
        await preview.greet(line)

    async def hears(self, line: Line, item_id: str, words: str) -> None:
        await preview.person_speaks(line, item_id, words)

    async def searches(self, line: Line, response_id: str, query: str) -> str:
        return await preview.searches(line, response_id, query)

    async def begins(self, line: Line, response_id: str, item_id: str) -> None:
        await preview.speaks(line, response_id, item_id, WORDS, finishes=False)

    async def ends(self, line: Line, response_id: str, item_id: str, *, cancelled: str | None = None) -> None:
        item: dict[str, Any] = {"id": item_id, "object": "realtime.item", "type": "message", "role": "assistant"}
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        await preview.finish(line, item, place, WORDS, "incomplete" if cancelled else "completed")

    async def writes(self, line: Line, response_id: str, item_id: str, words: str) -> None:
        item: dict[str, Any] = {"id": item_id, "object": "realtime.item", "type": "message", "role": "assistant", "content": []}
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        await line.say("response.created", response=preview.response(response_id, "in_progress"))
        begun = {**item, "status": "in_progress"}
        await line.say("response.output_item.added", response_id=response_id, output_index=0, item=begun)
        await line.say("conversation.item.created", previous_item_id=None, item=begun)
        await line.say("response.content_part.added", **place, part={"type": "text", "text": ""})
        await line.say("response.text.delta", **place, delta=words)
        await line.say("response.text.done", **place, text=words)
        await line.say("response.content_part.done", **place, part={"type": "text", "text": words})
        item = {**item, "status": "completed", "content": [{"type": "text", "text": words}]}
        await line.say("response.output_item.done", response_id=response_id, output_index=0, item=item)
        usage = {"total_tokens": 20, "input_tokens": 10, "output_tokens": 10}
        await line.say("response.done", response=preview.response(response_id, "completed", item, usage=usage))

    async def takes(self, line: Line, item: dict[str, Any]) -> None:
        made = {**item, "object": "realtime.item", "status": "completed"}
        await line.say("conversation.item.created", item=made, previous_item_id=None)


def plays(tongue: Tongue) -> Script:
    """The model's side of the whole scenario."""

    async def script(line: Line) -> None:
        await tongue.greet(line)
        await line.read("input_audio_buffer.append")
        await tongue.hears(line, "u1", "How many days can I work from abroad?")
        assert "<passage" in await tongue.searches(line, "r1", "days abroad")
        await line.read("response.create")
        await tongue.begins(line, "r2", "a1")
        await tongue.ends(line, "r2", "a1")
        await _is_interrupted(line, tongue)
        await _typed(line, tongue)
        await tongue.writes(line, "r5", "a4", "210 euros.")
        await _typed(line, tongue)
        await tongue.begins(line, "r6", "a5")
        await line.read("response.cancel")
        await tongue.ends(line, "r6", "a5", cancelled="client_cancelled")

    return script


async def _typed(line: Line, tongue: Tongue) -> None:
    await tongue.takes(line, (await line.read("conversation.item.create"))["item"])
    await line.read("response.create")


async def _is_interrupted(line: Line, tongue: Tongue) -> None:
    """Somebody speaks over a typed question's answer, and is answered."""
    await _typed(line, tongue)
    await tongue.begins(line, "r3", "a2")
    await line.read("input_audio_buffer.append")
    await line.say("input_audio_buffer.speech_started", item_id="u3", audio_start_ms=9_000)
    await tongue.ends(line, "r3", "a2", cancelled="turn_detected")
    truncate = await line.read("conversation.item.truncate")
    assert truncate["item_id"] == "a2"
    await line.say("conversation.item.truncated", item_id="a2", content_index=0, audio_end_ms=truncate["audio_end_ms"])
    await line.say("input_audio_buffer.speech_stopped", item_id="u3", audio_end_ms=9_900)
    await line.say("input_audio_buffer.committed", item_id="u3", previous_item_id="a2")
    await tongue.begins(line, "r4", "a3")
    await tongue.ends(line, "r4", "a3")

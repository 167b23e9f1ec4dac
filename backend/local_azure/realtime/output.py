"""What a response puts out: messages with their parts, and function calls, each opened and closed by a `with` block.

Source: the `response.output_item.*`, `response.content_part.*`, `response.output_audio*`, `response.output_text.*` and
`response.function_call_arguments.*` events of `openai/types/realtime`. Decides nothing about what is said.
"""

from __future__ import annotations

import base64
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from .items import Item, Part
from .parts import BYTES_PER_MS

if TYPE_CHECKING:
    from .response import Response

Closing = Literal["completed", "incomplete"]

KEPT_AUDIO_MAX_BYTES = 4 * 1024 * 1024
"""Of one part, for `conversation.item.retrieve`: nearly 90 s. The rest is sent and not kept."""


class OutputItem:
    """One output item; opening it says `added`, leaving it says `done`."""

    def __init__(self, response: Response, item: Item, index: int) -> None:
        self.response = response
        self.item = item
        self.index = index
        self.closed = False
        self._say("response.output_item.added", item=item.on_wire())
        if response.history is not None:
            previous = response.history.insert(item)
            response.desk.send("conversation.item.added", previous_item_id=previous, item=item.on_wire())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close("completed" if error is None else "incomplete")

    def close(self, status: Closing) -> None:
        """Say `done`. Closing twice is harmless."""
        if self.closed or self.response.over:
            return
        self.closed = True
        self._close_inner(status)
        self.item.status = status
        self._say("response.output_item.done", item=self.item.on_wire())
        history = self.response.history
        if history is not None and self.item.id in history:
            self.response.desk.send("conversation.item.done", previous_item_id=history.before(self.item.id), item=self.item.on_wire())

    def _close_inner(self, status: Closing) -> None:
        raise NotImplementedError

    def _say(self, kind: str, **fields: Any) -> None:
        self.response.desk.send(kind, response_id=self.response.id, output_index=self.index, **fields)


class CallOutput(OutputItem):
    """A function call. Its arguments are known at once here, and still sent as a delta before the `done`."""

    def arguments(self, text: str) -> None:
        """Give the arguments, as JSON text. Raises what `Response.spend` raises."""
        self.response.spend(text=text)
        self.item.arguments += text
        self._say("response.function_call_arguments.delta", item_id=self.item.id, call_id=self.item.call_id, delta=text)

    def _close_inner(self, status: Closing) -> None:
        self._say(
            "response.function_call_arguments.done",
            item_id=self.item.id,
            call_id=self.item.call_id,
            name=self.item.name,
            arguments=self.item.arguments,
        )


class MessageOutput(OutputItem):
    """A message of the assistant."""

    _part: PartOutput | None = None

    def part(self) -> PartOutput:
        """Open the message's one part, spoken or written as the response's plan says."""
        self._part = SpokenPart(self) if self.response.plan.modality == "audio" else WrittenPart(self)
        return self._part

    def _close_inner(self, status: Closing) -> None:
        if self._part is not None:
            self._part.close()


class PartOutput:
    """One content part; opening it says `added`, leaving it says `done`."""

    kind: Literal["output_audio", "output_text"]
    wire_kind: Literal["audio", "text"]

    def __init__(self, message: MessageOutput) -> None:
        self.message = message
        self.part = Part(self.kind, "")
        self.closed = False
        message.item.content.append(self.part)
        self._say("response.content_part.added", part=self._on_wire())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def words(self, delta: str) -> None:
        """Give some words. Raises what `Response.spend` raises."""
        self.message.response.spend(text=delta)
        self.part.words = (self.part.words or "") + delta
        self._say_words(delta)

    def close(self) -> None:
        """Say `done` for what was given and for the part. Closing twice is harmless."""
        if self.closed or self.message.response.over:
            return
        self.closed = True
        self._say_done()
        self._say("response.content_part.done", part=self._on_wire())

    def _on_wire(self) -> dict[str, Any]:
        return {"type": self.wire_kind, "transcript" if self.wire_kind == "audio" else "text": self.part.words or ""}

    def _say(self, kind: str, **fields: Any) -> None:
        message = self.message
        message.response.desk.send(
            kind, response_id=message.response.id, item_id=message.item.id, output_index=message.index, content_index=0, **fields
        )

    def _say_words(self, delta: str) -> None:
        raise NotImplementedError

    def _say_done(self) -> None:
        raise NotImplementedError


class SpokenPart(PartOutput):
    """Audio and its transcript."""

    kind = "output_audio"
    wire_kind = "audio"

    def __init__(self, message: MessageOutput) -> None:
        self._bytes = 0
        self._kept = bytearray()
        super().__init__(message)

    def audio(self, pcm: bytes) -> None:
        """Give some audio. Raises what `Response.spend` raises."""
        self._bytes += len(pcm)
        audio_ms = self._bytes // BYTES_PER_MS
        self.message.response.spend(audio_ms=audio_ms - self.part.audio_ms)
        self.part.audio_ms = audio_ms
        self.message.response.spoken = True
        if len(self._kept) + len(pcm) <= KEPT_AUDIO_MAX_BYTES:
            self._kept += pcm
        self._say("response.output_audio.delta", delta=base64.b64encode(pcm).decode())

    def _say_words(self, delta: str) -> None:
        self._say("response.output_audio_transcript.delta", delta=delta)

    def _say_done(self) -> None:
        self.part.audio = bytes(self._kept)
        self._say("response.output_audio.done")
        self._say("response.output_audio_transcript.done", transcript=self.part.words or "")


class WrittenPart(PartOutput):
    """Text alone."""

    kind = "output_text"
    wire_kind = "text"

    def _say_words(self, delta: str) -> None:
        self._say("response.output_text.delta", delta=delta)

    def _say_done(self) -> None:
        self._say("response.output_text.done", text=self.part.words or "")

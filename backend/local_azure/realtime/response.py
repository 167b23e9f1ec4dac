"""One response from `response.created` to `response.done`, written as the protocol nests it.

    with response:
        with response.message() as message, message.part() as part:
            part.words("Hello."); part.audio(pcm)
        with response.call("look_up") as call:
            call.arguments("{}")

Leaving a block says `done` for what it opened; leaving it by an exception says so with the right status. `end` does the same from
outside, at once and in the same order, so that an interruption needs nobody to wait for; `stop` leaves the last word to the work's end.
Decides nothing about what is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from . import tokens
from .desk import Desk
from .history import History
from .items import Item
from .output import CallOutput, MessageOutput, OutputItem
from .parts import PartUnavailable
from .window import Window
from .wire import new_id

NOMINAL_REQUESTS = 1_000
NOMINAL_TOKENS = 100_000
"""Nothing is limited here; a client that reads `rate_limits.updated` finds the shape, and room that never runs out."""

_Output = TypeVar("_Output", bound=OutputItem)
Modality = Literal["audio", "text"]
Ending = Literal["completed", "cancelled", "incomplete", "failed"]


class OutputSpent(Exception):  # noqa: N818 - the end of an allowance, not a fault
    """`max_output_tokens` is used up."""


class ResponseOver(Exception):  # noqa: N818 - a race that the speaker loses
    """The response was ended from outside; nothing more may be said in it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a response is to be made with. `context` replaces the conversation for a response that stands beside it."""

    modality: Modality
    voice: str
    speed: float
    instructions: str
    tools: tuple[dict[str, Any], ...]
    tool_choice: Any
    max_output_tokens: int | None = None
    metadata: dict[str, str] | None = None
    context: tuple[Item, ...] | None = None
    in_conversation: bool = True
    audio_format: dict[str, Any] = field(default_factory=dict)
    window: Window = field(default_factory=Window)


class Response:
    """See the module. `history` is the default conversation's, to which the response's items go; None keeps them out of it."""

    def __init__(self, desk: Desk, plan: Plan, conversation_id: str, history: History | None, taken: tokens.Tokens) -> None:
        self.id = new_id("resp")
        self.plan = plan
        self.desk = desk
        self.history = history
        self.spoken = False
        self.over = False
        self._stopped: str | None = None
        self._conversation_id = conversation_id if plan.in_conversation else None
        self._taken = taken
        self._given = tokens.Tokens()
        self._outputs: list[OutputItem] = []
        desk.send("response.created", response=self._on_wire("in_progress"))
        desk.send("rate_limits.updated", rate_limits=_rate_limits(taken.total))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        """Say how it ended. Only a cancelled task goes on being raised: then the socket is going, and nobody is left to tell."""
        match error:
            case None:
                self.end("completed")
            case OutputSpent():
                self.end("incomplete", reason="max_output_tokens")
            case PartUnavailable():
                self.end("failed", error={"type": "server_error", "code": "part_unavailable", "message": str(error)})
            case ResponseOver():
                pass
            case _:
                return False
        return True

    def message(self) -> MessageOutput:
        """Open a message of the assistant."""
        item = Item(new_id("item"), "message", "in_progress", role="assistant")
        return self._opened(MessageOutput(self, item, len(self._outputs)))

    def call(self, name: str) -> CallOutput:
        """Open a function call."""
        item = Item(new_id("item"), "function_call", "in_progress", call_id=new_id("call"), name=name)
        return self._opened(CallOutput(self, item, len(self._outputs)))

    def _opened(self, output: _Output) -> _Output:
        self._outputs.append(output)
        return output

    @property
    def audio_ms(self) -> int:
        """How long it is to be listened to."""
        return sum(part.audio_ms for output in self._outputs for part in output.item.content)

    def spend(self, *, text: str = "", audio_ms: int = 0) -> None:
        """Count what is about to be given. Raises `OutputSpent` when it no longer fits, `ResponseOver` after the end."""
        if self.over or self._stopped is not None:
            raise ResponseOver
        spent = tokens.Tokens(self._given.text + tokens.of_text(text), self._given.audio + tokens.of_speech(audio_ms))
        if self.plan.max_output_tokens is not None and spent.total > self.plan.max_output_tokens:
            raise OutputSpent
        self._given = spent

    @property
    def stopping(self) -> bool:
        """Whether it was cancelled and has not said so yet."""
        return self._stopped is not None and not self.over

    def stop(self, reason: str) -> None:
        """Let nothing more be given. It is still in progress: the work on it says at its own end that it was cancelled, and why."""
        self._stopped = reason

    def end(self, status: Ending, *, reason: str | None = None, error: dict[str, Any] | None = None) -> None:
        """Close what is open, innermost first, and say `response.done`; after `stop` it is cancelled. Ending twice is harmless."""
        if self.over:
            return
        if self._stopped is not None:
            status, reason, error = "cancelled", self._stopped, None
        for output in reversed(self._outputs):
            output.close("completed" if status == "completed" else "incomplete")
        self.over = True
        details: dict[str, Any] | None = None
        if status != "completed":
            details = {"type": status, **({"reason": reason} if reason else {}), **({"error": error} if error else {})}
        self.desk.send("response.done", response=self._on_wire(status, details))

    def _on_wire(self, status: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
        plan = self.plan
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": status,
            "status_details": details,
            "output": [output.item.on_wire() for output in self._outputs],
            "conversation_id": self._conversation_id,
            "output_modalities": [plan.modality],
            "max_output_tokens": plan.max_output_tokens or "inf",
            "audio": {"output": {"format": dict(plan.audio_format), "voice": plan.voice}},
            "usage": None if status == "in_progress" else tokens.usage(self._taken, self._given),
            "metadata": plan.metadata,
        }


def _rate_limits(taken: int) -> list[dict[str, Any]]:
    return [
        {"name": "requests", "limit": NOMINAL_REQUESTS, "remaining": NOMINAL_REQUESTS - 1, "reset_seconds": 0.0},
        {"name": "tokens", "limit": NOMINAL_TOKENS, "remaining": max(0, NOMINAL_TOKENS - taken), "reset_seconds": 0.0},
    ]

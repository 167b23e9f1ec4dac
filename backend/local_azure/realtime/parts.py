"""What the Realtime door needs of ears, mouth and mind: its half of three seams, and the words that cross them.

Nothing here does any work. Audio is everywhere 16-bit little-endian mono PCM at 24 kHz (48 bytes a millisecond).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

BYTES_PER_MS = 48


@dataclass(frozen=True, slots=True)
class VoiceDetection:
    """`turn_detection` as far as the ears care. Threshold 0..1; times in milliseconds."""

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak `at_ms` milliseconds into the audio that this listener was fed, prefix padding already taken off."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """They stopped; `at_ms` includes the silence that proved it, as the service reports it."""

    at_ms: int


class Listener(Protocol):
    """Hears one conversation's microphone."""

    async def feed(self, pcm: bytes) -> Sequence[SpeechStarted | SpeechStopped]:
        """Take the next audio, of any whole number of samples; return what was noticed, in order. Raises `PartUnavailable`."""

    async def close(self) -> None:
        """Let go of whatever this listener holds. Closing twice is harmless."""


class Ears(Protocol):
    """Finds speech and writes it down."""

    def listener(self, detection: VoiceDetection) -> Listener:
        """A fresh listener for one conversation, its clock at zero."""

    async def transcribe(self, pcm: bytes) -> str:
        """The words of one utterance, as the recogniser writes them; "" when nothing was understood. Raises `PartUnavailable`."""


class Mouth(Protocol):
    """Speaks."""

    def speak(self, sentence: str, *, voice: str, speed: float) -> AsyncIterator[bytes]:
        """PCM for one sentence, in chunks as they are made. Raises `PartUnavailable`."""


class PartUnavailable(Exception):  # noqa: N818 - it names the state, as the service's errors do
    """Ears or mouth cannot work here (no wheel for this Python, a dead worker). The message is fit for an error event."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the conversation, its text parts joined; audio appears as its transcript."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A function call that the assistant made. `arguments` is JSON text."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What the client answered to a call."""

    call_id: str
    output: str


Item = Said | Called | Returned


class ConversationId(str):
    """A conversation's id, the same object while the conversation lives: nobody tells a mind of its end, so it remembers by this weakly."""


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a mind may know: the conversation so far and the session's instructions and tools (flat function schemas)."""

    items: tuple[Item, ...]
    instructions: str = ""
    tools: tuple[dict[str, Any], ...] = ()
    tool_choice: str = "auto"
    """`auto`, `none`, `required`, or the name of the one function that must be called."""
    conversation: ConversationId | None = None
    """None for a response beside the conversation."""
    turn: int = 0
    """How many messages of the person there have been in the conversation, those that were deleted since among them."""


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence to be spoken or written."""

    sentence: str


@dataclass(frozen=True, slots=True)
class CallTool:
    """One function call to be made. `arguments` is JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Complain:
    """An `error` event is to be sent; the response goes on."""

    code: str
    message: str
    kind: str = "server_error"


@dataclass(frozen=True, slots=True)
class BreakOff:
    """The response ends here, and is not complete. `code` is the error's where it failed, else the reason."""

    status: Literal["failed", "incomplete"]
    code: str
    message: str = ""
    kind: str = "server_error"


@dataclass(frozen=True, slots=True)
class HangUp:
    """The socket is to be closed with this code once everything before has been sent; `response.done` never comes."""

    code: int
    reason: str = ""


Thought = Say | CallTool | Complain | BreakOff | HangUp


class Mind(Protocol):
    """Decides what to do next."""

    def think(self, moment: Moment) -> AsyncIterator[Thought]:
        """What the assistant says and calls in this one response, in order."""

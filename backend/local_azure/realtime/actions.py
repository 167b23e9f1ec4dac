"""What a conversation asks of the world: words to send, audio to listen to, a response to speak. Nothing here does any of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .parts import HangUp, VoiceDetection
from .wire import Event

if TYPE_CHECKING:
    from .response import Response


@dataclass(frozen=True, slots=True)
class Send:
    """Send this event to the client."""

    event: Event


@dataclass(frozen=True, slots=True)
class Listen:
    """Put a fresh listener, its clock at zero, in the place of the old one; None: nobody listens."""

    detection: VoiceDetection | None


@dataclass(frozen=True, slots=True)
class Hear:
    """Take this audio in, piece by piece. `event_id` is the client's, for an error."""

    pcm: bytes
    event_id: str | None


@dataclass(frozen=True, slots=True)
class WriteDown:
    """Recognise the words of this audio and report them with `Conversation.words_came` or `.words_failed`, under the order's number."""

    order: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Think and speak this response, which has begun."""

    response: Response


@dataclass(frozen=True, slots=True)
class Abandon:
    """Stop the work on this response. What the client has still to be told of it is told when the work has ended."""

    response_id: str


@dataclass(frozen=True, slots=True)
class SetAlarm:
    """Call `Conversation.nobody_spoke` after this many milliseconds, in place of any alarm that was set; None: never."""

    after_ms: int | None


Action = Send | Listen | Hear | WriteDown | Answer | Abandon | SetAlarm | HangUp

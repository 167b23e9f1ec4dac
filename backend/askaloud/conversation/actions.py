"""What the session wants done: the words between the module that decides and the module that waits.

Every method of `Session` returns a list of these, in the order in which they are to happen.
"""

from __future__ import annotations

from msgspec import Struct

from ..tool import Call, Tool
from .policy import Moderator


class ToBrowser(Struct, frozen=True, gc=False):
    """Send to the browser. Sound says how long it plays, so that it can be bounded and dropped."""

    payload: bytes
    audio_ms: float = 0.0
    urgent: bool = False
    """Goes before everything that waits, in order among its like: somebody began to speak, or has spoken."""
    own: bool = False
    """An `askaloud.*` event: only for clients that asked for them."""
    fleeting: bool = False
    """Worth nothing later: it is not kept for a browser whose network is away."""


class DropAudio(Struct, frozen=True):
    """Forget all sound that still waits for the browser: nobody will hear it."""


class ToModel(Struct, frozen=True, gc=False):
    """Send to the model, once the gate is open."""

    payload: bytes


class Sound(Struct, frozen=True, gc=False):
    """Send this microphone audio to the model, once the gate is open: checked base64 of `size` bytes. What waits may be joined."""

    audio: str
    size: int


class OpenModel(Struct, frozen=True):
    """Reach for the model, after so many seconds: the first word was said, or the line was lost."""

    after_s: float = 0.0


class CloseModel(Struct, frozen=True):
    """Hang up, or let go of what is left of a lost line; shut the gate and forget what waits before it."""


class Configure(Struct, frozen=True):
    """Send to the model past the gate: instructions and tools come before anything of the client's."""

    payload: bytes


class OpenGate(Struct, frozen=True):
    """The model has taken instructions and tools: what waited may go."""


class RunTool(Struct, frozen=True):
    """Start this tool as a task and report with `Session.tool_finished`."""

    tool: Tool
    call: Call


class Judge(Struct, frozen=True):
    """Ask the moderator about these words of a message and report with `Session.judged(key, …)`."""

    moderator: Moderator
    key: int
    words: str


class WakeMe(Struct, frozen=True):
    """Call `Session.woke(name)` after so many seconds; a second wish of the same name replaces the first."""

    name: str
    after_s: float


class Note(Struct, frozen=True):
    """For the log: a sentence of ours that holds no word of the person, of the documents or of the service."""

    text: str


class End(Struct, frozen=True):
    """Say goodbye to the browser with this code and reason, and hang up the model."""

    code: int
    reason: str


Action = ToBrowser | DropAudio | ToModel | Sound | OpenModel | CloseModel | Configure | OpenGate | RunTool | Judge | WakeMe | Note | End

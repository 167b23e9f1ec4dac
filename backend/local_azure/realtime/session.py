"""One session's fields as they hold now: their defaults, what a client may change and when, and how they are reported.

Decides nothing about turns. The shapes that changes must have stand in `fields`.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from .fields import SESSION
from .parts import VoiceDetection
from .wire import Refused, new_id

DEFAULT_INSTRUCTIONS = "You are a helpful assistant. Answer briefly, from what the tools return."

PCM = {"type": "audio/pcm", "rate": 24000}
SERVER_VAD = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "silence_duration_ms": 500,
    "idle_timeout_ms": None,
    "create_response": True,
    "interrupt_response": True,
}
SEMANTIC_VAD = {"type": "semantic_vad", "eagerness": "auto", "create_response": True, "interrupt_response": True}


TRANSCRIPTION = {"model": None, "language": None, "prompt": None}
"""What a session reports beside what a client set, as Azure was recorded to."""

EAGERNESS_MS = {"low": 1_200, "medium": 600, "auto": 600, "high": 300}
"""Silence that ends a turn with `semantic_vad`. The service judges the words and waits 8, 4 or 2 s at most where it doubts; nothing here
judges them, so each eagerness is one silence, well below those."""


@dataclass(frozen=True, slots=True)
class TurnDetection:
    """What the ears listen for, and what happens when somebody begins or ends to speak, or does not for `idle_timeout_ms`."""

    voice: VoiceDetection
    create_response: bool
    interrupt_response: bool
    idle_timeout_ms: int | None


class Session:
    """The fields as they hold now. `model` is the deployment in the address; `expires_at` is in seconds since the epoch."""

    def __init__(self, model: str, expires_at: int) -> None:
        self._fields: dict[str, Any] = {
            "type": "realtime",
            "object": "realtime.session",
            "id": new_id("sess"),
            "model": model,
            "output_modalities": ["audio"],
            "instructions": DEFAULT_INSTRUCTIONS,
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "tracing": None,
            "truncation": "auto",
            "prompt": None,
            "expires_at": expires_at,
            "audio": {
                "input": {"format": dict(PCM), "transcription": None, "noise_reduction": None, "turn_detection": dict(SERVER_VAD)},
                "output": {"format": dict(PCM), "voice": "alloy", "speed": 1.0},
            },
            "include": None,
        }

    def update(self, changes: Any, *, spoken: bool, speaking: bool = False) -> bool:
        """Take a client's sparse `session`, wholly or not at all; say whether the turn detection was set. Raises `Refused`.

        `spoken`: audio was already given in this conversation, so the voice stays (the service's `cannot_update_voice`).
        `speaking`: a response is in progress, so the speed stays.
        """
        if isinstance(changes, dict) and changes.get("type") == "transcription":
            # The service's own answer at this address, whose sessions converse (justspeaktoit#427 quotes it).
            message = "Passing a transcription session update event to a realtime session is not allowed."
            raise Refused("invalid_parameter", message, "session.type")
        wanted = SESSION(changes, "session")
        audio = wanted.pop("audio", {})
        self._check(wanted, audio.get("output", {}), spoken=spoken, speaking=speaking)
        heard = audio.get("input", {})
        if heard.get("turn_detection"):
            default = SERVER_VAD if heard["turn_detection"]["type"] == "server_vad" else SEMANTIC_VAD
            heard["turn_detection"] = {**default, **heard["turn_detection"]}
        if heard.get("transcription") is not None:
            heard["transcription"] = {**TRANSCRIPTION, **heard["transcription"]}
        self._fields["audio"]["input"].update(heard)
        self._fields["audio"]["output"].update(audio.get("output", {}))
        self._fields.update(wanted)
        return "turn_detection" in heard

    def _check(self, wanted: dict[str, Any], output: dict[str, Any], *, spoken: bool, speaking: bool) -> None:
        if wanted.get("model", self._fields["model"]) != self._fields["model"]:
            raise Refused("invalid_value", "The model of a session cannot be changed after it was created.", "session.model")
        if speaking and output.get("speed", self.speed) != self.speed:
            raise Refused("invalid_value", "The speed cannot be changed while a response is in progress.", "session.audio.output.speed")
        if self._fields["tracing"] is not None and wanted.get("tracing") not in (None, self._fields["tracing"]):
            raise Refused("invalid_value", "The tracing of a session cannot be changed once it is enabled.", "session.tracing")
        self.check_voice(output.get("voice"), spoken=spoken)

    def check_voice(self, wanted: str | None, *, spoken: bool) -> None:
        """Refuse another voice once one was heard. The sentence and the code are the service's (openai-agents-python#1661)."""
        if spoken and wanted is not None and wanted != self.voice:
            raise Refused("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.")

    def report(self) -> dict[str, Any]:
        """The whole session, as `session.created` and `session.updated` carry it."""
        return deepcopy(self._fields)

    @property
    def turn_detection(self) -> TurnDetection | None:
        """None where the client commits its turns itself."""
        fields = self._fields["audio"]["input"]["turn_detection"]
        if fields is None:
            return None
        given = {name: fields[name] for name in VoiceDetection.__slots__ if name in fields}
        if fields["type"] == "semantic_vad":
            given["silence_duration_ms"] = EAGERNESS_MS[fields["eagerness"]]
        voice = VoiceDetection(**given)
        return TurnDetection(voice, fields["create_response"], fields["interrupt_response"], fields.get("idle_timeout_ms"))

    @property
    def transcribes(self) -> bool:
        """Whether the client wants to read what was heard."""
        return self._fields["audio"]["input"]["transcription"] is not None

    @property
    def voice(self) -> str:
        """The voice of spoken answers."""
        return str(self._fields["audio"]["output"]["voice"])

    @property
    def speed(self) -> float:
        """How fast spoken answers are, 1.0 being the voice's own."""
        return float(self._fields["audio"]["output"]["speed"])

    def __getitem__(self, name: str) -> Any:
        """A plain field by its name: instructions, tools, tool_choice, output_modalities, max_output_tokens."""
        return self._fields[name]

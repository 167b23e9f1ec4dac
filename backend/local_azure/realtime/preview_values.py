"""Values that the preview and GA write differently, each with its translation both ways. Knows no event and no place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .shapes import choice
from .wire import Refused

AUDIO_FORMATS: Mapping[str, dict[str, Any]] = {
    "pcm16": {"type": "audio/pcm", "rate": 24000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}
VOICES = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse")
"""Without marin and cedar, which came with GA."""
SERVER_VAD = ("type", "threshold", "prefix_padding_ms", "silence_duration_ms", "create_response", "interrupt_response")
SEMANTIC_VAD = ("type", "eagerness", "create_response", "interrupt_response")
TURN_DETECTION_FIELDS = tuple(dict.fromkeys((*SERVER_VAD, *SEMANTIC_VAD)))
TRANSCRIPTION_FIELDS = ("model", "language", "prompt")
NOISE_FIELDS = ("type",)


@dataclass(frozen=True, slots=True)
class Value:
    """`inward` takes a preview value and its path, and raises `Refused`; `outward` takes what GA reports."""

    inward: Callable[[Any, str], Any]
    outward: Callable[[Any], Any]


def _modalities_inward(value: Any, path: str) -> Any:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return value
    if value == ["text"]:
        return ["text"]
    if sorted(value) == ["audio", "text"]:
        return ["audio"]
    shown = [word[:64] for word in value[:8]]
    # The sentence is the service's, as several public projects quote it from its errors.
    message = f"Invalid modalities: {shown}. Supported combinations are: ['text'] and ['audio', 'text']."
    raise Refused("invalid_value", message, path)


def _format_inward(value: Any, path: str) -> Any:
    return dict(AUDIO_FORMATS[choice(*AUDIO_FORMATS)(value, path)])


def _format_outward(told: Any) -> Any:
    return next((name for name, format_ in AUDIO_FORMATS.items() if format_ == told), None)


def _only(fields: tuple[str, ...]) -> Value:
    """An object that has fewer fields than in GA; null and what is no object are handed on."""

    def inward(value: Any, path: str) -> Any:
        for name in value if isinstance(value, dict) else ():
            if name not in fields:
                raise Refused("unknown_parameter", f"Unknown parameter: '{path}.{name}'.", f"{path}.{name}")
        return value

    def outward(told: Any) -> Any:
        return {name: value for name, value in told.items() if name in fields} if isinstance(told, dict) else told

    return Value(inward, outward)


as_it_is = Value(lambda value, _: value, lambda told: told)
MODALITIES = Value(_modalities_inward, lambda told: ["text", "audio"] if told == ["audio"] else told)
VOICE = Value(choice(*VOICES), lambda told: told)
FORMATS = Value(_format_inward, _format_outward)
TURN_DETECTION = _only(TURN_DETECTION_FIELDS)
TRANSCRIPTION = _only(TRANSCRIPTION_FIELDS)
NOISE = _only(NOISE_FIELDS)

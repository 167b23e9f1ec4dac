"""Which fields a session may have, and of what shape.

Source: `openai/types/realtime/realtime_session_create_request.py` and the classes it names. Decides nothing about what the fields do.
What the service offers and this stand-in does not is refused by name, with three exceptions that no event can show and that clients
send unasked: noise reduction, tracing and reasoning effort are accepted, reported, and change nothing.
"""

from __future__ import annotations

from typing import Any

from .shapes import boolean, choice, either, integer, json_object, listing, nullable, number, record, tagged, text, unoffered
from .wire import Refused

VOICES = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")
INSTRUCTIONS_MAX_CHARS = 131_072
"""More than any model's context of 32,000 tokens holds."""
TOOLS_MAX = 128
"""The service's own limit on functions."""
TOOL_MAX_BYTES = 65_536
"""One function's parameters; keeps a session report below 10 MB whatever is registered."""
NAME_MAX_CHARS = 128
IDLE_TIMEOUT_MIN_MS = 5_000
IDLE_TIMEOUT_MAX_MS = 30_000
"""The service's own bounds, as its OpenAPI description gives them (tryAGI/OpenAI#224)."""
POST_INSTRUCTIONS_MAX_TOKENS = 1_000_000
"""Above any model's context."""
PROMPT_MAX_CHARS = 16_384

_other_format = unoffered("An audio format other than audio/pcm")
AUDIO_FORMAT = tagged(
    "type",
    {
        "audio/pcm": record({"type": choice("audio/pcm"), "rate": integer(24000, 24000)}),
        "audio/pcmu": _other_format,
        "audio/pcma": _other_format,
    },
)


def _no_turn_detection(value: Any, path: str) -> None:
    """Azure's guides write `{"type": "none"}` where OpenAI's write null."""
    record({"type": choice("none")})(value, path)


TURN_DETECTION = tagged(
    "type",
    {
        "server_vad": record(
            {
                "type": choice("server_vad"),
                "threshold": number(0.0, 1.0),
                "prefix_padding_ms": integer(0, 5_000),
                "silence_duration_ms": integer(0, 10_000),
                "create_response": boolean,
                "interrupt_response": boolean,
                "idle_timeout_ms": nullable(integer(IDLE_TIMEOUT_MIN_MS, IDLE_TIMEOUT_MAX_MS)),
            }
        ),
        "semantic_vad": record(
            {
                "type": choice("semantic_vad"),
                "eagerness": choice("low", "medium", "high", "auto"),
                "create_response": boolean,
                "interrupt_response": boolean,
            }
        ),
        "none": _no_turn_detection,
    },
)
_word = text(NAME_MAX_CHARS)
TRANSCRIPTION = record(
    {
        "model": _word,
        "language": nullable(_word),
        "prompt": nullable(text(PROMPT_MAX_CHARS)),
        "keywords": listing(_word, 1_000),
        "languages": listing(_word, 100),
        "delay": choice("minimal", "low", "medium", "high", "xhigh"),
    }
)
NOISE_REDUCTION = record({"type": choice("near_field", "far_field"), "strength": number(0.0, 10.0)})
_custom_voice = unoffered("A custom voice")


def voice(value: Any, path: str) -> Any:
    """One of the built-in voices."""
    return _custom_voice(value, path) if isinstance(value, dict) else choice(*VOICES)(value, path)


TOOL = tagged(
    "type",
    {
        "function": record(
            {
                "type": choice("function"),
                "name": text(NAME_MAX_CHARS),
                "description": text(INSTRUCTIONS_MAX_CHARS),
                "parameters": json_object(TOOL_MAX_BYTES),
            },
            required=("name",),
        ),
        "mcp": unoffered("A tool of type 'mcp'"),
    },
)
TOOLS = listing(TOOL, TOOLS_MAX)


def tool_choice(value: Any, path: str) -> Any:
    """`auto`, `none`, `required`, or one function by its name."""
    if not isinstance(value, dict):
        return choice("auto", "none", "required")(value, path)
    function = record({"type": choice("function"), "name": text(NAME_MAX_CHARS)}, required=("type", "name"))
    return tagged("type", {"function": function, "mcp": unoffered("A tool choice of type 'mcp'")})(value, path)


def max_output_tokens(value: Any, path: str) -> Any:
    """1 to 4,096, or `inf`."""
    return choice("inf")(value, path) if isinstance(value, str) else integer(1, 4096)(value, path)


_modalities = listing(choice("text", "audio"), 8)


def output_modalities(value: Any, path: str) -> Any:
    """One of the two. The sentence is the service's, as several public projects quote it from its errors."""
    wanted = _modalities(value, path)
    if len(wanted) != 1:
        raise Refused("invalid_value", f"Invalid modalities: {wanted}. Supported combinations are: ['text'] and ['audio'].", path)
    return wanted


_retention_ratio = record(
    {
        "type": choice("retention_ratio"),
        "retention_ratio": number(0.0, 1.0),
        "token_limits": nullable(record({"post_instructions": integer(0, POST_INSTRUCTIONS_MAX_TOKENS)})),
    },
    required=("type", "retention_ratio"),
)


def truncation(value: Any, path: str) -> Any:
    """`auto`, `disabled`, or a ratio with its limits."""
    return _retention_ratio(value, path) if isinstance(value, dict) else choice("auto", "disabled")(value, path)


REASONING = record({"effort": choice("minimal", "low", "medium", "high", "xhigh")})
TRACING = nullable(either(choice("auto"), json_object(TOOL_MAX_BYTES)))
SESSION = record(
    {
        "type": choice("realtime"),
        "model": text(NAME_MAX_CHARS),
        "instructions": text(INSTRUCTIONS_MAX_CHARS),
        "output_modalities": output_modalities,
        "audio": record(
            {
                "input": record(
                    {
                        "format": AUDIO_FORMAT,
                        "noise_reduction": nullable(NOISE_REDUCTION),
                        "transcription": nullable(TRANSCRIPTION),
                        "turn_detection": nullable(TURN_DETECTION),
                    }
                ),
                "output": record({"format": AUDIO_FORMAT, "voice": voice, "speed": number(0.25, 1.5)}),
            }
        ),
        "tools": TOOLS,
        "tool_choice": tool_choice,
        "parallel_tool_calls": boolean,
        "reasoning": nullable(REASONING),
        "max_output_tokens": max_output_tokens,
        "truncation": truncation,
        "tracing": TRACING,
        "prompt": unoffered("A stored prompt"),
        "include": nullable(listing(unoffered("Log probabilities"), 8)),
    },
    required=("type",),
)

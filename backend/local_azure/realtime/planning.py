"""What a response shall be made with: the session's fields, and over them what `response.create` asks for this once.

Source: `openai/types/realtime/realtime_response_create_params.py`. Starts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fields import (
    AUDIO_FORMAT,
    INSTRUCTIONS_MAX_CHARS,
    REASONING,
    TOOLS,
    max_output_tokens,
    output_modalities,
    tool_choice,
    voice,
)
from .history import History
from .items import Item, read_item
from .response import Plan
from .session import PCM, Session
from .shapes import boolean, choice, listing, nullable, record, text, unoffered
from .window import Window
from .wire import Refused, new_id

METADATA_MAX_PAIRS = 16
METADATA_KEY_MAX_CHARS = 64
METADATA_VALUE_MAX_CHARS = 512
"""The three are the service's own limits."""
INPUT_MAX_ITEMS = 256
"""A context of its own is a few items; this keeps one event from filling the memory."""


def _metadata(value: Any, path: str) -> dict[str, str]:
    if isinstance(value, dict) and len(value) > METADATA_MAX_PAIRS:
        raise Refused("object_above_max_properties", f"Invalid '{path}': at most {METADATA_MAX_PAIRS} pairs.", path)
    names = value if isinstance(value, dict) else {}
    for name in names:
        text(METADATA_KEY_MAX_CHARS)(name, path)
    checked: dict[str, str] = record(dict.fromkeys(names, text(METADATA_VALUE_MAX_CHARS)))(value, path)
    return checked


def _as_it_is(value: Any, path: str) -> Any:
    return value


RESPONSE = record(
    {
        "audio": record({"output": record({"format": AUDIO_FORMAT, "voice": voice})}),
        "conversation": choice("auto", "none"),
        "input": listing(_as_it_is, INPUT_MAX_ITEMS),
        "instructions": text(INSTRUCTIONS_MAX_CHARS),
        "max_output_tokens": max_output_tokens,
        "metadata": nullable(_metadata),
        "output_modalities": output_modalities,
        "parallel_tool_calls": boolean,
        "prompt": unoffered("A stored prompt"),
        "reasoning": nullable(REASONING),
        "tool_choice": tool_choice,
        "tools": TOOLS,
    }
)


def plan(session: Session, history: History, wishes: Any, *, spoken: bool) -> Plan:
    """What `response.create` with these wishes (an object, or None for none) leads to. Raises `Refused`."""
    asked: Mapping[str, Any] = {} if wishes is None else RESPONSE(wishes, "response")
    wanted_voice = asked.get("audio", {}).get("output", {}).get("voice")
    session.check_voice(wanted_voice, spoken=spoken)
    limit = asked.get("max_output_tokens", session["max_output_tokens"])
    tools = tuple(asked.get("tools", session["tools"]))
    chosen = asked.get("tool_choice", session["tool_choice"])
    _check_choice(chosen, tools)
    return Plan(
        modality=asked.get("output_modalities", session["output_modalities"])[0],
        voice=wanted_voice or session.voice,
        speed=session.speed,
        instructions=asked.get("instructions", session["instructions"]),
        tools=tools,
        tool_choice=chosen,
        max_output_tokens=None if limit == "inf" else limit,
        metadata=asked.get("metadata"),
        context=_context(asked["input"], history) if "input" in asked else None,
        in_conversation=asked.get("conversation", "auto") == "auto",
        audio_format=dict(PCM),
        window=Window.of(session["truncation"]),
    )


def _check_choice(chosen: Any, tools: tuple[dict[str, Any], ...]) -> None:
    if isinstance(chosen, dict) and chosen["name"] not in {tool["name"] for tool in tools}:
        raise Refused("invalid_value", f"There is no function named '{chosen['name']}' among the tools.", "tool_choice")


def _context(given: list[Any], history: History) -> tuple[Item, ...]:
    items = []
    for index, element in enumerate(given):
        path = f"response.input[{index}]"
        if isinstance(element, dict) and element.get("type") == "item_reference":
            reference = record({"type": choice("item_reference"), "id": text(64)}, required=("id",))(element, path)
            known = history.get(reference["id"])
            if known is None:
                raise Refused("invalid_value", f"There is no item with id '{reference['id']}'.", f"{path}.id")
            items.append(known)
        else:
            items.append(read_item(element, path, new_id("item")))
    return tuple(items)

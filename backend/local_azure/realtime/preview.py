"""The preview dialect, which Azure speaks at `/openai/realtime?api-version=…&deployment=…`: its table of names, and the translation by it.

Sources: `openai/types/beta/realtime` beside `openai/types/realtime`, and Microsoft's migration guide from preview to GA. What a value
means is not decided here: what fits no row is handed on, and refused inside; the place of the fault is then translated back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .preview_values import FORMATS, MODALITIES, NOISE, TRANSCRIPTION, TURN_DETECTION, VOICE, Value, as_it_is
from .shapes import number
from .wire import Event, Refused, not_offered

EVENTS: Mapping[str, str | None] = {
    "conversation.item.added": "conversation.item.created",
    "conversation.item.done": None,
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
}
"""Server events whose names differ, GA to preview; None: the preview has none such. All others, and every client event, have one name."""

CONTENT: Mapping[str, str] = {"output_text": "text", "output_audio": "audio"}
"""The types of an assistant's content parts, GA to preview."""
PREVIEW_CONTENT = ("input_text", "input_audio", "text", "audio")
REFERENCE = "item_reference"
"""Typed as content too, which is refused by name: an item of its own with this type is offered, in both dialects."""

Row = tuple[str, tuple[str, ...], Value]
SESSION: tuple[Row, ...] = (
    ("model", ("model",), as_it_is),
    ("modalities", ("output_modalities",), MODALITIES),
    ("instructions", ("instructions",), as_it_is),
    ("voice", ("audio", "output", "voice"), VOICE),
    ("speed", ("audio", "output", "speed"), as_it_is),
    ("input_audio_format", ("audio", "input", "format"), FORMATS),
    ("output_audio_format", ("audio", "output", "format"), FORMATS),
    ("input_audio_transcription", ("audio", "input", "transcription"), TRANSCRIPTION),
    ("input_audio_noise_reduction", ("audio", "input", "noise_reduction"), NOISE),
    ("turn_detection", ("audio", "input", "turn_detection"), TURN_DETECTION),
    ("tools", ("tools",), as_it_is),
    ("tool_choice", ("tool_choice",), as_it_is),
    ("tracing", ("tracing",), as_it_is),
    ("max_response_output_tokens", ("max_output_tokens",), as_it_is),
)
"""A session's fields: the preview's name, the place in GA, and what happens to the value."""

RESPONSE: tuple[Row, ...] = (
    ("modalities", ("output_modalities",), MODALITIES),
    ("instructions", ("instructions",), as_it_is),
    ("voice", ("audio", "output", "voice"), VOICE),
    ("output_audio_format", ("audio", "output", "format"), FORMATS),
    ("tools", ("tools",), as_it_is),
    ("tool_choice", ("tool_choice",), as_it_is),
    ("max_response_output_tokens", ("max_output_tokens",), as_it_is),
    ("conversation", ("conversation",), as_it_is),
    ("metadata", ("metadata",), as_it_is),
    ("input", ("input",), as_it_is),
)
"""What `response.create` may ask for."""

REPORTED_RESPONSE: tuple[Row, ...] = (
    ("modalities", ("output_modalities",), MODALITIES),
    ("voice", ("audio", "output", "voice"), VOICE),
    ("output_audio_format", ("audio", "output", "format"), FORMATS),
)
"""What a response says of itself under another name; its other fields, `max_output_tokens` among them, have one name."""

TEMPERATURE = number(0.6, 1.2)
DEFAULT_TEMPERATURE = 0.8
"""The preview's own bounds and default. The temperature is reported and changes nothing: there is nothing here that is drawn by chance."""
ONLY_GA_SESSION = ("type", "audio", "output_modalities", "max_output_tokens", "truncation", "prompt", "include")
"""Of a session's report, what the preview does not show."""


class Preview:
    """One conversation's translator."""

    def __init__(self) -> None:
        self._temperature = DEFAULT_TEMPERATURE

    def inward(self, event: Event) -> Event:
        """See `Dialect`."""
        kind = event["type"]
        if kind == "transcription_session.update":
            raise not_offered(f"The event '{kind}'", "type")
        if kind == "session.update" and isinstance(event.get("session"), dict):
            given = dict(event["session"])
            temperature = _temperature(given, "session")
            session = {"type": "realtime", **_to_ga(given, SESSION, "session")}
            self._temperature = self._temperature if temperature is None else temperature
            return {**event, "session": session}
        if kind == "response.create" and isinstance(event.get("response"), dict):
            given = dict(event["response"])
            _temperature(given, "response")
            response = _to_ga(given, RESPONSE, "response")
            if isinstance(response.get("input"), list):
                response["input"] = [_item_to_ga(item, f"response.input[{index}]") for index, item in enumerate(response["input"])]
            return {**event, "response": response}
        if kind == "conversation.item.create":
            return {**event, "item": _item_to_ga(event.get("item"), "item")} if "item" in event else event
        return event

    def outward(self, event: Event) -> Event | None:
        """See `Dialect`."""
        name = EVENTS.get(event["type"], event["type"])
        if name is None:
            return None
        told = {**event, "type": name}
        if "session" in told:
            told["session"] = self._session(told["session"])
        if "response" in told:
            told["response"] = _response(told["response"])
        if "item" in told:
            told["item"] = _item(told["item"])
        if name == "error":
            told["error"] = _error(told["error"])
        if name == "response.function_call_arguments.done":
            del told["name"]
        return told

    def _session(self, session: dict[str, Any]) -> dict[str, Any]:
        same = {name: value for name, value in session.items() if name not in ONLY_GA_SESSION}
        return {**same, **_to_preview(session, SESSION), "temperature": self._temperature}


def _temperature(given: dict[str, Any], path: str) -> float | None:
    """Take the temperature out, for GA has none."""
    if given.get("temperature") is None:
        given.pop("temperature", None)
        return None
    checked: float = TEMPERATURE(given.pop("temperature"), f"{path}.temperature")
    return checked


def _to_ga(given: Mapping[str, Any], rows: tuple[Row, ...], path: str) -> dict[str, Any]:
    known = {name: (place, value) for name, place, value in rows}
    result: dict[str, Any] = {}
    for name, wanted in given.items():
        if name == "client_secret":
            raise not_offered("A client secret", f"{path}.{name}")
        if name not in known:
            raise Refused("unknown_parameter", f"Unknown parameter: '{path}.{name}'.", f"{path}.{name}")
        place, value = known[name]
        target = result
        for step in place[:-1]:
            target = target.setdefault(step, {})
        target[place[-1]] = value.inward(wanted, f"{path}.{name}")
    return result


def _to_preview(told: Mapping[str, Any], rows: tuple[Row, ...]) -> dict[str, Any]:
    result = {}
    for name, place, value in rows:
        found: Any = told
        for step in place:
            found = found.get(step) if isinstance(found, Mapping) else None
        result[name] = value.outward(found)
    return result


def _item_to_ga(item: Any, path: str) -> Any:
    """An assistant's content parts get their GA types; what is no item at all is handed on."""
    if not isinstance(item, dict) or not isinstance(item.get("content"), list):
        return item
    to_ga = {preview: ga for ga, preview in CONTENT.items()} if item.get("role") == "assistant" else {}
    content = []
    for index, part in enumerate(item["content"]):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == REFERENCE:
            raise not_offered("A reference to an item within another item's content", f"{path}.content[{index}]")
        if isinstance(kind, str) and kind not in PREVIEW_CONTENT:
            shown = ", ".join(f"'{known}'" for known in PREVIEW_CONTENT)
            raise Refused("invalid_value", f"Invalid value: '{kind[:64]}'. Supported values are: {shown}.", f"{path}.content[{index}].type")
        content.append({**part, "type": to_ga.get(kind, kind)} if isinstance(kind, str) else part)
    return {**item, "content": content}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    if "content" not in item:
        return dict(item)
    return {**item, "content": [{**part, "type": CONTENT.get(part["type"], part["type"])} for part in item["content"]]}


def _response(response: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in response.items() if name not in ("audio", "output_modalities")}
    told["output"] = [_item(item) for item in told["output"]]
    if told["usage"] is not None:
        into = told["usage"]["input_token_details"]
        cached = {name: count for name, count in into["cached_tokens_details"].items() if name != "image_tokens"}
        details = {**{name: count for name, count in into.items() if name != "image_tokens"}, "cached_tokens_details": cached}
        told["usage"] = {**told["usage"], "input_token_details": details}
    return {**told, **_to_preview(response, REPORTED_RESPONSE)}


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    """The place of a fault in the preview's words, in `param` and where the message names it."""
    param = error["param"] or ""
    for path, rows in (("session", SESSION), ("response", RESPONSE)):
        for name, place, _ in rows:
            inside = ".".join((path, *place))
            if param == inside and error["code"] == "unknown_parameter":  # GA knows all of its own places: this is the preview's no
                return dict(error)
            if param == inside or param.startswith((f"{inside}.", f"{inside}[")):
                told = f"{path}.{name}{param[len(inside) :]}"
                return {**error, "param": told, "message": error["message"].replace(param, told)}
    return dict(error)

"""GA inside and towards the browser; here the names and shapes of the preview are put on and taken off, for servers that still speak it.

`Preview` is one connection's translator; it knows no socket. `NAMES`, `SESSION` and `RESPONSE` are the whole difference that matters here.
Sound goes through without being parsed. Source: openai's two type trees (`types/realtime`, `types/beta/realtime`) and Microsoft's guide for
the migration from preview to GA.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Raw

NAMES = {
    "response.text.delta": "response.output_text.delta",
    "response.text.done": "response.output_text.done",
    "response.audio.delta": "response.output_audio.delta",
    "response.audio.done": "response.output_audio.done",
    "response.audio_transcript.delta": "response.output_audio_transcript.delta",
    "response.audio_transcript.done": "response.output_audio_transcript.done",
    "conversation.item.created": "conversation.item.added",
}
"""Events of the preview, and what GA calls them. An item that is `created` complete is `added` and `done` at once."""

CONTENT = {"text": "output_text", "audio": "output_audio"}
"""Parts of the assistant's items. (The `part` of a `response.content_part` event has the left names in both.)"""

FORMATS: dict[str, dict[str, Any]] = {
    "pcm16": {"type": "audio/pcm", "rate": 24_000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}

SESSION: dict[str, tuple[str, ...]] = {
    "model": ("model",),
    "instructions": ("instructions",),
    "tools": ("tools",),
    "tool_choice": ("tool_choice",),
    "temperature": ("temperature",),
    "modalities": ("output_modalities",),
    "max_response_output_tokens": ("max_output_tokens",),
    "voice": ("audio", "output", "voice"),
    "speed": ("audio", "output", "speed"),
    "output_audio_format": ("audio", "output", "format"),
    "input_audio_format": ("audio", "input", "format"),
    "input_audio_transcription": ("audio", "input", "transcription"),
    "input_audio_noise_reduction": ("audio", "input", "noise_reduction"),
    "turn_detection": ("audio", "input", "turn_detection"),
}
"""Fields of the preview's session, and where GA has them. All else (`type`, `truncation`, `reasoning` …) the preview does not know."""

WISH = {
    "modalities": ("output_modalities",),
    "max_response_output_tokens": ("max_output_tokens",),
    "voice": ("audio", "output", "voice"),
    "output_audio_format": ("audio", "output", "format"),
    **{name: (name,) for name in ("conversation", "input", "instructions", "metadata", "tool_choice", "tools")},
}
"""Fields of the `response` in a `response.create`."""

RESPONSE = {
    "modalities": ("output_modalities",),
    "voice": ("audio", "output", "voice"),
    "output_audio_format": ("audio", "output", "format"),
}
"""Fields of a response as the server tells it that have another name; `temperature` is gone, all others are the same."""

DETECTION_DEFAULTS = {"create_response": True, "interrupt_response": True}
"""What voice detection does anyway. The oldest versions do not know these fields, so the defaults are not said."""

ITEMS_KEPT = 64
"""Items that have begun and not ended: a response holds a few."""
MICROPHONE = b'{"type":"input_audio_buffer.'
SOUND = (b'{"type":"response.audio.delta"', b'{"type": "response.audio.delta"')
"""How the everyday frame begins; one that is written otherwise is read as everything else is."""
GA_SOUND = b'{"type":"response.output_audio.delta"'

encode = msgspec.json.encode
_fields = msgspec.json.Decoder(dict[str, Raw])
_any = msgspec.json.Decoder(dict[str, Any])


class Preview:
    """One connection to a server that speaks the preview."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, str | None] = OrderedDict()
        """Items that were added and are not done, and what stands before each."""
        self._names: OrderedDict[str, str] = OrderedDict()
        """Which tool an open call is for."""
        self._shapes: Mapping[str, Callable[[dict[str, Any]], Iterable[dict[str, Any]]]] = {
            "conversation.item.created": self._created,
            "conversation.item.retrieved": self._retrieved,
            "response.output_item.added": self._item_added,
            "response.output_item.done": self._item_done,
            "response.function_call_arguments.done": self._arguments_done,
            "response.created": _response,
            "response.done": _response,
            "session.created": _session,
            "session.updated": _session,
            "error": _error,
        }

    # towards the model

    def to_model(self, payload: bytes) -> bytes:
        """An event of ours, as the preview wants it."""
        if payload.startswith(MICROPHONE):
            return payload
        event = _any.decode(payload)
        match event["type"]:
            case "session.update":
                event["session"] = flat(event["session"], SESSION)
            case "response.create" if "response" in event:
                event["response"] = flat(event["response"], WISH)
            case "conversation.item.create":
                event["item"] = _item(event["item"], {new: old for old, new in CONTENT.items()})
            case _:
                return payload
        return encode(event)

    # towards us

    def from_model(self, frame: bytes) -> tuple[bytes, ...]:
        """A frame of the model in GA's words: most often one, sometimes two. What cannot be read is handed on as it is."""
        for beginning in SOUND:
            if frame.startswith(beginning):
                return (GA_SOUND + frame[len(beginning) :],)
        try:
            fields = _fields.decode(frame)
            kind = msgspec.json.decode(fields["type"], type=str)
            if (shape := self._shapes.get(kind)) is not None:
                return tuple(encode(event) for event in shape(_any.decode(frame)))
        except (msgspec.MsgspecError, KeyError, TypeError, AttributeError, UnicodeError, RecursionError):
            return (frame,)
        if kind not in NAMES:
            return (frame,)
        return (encode({**fields, "type": NAMES[kind]}),)

    def _created(self, event: dict[str, Any]) -> Iterable[dict[str, Any]]:
        item = event["item"] = _item(event["item"], CONTENT)
        self._note(item)
        yield {**event, "type": NAMES["conversation.item.created"]}
        if item.get("status") in (None, "completed"):
            yield {**event, "type": "conversation.item.done", "event_id": _second(event)}
        else:
            _keep(self._open, item["id"], event.get("previous_item_id"))

    def _retrieved(self, event: dict[str, Any]) -> Iterable[dict[str, Any]]:
        yield {**event, "item": _item(event["item"], CONTENT)}

    def _item_added(self, event: dict[str, Any]) -> Iterable[dict[str, Any]]:
        self._note(event["item"])
        yield {**event, "item": _item(event["item"], CONTENT)}

    def _item_done(self, event: dict[str, Any]) -> Iterable[dict[str, Any]]:
        item = _item(event["item"], CONTENT)
        yield {**event, "item": item}
        self._names.pop(item["id"], None)
        if item["id"] in self._open:
            yield {
                "type": "conversation.item.done",
                "event_id": _second(event),
                "previous_item_id": self._open.pop(item["id"]),
                "item": item,
            }

    def _arguments_done(self, event: dict[str, Any]) -> Iterable[dict[str, Any]]:
        yield {"name": self._names.get(event.get("item_id", ""), ""), **event}

    def _note(self, item: dict[str, Any]) -> None:
        if item["type"] == "function_call":
            _keep(self._names, item["id"], item.get("name") or "")


def flat(shape: Mapping[str, Any], table: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """A session or a wish of GA's shape in the preview's: what the table names and the shape holds, and nothing else."""
    found = {}
    for name, path in table.items():
        value: Any = shape
        for step in path:
            value = value.get(step, msgspec.UNSET) if isinstance(value, Mapping) else msgspec.UNSET
        if value is not msgspec.UNSET:
            found[name] = _flat_value(name, value)
    return found


def deep(shape: Mapping[str, Any], table: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """A session or a response of the preview's shape in GA's; what the table does not name keeps its name and its place."""
    found = {name: value for name, value in shape.items() if name not in table}
    for name, path in table.items():
        if name in shape:
            place = found
            for step in path[:-1]:
                place = place.setdefault(step, {})
            place[path[-1]] = _deep_value(name, shape[name])
    return found


def path_in_ga(param: str) -> str:
    """Where GA has the field that an error of the preview names, as in `session.voice`."""
    head, _, rest = param.partition(".")
    name, dot, deeper = rest.partition(".")
    table = {"session": SESSION, "response": WISH}.get(head, {})
    return f"{head}.{'.'.join(table[name])}{dot}{deeper}" if name in table else param


def _flat_value(name: str, value: Any) -> Any:
    if name == "modalities":
        return ["text", "audio"] if "audio" in value else ["text"]
    if name.endswith("_format"):
        return next((old for old, new in FORMATS.items() if new["type"] == value["type"]), "pcm16")
    if name == "turn_detection" and value:
        return {field: said for field, said in value.items() if DETECTION_DEFAULTS.get(field) is not said}
    return value


def _deep_value(name: str, value: Any) -> Any:
    if name == "modalities" and isinstance(value, list):
        return ["audio"] if "audio" in value else ["text"]
    if name.endswith("_format"):
        return FORMATS.get(value, value)
    return value


def _item(item: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Parts of the assistant's messages by their other names; everybody else's are the same in both."""
    if item.get("role") != "assistant" or not item.get("content"):
        return item
    return {**item, "content": [{**part, "type": names.get(part["type"], part["type"])} for part in item["content"]]}


def _response(event: dict[str, Any]) -> Iterable[dict[str, Any]]:
    response = deep(event["response"], RESPONSE)
    response.pop("temperature", None)
    response["output"] = [_item(item, CONTENT) for item in response.get("output") or []]
    yield {**event, "response": response}


def _session(event: dict[str, Any]) -> Iterable[dict[str, Any]]:
    yield {**event, "session": {"type": "realtime", **deep(event["session"], SESSION)}}


def _error(event: dict[str, Any]) -> Iterable[dict[str, Any]]:
    error = event["error"]
    if isinstance(param := error.get("param"), str):
        error = {**error, "param": path_in_ga(param)}
    yield {**event, "error": error}


def _second(event: dict[str, Any]) -> str:
    """An id for the second of two events that one became."""
    return f"{event.get('event_id', '')}.done"


def _keep(kept: OrderedDict[str, Any], key: str, value: Any) -> None:
    kept[key] = value
    if len(kept) > ITEMS_KEPT:
        kept.popitem(last=False)

"""What a registered function is for, found by its schema and never by its name, and how its arguments are filled from a question.

asks      exactly one required string, free text: a search          the question goes in, or its key words
reports   a required array of ids or numbers                         the passages used go in
does      anything else: called when its description is about what was asked and everything it requires can be filled
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .choosing import about
from .question import Question
from .words import STOP_WORDS, WORD, stem

_WHAT_IT_NAMES = re.compile(
    r"\b(?:city|cities|town|place|location|country|region|address|street|airport|station|date|day|month|year|time|name|person|email|phone|code"
    r"|currency|symbol|ticker|language|colour|color|unit|number|zip|postcode|url|product|item|customer|user|account|order|room)\b",
    re.IGNORECASE,
)
_WHAT_IS_ASKED = re.compile(
    r"\b(?:query|question|search|keywords?|key words|words|text|prompt|topic|look (?:for|up)|find|phrase|terms?|input|message|ask)\b",
    re.IGNORECASE,
)
_KEY_WORDS = re.compile(r"\bkey ?words?\b", re.IGNORECASE)
_PREPOSITION = r"(?:in|at|for|of|to|from|near|around|on|about|with|by)"
_GENERIC = (
    "get current information return returns tool use call give find search document documents question answer data about look details"
)
_GENERIC_STEMS = frozenset(stem(word) for word in _GENERIC.split())
"""Words of descriptions that fit every question."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One function. `argument` is the parameter that matters: the free text, the list of ids, or none."""

    name: str
    purpose: Literal["asks", "reports", "does"]
    argument: str
    schema: Mapping[str, Any]
    description: str

    def asking(self, question: Question) -> str:
        """The arguments, as JSON, of a call that asks this: in key words where the parameter says that it takes them."""
        return self._with(question.key_words if self._takes_key_words else question.query)

    def asking_again(self, question: Question, name: str = "", known: Collection[str] = ()) -> str:
        """The arguments, as JSON, of a second call in other words, and with the name of what was meant; "" where there are neither, or
        where it takes whole questions only. `known` are the stems that the first call found.
        """
        others = question.other_words(known)
        words = f"{name} {others}".strip() if others or not name else f"{name} {question.key_words}"
        return self._with(words) if self._takes_key_words and words else ""

    @property
    def _takes_key_words(self) -> bool:
        return bool(_KEY_WORDS.search(str(_properties(self.schema).get(self.argument, {}).get("description") or "")))

    def _with(self, words: str) -> str:
        return json.dumps({self.argument: words}, ensure_ascii=False)

    def reporting(self, ids: Sequence[int | str]) -> str:
        """The arguments, as JSON, of a call that reports these ids, each as the schema wants it."""
        items = _properties(self.schema).get(self.argument, {}).get("items", {})
        as_words = isinstance(items, Mapping) and items.get("type") == "string"
        return json.dumps({self.argument: [str(key) if as_words else key for key in ids]}, ensure_ascii=False)


def tools_of(schemas: Sequence[Mapping[str, Any]]) -> list[Tool]:
    """All registered functions, in their order."""
    return [_tool(schema) for schema in schemas if schema.get("type", "function") == "function" and schema.get("name")]


def _tool(schema: Mapping[str, Any]) -> Tool:
    parameters = schema.get("parameters")
    shape: Mapping[str, Any] = parameters if isinstance(parameters, Mapping) else {}
    required = _required(shape)
    kinds = {name: _properties(shape).get(name, {}).get("type") for name in required}
    name, description = str(schema["name"]), str(schema.get("description") or "")
    arrays = [key for key, kind in kinds.items() if kind == "array"]
    if arrays and len(required) == 1:
        return Tool(name, "reports", arrays[0], shape, description)
    if (
        len(required) == 1
        and kinds[required[0]] == "string"
        and _is_free_text(required[0], _properties(shape)[required[0]], name, description)
    ):
        return Tool(name, "asks", required[0], shape, description)
    return Tool(name, "does", "", shape, description)


def _properties(shape: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    given = shape.get("properties")
    return {str(name): inner for name, inner in given.items() if isinstance(inner, Mapping)} if isinstance(given, Mapping) else {}


def _required(shape: Mapping[str, Any]) -> list[str]:
    given = shape.get("required")
    properties = _properties(shape)
    named = [name for name in given if name in properties] if isinstance(given, list) else []
    return named or (list(properties) if len(properties) == 1 and not isinstance(given, list) else [])


def _is_free_text(argument: str, parameter: Mapping[str, Any], name: str, description: str) -> bool:
    """Whether a string is a question in words, and no name of something: said by its own words; unsaid, it is."""
    if "enum" in parameter or "format" in parameter or "pattern" in parameter:
        return False
    own = f"{_spaced(argument)} {parameter.get('description') or ''}"
    if _WHAT_IS_ASKED.search(own):
        return True
    return not _WHAT_IT_NAMES.search(own)


def _spaced(name: str) -> str:
    return re.sub(r"[_\W]+|(?<=[a-z])(?=[A-Z])", " ", name)


def chosen(tools: Sequence[Tool], question: Question) -> tuple[Tool, str] | None:
    """The function to call for a question, with its arguments; None where none fits."""
    able = [
        (tool, filled, _fit(tool, question)) for tool in tools if tool.purpose == "does" and (filled := fill(tool, question)) is not None
    ]
    fitting = [entry for entry in able if entry[2] > 0]
    asking = [tool for tool in tools if tool.purpose == "asks"]
    best_asking = max(asking, key=lambda tool: _fit(tool, question), default=None)
    if fitting:
        tool, filled, fit = max(fitting, key=lambda entry: entry[2])
        if best_asking is None or fit > _fit(best_asking, question):
            return tool, filled
    return None if best_asking is None else (best_asking, best_asking.asking(question))


def _fit(tool: Tool, question: Question) -> float:
    words = " ".join(word for word in WORD.findall(f"{_spaced(tool.name)} {tool.description}") if stem(word) not in _GENERIC_STEMS)
    return about(words, question)


def fill(tool: Tool, question: Question) -> str | None:
    """The arguments, as JSON, for everything that a function requires; None where something cannot be filled from the question."""
    properties, filled = _properties(tool.schema), {}
    for name in _required(tool.schema):
        value = _value(properties[name], question, tool)
        if value is None:
            return None
        filled[name] = value
    for name, parameter in properties.items():
        if name not in filled and "enum" in parameter and (value := _value(parameter, question, tool)) is not None:
            filled[name] = value
    return json.dumps(filled, ensure_ascii=False)


def _value(parameter: Mapping[str, Any], question: Question, tool: Tool) -> Any:
    text = question.text
    if isinstance(parameter.get("enum"), list):
        lowered = text.lower()
        return next((value for value in parameter["enum"] if str(value).lower() in lowered), None)
    kind = parameter.get("type")
    if kind in ("integer", "number"):
        number = re.search(r"-?\d+(?:\.\d+)?", text)
        return None if number is None else (int(float(number[0])) if kind == "integer" else float(number[0]))
    if kind == "boolean":
        return True
    return _named_thing(text, f"{_spaced(tool.name)} {tool.description}") if kind in ("string", None) else None


def _named_thing(text: str, topic: str) -> str | None:
    """What a question is about that has a name: a capitalised word within it, else what stands behind a preposition."""
    known = {stem(word) for word in WORD.findall(topic)}
    names: list[str] = re.findall(r"(?<=\s)[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*", text)
    names = [name for name in names if stem(name) not in known and name.lower() not in STOP_WORDS]
    if names:
        return names[-1]
    for phrase in reversed(re.split(rf"\b{_PREPOSITION}\b", text, flags=re.IGNORECASE)[1:]):
        words = [word for word in WORD.findall(phrase) if word.lower() not in STOP_WORDS | _LATER and stem(word) not in known]
        if words:
            return " ".join(words)
    return None


_LATER = frozenset({"today", "tomorrow", "now", "currently", "tonight", "yesterday", "please", "right", "moment"})

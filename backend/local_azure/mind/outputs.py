"""What a tool returned, read: passages with ids, plain facts, an excuse, or nothing.

Reads three spellings: elements such as `<passage id="3" title="…">…</passage>`, JSON, and plain text. Obeys no order that stands in them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PASSAGES_MAX = 50
"""Passages of one output that are looked at; a search returns five."""
TEXT_MAX_CHARS = 100_000
"""Of one output; ten times what a search returns, and what is longer is read so far."""

_OPENING = re.compile(r"<([A-Za-z][\w-]{0,40})\s([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TEXT_NAMES = ("text", "content", "chunk", "passage", "body", "snippet", "excerpt", "answer", "summary", "description")
_TITLE_NAMES = ("title", "heading", "headings", "section", "name", "source", "document")
_SECTION_NAMES = ("section", "headings")
_PAGE_NAME = "page"
_ID_NAMES = ("id", "number", "ref", "reference", "key", "index", "no", "nr", "uid")
_EXCUSE = re.compile(
    r"\b(?:errors?|failed|failure|unavailable|not available|timed out|timeout|could not be|unable to|exception|try again|went wrong)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\b(?:nothing|no (?:results?|matches|match|passages?|hits|documents?)|not found|none)\b", re.IGNORECASE)
EXCUSE_MAX_CHARS = 500
"""An excuse is short; in a long text these words are about something else."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text to answer from. `id` as the tool wrote it (a number or a string), None where it named none."""

    text: str
    id: int | str | None = None
    title: str = ""
    """All its headings."""
    section: str = ""
    """The heading that it stands under; "" where none is known."""
    document: str = ""
    """The name of what it stands in; "" where none is known."""
    page: str = ""
    """The page of it, as the tool wrote it; "" where none is known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a call. At most one of these is filled; all empty: the tool found nothing."""

    passages: tuple[Passage, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    failed: bool = False


def read(output: str) -> Reading:
    """Read what a tool returned."""
    text = output.strip()[:TEXT_MAX_CHARS]
    if not text:
        return Reading()
    try:
        return _from_json(json.loads(text))
    except (ValueError, RecursionError):
        pass
    elements = _elements(text)
    return Reading(passages=tuple(elements)) if elements else _from_plain(text)


def _elements(text: str) -> list[Passage]:
    """Every element with attributes that is closed; each name is searched to the end in vain at most once."""
    found: list[Passage] = []
    unclosed: set[str] = set()
    place = 0
    while len(found) < PASSAGES_MAX and (opening := _OPENING.search(text, place)) is not None:
        name, place = opening[1], opening.end()
        end = -1 if name in unclosed else text.find(f"</{name}>", place)
        if end < 0:
            unclosed.add(name)
        elif named := _ATTRIBUTE.findall(opening[2]):
            found.append(_element(named, text[place:end]))
            place = end
    return found


def _element(attributes: list[tuple[str, str, str]], inner: str) -> Passage:
    named = {key.lower(): html.unescape(one or other) for key, one, other in attributes}
    titles = [named[key] for key in _TITLE_NAMES if named.get(key)]
    key = next((named[known] for known in _ID_NAMES if known in named), None)
    return Passage(
        html.unescape(re.sub(r"<[^<>]+>", " ", inner)).strip(),
        _number_or_word(key),
        " ".join(titles),
        _section(named),
        titles[0] if titles else "",
        named.get(_PAGE_NAME, ""),
    )


def _section(named: Mapping[str, str]) -> str:
    """The last of the headings, where they are given as a path."""
    path = next((value for key, value in named.items() if key.lower() in _SECTION_NAMES), "")
    return re.split(r"\s*[›>/|]\s*", path)[-1]


def _number_or_word(key: str | None) -> int | str | None:
    return int(key) if key is not None and re.fullmatch(r"\d{1,9}", key) else key


def _from_plain(text: str) -> Reading:
    if len(text) <= EXCUSE_MAX_CHARS:
        if _NOTHING.search(text):
            return Reading()
        if _EXCUSE.search(text):
            return Reading(failed=True)
    return Reading(passages=(Passage(text),))


def _from_json(value: Any) -> Reading:
    if isinstance(value, str):
        return read(value) if not _is_json(value) else _from_plain(value)
    if isinstance(value, list):
        passages = [passage for passage in map(_from_element, value[:PASSAGES_MAX]) if passage is not None]
        return Reading(passages=tuple(passages))
    if isinstance(value, dict):
        return _from_object(value)
    return Reading() if value is None else Reading(facts={"result": value})


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _from_object(value: dict[str, Any]) -> Reading:
    if any(value.get(name) for name in ("error", "errors", "exception")) or value.get("ok") is False or value.get("success") is False:
        return Reading(failed=True)
    lists = [inner for inner in value.values() if isinstance(inner, list) and inner and isinstance(inner[0], dict)]
    if lists:
        return _from_json(max(lists, key=len))
    if any(isinstance(inner, list) for inner in value.values()) and not any(inner for inner in value.values()):
        return Reading()
    passage = _from_element(value)
    if passage is not None and passage.id is not None and len(passage.text.split()) > 3:
        return Reading(passages=(passage,))
    return Reading(facts={str(name): inner for name, inner in value.items() if inner not in (None, "", [], {})})


def _from_element(value: Any) -> Passage | None:
    """One element of a list: the field with the most words is its text, a field that is called so or holds a number its id."""
    if isinstance(value, str):
        return Passage(value)
    if not isinstance(value, dict):
        return None
    words = {str(name): inner for name, inner in value.items() if isinstance(inner, str) and inner.strip()}
    if not words:
        return None
    named = [name for name in words if name.lower() in _TEXT_NAMES]
    text_name = max(named or words, key=lambda name: len(words[name]))
    titles = [inner for name, inner in words.items() if name != text_name and name.lower() in _TITLE_NAMES]
    page = str(value.get(_PAGE_NAME) or "")
    return Passage(words[text_name].strip(), _id_in(value, text_name), " ".join(titles), _section(words), titles[0] if titles else "", page)


def _id_in(value: dict[str, Any], text_name: str) -> int | str | None:
    for known in _ID_NAMES:
        for name, inner in value.items():
            if (
                name != text_name
                and re.fullmatch(rf"(?:.*_)?{known}", name.lower())
                and isinstance(inner, int | str)
                and not isinstance(inner, bool)
            ):
                return inner
    numbers = [inner for inner in value.values() if isinstance(inner, int) and not isinstance(inner, bool)]
    return numbers[0] if numbers else None

"""Whether a question leans on the one before, and what it puts in the place of something there: `and in Lyon?` after `in Hamburg`.

Only the English of going on; knows no document.
"""

from __future__ import annotations

import re

from .kinds import HOW, HOW_ONLY
from .measures import PERIODS
from .wording import CALENDAR
from .words import LIGHT, NUMBERS, WORD, content, is_identifier, stem

SHORT_WORDS = 2
"""A question with so few words of content, that begins like a continuation or points at something, is about what was asked before."""

ASKED_WITH = re.compile(rf"\b(?:how (?:{HOW_ONLY})|(?:what|which) (?:time|hours|day|date|kind of|sort of|type of))\b", re.IGNORECASE)
"""Words that only ask; an answer does not repeat them."""
ASKED_HOW = re.compile(rf"\bhow (?:{HOW})\b", re.IGNORECASE)
"""The same with what is measured; a search finds more without it."""
_FOLLOWING = re.compile(
    r"^(?:and|but|or|so|then|also|what about|how about|what if|and what about|why|why not|which ones?)\b", re.IGNORECASE
)
LEADING = re.compile(r"^(?:(?:and|but|or|so|then|also|what about|how about|what if)\b[\s,]*)+", re.IGNORECASE)
"""What joins a question to the one before."""
_CLAUSE = re.compile(
    r"^(?:(?:and|but|or|so|then|also)\b[\s,]*)+(?:(?:how|what|when|where|who|which|why|until|by)\b.*\b)?"
    r"(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)\b",
    re.IGNORECASE,
)
"""A whole question behind the word that joins it to what went before."""
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|there|then|he|she|him|her|one|ones|the same|otherwise|instead)\b", re.IGNORECASE
)
_VARIES = re.compile(r"^(?:and |but |or |so )*(?:what about|how about|what if)\b", re.IGNORECASE)
_PLACED = re.compile(
    r"\b(in|at|to|from|for|on|about|with|after|outside|inside)\s+(?:the |a |an |my )?([\w’'-]+(?:\s+(?-i:[A-Z])[\w’'-]*)*)", re.IGNORECASE
)


def follows(text: str) -> bool:
    """Whether a question leans on an earlier one."""
    about = [word for word in content(ASKED_HOW.sub(" ", text)) if word not in LIGHT]
    if not about:
        return True
    few = len(about) <= SHORT_WORDS
    points = bool(_POINTING.search(text))
    if _FOLLOWING.search(text):
        whole = len(about) > 1 and _CLAUSE.search(text) is not None
        return points or (few and not whole) or (_VARIES.search(text) is not None and len(about) <= 2 * SHORT_WORDS)
    return points and few


def replaced(text: str, before: str) -> set[str]:
    """The words of an earlier question in whose place this one puts others: `and in Lyon?` leaves the `in Hamburg` before it behind.

    A code takes the place of a code of its kind, a day or a month that of another, and what stands behind a preposition that of what
    stands behind the same.
    """
    here, there = _placed(text), _placed(before)
    gone: set[str] = set()
    for preposition, name in here:
        same = [other for place, other in there if place == preposition and _is_day(other) == _is_day(name)]
        gone.update(*(WORD.findall(other) for other in same))
    if _VARIES.search(text) and not gone:
        named = [other for _, other in there if other[:1].isupper()] or [other for _, other in there]
        gone.update(WORD.findall(named[-1]) if named else ())
    if any(map(is_identifier, content(text))):
        gone.update(word for word in WORD.findall(before) if is_identifier(stem(word)))
    return gone - set(WORD.findall(text))


def with_unit(text: str, before: str) -> str:
    """A question that ends with a bare number, `and after ten?`, with what the number counted in the one before, `after seven years`."""
    ends, counted = _BARE.search(text), _COUNTED.search(before)
    return f"{text.rstrip(' ?.!')} {counted[1]}?" if ends and counted else text


_NUMBER = rf"(?:\d+|{'|'.join(NUMBERS)})"
_BARE = re.compile(rf"\b{_NUMBER}\W*$", re.IGNORECASE)
_COUNTED = re.compile(rf"\b{_NUMBER}[\s-]({PERIODS}|euros?|people|persons|kilometres|kilos?|litres?|drinks|cups)\b", re.IGNORECASE)


def _placed(text: str) -> list[tuple[str, str]]:
    """What stands behind a preposition, with it."""
    return [(found[1].lower(), found[2]) for found in _PLACED.finditer(text) if content(found[2])]


def _is_day(name: str) -> bool:
    return name.split()[0].capitalize() in CALENDAR

"""How a question is worded for a search: its telling words, their other forms, and codes as they are written.

Knows English and no document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from .thesaurus import PHRASES
from .words import NUMBERS, SAID_FOR, WORD, content, stem

_TURNS = "no nor not never none nothing without except unless only instead before after until outside inside"
_TURNING = frozenset(_TURNS.split())
"""Words of little weight that turn a meaning round or set its bounds: a search is told of them."""
OTHER_MIN_CHARS = 4
"""Shorter words are mostly names of units."""
OTHERS_MAX = 4
"""Words that are said for one, in a search: of more the question itself is not heard any longer."""
_HISSING = ("s", "x", "z", "ch", "sh")
_HISSED = ("sses", "xes", "zzes", "ches", "shes")
_NAME = re.compile(r"(?<=[\w,] )[A-Z][\w’'-]*[^\W\d]")
CALENDAR = frozenset(
    word
    for line in (
        "January February March April May June July August September October November December Christmas Easter",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays",
    )
    for word in line.split()
)
_SPELT = re.compile(rf"\b([B-HJ-Zb-hj-z])[\s-]+((?:(?:{'|'.join(NUMBERS)}|\d{{1,4}})(?:[\s-]+|\b)){{1,4}})")
"""A letter and digits apart, as they are spoken; `a` and `I` are words."""


def telling(text: str) -> list[str]:
    """The words of a question that a search needs, as they were said: all of content, names, numbers, and what turns the meaning round.

    A word that is otherwise of no weight is a name where it is written like one: `IT` anywhere, `May` within a sentence.
    """
    words = []
    for index, found in enumerate(WORD.finditer(text)):
        word = found[0]
        is_name = (
            len(word) > 1
            and word[:2] not in ("I'", "I’")
            and (word.isupper() or (index > 0 and word[0].isupper() and text[found.start() - 2] not in ".!?"))
        )
        in_may = word.lower() == "may" and "may" in content(text)
        if content(word) or in_may or word.lower() in _TURNING or is_name:
            words.append(word)
    return list(dict.fromkeys(words))


def names(text: str) -> list[str]:
    """The stems of what is written as a name within a sentence, `Lyon`; short forms, `EU`, and the calendar stand for other words too."""
    found = _NAME.findall(text)
    return [stem(word) for word in found if not word.isupper() and word not in CALENDAR and content(word)]


def other_forms(word: str) -> list[str]:
    """The same word in the other number, and what is said for it: what a document may call it. A name has no other forms."""
    if not word.isalpha() or not word.islower() or len(word) < OTHER_MIN_CHARS:
        return []
    if word.endswith(("ed", "ing", "ly", "est")):
        number: list[str] = []
    elif word.endswith("s"):
        number = [] if word.endswith(("ss", "us", "is")) else [_singular(word)]
    else:
        to_ies = word.endswith("y") and word[-2] not in "aeiou"
        number = [f"{word[:-1]}ies" if to_ies else f"{word}es" if word.endswith(_HISSING) else f"{word}s"]
    return number + [other for other in SAID_FOR.get(stem(word), []) if other != word][:OTHERS_MAX]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(_HISSED) else word[:-1]


def in_one_word(text: str) -> str:
    """The text with what it says in several words put into one, as a written text does: `expire` for `run out`."""
    return _PHRASED.sub(lambda found: _SAID_AS[found.lastgroup or ""], text)


_SAID_AS = {f"phrase{number}": word for number, word in enumerate(PHRASES)}
_PHRASED = re.compile(
    r"\b(?:" + "|".join(f"(?P<phrase{number}>{phrase})" for number, phrase in enumerate(PHRASES.values())) + r")(?!\w)", re.IGNORECASE
)


def house(text: str, passages: Iterable[str]) -> str:
    """What the passages call the house that a question speaks of as `the company`; "" where it does not, or they agree on no name."""
    if not _HOUSE.search(text):
        return ""
    counted = Counter(name for passage in passages for name in set(_FIRM.findall(passage)))
    name, count = max(counted.items(), key=lambda entry: entry[1], default=("", 0))
    return name.replace("&", " ") if count > 1 else ""


_HOUSE = re.compile(r"\b(?:the|our|this|your) (?:company|firm|business|organi[sz]ation|employer|house)\b", re.IGNORECASE)
_FIRM = re.compile(r"\b[A-Z][a-z]+ (?:& |and )[A-Z][a-z]+\b")


def with_codes(text: str) -> str:
    """The text with codes as they are written: `e fifteen` and `e zero three` are `E15` and `E03`."""

    def code(found: re.Match[str]) -> str:
        # "twenty one" is 21, "one five" is 15.
        digits = ""
        parts = re.split(r"[\s-]+", found[2].strip(" -").lower())
        for part in parts:
            value = NUMBERS.get(part, part)
            follows_tens = len(value) == 1 and re.search(r"[1-9]0$", digits) is not None
            digits = digits[:-1] + value if follows_tens else digits + value
        return f"{found[1].upper()}{digits}" + (" " if found[2][-1:].isspace() else "")

    return _SPELT.sub(code, text)

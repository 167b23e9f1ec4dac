"""The values that a text holds, each with its unit, written alike: `€4.50` is 4.5 euros, `8 am` is 8:00, `May 3rd` is 3 May.

Only the shapes of English numbers, hours and days; knows no document and no question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .measures import CODE, MONTHS, PERIODS
from .words import NUMBERS, WORD, content, stem


class Value(NamedTuple):
    """An amount, a time or a day as words that compare, and what it counts or what it is one of."""

    amount: str
    unit: str


CLOCK, WEEKDAY, DATE, MONTH, YEAR = "o'clock", "on weekday", "on date", "in month", "in year"
DAYS = frozenset((WEEKDAY, DATE, MONTH, YEAR))
"""The units of when something is, or of the days for which it is so."""
IN_TURN = frozenset((WEEKDAY, MONTH))
"""Those that come again: what holds on Mondays may be otherwise on Tuesdays."""
UNIT_NAMES = frozenset(("EUR", "USD", "GBP", "CHF", "Celsius", "Fahrenheit", "AM", "PM"))
"""What is written like a name and is none."""

_NUMBER = rf"(?:\d+(?:[.,]\d+)*|\b(?:{'|'.join(NUMBERS)})\b)"
_MONEY = {"€": "euro", "eur": "euro", "$": "dollar", "usd": "dollar", "£": "pound", "gbp": "pound", "¥": "yen", "chf": "franc"}
_SIGN = r"[€$£¥]|\b(?:EUR|USD|GBP|CHF)\b"
_PM = re.compile(r"p", re.IGNORECASE)


def values(text: str) -> frozenset[Value]:
    """The values of a text; the numbers of codes are none. What no shape explains counts the word behind it, else the one before."""
    found: set[Value] = set()

    def kept(match: re.Match[str], read: Callable[[re.Match[str]], Value]) -> str:
        found.add(read(match))
        return " ; "

    for pattern, read in _SHAPES:
        text = pattern.sub(lambda match, read=read: kept(match, read), text)  # type: ignore[misc]  # mypy cannot see defaults in a lambda
    return frozenset(found | _counted(text))


def _counted(text: str) -> set[Value]:
    """Every other number, with the stem of its neighbour."""
    said = re.findall(rf"{WORD.pattern}|;", CODE.sub(" ", text), re.IGNORECASE)
    counted = set()
    for before, word, after in zip(["", *said], said, [*said[1:], ""], strict=False):
        if (number := _plain(word)) is not None:
            counted.add(Value(number, next((stem(near) for near in (after, before) if content(near) and _plain(near) is None), "")))
    return counted


def _plain(number: str) -> str | None:
    """A number in digits, without commas between thousands and without zeros at its end; None for what is none."""
    number = NUMBERS.get(number.lower(), number)
    number = re.sub(r",(?=\d{3}(?!\d))", "", number).replace(",", ".")
    if not re.fullmatch(r"\d+(?:\.\d+)?", number):
        return None
    return number.rstrip("0").rstrip(".") if "." in number else number


def _hours(hour: str, minutes: str | None, half: str | None) -> Value:
    """A time of day in 24 hours."""
    count = int(hour) % 12 + (12 if _PM.match(half) else 0) if half else int(hour)
    return Value(f"{count}:{minutes or '00'}", CLOCK)


def _of(amount: str, unit: str) -> Value:
    return Value(_plain(amount) or amount, unit)


def _currency(name: str) -> str:
    return _MONEY.get(name.lower(), stem(name))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Value]], ...] = (
    (_pattern(rf"({_SIGN})\s?({_NUMBER})"), lambda found: _of(found[2], _currency(found[1]))),
    (_pattern(rf"({_NUMBER})\s?({_SIGN})"), lambda found: _of(found[1], _currency(found[2]))),
    (_pattern(rf"({_NUMBER})\s?(?:%|percent\b|per cent\b)"), lambda found: _of(found[1], "percent")),
    (_pattern(rf"({_NUMBER})\s?(?:°\s?F|degrees Fahrenheit)\b"), lambda found: _of(found[1], "fahrenheit")),
    (_pattern(rf"({_NUMBER})\s?(?:°(?:\s?C\b)?|degrees?(?: Celsius)?\b)"), lambda found: _of(found[1], "degree")),
    (_pattern(r"\b(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\b\.?"), lambda found: _hours(found[1], found[2], found[3])),
    (_pattern(r"\b(\d{1,2}):(\d{2})\b"), lambda found: _hours(found[1], found[2], None)),
    (_pattern(rf"({_NUMBER}) o['’]clock"), lambda found: _hours(_plain(found[1]) or "0", None, None)),
    (_pattern(r"\b(noon|midnight)\b"), lambda found: _hours("12" if found[1].lower() == "noon" else "0", None, None)),
    (
        _pattern(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTHS})\b(?: \d{{4}}\b)?"),
        lambda found: Value(f"{int(found[1])} {found[2].lower()}", DATE),
    ),
    (
        _pattern(rf"\b({MONTHS}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? \d{{4}}\b)?"),
        lambda found: Value(f"{int(found[2])} {found[1].lower()}", DATE),
    ),
    (re.compile(rf"\b({MONTHS.title()})\b"), lambda found: Value(found[1].lower(), MONTH)),
    (
        _pattern(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day|weekday|weekend)s?\b"),
        lambda found: Value(found[1].lower(), WEEKDAY),
    ),
    (_pattern(r"(?<=\b(?:in|by|of) )((?:1[5-9]|20)\d\d)\b(?! [a-z]*s\b)"), lambda found: Value(found[1], YEAR)),
    (
        _pattern(rf"({_NUMBER})[ -](?:(?:working|calendar|business|paid|full|whole) )*({PERIODS})\b"),
        lambda found: _of(found[1], stem(found[2])),
    ),
    (
        _pattern(rf"\b(?:for|lasts?|takes?|within|in|about|is|least|most|than|after|every) an? ({PERIODS})\b"),
        lambda found: Value("1", stem(found[1])),
    ),
)
"""Each shape with how it is read; the more special goes first, and what one has read is gone for those behind."""

"""Whether a text holds the amount or the time that was asked for: counted, how often, how long, how much money, in units that fit, or when.

Only the shapes of English numbers and dates; knows no document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from .words import WORD, nearness, stem

NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
    "|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|twice|once|double|both|no|none|nobody|unlimited|every|free"
)
PERIODS = "seconds?|minutes?|hours?|days?|weeks?|months?|years?"
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|weekdays?|weekends?"
_LENGTHS = r"(?:centi|milli|kilo)?met(?:re|er)s?|miles?|feet|foot|inch(?:es)?|cm|mm|km|m"
_WEIGHTS = r"(?:kilo|milli)?grams?|kilos?|kg|g|mg|tonnes?|tons?|pounds?|lbs?"
_VOLUMES = r"(?:milli|centi)?lit(?:re|er)s?|ml|cl|l|cups?|glass(?:es)?|spoons?|tablespoons?|teaspoons?|handfuls?"
_SIZES = r"[kmgt]b|(?:kilo|mega|giga|tera)bytes?|(?:square |cubic )?(?:centi)?met(?:re|er)s?"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _in(units: str) -> re.Pattern[str]:
    """A number with one of these units behind it, or, in a table, with the unit in the column's name before it."""
    return _pattern(rf"(?:\d[\d.,]*|\b(?:{NUMBER_WORDS}|an?))[\s-]?(?:{units})(?!\w)|\b(?:{units})[,:]? \d")


AMOUNT = _pattern(rf"\d(?!\d*(?:st|nd|rd|th)\b)|\b(?:{NUMBER_WORDS})\b")
_COUNT = _pattern(rf"\d(?!\d*(?:st|nd|rd|th)\b)|\b(?!(?:every|free|half)\b)(?:{NUMBER_WORDS})\b")
"""A number that counts: `every employee` says not how many there are."""
CODE = _pattern(r"\b[a-z]{1,4}-?\d[\w-]*")
"""What is written of letters and digits names a thing and counts nothing."""
_MONEY = _pattern(r"[€$£¥]|\b(?:euros?|dollars?|pounds?|cents?|crowns?|francs?|EUR|USD|GBP|free|percent|nothing|nobody pays)\b|%")
_OFFSET = r"(?!\s+(?:before|after|ago|ahead|earlier|later|in advance|from now))"
_DURATION = _pattern(
    rf"(?:\d|\b(?:{NUMBER_WORDS}|a|an|several|few)\b)[\w\s-]{{0,20}}?\b(?:{PERIODS}|s|min)\b{_OFFSET}|\b(?:{PERIODS})[,:]? \d"
    r"|\b(?:until|always|permanently)\b"
)
_ANY_DURATION = _pattern(rf"(?:\d|\b(?:{NUMBER_WORDS}|a|an|several|few)\b)[\w\s-]{{0,20}}?\b(?:{PERIODS})\b")
_ONLY_TIME = _pattern(rf"(?:\d|\b(?:{NUMBER_WORDS})\b)[\d.,:]*[\s-]?(?:(?:{NUMBER_WORDS})\b\s)?(?:{PERIODS}|a\.?m|p\.?m)\b")
_WEEKDAY = _pattern(rf"\b(?:{_WEEKDAYS})\b")
_YEAR = r"\b(?:19|20)\d\d\b|(?<=\b(?:in|of|by) )1[5-8]\d\d\b"
_DATE = _pattern(rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{MONTHS})\b|\b(?:{MONTHS}) \d|\b(?:christmas|easter|new year)\b|{_YEAR}")
_HOUR = _pattern(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}\s?(?:a\.?m|p\.?m|o'clock)\b|\b(?:noon|midnight)\b|\bclosed\b")
_TIME = _pattern(
    r"\b(?:after|before|until|from|within|by|during|daily|weekly|monthly|yearly|annually|every|each|once|when|as soon as|today"
    r"|never|always|only (?:at|in|on|if|with|for))\b"
)
_CLOCK = _pattern(
    rf"{_HOUR.pattern}|{_WEEKDAY.pattern}|\d(?:st|nd|rd|th)\b|{_YEAR}|\b(?:{MONTHS})\b|\b(?:christmas|easter|new year)\b"
    r"|\bwhen, "
    rf"|\b(?:after|within|every|for|in|least|than|first|next|last|following|from|before|to)\s(?:the\s)?(?:\d+|{NUMBER_WORDS}|[a-z]+th|first|second|third)?\s?"
    r"(?:minute|hour|day|week|month|year|quarter|morning|evening)s?\b"
)
_COUNTED = _pattern(r"\b(?:how many|number of) ((?:[a-z'-]+ ){0,3}?[a-z'-]+)")
_MONEY_ASKED = _pattern(
    r"\b(?:costs?|pay|paid|pays|prices?|fees?|rent|expensive|salary|allowance|supplement|budget|charged?|euros?|dollars?|spend|reimbursed?|refunded"
    r"|bonus|discount|subsidy|earns?|wage|fine|deposit|donation)\b|^(?:and )?how much (?:is|are|was)\b(?! (?:left|allowed|needed|in)\b)"
)
_DURATION_ASKED = _pattern(r"\bhow (?:long|soon|quickly|fast|late|early)\b|\b(?:duration|period)\b")
_OFFSET_ASKED = _pattern(
    r"\bhow (?:soon|late|early|quickly|fast|far ahead|long (?:before|after|ahead|in advance))\b"
    r"|\bhow (?:much|many)\b.*\bnotice\b|\b(?:after|before)\b"
)
_OFTEN = _pattern(r"\bhow often\b")
_OFTENNESS = _pattern(
    r"\b(?:once|twice|times|daily|weekly|monthly|yearly|annually|every|each|per|always|never)\b"
    r"|\b(?:a|an) (?:day|week|month|year|quarter)\b"
)
_LENGTH = _pattern(rf"\b(?:characters?|letters?|digits?|words?|pages?)\b|\d\s?(?:{_LENGTHS})\b")
_MASS_ASKED = _pattern(
    r"\bhow much (?!(?:is|are|was|do|does|did|can|could|may|must|should|will|would|has|have|of|more|less|longer)\b)"
    r"((?:[a-z'-]+ ){0,2}?[a-z'-]+)"
)
_MASSES = (
    (r"energy|electricity|power|current", _in(r"(?:kilo|mega)?watts?(?: hours?)?|k?wh?|volts?|amps?|amperes?")),
    (r"water|milk|liquid|oil|fuel|petrol|coffee|tea|juice", _in(rf"{_VOLUMES}|{_WEIGHTS}")),
    (r"flour|salt|sugar|butter|dough|yeast|rice|meat", _in(rf"{_VOLUMES}|{_WEIGHTS}")),
    (r"time|notice", _in(PERIODS)),
    (r"money|cash", _MONEY),
    (r"space|memory|storage|data", _in(_SIZES)),
    (r"weight|luggage|load", _in(_WEIGHTS)),
)
"""What is measured, and in what."""
_DIMENSIONS = (
    (_pattern(r"\bhow (?:wide|tall|deep|thick)\b|\b(?:what|which)\b.*\b(?:width|height|depth)\b|\bdiameter\b"), _in(_LENGTHS)),
    (_pattern(r"\bhow far\b(?! ahead| in advance)"), _in(rf"{_LENGTHS}|{PERIODS}|stops?|steps?")),
    (_pattern(r"\bhow heavy\b|\bweighs?\b|\bweight\b"), _in(_WEIGHTS)),
    (_pattern(r"\bhow loud\b|\bnoise\b"), _in(r"dB|decibels?")),
    (_pattern(r"\bhow (?:hot|warm|cold)\b|\btemperature\b"), _in(r"(?:more )?degrees?|°\s?[CF]?|celsius|fahrenheit|kelvin")),
    (_pattern(r"\bhow (?:big|large)\b"), _pattern(rf"\b(?:holds?|capacity|size|big|large|budget)\b.*\d|{_in(_SIZES).pattern}")),
    (_pattern(r"\bhow old\b"), _pattern(r"\b(?:aged?|old|older|younger|born|under|over) |\b(?:19|20)\d\d\b.*\bborn\b|\byears old\b")),
    (_pattern(r"\bpercentage\b|\bpercent\b"), _pattern(r"percent|%|\b(?:half|third|quarter|double)\b")),
)
_SURELY = _pattern(r"\bhow (?:old|loud|heavy|hot|warm)\b")
"""Asks for a unit that no answer leaves out."""
_SHARE_ASKED = _pattern(r"\bhow much of (?:it|that|this|them|these|those)\b")
_SHARE = _pattern(
    r"\b(?:in full|fully|wholly|entirely|completely|as usual|all of|half|halves|thirds?|quarters?|(?:in )?part(?:ly)?|none|nothing|percent"
    r"|first|rest)\b|%"
)
_ALLOWED_ASKED = _pattern(
    r"\b(?:limit|maximum|allowance)\b|\bhow (?:much|many|long|often) [\w\s-]{0,30}?\b(?:may|can|am i allowed|are we allowed)\b"
)
_BOUND = _pattern(
    r"\b(?:up to|limit(?:ed|s)?|at most|maximum|(?:no|not) (?:more|longer) than|at least|within|allowed|entitled|may|can|possible)\b"
)
_MEASURING = _pattern(
    r"\b(?:costs?|pay|pays|paid|spend|takes?|lasts?|expensive|charged?|reimbursed?|worth|weighs?|days? off|valid|deadline"
    r"|costs?|prices?|numbers?|amount|percentage|rate|limit|temperature|value|size|weight|length|height|width|depth|diameter|speed|duration"
    r"|capacity|maximum|minimum"
    r"|starts?|begins?|ends?|expires?|due|happens?|high|old|heavy|warm|hot|cold|wide|deep|strong|loud|thick|tall|extra|pm|am|o'clock)\b"
)
QUESTIONS_KEPT = 200
"""Questions whose demand is remembered: it is compared with every sentence."""
ANY_NUMBER = 0.8
"""How well any number answers where nothing says what kind it should be."""
MOST = 0.7
"""What is left of an amount, asked for as the most that is allowed, where nothing says that it is the most."""
NEXT_TO = 3
"""Words between a number and what it counts, in `30 paid working days`."""


def fits_amount(asks: str, text: str) -> float:
    """How well a text holds the amount that is asked for: 0 not at all, 1 wholly. Numbers that were asked with are not counted."""
    text = _without_asked(asks, text)
    if asks_share(asks) and _SHARE.search(text):
        return 1.0
    if not AMOUNT.search(text):
        return 0.0
    fit, lowest, most = _demand(asks)
    worth = fit(text)
    if worth is None:
        return lowest
    return worth if worth < 1 or not most or _BOUND.search(text) else MOST * worth


Fit = Callable[[str], float | None]


@lru_cache(maxsize=QUESTIONS_KEPT)
def _demand(asks: str) -> tuple[Fit, float, bool]:
    """What is asked for: how well a text holds it, None where it does not; what is left for a text with another number; and whether it is
    the most that is allowed.
    """
    most = _ALLOWED_ASKED.search(asks) is not None
    if counted := _COUNTED.search(asks):
        things = {stem(word) for word in counted[1].split()}
        return (lambda text: 1.0 if _counts(text, things) else None), 0.4, most
    if _OFTEN.search(asks):
        return _holding(_OFTENNESS), 0.3, most
    for asked, units in _DIMENSIONS:
        if asked.search(asks):
            return _holding(units), 0.1 if _SURELY.search(asks) else 0.3, False
    if asks_share(asks):
        return (lambda text: ANY_NUMBER if re.search(r"\d", text) else None), 0.3, False
    if _DURATION_ASKED.search(asks):
        return _holding(_ANY_DURATION if _OFFSET_ASKED.search(asks) else _DURATION, _LENGTH), 0.3, most
    if mass := _MASS_ASKED.search(asks):
        measured = mass[1]
        return (lambda text: _fits_mass(measured, text)), 0.3, False
    if _MONEY_ASKED.search(asks):
        return _holding(_MONEY), 0.3, most
    return (lambda text: 1.0 if most and _BOUND.search(text) else ANY_NUMBER), 0.3, most


def _holding(*patterns: re.Pattern[str]) -> Fit:
    return lambda text: 1.0 if any(pattern.search(text) for pattern in patterns) else None


def fits_time(asks: str, text: str) -> float:
    """The same for the time that is asked for: days where days are asked for, hours where hours are."""
    if re.search(r"\b(?:what|which) (?:day|days|date)\b", asks, re.IGNORECASE):
        return 1.0 if _WEEKDAY.search(text) or _DATE.search(text) else 0.6 if _CLOCK.search(text) else 0.0
    if re.search(r"\b(?:what time|hours)\b", asks, re.IGNORECASE):
        return 1.0 if _HOUR.search(text) else 0.5 if _CLOCK.search(text) else 0.0
    return 1.0 if _CLOCK.search(text) else 0.5 if _TIME.search(text) else 0.0


def asks_share(asks: str) -> bool:
    """Whether it is asked how much of something is so: `how much of it is paid`."""
    return _SHARE_ASKED.search(asks) is not None


def asks_only(asks: str) -> frozenset[str]:
    """The stems of the words that name no thing, only that it costs, lasts or is paid: the right shape answers them. None where a share is
    asked for: how much of a thing is paid, only what speaks of paying says.
    """
    if asks_share(asks):
        return frozenset()
    return frozenset(stem(word) for found in _MEASURING.finditer(asks) for word in found[0].split())


def beside(words: frozenset[str], text: str) -> bool:
    """Whether a number stands next to one of some stems."""
    said = WORD.findall(CODE.sub(" ", text))
    numbers = [index for index, word in enumerate(said) if AMOUNT.fullmatch(word) or word[0].isdigit()]
    near = {stem(said[place]) for index in numbers for place in range(max(0, index - NEXT_TO), min(len(said), index + NEXT_TO + 1))}
    return any(nearness(word, other) >= 0.8 for word in words for other in near)


def _without_asked(asks: str, text: str) -> str:
    """A text without its codes, and without the numbers that stand in the question with the same word beside them."""
    asked = _asked_numbers(asks)
    text = CODE.sub(" ", text)
    return asked.sub(" ", text) if asked is not None else text


@lru_cache(maxsize=QUESTIONS_KEPT)
def _asked_numbers(asks: str) -> re.Pattern[str] | None:
    pairs = [(one, other) for one, other in pairwise(WORD.findall(asks)) if one[0].isdigit() or other[0].isdigit() or AMOUNT.fullmatch(one)]
    return _pattern("|".join(rf"\b{re.escape(one)}[\s-]{re.escape(other)}\b" for one, other in pairs)) if pairs else None


def _fits_mass(measured: str, text: str) -> float:
    """How much of something: a number before it, or one with a unit that such things are measured in. A length of time alone is neither."""
    if _counts(text, {stem(word) for word in measured.split()}):
        return 1.0
    for things, units in _MASSES:
        if re.search(rf"\b(?:{things})\b", measured, re.IGNORECASE):
            return 1.0 if units.search(text) else 0.3
    return 0.8 if AMOUNT.search(_ONLY_TIME.sub(" ", text)) else 0.3


_PEOPLE = {stem(word) for word in ("people", "employees", "colleagues", "staff")}
_OF_US = _pattern(r"\d ?(?:of (?:us|them|you)|people|persons|employees|colleagues|members|staff|visitors)\b")


def _counts(text: str, counted: set[str]) -> bool:
    if counted & _PEOPLE and _OF_US.search(text):
        return True
    words = WORD.findall(text)
    for index, word in enumerate(words):
        if any(nearness(stem(word), other) >= 0.8 for other in counted):
            before = " ".join(words[max(0, index - NEXT_TO) : index])
            after = words[index + 1] if index + 1 < len(words) else ""
            if _COUNT.search(before) or after[:1].isdigit():
                return True
    return False

"""What a sentence must hold to answer a question of a kind: an amount, a time, a person, a place, a reason, a way, a yes or no.

Only the shapes of English answers; knows no document.
"""

from __future__ import annotations

import re

from .question import MEASURES, Question
from .words import WORD, content, stem

_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
    "|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|twice|once|double|both|no|none|unlimited|every|free"
)
_AMOUNT = re.compile(rf"\d(?!\d*(?:st|nd|rd|th)\b)|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_MONEY = re.compile(r"[€$£¥]|\b(?:euros?|dollars?|pounds?|cents?|francs?|EUR|USD|GBP|free|percent)\b|%", re.IGNORECASE)
_DURATION = re.compile(
    rf"(?:\d|\b(?:{_NUMBER_WORDS}|a|an|several|few)\b)[\w\s-]{{0,20}}?\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b|\b(?:until|always|permanently)\b",
    re.IGNORECASE,
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|weekdays?|weekends?"
_TIME = re.compile(
    r"\b(?:after|before|until|from|within|by|during|daily|weekly|monthly|yearly|annually|every|each|once|when|as soon as"
    r"|today|never|always)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"\b\d{{1,2}}[:.]\d{{2}}\b|\b\d{{1,2}}\s?(?:a\.?m|p\.?m|o'clock)\b|\b(?:{_WEEKDAYS})\b|\b(?:19|20)\d\d\b|\d(?:st|nd|rd|th)\b"
    rf"|\b(?:{_MONTHS})\b|\b(?:noon|midnight|christmas|easter|new year)\b"
    rf"|\b(?:after|within|every|for|in|least|than|first|next|last|following|from|before|to)\s(?:the\s)?(?:\d+|{_NUMBER_WORDS}|[a-z]+th|first|second|third)?\s?"
    r"(?:minute|hour|day|week|month|year|quarter)s?\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:manager|team|department|desk|director|officer|head|office|employees?|staff|everyone|everybody|anyone|nobody|those who"
    r"|people|person|members?|guests?|customers?|council|committee|chair|partner|colleagues?|technician|engineer|apprentices?|trainees?|interns?|parents?"
    r"|company|supervisor|lead|founder|by)\b|(?<=\s)[A-Z][a-z]+ [A-Z][a-z]+",
)
_PLACE = re.compile(
    r"\b(?:in|at|on|next to|near|behind|beside|opposite|under|inside|outside|above|below|to|from|front|through)\s+"
    r"(?:the\s+|a\s+|an\s+|every\s+|each\s+)?[\w-]+"
    r"|\b(?:room|floor|street|building|entrance|gate|desk|page|menu|intranet|portal|address)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|due to|as a result|therefore|reason|otherwise|if|after"
    r"|to (?:avoid|prevent|protect|keep|save))\b",
    re.IGNORECASE,
)
_ORDERS = (
    "press|turn|open|close|choose|select|hold|fill|use|write|send|call|ask|apply|go|put|take|remove|clean|switch|hand|book|enter|log|sign|set|wait"
    "|pull|push|click|contact|report|submit|bring|empty|rinse|insert|download|install|check|let|order|place|come|register|buy|pay|keep|make|type"
    "|tell|show|give|speak"
)
_WAY = re.compile(
    rf"^(?:please |then |first,? |to )?(?:{_ORDERS})\b"
    r"|\b(?:by|through|with|via|using|at the|on the|in the form|must|should|can|has to|have to)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"\b(?:not|no|never|may|can|cannot|must|only|allowed|possible|permitted|free|included|always|unless|except|if|yes|both"
    r"|are|is|do|does|have|has)\b",
    re.IGNORECASE,
)
_SHAPES = {"person": _PERSON, "place": _PLACE, "reason": _REASON, "way": _WAY, "whether": _WHETHER}
_COUNTED = re.compile(r"\bhow many ((?:[a-z'-]+ ){0,3}?[a-z'-]+)", re.IGNORECASE)
_MONEY_ASKED = re.compile(
    r"\b(?:cost|costs|pay|paid|pays|price|prices|fee|fees|rent|expensive|salary|allowance|supplement|budget|charge|charged|euros?|dollars?|spend|reimbursed?|refunded)\b",
    re.IGNORECASE,
)
_MEASURING = re.compile(r"\b(?:costs?|pay|pays|paid|spend|takes?|lasts?|expensive|charged?|reimbursed?|worth)\b", re.IGNORECASE)
_DURATION_ASKED = re.compile(r"\bhow (?:long|soon|quickly|fast|late|early)\b", re.IGNORECASE)
_OFTEN = re.compile(r"\bhow often\b", re.IGNORECASE)
_OFTENNESS = re.compile(
    r"\b(?:once|twice|times|daily|weekly|monthly|yearly|annually|every|each|per|always|never)\b"
    r"|\b(?:a|an) (?:day|week|month|year|quarter)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"\b(?:characters?|letters?|digits?|words?|pages?|(?:centi|milli|kilo)?met(?:re|er)s?|miles?|feet|inches|cm|mm|km)\b", re.IGNORECASE
)
_MASS_ASKED = re.compile(
    r"\bhow much (?!(?:is|are|was|do|does|did|can|could|may|must|should|will|would|has|have|of|more|less|longer)\b)"
    r"((?:[a-z'-]+ ){0,2}?[a-z'-]+)",
    re.IGNORECASE,
)
_MASS_UNITS = (
    (r"energy|electricity|power|current", r"(?:kilo|mega)?watts?(?: hours?)?|k?wh?|volts?|amps?|amperes?"),
    (
        r"water|milk|liquid|oil|fuel|petrol|coffee|tea|juice",
        r"(?:milli|centi)?lit(?:re|er)s?|ml|cups?|glass(?:es)?|grams?|kilograms?|kg|g|l",
    ),
    (r"time|notice", r"seconds?|minutes?|hours?|days?|weeks?|months?|years?"),
    (r"money|cash", r"euros?|dollars?|pounds?|cents?"),
    (r"space|memory|storage|data", r"[kmgt]b|(?:kilo|mega|giga|tera)bytes?|(?:square |cubic )?met(?:re|er)s?"),
    (r"weight|luggage|load", r"grams?|kilograms?|kilos?|kg|g|tonnes?|tons?"),
)
"""What is measured, and in what."""
_ALLOWED_ASKED = re.compile(r"\bhow (?:much|many|long|often) [\w\s-]{0,30}?\b(?:may|can|am i allowed|are we allowed)\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:up to|limit(?:ed|s)?|at most|maximum|(?:no|not) (?:more|longer) than|at least|within|allowed|entitled|may|can)\b", re.IGNORECASE
)
_ONLY_TIME = re.compile(
    rf"(?:\d|\b(?:{_NUMBER_WORDS})\b)[\d.,:]*[\s-]?(?:(?:{_NUMBER_WORDS})\b\s)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|a\.?m|p\.?m)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?<=\s)(?:is|are|was|were|may|can|must|has|have|had|do|does|did|will|should|need|needs|lasts?|takes?|costs?|gets?|starts?|begins?|ends?|pays?"
    r"|uses?|receives?|works?|applies|apply|falls?|opens?|closes?|runs?|holds?|lies|covers?|includes?|makes?|gives?|comes?|goes|rises?|means)\b",
    re.IGNORECASE,
)
NEXT_TO = 3
"""Words between a number and what it counts, in `30 paid working days`."""


def fits(question: Question, sentence: str) -> float:
    """How well a sentence has the shape of an answer: 0 not at all, 1 wholly."""
    if question.kind == "amount":
        return _fits_amount(question.asks, sentence) if _AMOUNT.search(sentence) else 0.0
    if question.kind == "time":
        return 1.0 if _CLOCK.search(sentence) else 0.5 if _TIME.search(sentence) else 0.0
    shape = _SHAPES.get(question.kind)
    if shape is None:
        return 0.5
    return 1.0 if shape.search(sentence) else 0.0


def _fits_amount(asks: str, sentence: str) -> float:
    bounded = 1.0 if not _ALLOWED_ASKED.search(asks) or _BOUND.search(sentence) else 0.7
    if counted := _COUNTED.search(asks):
        return bounded if _counts(sentence, {stem(word) for word in counted[1].split()}) else 0.4
    if _OFTEN.search(asks):
        return bounded if _OFTENNESS.search(sentence) else 0.3
    if _DURATION_ASKED.search(asks):
        return bounded if _DURATION.search(sentence) or _LENGTH.search(sentence) else 0.3
    if mass := _MASS_ASKED.search(asks):
        return _fits_mass(mass[1], sentence)
    if _MONEY_ASKED.search(asks):
        return bounded if _MONEY.search(sentence) else 0.3
    return 0.8


def _fits_mass(measured: str, sentence: str) -> float:
    """How much of something: a number before it, or one with a unit that such things are measured in. A length of time alone is neither."""
    if _counts(sentence, {stem(word) for word in measured.split()}):
        return 1.0
    for things, units in _MASS_UNITS:
        if re.search(rf"\b(?:{things})\b", measured, re.IGNORECASE):
            return 1.0 if re.search(rf"\b(?:\d[\d.,]*|{_NUMBER_WORDS}|an?)\s?(?:{units})\b", sentence, re.IGNORECASE) else 0.3
    return 0.8 if _AMOUNT.search(_ONLY_TIME.sub(" ", sentence)) else 0.3


def asks_only(question: Question) -> frozenset[str]:
    """The stems of its words that name no thing, only that it costs, lasts or is paid: the right shape answers them."""
    if question.kind not in ("amount", "time"):
        return frozenset()
    return frozenset(stem(found[0]) for found in _MEASURING.finditer(question.asks))


def _counts(sentence: str, counted: set[str]) -> bool:
    words = WORD.findall(sentence)
    for index, word in enumerate(words):
        if stem(word) in counted:
            before = " ".join(words[max(0, index - NEXT_TO) : index])
            if _AMOUNT.search(before):
                return True
    return False


_COMPOUND = re.compile(
    rf"\bwhat(?:'s| is| are| was| were) (?:the|my|our|your|its|their) (?:[a-z-]+ ){{1,2}}?({MEASURES})"
    r"(?=\W*$| (?:of|for|in|at|on|per|when|if|during)\b)",
    re.IGNORECASE,
)


def head(question: Question) -> str:
    """The stem of the measure that a compound names, `price` in `what is the share price`; "" where none is asked for so."""
    named = _COMPOUND.search(question.asks)
    return stem(named[1]) if named is not None else ""


_QUANTITY = re.compile(
    rf"\b(?:\d[\w.,:]*|{_NUMBER_WORDS}|seconds?|minutes?|hours?|days?|weeks?|months?|years?|euros?|percent)\b", re.IGNORECASE
)


def limits(question: Question, sentence: str) -> list[str]:
    """The stems of what stands before the verb, where that says of what the sentence holds and is not itself the answer."""
    if question.kind in ("person", "open"):
        return []
    verb = _VERB.search(sentence)
    return content(_QUANTITY.sub(" ", sentence[: verb.start()])) if verb is not None else []


_CONDITION = re.compile(
    r"^(?:only |but |and )?(?:if|unless|when|where|in case|provided|should|as soon as|once)\b([^,]{1,150}),", re.IGNORECASE
)


def condition(question: Question, sentence: str) -> list[str]:
    """The stems of what must be so for an amount, a time or a yes to hold, where the sentence begins with it."""
    opening = _CONDITION.search(sentence) if question.kind in ("amount", "time", "whether") else None
    return content(opening[1]) if opening is not None else []

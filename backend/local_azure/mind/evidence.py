"""What a sentence must hold to answer a question of a kind: an amount, a time, a person, a place, a reason, a way, a yes or no.

Only the shapes of English answers; knows no document.
"""

from __future__ import annotations

import re

from .question import Question
from .words import WORD, stem

_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
    "|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|twice|once|double|both|no|none|unlimited|every|free"
)
_AMOUNT = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
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
NEXT_TO = 3
"""Words between a number and what it counts, in `30 paid working days`."""


def fits(question: Question, sentence: str) -> float:
    """How well a sentence has the shape of an answer: 0 not at all, 1 wholly."""
    text = question.asks
    if question.kind == "amount":
        if not _AMOUNT.search(sentence):
            return 0.0
        if counted := _COUNTED.search(text):
            return 1.0 if _counts(sentence, {stem(word) for word in counted[1].split()}) else 0.4
        if _OFTEN.search(text):
            return 1.0 if _OFTENNESS.search(sentence) else 0.3
        if _DURATION_ASKED.search(text):
            return 1.0 if _DURATION.search(sentence) or _LENGTH.search(sentence) else 0.3
        if _MONEY_ASKED.search(text):
            return 1.0 if _MONEY.search(sentence) else 0.3
        return 0.8
    if question.kind == "time":
        return 1.0 if _CLOCK.search(sentence) else 0.5 if _TIME.search(sentence) else 0.0
    shape = _SHAPES.get(question.kind)
    if shape is None:
        return 0.5
    return 1.0 if shape.search(sentence) else 0.0


def _counts(sentence: str, counted: set[str]) -> bool:
    words = WORD.findall(sentence)
    for index, word in enumerate(words):
        if stem(word) in counted:
            before = " ".join(words[max(0, index - NEXT_TO) : index])
            if _AMOUNT.search(before):
                return True
    return False

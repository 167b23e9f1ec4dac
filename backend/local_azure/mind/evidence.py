"""What a sentence must hold to answer a question of a kind: an amount, a time, a person, a place, a reason, a way, a yes or no.

Only the shapes of English answers; knows no document.
"""

from __future__ import annotations

import re

from .kinds import MEASURES, tells_trouble
from .measures import NUMBER_WORDS, asks_only, fits_amount, fits_time
from .question import Question
from .words import content, stem

_PERSON = re.compile(
    r"\b(?:manager|team|department|desk|director|officer|head|office|employees?|staff|everyone|everybody|anyone|nobody|those who"
    r"|people|person|members?|guests?|customers?|council|committee|chair|partner|colleagues?|technician|engineer|apprentices?|trainees?|interns?|parents?"
    r"|company|supervisor|lead|founder|by)\b|(?:^|(?<=\s))[A-Z][a-z]+ [A-Z][a-z]+",
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
    r"\b(?:not|no|never|closed|open|may|can|cannot|must|only|allowed|possible|permitted|permission|free|included|always|unless|except|if|yes|both"
    r"|are|is|do|does|have|has)\b",
    re.IGNORECASE,
)
_SHAPES = {"person": _PERSON, "place": _PLACE, "reason": _REASON, "way": _WAY, "whether": _WHETHER}
_VERB = re.compile(
    r"(?<=\s)(?:is|are|was|were|may|can|must|has|have|had|do|does|did|will|should|need|needs|lasts?|takes?|costs?|gets?|starts?|begins?|ends?|pays?"
    r"|uses?|receives?|works?|applies|apply|falls?|opens?|closes?|runs?|holds?|lies|covers?|includes?|makes?|gives?|comes?|goes|rises?|means)\b",
    re.IGNORECASE,
)

STATED = 0.7
"""How well a plain statement answers whether something is so: it says yes without the word."""


def fits(question: Question, text: str) -> float:
    """How well a text has the shape of an answer: 0 not at all, 1 wholly."""
    if question.kind == "amount":
        return fits_amount(question.asks, text)
    if question.kind == "time":
        return fits_time(question.asks, text)
    shape = _SHAPES.get(question.kind)
    if shape is None:
        return 0.5
    if question.kind == "whether" and not shape.search(text):
        return STATED
    if shape.search(text):
        return 1.0
    return 0.5 if question.kind == "way" and tells_trouble(question.text) else 0.0


def measuring(question: Question) -> frozenset[str]:
    """The stems of its words that only say what is measured: the right shape answers them."""
    if question.kind == "whether":
        return _STATES.intersection(question.stems)
    return asks_only(question.asks) if question.kind in ("amount", "time") else frozenset()


_STATES = frozenset(map(stem, ("open", "available", "possible")))
"""Words of whether something is so that an answer says as yes or no."""


_COMPOUND = re.compile(
    rf"\bwhat(?:'s| is| are| was| were) (?:the|my|our|your|its|their) (?:[a-z-]+ ){{1,2}}?({MEASURES})"
    r"(?=\W*$| (?:of|for|in|at|on|per|when|if|during)\b)",
    re.IGNORECASE,
)


_THING_OF = re.compile(
    r"\b(?:what|who|how high|how big|how much)(?:'s| is| are| was| were) (?:the|my|our|your|its|their) ([a-z-]+) (?:of|for|to)\b",
    re.IGNORECASE,
)
_NOT_A_THING = "cost|costs|price|prices|number|amount|percentage|rate|limit|temperature|value|size|weight|length|height|width|depth|speed"
_NOT_A_THING += "|duration|capacity|maximum|minimum|rent|fee|fees"
_DONE = re.compile(r"\bhow much (?:does|do|did|will|would) (?:[\w’'-]+ ){1,5}([a-z]+)\W*$", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:in|at) (?:(?:the|a|an|my|our|your|this) )?([\w’'-]+)", re.IGNORECASE)
_LAST_PLACED = re.compile(r"\b(?:for|of|in|at|on|to|from) (?:(?:the|a|an|my|our|your|this) )?([\w’'-]+)\W*$", re.IGNORECASE)


def head(question: Question) -> str:
    """The stem of the measure that a compound names, `price` in `what is the share price`, or of the thing that is asked for, `password` in
    `what is the password of the door`, or is done, `earn` in `how much does a baker earn`; "" where none is asked for so.
    """
    named = _COMPOUND.search(question.asks) or _THING_OF.search(question.asks)
    if (done := _DONE.search(question.asks)) is not None and content(done[1]) and not asks_only(done[1]):
        return stem(done[1])
    if named is None or (named.re is _THING_OF and re.fullmatch(_NOT_A_THING, named[1], re.IGNORECASE)):
        return ""
    return stem(named[1])


def whereof(question: Question) -> list[str]:
    """The stems of what the question ends with behind a preposition, `boat` in `the fee for my boat`, and of where it asks about."""
    named = [found[1] for pattern in (_LAST_PLACED, _WITHIN) for found in pattern.finditer(question.text)]
    return [word for name in named for word in content(name) if word in question.stems and not word.isdigit()]


_NEGATED = re.compile(r"(?:\b(?:no|not|without|never|cannot)|n['’]t)\s+(?:(?:a|an|the|any|be|get|do|really)\s+)?([\w’'-]+)", re.IGNORECASE)


def negated(text: str) -> frozenset[str]:
    """The stems of the words that stand behind a no, a not or a without."""
    return frozenset(word for found in _NEGATED.finditer(text) for word in content(found[1]))


_QUANTITY = re.compile(
    rf"\b(?:\d[\w.,:]*|{NUMBER_WORDS}|seconds?|minutes?|hours?|days?|weeks?|months?|years?|euros?|percent)\b", re.IGNORECASE
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

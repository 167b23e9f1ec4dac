"""Whether another passage says the same of the same thing with another value; then both are told, each with its document.

Knows no document; a rule and its exception are no conflict, nor are two things of one kind.
"""

from __future__ import annotations

import re

from .evidence import condition, limits
from .kinds import Kind
from .outputs import Passage
from .question import Question
from .scoring import ILL_SHAPED, Scores
from .sentences import Sentence
from .values import CLOCK, DAYS, IN_TURN, UNIT_NAMES, Value, values
from .wording import CALENDAR
from .words import content, is_identifier, nearness

ALIKE = 0.5
"""The share of the content of two sentences, their numbers apart, that must be common for them to speak of the same."""
SAME = 0.8
"""How near two words must be to be one."""
_NOT = re.compile(r"\b(?:not|no|never|nobody|none|cannot|forbidden|prohibited|without)\b|n['’]t\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,] )[A-Z][\w’'-]+")


def conflicting(question: Question, page: list[Sentence], best: int, scored: Scores) -> int | None:
    """The place of the sentence that contradicts the best one; None where none does."""
    if question.kind not in ("amount", "time", "whether") or page[best].row is not None:
        return None
    others = [
        place
        for place, sentence in enumerate(page)
        if sentence.passage != page[best].passage and sentence.row is None and not sentence.text.endswith("?")
    ]
    found = [place for place in others if _answers_too(place, best, scored) and _contradicts(question, page[best].text, page[place].text)]
    return max(found, key=scored.total, default=None)


def told(first: Sentence, other: Sentence, passages: list[Passage]) -> tuple[str, str]:
    """Both sentences, each with where it stands, in the tool's own order."""
    one, two = sorted((first, other), key=lambda sentence: sentence.passage)
    named = [passages[sentence.passage].document for sentence in (one, two)]
    if not all(named) or named[0] == named[1]:
        return f"One passage says: {one.text}", f"But another says: {two.text}"
    return f"{named[0]} says: {one.text}", f"But {named[1]} says: {two.text}"


def _answers_too(place: int, best: int, scored: Scores) -> bool:
    """Whether a sentence holds as much of the question as the best one, in the right shape."""
    return scored.fits(place) > ILL_SHAPED and all(
        scored.own(place, word) >= SAME for word in scored.weights if scored.own(best, word) >= SAME
    )


def _contradicts(question: Question, one: str, other: str) -> bool:
    if condition(question, one) or condition(question, other) or _names(one) != _names(other):
        return False
    if not _alike(_things(one), _things(other)) or not _same_subject(question, one, other):
        return False
    if question.kind == "whether":
        return bool(_NOT.search(one)) != bool(_NOT.search(other))
    return _disagree(question.kind, values(one), values(other))


def _disagree(kind: Kind, ours: frozenset[Value], theirs: frozenset[Value]) -> bool:
    """Whether two sentences' values are at odds in a unit that both have. Where they are for other days too, each is right for its own."""
    odds = {unit for unit in _units(ours) & _units(theirs) if _at_odds(unit, ours, theirs)}
    if kind == "amount":
        return bool(odds) and not odds & DAYS
    return bool(odds) and not (odds & IN_TURN and odds - IN_TURN)


def _units(values: frozenset[Value]) -> set[str]:
    return {value.unit for value in values if value.unit}


def _at_odds(unit: str, ours: frozenset[Value], theirs: frozenset[Value]) -> bool:
    """Whether no value of this unit is in both; hours and days from one to another must be the same at both ends."""
    one, two = ({value.amount for value in values if value.unit == unit} for values in (ours, theirs))
    if unit == CLOCK or unit in DAYS:
        return one != two and (len(one) == len(two) or not one & two)
    return not one & two


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text)) - CALENDAR - UNIT_NAMES


def _same_subject(question: Question, one: str, other: str) -> bool:
    """Whether what stands before the verb is the same in both."""
    ours, theirs = limits(question, one), limits(question, other)
    return all(any(nearness(word, given) >= SAME for given in theirs) for word in ours) and all(
        any(nearness(word, given) >= SAME for given in ours) for word in theirs
    )


def _things(text: str) -> set[str]:
    return {word for word in content(text) if not word[0].isdigit() and not is_identifier(word)}


def _alike(one: set[str], other: set[str]) -> bool:
    common = sum(any(nearness(word, given) >= SAME for given in other) for word in one)
    return common >= ALIKE * max(1, min(len(one), len(other)))

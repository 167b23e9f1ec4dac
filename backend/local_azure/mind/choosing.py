"""Which one or two sentences of the passages answer a question, or that none does.

`scoring` says what each is worth; here it is decided which are said together, and how.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .conflicts import conflicting, told
from .extremes import outermost
from .outputs import Passage
from .question import Question
from .scoring import ILL_SHAPED, Scores
from .sentences import Sentence, sentences_of
from .standing import nearest
from .words import content, stem

AS_GOOD = 0.1
"""How much less another sentence of the same passage may be worth to be told too."""
ITEMS_MAX = 4
"""Items of a list that are said in one breath."""

_POINTS_BACK = re.compile(
    r"^(?:it|this|these|that|those|they|he|she|such|here|there|both|then|otherwise|in (?:this|that|these) cases?)\b"
    r"(?! (?:is|are) (?:a|an|no|one)\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^(?:however|but|except|unless|only|exceptions?|this does not|it does not|otherwise|outside|not )\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to say, in order, and the ids of the passages it is taken from."""

    sentences: tuple[str, ...]
    ids: tuple[int | str, ...]
    answers: bool = True
    """It has the shape of an answer; without, it is only about the same thing."""


def choose(question: Question, passages: Sequence[Passage], said: Collection[str] = (), earlier: Sequence[Passage] = ()) -> Choice | None:
    """The sentences that answer; None where nothing fits. `said` is the last answer, `earlier` are the passages that were there for it."""
    page = [sentence for index, passage in enumerate(passages) for sentence in sentences_of(passage, index)]
    scored = Scores(question, passages, page, said, earlier)
    if not page or not scored.weights:
        return None
    best = max(range(len(page)), key=scored.total)
    picked = _with_company(page, best, scored)
    outmost = outermost(question.text, page, scored.standing)
    if outmost is not None:
        best, picked = outmost, [outmost]
    elif not scored.enough(best, picked):
        return None
    other = conflicting(question, page, best, scored)
    if other is not None:
        ids = dict.fromkeys(key for place in sorted((best, other)) if (key := passages[page[place].passage].id) is not None)
        return Choice(told(page[best], page[other], list(passages)), tuple(ids))
    ids = dict.fromkeys(key for key in (passages[page[place].passage].id for place in picked) if key is not None)
    return Choice(
        tuple(_said(page, picked, question)), tuple(ids), max(map(scored.fits, picked)) > 0 or question.kind not in ("amount", "time")
    )


def gist(passages: Sequence[Passage]) -> list[str]:
    """The first sentences, of what is an answer as a whole: it came from a tool that was asked for just this."""
    return [sentence.text for index, passage in enumerate(passages) for sentence in sentences_of(passage, index)][:2]


def _with_company(page: list[Sentence], best: int, scored: Scores) -> list[int]:
    """The best sentence, with a neighbour where one of them makes little sense alone."""
    sentence = page[best]

    def neighbour(place: int) -> bool:
        return 0 <= place < len(page) and page[place].passage == sentence.passage and not page[place].text.endswith("?")

    if sentence.introduces:
        return [best, *(place for place in range(best + 1, len(page)) if _is_listed_under(page, best, place))][: 1 + ITEMS_MAX]
    if _POINTS_BACK.match(sentence.text) and neighbour(best - 1) and page[best - 1].paragraph == sentence.paragraph:
        return [best - 1, best]
    if neighbour(best + 1) and page[best + 1].paragraph == sentence.paragraph and _GOES_ON.match(page[best + 1].text):
        return [best, best + 1]
    if scored.fits(best) <= ILL_SHAPED:
        near = [place for place in (best + 1, best - 1) if neighbour(place) and page[place].paragraph == sentence.paragraph]
        if answering := [place for place in near if scored.fits(place) == 1]:
            return sorted([best, answering[0]])
    if (second := _as_good(page, best, scored)) is not None:
        return sorted([best, second])
    missing = [word for word in scored.weights if scored.own(best, word) == 0]
    near = [place for place in (best - 1, best + 1) if neighbour(place) and not page[place].is_item]
    adds = [
        place
        for place in near
        if sum(scored.weights[word] for word in missing if scored.own(place, word)) > 0.25 * sum(scored.weights.values())
    ]
    return sorted([best, *adds[:1]])


def _as_good(page: list[Sentence], best: int, scored: Scores) -> int | None:
    """Another sentence of the same passage that is worth as much: who cannot tell which is meant tells both."""
    own = [
        place
        for place, sentence in enumerate(page)
        if place != best and sentence.passage == page[best].passage and not (sentence.row or page[best].row or sentence.introduces)
    ]
    second = max(own, key=scored.total, default=None)
    return second if second is not None and scored.total(best) - scored.total(second) <= AS_GOOD else None


def _is_listed_under(page: list[Sentence], introduction: int, place: int) -> bool:
    between = page[introduction + 1 : place + 1]
    first_of_its_item = page[place].paragraph != page[place - 1].paragraph
    return first_of_its_item and all(item.is_item and item.passage == page[introduction].passage for item in between)


def _said(page: list[Sentence], picked: list[int], question: Question) -> list[str]:
    first = page[picked[0]]
    if not first.introduces:
        return [_told(page[place], question) for place in picked][:2]
    items = [_within(page[place].text.rstrip(".")) for place in picked[1:]]
    if not items:
        return [first.text]
    listed = ", ".join(items[:-1]) + f" and {items[-1]}" if len(items) > 1 else items[0]
    return [f"{first.text.rstrip('.')}: {listed}."]


def _told(sentence: Sentence, question: Question) -> str:
    """A sentence as it is said: of a row the columns that were asked for."""
    if sentence.row is None:
        return sentence.text
    words = (*question.stems, *question.topic)
    return f"{sentence.row.told(sentence.row.asked(words)).rstrip('.')}."


def _within(item: str) -> str:
    """An item as it stands within a sentence: without its capital, unless that is the word's own."""
    return item[:1].lower() + item[1:] if re.match(r"[A-Z][a-z]+ (?![A-Z])", item) else item


def about(words: str, question: Question) -> float:
    """How many of the question's words of content stand in some words: what a tool's description has to do with it."""
    known = frozenset(content(words)) | frozenset(stem(part) for part in re.split(r"[\W_]+", words) if part)
    return sum(1.0 for word in question.stems if nearest(word, known) >= 0.8)

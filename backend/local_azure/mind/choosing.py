"""Which one or two sentences of the passages answer a question, or that none does.

A sentence is worth the rarity of the question's words that it and its surroundings hold, and whether it has the shape of an answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .evidence import asks_only, fits, head, limits
from .outputs import Passage
from .question import Question
from .sentences import Sentence, sentences_of
from .words import Rarity, content, is_identifier, nearness, stem, stems

UNDER = 0.75
BESIDE = 0.45
TITLE = 0.35
"""What a word of the question is worth where it stands in the heading above, the sentence before, or the document's title: less than 1."""
TOPIC = 0.5
"""What a word carried over from an earlier question is worth."""
SHAPE = 0.3
"""What the right shape adds to the share of words, which is at most 1."""
ROW = 0.08
"""What a table's row takes away: it is read aloud badly."""
SIDE_BY_SIDE = 0.1
"""What it adds that words which stand together in the question stand together in the sentence."""
LATER = 0.02
"""What each place further down in the tool's own order takes away."""
COVERED_AT_LEAST = 0.45
COVERED_BY_ONE_AT_LEAST = 0.5
COVERED_WITHOUT_SHAPE_AT_LEAST = 0.6
"""Below this share of the question's weight the passages are about something else; a single word is found by chance more often than two,
and an amount or a time that was asked for stands in what answers."""
HEADLESS = 0.6
"""What is left of that share where `share` stands there and `price` does not, when the share price was asked for."""
ILL_SHAPED = 0.3
"""How much of the shape of an amount or a time is as good as none."""
SHAPELESS = 0.3
"""What it takes away that there is nothing of the amount or the time that was asked for."""
MEASURING = 0.5
"""What a verb that only asks for the measure weighs, as in `how much does a badge cost`."""
LIMITED = 0.06
LIMITED_MAX = 0.15
"""What each word takes away that makes the subject of a sentence narrower than what was asked: the rule goes before its exception."""
LONG_WORDS = 45
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


def choose(question: Question, passages: Sequence[Passage]) -> Choice | None:
    """The sentences that answer; None where nothing fits."""
    page = [sentence for index, passage in enumerate(passages) for sentence in sentences_of(passage, index)]
    scored = _Scores(question, passages, page)
    if not page or not scored.weights:
        return None
    best = max(range(len(page)), key=scored.total)
    picked = _with_company(page, best, scored)
    share = scored.covered(*picked) * (1.0 if scored.holds_head(picked) else HEADLESS)
    if share < scored.at_least(best) or scored.lacks_a_code():
        return None
    ids = dict.fromkeys(key for key in (passages[page[place].passage].id for place in picked) if key is not None)
    return Choice(tuple(_said(page, picked)), tuple(ids), max(map(scored.fits, picked)) > 0 or question.kind not in ("amount", "time"))


class _Scores:
    """What each sentence is worth for one question."""

    def __init__(self, question: Question, passages: Sequence[Passage], page: list[Sentence]) -> None:
        self._question = question
        self._page = page
        self._stems = [frozenset(stems(sentence.text)) for sentence in page]
        self._under = [frozenset(stems(sentence.under)) for sentence in page]
        self._titles = [frozenset(stems(passage.title)) for passage in passages]
        counted = Counter(word for title in self._titles for word in title)
        self._known = frozenset(word for word, count in counted.items() if 2 * count >= len(passages)).union(question.stems, question.topic)
        rarity = Rarity(own | under for own, under in zip(self._stems, self._under, strict=True))
        only_asking = asks_only(question)
        self.weights = {word: rarity(word) * (MEASURING if word in only_asking else 1.0) for word in question.stems}
        for word in question.topic:
            self.weights.setdefault(word, TOPIC * rarity(word))

    def _share(self, place: int, word: str) -> float:
        sentence = self._page[place]
        found = _nearest(word, self._stems[place])
        if found < 1:
            found = max(found, UNDER * _nearest(word, self._under[place]))
        if found < UNDER and place and self._page[place - 1].passage == sentence.passage:
            found = max(found, BESIDE * _nearest(word, self._stems[place - 1]))
        if found < TITLE:
            found = max(found, TITLE * _nearest(word, self._titles[sentence.passage]))
        return found

    def covered(self, *places: int) -> float:
        """The share of the question's weight that these sentences and their surroundings hold, 0 to 1."""
        held = sum(weight * max(self._share(place, word) for place in places) for word, weight in self.weights.items())
        return held / sum(self.weights.values())

    def at_least(self, place: int) -> float:
        """The share below which this sentence is about something else."""
        if self._question.kind in ("amount", "time") and self.fits(place) <= ILL_SHAPED:
            return COVERED_WITHOUT_SHAPE_AT_LEAST
        return COVERED_AT_LEAST if self.found(place) > 1 else COVERED_BY_ONE_AT_LEAST

    def holds_head(self, places: Sequence[int]) -> bool:
        """Whether the measure that a compound names stands there, or none was asked for so."""
        asked = head(self._question)
        return not asked or any(self._share(place, asked) >= BESIDE for place in places)

    def lacks_a_code(self) -> bool:
        """Whether a code was asked for that no passage holds: what is said of another code is no answer."""
        held = frozenset[str]().union(*self._stems, *self._under, *self._titles)
        return any(is_identifier(word) and word not in held for word in self._question.stems)

    def found(self, place: int) -> int:
        """How many of the question's words this sentence or its heading holds."""
        return sum(self._share(place, word) >= UNDER for word in self.weights)

    def fits(self, place: int) -> float:
        """How well the sentence has the shape of an answer."""
        return fits(self._question, self._page[place].text)

    def own(self, place: int, word: str) -> float:
        """How much of one word of the question the sentence itself holds."""
        return _nearest(word, self._stems[place])

    def total(self, place: int) -> float:
        """What to choose by."""
        sentence = self._page[place]
        length = len(sentence.text.split())
        burden = 0.1 if length > LONG_WORDS or length < 3 else 0.0
        if sentence.text.endswith("?"):
            burden += 0.5
        if sentence.is_row:
            burden += ROW
        if self._question.kind in ("amount", "time") and self.fits(place) == 0:
            burden += SHAPELESS
        lists_the_way = sentence.introduces and self._question.kind in ("way", "open")
        shape = SHAPE * (1.0 if lists_the_way else fits(self._question, sentence.text))
        burden += min(LIMITED_MAX, LIMITED * self._limits(place))
        return self.covered(place) + shape + SIDE_BY_SIDE * self._side_by_side(sentence) - LATER * sentence.passage - burden

    def _limits(self, place: int) -> int:
        """How many words narrow the sentence's subject that were not asked for, and are not what most of the passages are about."""
        return sum(_nearest(word, self._known) < UNDER for word in limits(self._question, self._page[place].text))

    def _side_by_side(self, sentence: Sentence) -> float:
        """The share of the question's neighbouring words that are neighbours in the sentence too."""
        asked = list(pairwise(self._question.stems))
        if not asked:
            return 0.0
        places = {word: index for index, word in enumerate(content(sentence.text))}
        return sum(abs(places[one] - places[other]) == 1 for one, other in asked if one in places and other in places) / len(asked)


def _nearest(word: str, among: frozenset[str]) -> float:
    return 1.0 if word in among else max((nearness(word, other) for other in among), default=0.0)


def _with_company(page: list[Sentence], best: int, scored: _Scores) -> list[int]:
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
    if scored.fits(best) == 0:
        near = [place for place in (best + 1, best - 1) if neighbour(place) and page[place].paragraph == sentence.paragraph]
        answering = [place for place in near if scored.fits(place) == 1]
        return sorted([best, *answering[:1]])
    missing = [word for word in scored.weights if scored.own(best, word) == 0]
    near = [place for place in (best - 1, best + 1) if neighbour(place) and not page[place].is_item]
    adds = [
        place
        for place in near
        if sum(scored.weights[word] for word in missing if scored.own(place, word)) > 0.25 * sum(scored.weights.values())
    ]
    return sorted([best, *adds[:1]])


def _is_listed_under(page: list[Sentence], introduction: int, place: int) -> bool:
    between = page[introduction + 1 : place + 1]
    first_of_its_item = page[place].paragraph != page[place - 1].paragraph
    return first_of_its_item and all(item.is_item and item.passage == page[introduction].passage for item in between)


def _said(page: list[Sentence], picked: list[int]) -> list[str]:
    first = page[picked[0]]
    if not first.introduces:
        return [page[place].text for place in picked][:2]
    items = [_within(page[place].text.rstrip(".")) for place in picked[1:]]
    if not items:
        return [first.text]
    listed = ", ".join(items[:-1]) + f" and {items[-1]}" if len(items) > 1 else items[0]
    return [f"{first.text.rstrip('.')}: {listed}."]


def _within(item: str) -> str:
    """An item as it stands within a sentence: without its capital, unless that is the word's own."""
    return item[:1].lower() + item[1:] if re.match(r"[A-Z][a-z]+ (?![A-Z])", item) else item


def about(words: str, question: Question) -> float:
    """How many of the question's words of content stand in some words: what a tool's description has to do with it."""
    known = frozenset(content(words)) | frozenset(stem(part) for part in re.split(r"[\W_]+", words) if part)
    return sum(1.0 for word in question.stems if _nearest(word, known) >= 0.8)

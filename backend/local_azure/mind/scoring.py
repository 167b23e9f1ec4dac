"""What each sentence of the passages is worth for a question: the rarity of the question's words that it and its surroundings hold,
whether it has the shape of an answer, and whether it holds for what was asked or for something narrower.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

from .evidence import condition, fits, head, limits, measuring, whereof
from .measures import beside
from .outputs import Passage
from .question import Question
from .sentences import Sentence
from .tables import Row
from .wording import names
from .words import WORD, Rarity, content, is_identifier, near_slip, nearness, stem, stems

UNDER = 0.75
BESIDE = 0.45
TITLE = 0.35
ANSWERED = 0.7
"""What a word that only asks for the measure is worth where the measure stands."""
SLIP = 0.7
"""What a short word is worth for one that it may be a slip for."""
ABOUT = 0.3
"""What a word of the question is worth where it stands in the heading above, the sentence before, the document's title, or elsewhere in the
paragraph: less than 1."""
TOPIC = 0.5
"""What a word carried over from an earlier question is worth."""
STORY = 0.2
"""What a word is worth that led up to the question, where the passages hold it; where they do not, it is talk."""
SHAPE = 0.3
"""What the right shape adds to the share of words, which is at most 1."""
NEXT_TO = 0.08
"""What it adds that a number stands next to a word of the question, when an amount was asked for."""
ROW = 0.08
"""What a table's row takes away: it is read aloud badly."""
SIDE_BY_SIDE = 0.1
"""What it adds that words which stand together in the question stand together in the sentence."""
LATER = 0.02
"""What each place further down in the tool's own order takes away."""
COVERED_AT_LEAST = 0.55
COVERED_WITHOUT_SHAPE_AT_LEAST = 0.7
COVERED_WITHOUT_AMOUNT_AT_LEAST = 0.9
"""Below this share of the question's weight the passages are about something else; an amount or a time that was asked for stands in what
answers, and where it does not, more of the question has to."""
HEADLESS = 0.5
"""What is left of that share where `share` stands there and `price` does not, when the share price was asked for."""
UNNAMED = 0.6
"""What is left of it where a name was asked for that stands nowhere around: the tower they tell of is another."""
ELSEWHERE = 0.75
"""What is left of it where the question ends with a thing or a place that stands nowhere around."""
UNHEARD_OF = 0.3
"""How much of it is taken for words that no passage knows, if the question had no others: it is another matter."""
ILL_SHAPED = 0.3
"""How much of the shape of an amount or a time is as good as none."""
NO_SHAPE = 0.1
SHAPELESS = 0.3
"""What it takes away that there is nothing of the amount or the time that was asked for."""
MEASURING = 0.5
"""What a word that only asks for the measure weighs, as in `how much does a badge cost`."""
NUMBER = 0.25
"""What a number weighs that was asked with and that no passage holds: 11 pm is after 22:00."""
LIMITED = 0.06
LIMITED_MAX = 0.15
"""What each word takes away that makes the subject of a sentence narrower than what was asked: the rule goes before its exception."""
CONDITIONAL = 0.3
"""What a condition takes away that was mostly not asked about."""
LEANING = 0.12
"""What `therefore` or `also` takes away: the sentence says less without the one it leans on."""
SAID = 0.4
"""What it takes away from an answer to a question that goes on that it was the last answer."""
NOT_NEW = 0.3
"""What it takes away from a sentence that it holds nothing of what a question that goes on has added."""
OTHER_RANGE = 0.4
"""What it takes away from a row that it is for other numbers or days than those asked about."""
OTHER_ROW = 0.2
"""What it takes away from a row that the question says the name of another of the same table."""
NAMED_ROW = 0.05
CODED_ROW = 0.35
"""What it adds to a row that the question says its name word for word, and that this is a code."""
OTHER_CODE = 0.6
"""What it takes away that a code was asked for and it tells of none or another."""
EXPLAINED = 0.4
"""What it adds that a sentence says what a code means that was asked for."""
LONG_WORDS = 45
_CLOCK = frozenset(("pm", "am", "o'clock", "oclock"))
_EXPLAINS = re.compile(r"^(?:[\w-]+ ){0,3}?([A-Za-z]{1,4}-?\d+) (?:means|stands for|says that|tells|is)\b")
_LEANS = re.compile(r"\b(?:therefore|thus|also|too|either|likewise|in the same way)\b", re.IGNORECASE)


class Scores:
    """What each sentence is worth for one question. `said` are the sentences of the last answer."""

    def __init__(self, question: Question, passages: Sequence[Passage], page: list[Sentence], said: Collection[str] = ()) -> None:
        self._question = question
        self._page = page
        self._said = said
        self._stems = [frozenset(stems(sentence.words)) for sentence in page]
        self._under = [frozenset(stems(sentence.under)) for sentence in page]
        self._titles = [frozenset(stems(passage.title)) for passage in passages]
        counted = Counter(word for title in self._titles for word in title)
        self._known = frozenset(word for word, count in counted.items() if 2 * count >= len(passages)).union(
            question.stems, question.topic, question.story
        )
        self._rarity = Rarity(own | under for own, under in zip(self._stems, self._under, strict=True))
        self._held = frozenset[str]().union(*self._stems, *self._under, *self._titles)
        self._near = {word: self._neighbours(word) for word in {*question.stems, *question.topic, *question.story, *names(question.text)}}
        self._measuring = measuring(question)
        self._fits: dict[int, float] = {}
        self._shares: dict[tuple[int, str], float] = {}
        self.weights = self._weights()

    def _neighbours(self, word: str) -> dict[str, float]:
        """The stems of the passages that are near a word, each with how near."""
        return {other: near for other in self._held if (near := nearness(word, other)) > 0}

    def _nearest(self, word: str, among: frozenset[str]) -> float:
        """How near the nearest of some stems of the passages is to a word of the question."""
        near = self._near.get(word)
        if near is None:
            return nearest(word, among)
        return max((value for other, value in near.items() if other in among), default=0.0)

    @cached_property
    def _slips(self) -> dict[str, str]:
        """Short words of the question that no passage knows, each with the word there that it may be a slip for."""
        slips = {word: near_slip(word, self._held) for word in self._question.stems if not self._near[word]}
        return {word: slip for word, slip in slips.items() if slip}

    def _weights(self) -> dict[str, float]:
        only_asking = self._measuring
        weights = {}
        clock = _CLOCK.intersection(self._question.stems)
        for word in self._question.stems:
            weights[word] = self._rarity(word) * (MEASURING if word in only_asking else 1.0)
            if word in _CLOCK or (word.isdigit() and (clock or word not in self._held)):
                weights[word] *= NUMBER
        for word in self._question.topic:
            weights.setdefault(word, TOPIC * self._rarity(word))
        for word in self._question.story:
            if word in self._held:
                weights.setdefault(word, STORY * self._rarity(word))
        return weights

    @cached_property
    def _together(self) -> dict[tuple[int, int], frozenset[str]]:
        """The stems of each paragraph, by passage and paragraph."""
        together: dict[tuple[int, int], frozenset[str]] = {}
        for sentence, own in zip(self._page, self._stems, strict=True):
            place = (sentence.passage, sentence.paragraph)
            together[place] = together.get(place, frozenset()) | own
        return together

    def _share(self, place: int, word: str) -> float:
        if (place, word) not in self._shares:
            self._shares[place, word] = self._found(place, word)
        return self._shares[place, word]

    def _found(self, place: int, word: str) -> float:
        if word.isdigit() and self._spans(place):
            return 1.0
        found = self._stands(place, word)
        if found < ANSWERED and word in self._measuring and self.fits(place) == 1:
            return ANSWERED
        return found

    def _stands(self, place: int, word: str) -> float:
        """How much of a word stands in the sentence or around it."""
        if word in self._slips:
            return SLIP * self._stands(place, self._slips[word])
        sentence = self._page[place]
        found = self._nearest(word, self._stems[place])
        if found < 1:
            found = max(found, UNDER * self._nearest(word, self._under[place]))
        if found < UNDER and place and self._page[place - 1].passage == sentence.passage:
            found = max(found, BESIDE * self._nearest(word, self._stems[place - 1]))
        if found < TITLE:
            found = max(found, TITLE * self._nearest(word, self._titles[sentence.passage]))
        if found < ABOUT:
            found = max(found, ABOUT * self._nearest(word, self._together[sentence.passage, sentence.paragraph]))
        return found

    def covered(self, *places: int) -> float:
        """The share of the question's weight that these sentences and their surroundings hold, 0 to 1."""
        held = sum(weight * max(self._share(place, word) for place in places) for word, weight in self.weights.items())
        return held / sum(self.weights.values())

    def enough(self, best: int, picked: Sequence[int]) -> bool:
        """Whether these sentences, of which one was chosen for itself, are about what was asked."""
        share = self.covered(*picked)
        share *= 1.0 if self._holds_head(picked) else HEADLESS
        named = all(any(self._share(place, name) > 0 for place in picked) for name in names(self._question.text))
        share *= 1.0 if named else UNNAMED
        ending = whereof(self._question)
        share *= ELSEWHERE if ending and not any(self._share(place, ending) > 0 for place in picked) else 1.0
        share *= 1.0 - UNHEARD_OF * self._unheard_of_share()
        return share >= self._at_least(max(map(self.fits, picked))) and not self._lacks_a_code()

    def _at_least(self, fit: float) -> float:
        """The share below which a sentence of this shape is about something else."""
        if self._question.kind not in ("amount", "time") or fit > ILL_SHAPED:
            return COVERED_AT_LEAST
        return COVERED_WITHOUT_SHAPE_AT_LEAST if fit > NO_SHAPE else COVERED_WITHOUT_AMOUNT_AT_LEAST

    def _unheard_of_share(self) -> float:
        """How much of the question's own weight is words that no passage knows."""
        own = sum(weight for word, weight in self.weights.items() if word in self._question.stems)
        return sum(self.weights[word] for word in self.unheard_of) / own if own else 0.0

    @cached_property
    def unheard_of(self) -> list[str]:
        """The words of the question, those that only ask apart, that no passage holds nor anything near them."""
        asked = [word for word in self._question.stems if word not in self._measuring and not word.isdigit()]
        return [word for word in asked if not self._near[word] and word not in self._slips]

    def _holds_head(self, places: Sequence[int]) -> bool:
        """Whether the measure that a compound names stands there, or none was asked for so."""
        asked = head(self._question)
        return not asked or any(self._stands(place, asked) >= BESIDE for place in places)

    def _lacks_a_code(self) -> bool:
        """Whether a code was asked for that no passage holds: what is said of another code is no answer."""
        return any(is_identifier(word) and word not in self._held for word in self._question.stems)

    def _spans(self, place: int) -> bool | None:
        row = self._page[place].row
        return row.spans(self._question.text) if row is not None else None

    def fits(self, place: int) -> float:
        """How well the sentence has the shape of an answer."""
        if place not in self._fits:
            self._fits[place] = fits(self._question, self._page[place].shape)
        return self._fits[place]

    def own(self, place: int, word: str) -> float:
        """How much of one word of the question the sentence itself holds."""
        return self._nearest(word, self._stems[place])

    def total(self, place: int) -> float:
        """What to choose by."""
        sentence = self._page[place]
        fit = self.fits(place)
        lists_the_way = sentence.introduces and self._question.kind in ("way", "open")
        worth = self.covered(place) + SHAPE * (1.0 if lists_the_way else fit)
        worth += SIDE_BY_SIDE * self._side_by_side(sentence)
        if self._question.kind == "amount" and fit > ILL_SHAPED and beside(frozenset(self._question.stems), sentence.text):
            worth += NEXT_TO
        return worth - LATER * sentence.passage - self._burden(place, fit)

    def _burden(self, place: int, fit: float) -> float:
        """What takes away from a sentence's worth."""
        sentence = self._page[place]
        length = len(sentence.text.split())
        burden = 0.1 if length > LONG_WORDS or length < 3 else 0.0
        burden += 0.5 if sentence.text.endswith("?") else 0.0
        burden += SHAPELESS if self._question.kind in ("amount", "time") and fit == 0 else 0.0
        burden += LEANING if _LEANS.search(sentence.text) else 0.0
        burden += SAID if self._question.topic and any(sentence.text in said for said in self._said) else 0.0
        burden += NOT_NEW * (1.0 - self._new(place)) if self._question.topic else 0.0
        burden -= EXPLAINED if self._explains(sentence) else 0.0
        burden += OTHER_CODE if any(is_identifier(word) and self._share(place, word) < UNDER for word in self._question.stems) else 0.0
        if sentence.row is not None:
            return burden + self._burden_of_row(place, sentence.row)
        return burden + max(min(LIMITED_MAX, LIMITED * self._limits(place)), CONDITIONAL * self._is_conditional(place))

    def _explains(self, sentence: Sentence) -> bool:
        """Whether it says what a code means that was asked for."""
        codes = [word for word in self._question.stems if is_identifier(word)]
        found = _EXPLAINS.search(sentence.text)
        return found is not None and stem(found[1]) in codes

    def _new(self, place: int) -> float:
        """How much of what a question that goes on says itself, the sentence holds; 1 where it says nothing of its own."""
        own = {word: weight for word, weight in self.weights.items() if word in self._question.stems}
        return sum(weight * self._share(place, word) for word, weight in own.items()) / sum(own.values()) if own else 1.0

    def _burden_of_row(self, place: int, row: Row) -> float:
        """What takes away that it is a row; less than nothing where the question says its name."""
        if self._spans(place) is False:
            return ROW + OTHER_RANGE
        name = " ".join(WORD.findall(row.cells[0].lower()))
        if row.header in self._named_tables and row.cells[0] not in self._named_tables[row.header]:
            return ROW + OTHER_ROW
        if is_identifier(stem(name)) and stem(name) in self._question.stems:
            return -CODED_ROW
        return -NAMED_ROW if row.header in self._named_tables else ROW

    @cached_property
    def _named_tables(self) -> dict[tuple[str, ...], set[str]]:
        """The tables of which the question says a row's name word for word, with these rows' names."""
        asked = f" {' '.join(WORD.findall(self._question.text.lower()))} "
        named: dict[tuple[str, ...], set[str]] = {}
        for sentence in self._page:
            if sentence.row is not None and f" {' '.join(WORD.findall(sentence.row.cells[0].lower()))} " in asked:
                named.setdefault(sentence.row.header, set()).add(sentence.row.cells[0])
        return named

    def _is_conditional(self, place: int) -> bool:
        """Whether the sentence holds under a condition of which less than half was asked about."""
        words = condition(self._question, self._page[place].text)
        return 2 * sum(nearest(word, self._known) >= UNDER for word in words) < len(words)

    def _limits(self, place: int) -> int:
        """How many words narrow the sentence's subject that were not asked for, and are not what most of the passages are about."""
        return sum(nearest(word, self._known) < UNDER for word in limits(self._question, self._page[place].text))

    def _side_by_side(self, sentence: Sentence) -> float:
        """The share of the question's neighbouring words that are neighbours in the sentence too."""
        asked = list(pairwise(self._question.stems))
        if not asked:
            return 0.0
        places = {word: index for index, word in enumerate(content(sentence.text))}
        return sum(abs(places[one] - places[other]) == 1 for one, other in asked if one in places and other in places) / len(asked)


def nearest(word: str, among: frozenset[str]) -> float:
    """How near the nearest of some stems is to a word."""
    return 1.0 if word in among else max((nearness(word, other) for other in among), default=0.0)

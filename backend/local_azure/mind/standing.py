"""Where the words of a question stand: how much of them each sentence of the passages holds, itself and in what is around it, and whether
it has the shape of an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from .evidence import fits, measuring
from .measures import asks_share
from .outputs import Passage
from .question import Question
from .sentences import Sentence
from .tables import DAYS
from .wording import names
from .words import LIGHT, WORD, Rarity, near_slip, nearness, stem, stems

UNDER = 0.75
BESIDE = 0.45
SECTION = 0.6
TITLE = 0.35
ANSWERED = 0.7
"""What a word that only asks for the measure is worth where the measure stands."""
SLIP = 0.7
"""What a short word is worth for one that it may be a slip for."""
SLIPPED_MAX_CHARS = 5
"""A word that may have been meant by so short a slip is no longer, its ending included."""
ABOUT = 0.3
"""What a word of the question is worth where it stands in the heading above, the sentence before, the heading of the whole passage, the
document's title, or elsewhere in the paragraph: less than 1."""
TOPIC = 0.5
"""What a word carried over from an earlier question is worth."""
STORY = 0.2
"""What a word is worth that led up to the question, where the passages hold it; where they do not, it is talk."""
MEASURING = 0.5
"""What a word that only asks for the measure weighs, as in `how much does a badge cost`."""
NUMBER = 0.25
"""What a number weighs that was asked with and that no passage holds: 11 pm is after 22:00."""
WORDED = 0.5
"""How well a row without an amount answers where the table's other rows hold amounts: `by agreement` stands for one."""
_CLOCK = frozenset(("pm", "am", "o'clock", "oclock"))


class Standing:
    """How a question stands to each sentence, named by its place on the page. `page` are the sentences of all passages, in order."""

    def __init__(self, question: Question, passages: Sequence[Passage], page: list[Sentence]) -> None:
        self.question = question
        self.page = page
        self._stems = [frozenset(stems(sentence.words)) for sentence in page]
        self._under = [frozenset(stems(sentence.under)) for sentence in page]
        self.titles = [frozenset(stems(passage.title)) for passage in passages]
        self._sections = [frozenset(stems(passage.section)) for passage in passages]
        self._rarity = Rarity(own | under for own, under in zip(self._stems, self._under, strict=True))
        self.held = frozenset[str]().union(*self._stems, *self._under, *self.titles)
        self._near = {word: self._neighbours(word) for word in {*question.stems, *question.topic, *question.story, *names(question.text)}}
        self._measuring = measuring(question)
        self._fits: dict[int, float] = {}
        self._shares: dict[tuple[int, str], float] = {}
        self.weights = self._weights()

    def _neighbours(self, word: str) -> dict[str, float]:
        """The stems of the passages that are near a word, each with how near."""
        return {other: near for other in self.held if (near := nearness(word, other)) > 0}

    def _nearest(self, word: str, among: frozenset[str]) -> float:
        """How near the nearest of some stems of the passages is to a word of the question."""
        near = self._near.get(word)
        if near is None:
            return nearest(word, among)
        return max((value for other, value in near.items() if other in among), default=0.0)

    @cached_property
    def _slips(self) -> dict[str, str]:
        """Short words of the question that no passage knows, each with the word there that it may be a slip for."""
        # A stem that is short only because an ending is gone, `morn` of `morning`, is no word that may be meant.
        whole = {stem(word) for sentence in self.page for word in WORD.findall(sentence.words) if len(word) <= SLIPPED_MAX_CHARS}
        slips = {word: near_slip(word, whole) for word in self.question.stems if not self._near[word]}
        return {word: slip for word, slip in slips.items() if slip}

    def _weights(self) -> dict[str, float]:
        only_asking = self._measuring
        weights = {}
        clock = _CLOCK.intersection(self.question.stems)
        for word in self.question.stems:
            weights[word] = self._rarity(word) * (MEASURING if word in only_asking else 1.0)
            if word in _CLOCK or (word.isdigit() and (clock or word not in self.held)):
                weights[word] *= NUMBER
        for word in self.question.topic:
            weights.setdefault(word, TOPIC * self._rarity(word))
        for word in self.question.story:
            if word in self.held:
                weights.setdefault(word, STORY * self._rarity(word))
        return weights

    @cached_property
    def _together(self) -> dict[tuple[int, int], frozenset[str]]:
        """The stems of each paragraph, by passage and paragraph."""
        together: dict[tuple[int, int], frozenset[str]] = {}
        for sentence, own in zip(self.page, self._stems, strict=True):
            place = (sentence.passage, sentence.paragraph)
            together[place] = together.get(place, frozenset()) | own
        return together

    def share(self, place: int, word: str) -> float:
        """How much of a word the sentence and what is around it hold or answer, 0 to 1."""
        if (place, word) not in self._shares:
            self._shares[place, word] = self._found(place, word)
        return self._shares[place, word]

    def _found(self, place: int, word: str) -> float:
        if (word.isdigit() or word in DAYS) and self.spans(place):
            return 1.0
        found = self.stands(place, word)
        if found < ANSWERED and word in self._measuring and self.fits(place) == 1:
            return ANSWERED
        return found

    def stands(self, place: int, word: str) -> float:
        """How much of a word stands in the sentence or around it."""
        if word in self._slips:
            return SLIP * self.stands(place, self._slips[word])
        sentence = self.page[place]
        found = self._nearest(word, self._stems[place])
        if found < 1:
            found = max(found, UNDER * self._nearest(word, self._under[place]))
        if found < UNDER and place and self.page[place - 1].passage == sentence.passage:
            found = max(found, BESIDE * self._nearest(word, self._stems[place - 1]))
        if found < SECTION:
            found = max(found, SECTION * self._nearest(word, self._sections[sentence.passage]))
        if found < TITLE:
            found = max(found, TITLE * self._nearest(word, self.titles[sentence.passage]))
        if found < ABOUT:
            found = max(found, ABOUT * self._nearest(word, self._together[sentence.passage, sentence.paragraph]))
        return found

    def covered(self, *places: int) -> float:
        """The share of the question's weight that these sentences and their surroundings hold, 0 to 1."""
        held = sum(weight * max(self.share(place, word) for place in places) for word, weight in self.weights.items())
        return held / sum(self.weights.values())

    @cached_property
    def unheard_of(self) -> list[str]:
        """The words of the question, those that only ask or say little apart, that no passage holds nor anything near them."""
        little = LIGHT | self._measuring
        asked = [word for word in self.question.stems if word not in little and not word.isdigit()]
        return [word for word in asked if not self._near[word] and word not in self._slips]

    def unheard_of_share(self) -> float:
        """How much of the question's own weight is words that no passage knows."""
        own = sum(weight for word, weight in self.weights.items() if word in self.question.stems)
        return sum(self.weights[word] for word in self.unheard_of) / own if own else 0.0

    def spans(self, place: int) -> bool | None:
        """Whether it is a row whose name is a range, and the one for the number or day asked for; None where it is none."""
        row = self.page[place].row
        return row.spans(self.question.text) if row is not None else None

    def fits(self, place: int) -> float:
        """How well the sentence has the shape of an answer."""
        if place not in self._fits:
            fit = 0.0 if self._leaves_out_of_what(place) else fits(self.question, self.page[place].shape)
            row = self.page[place].row
            self._fits[place] = max(fit, WORDED) if row is not None and fit < WORDED and row.header in self._measured_tables else fit
        return self._fits[place]

    def _leaves_out_of_what(self, place: int) -> bool:
        """Whether a share was asked for, as in `how much of it is paid`, and the sentence itself does not say `paid`."""
        if self.question.kind != "amount" or not asks_share(self.question.asks):
            return False
        said = [word for word in self.question.stems if word not in LIGHT]
        return bool(said) and not any(word in self._stems[place] for word in said)

    @cached_property
    def _measured_tables(self) -> frozenset[tuple[str, ...]]:
        """The tables of which some row has wholly the shape of an answer: a cell of words there is one too, `by agreement`."""
        rows = [sentence for sentence in self.page if sentence.row is not None]
        return frozenset(sentence.row.header for sentence in rows if sentence.row and fits(self.question, sentence.shape) == 1)

    def own(self, place: int, word: str) -> float:
        """How much of one word of the question the sentence itself holds."""
        return self._nearest(word, self._stems[place])

    def new(self, place: int) -> float:
        """How much of what a question that goes on says itself, the sentence holds; 1 where it says nothing of its own."""
        own = {word: weight for word, weight in self.weights.items() if word in self.question.stems}
        return sum(weight * self.share(place, word) for word, weight in own.items()) / sum(own.values()) if own else 1.0


def nearest(word: str, among: frozenset[str]) -> float:
    """How near the nearest of some stems is to a word."""
    return 1.0 if word in among else max((nearness(word, other) for other in among), default=0.0)

"""What each sentence of the passages is worth for a question: the rarity of the question's words that it and its surroundings hold,
whether it has the shape of an answer, and whether it holds for what was asked or for something narrower.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from .evidence import asks_only, condition, fits, head, limits
from .outputs import Passage
from .question import Question
from .sentences import Sentence
from .wording import names
from .words import Rarity, content, is_identifier, nearness, stems

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
COVERED_AT_LEAST = 0.5
COVERED_BY_ONE_AT_LEAST = 0.5
COVERED_WITHOUT_SHAPE_AT_LEAST = 0.6
"""Below this share of the question's weight the passages are about something else; a single word is found by chance more often than two,
and an amount or a time that was asked for stands in what answers."""
HEADLESS = 0.6
"""What is left of that share where `share` stands there and `price` does not, when the share price was asked for."""
UNNAMED = 0.6
"""What is left of it where a name was asked for that stands nowhere around: the tower they tell of is another."""
ILL_SHAPED = 0.3
"""How much of the shape of an amount or a time is as good as none."""
SHAPELESS = 0.3
"""What it takes away that there is nothing of the amount or the time that was asked for."""
MEASURING = 0.5
"""What a verb that only asks for the measure weighs, as in `how much does a badge cost`."""
LIMITED = 0.06
LIMITED_MAX = 0.15
"""What each word takes away that makes the subject of a sentence narrower than what was asked: the rule goes before its exception."""
CONDITIONAL = 0.3
"""What a condition takes away that was mostly not asked about."""
LONG_WORDS = 45


class Scores:
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
        self._held = frozenset[str]().union(*self._stems, *self._under, *self._titles)
        only_asking = asks_only(question)
        self.weights = {word: rarity(word) * (MEASURING if word in only_asking else 1.0) for word in question.stems}
        for word in question.topic:
            self.weights.setdefault(word, TOPIC * rarity(word))

    def _share(self, place: int, word: str) -> float:
        sentence = self._page[place]
        found = nearest(word, self._stems[place])
        if found < 1:
            found = max(found, UNDER * nearest(word, self._under[place]))
        if found < UNDER and place and self._page[place - 1].passage == sentence.passage:
            found = max(found, BESIDE * nearest(word, self._stems[place - 1]))
        if found < TITLE:
            found = max(found, TITLE * nearest(word, self._titles[sentence.passage]))
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
        return share >= self._at_least(best) and not self._lacks_a_code()

    def _at_least(self, place: int) -> float:
        """The share below which this sentence is about something else."""
        if self._question.kind in ("amount", "time") and self.fits(place) <= ILL_SHAPED:
            return COVERED_WITHOUT_SHAPE_AT_LEAST
        return COVERED_AT_LEAST if self.found(place) > 1 else COVERED_BY_ONE_AT_LEAST

    def _holds_head(self, places: Sequence[int]) -> bool:
        """Whether the measure that a compound names stands there, or none was asked for so."""
        asked = head(self._question)
        return not asked or any(self._share(place, asked) >= BESIDE for place in places)

    def _lacks_a_code(self) -> bool:
        """Whether a code was asked for that no passage holds: what is said of another code is no answer."""
        return any(is_identifier(word) and word not in self._held for word in self._question.stems)

    def found(self, place: int) -> int:
        """How many of the question's words this sentence or its heading holds."""
        return sum(self._share(place, word) >= UNDER for word in self.weights)

    def fits(self, place: int) -> float:
        """How well the sentence has the shape of an answer."""
        return fits(self._question, self._page[place].text)

    def own(self, place: int, word: str) -> float:
        """How much of one word of the question the sentence itself holds."""
        return nearest(word, self._stems[place])

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
        burden += max(min(LIMITED_MAX, LIMITED * self._limits(place)), CONDITIONAL * self._is_conditional(place))
        return self.covered(place) + shape + SIDE_BY_SIDE * self._side_by_side(sentence) - LATER * sentence.passage - burden

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

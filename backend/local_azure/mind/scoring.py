"""What each sentence of the passages is worth for a question: how much of it stands there, in the right shape, less what burdens it; and
whether that is enough for an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from .burdens import Burdens
from .evidence import head, whereof
from .measures import beside
from .outputs import Passage
from .question import Question
from .sentences import Sentence
from .standing import BESIDE, Standing
from .thread import Thread
from .wording import names
from .words import content, is_identifier

SHAPE = 0.3
"""What the right shape adds to the share of words, which is at most 1."""
NEXT_TO = 0.08
"""What it adds that a number stands next to a word of the question, when an amount was asked for."""
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
"""What is left of it where the question names a thing at its end, or a place, that stands nowhere around."""
UNMENTIONED = 0.85
MUCH = 0.4
"""What is left of it where one word that is so much of the question stands nowhere around: a licence for programs is none for driving."""
UNHEARD_OF = 0.3
"""How much of it is taken for words that no passage knows, if the question had no others: it is another matter."""
ASTRAY = 0.1
"""How much more of a question that goes on has to stand in what is neither from the page nor from the section of the last answer."""
ILL_SHAPED = 0.3
"""How much of the shape of an amount or a time is as good as none."""
NO_SHAPE = 0.1


class Scores:
    """What each sentence is worth for one question. `said` is the last answer, `earlier` are the passages that were there for it."""

    def __init__(
        self,
        question: Question,
        passages: Sequence[Passage],
        page: list[Sentence],
        said: Collection[str] = (),
        earlier: Sequence[Passage] = (),
    ) -> None:
        self._question = question
        self._page = page
        self._standing = Standing(question, passages, page)
        self._burdens = Burdens(self._standing, said)
        self._thread = Thread(question, passages, page, said, earlier)
        self.weights = self._standing.weights
        self.fits = self._standing.fits
        self.own = self._standing.own

    def total(self, place: int) -> float:
        """What to choose by."""
        sentence = self._page[place]
        fit = self.fits(place)
        lists_the_way = sentence.introduces and self._question.kind in ("way", "open")
        worth = self._standing.covered(place) + SHAPE * (1.0 if lists_the_way else fit)
        worth += SIDE_BY_SIDE * self._side_by_side(sentence)
        if self._question.kind == "amount" and fit > ILL_SHAPED and beside(frozenset(self._question.stems), sentence.text):
            worth += NEXT_TO
        return worth + self._thread.of(sentence.passage) - LATER * sentence.passage - self._burdens.of(place)

    def _side_by_side(self, sentence: Sentence) -> float:
        """The share of the question's neighbouring words that are neighbours in the sentence too."""
        asked = list(pairwise(self._question.stems))
        if not asked:
            return 0.0
        places = {word: index for index, word in enumerate(content(sentence.text))}
        return sum(abs(places[one] - places[other]) == 1 for one, other in asked if one in places and other in places) / len(asked)

    def enough(self, best: int, picked: Sequence[int]) -> bool:
        """Whether these sentences, of which one was chosen for itself, are about what was asked."""
        share = self._standing.covered(*picked)
        share *= 1.0 if self._holds_head(picked) else HEADLESS
        named = all(any(self._standing.share(place, name) > 0 for place in picked) for name in names(self._question.text))
        share *= 1.0 if named else UNNAMED
        around = all(any(self._standing.share(place, word) > 0 for place in picked) for word in whereof(self._question))
        share *= 1.0 if around else ELSEWHERE
        share *= 1.0 if self._mentions(picked) else UNMENTIONED
        share *= 1.0 - UNHEARD_OF * self._standing.unheard_of_share()
        least = self._at_least(max(map(self.fits, picked)))
        least += 0.0 if self._thread.holds(self._page[place].passage for place in picked) else ASTRAY
        return share >= least and not self._lacks_a_code()

    def _at_least(self, fit: float) -> float:
        """The share below which a sentence of this shape is about something else."""
        if self._question.kind not in ("amount", "time") or fit > ILL_SHAPED:
            return COVERED_AT_LEAST
        return COVERED_WITHOUT_SHAPE_AT_LEAST if fit > NO_SHAPE else COVERED_WITHOUT_AMOUNT_AT_LEAST

    def _mentions(self, places: Sequence[int]) -> bool:
        """Whether each word that is much of the question stands there or around; asked whether one may, what one does is said otherwise."""
        if self._question.kind == "whether":
            return True
        much = MUCH * sum(self.weights.values())
        weighty = [word for word in self._question.stems if self.weights[word] >= much]
        return all(any(self._standing.share(place, word) > 0 for place in places) for word in weighty)

    def _holds_head(self, places: Sequence[int]) -> bool:
        """Whether the measure that a compound names stands there, or none was asked for so."""
        asked = head(self._question)
        return not asked or any(self._standing.stands(place, asked) >= BESIDE for place in places)

    def _lacks_a_code(self) -> bool:
        """Whether a code was asked for that no passage holds: what is said of another code is no answer."""
        return any(is_identifier(word) and word not in self._standing.held for word in self._question.stems)

"""What each sentence of the passages is worth for a question: how much of it stands there, in the right shape, less what burdens it; and
whether that is enough for an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from .burdens import Burdens
from .evidence import head, whereof
from .measures import asks_share, beside
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
COVERED = 3.4
"""What it makes of an answer, in steps of sureness, that all of the question stands there or around. Most steps were weighed together, by
logistic regression over tuned questions and over questions about documents that were not there. Set by hand, for what is too rare to be
counted: `HEADLESS`, `UNNAMED`, `ASTRAY` and `ALL_SAID`; and `SURE_AT_LEAST`, between refusing too much and answering beside the point."""
EACH_SAID = 0.47
SAID = 0.7
SAID_MAX = 4
"""What each word of the question adds that the sentences themselves hold so nearly: one word in common is little, four are much."""
ALL_SAID = 0.45
"""What it adds that all words of a question of more than one do."""
GOES_ON = 1.6
"""What it adds that the question goes on from another: who is amid a conversation asks about what is there."""
SHAPELESS = 1.4
"""What it takes away that there is nothing of the amount or the time that was asked for."""
HEADLESS = 1.8
"""What it takes away that `share` stands there and `price` does not, when the share price was asked for."""
UNNAMED = 1.5
"""What it takes away that a name was asked for that stands nowhere around: the tower they tell of is another."""
ELSEWHERE = 0.85
"""What it takes away that the question names a thing at its end, or a place, that stands nowhere around."""
UNMENTIONED = 0.4
MUCH = 0.4
"""What it takes away that one word that is so much of the question stands nowhere around: a licence for programs is none for driving."""
UNHEARD_OF = 1.8
"""What it takes away of words that no passage knows, if the question had no others: it is another matter."""
ASTRAY = 0.6
"""What it takes away from an answer to a question that goes on that it is neither from the page nor from the section of the last one."""
FURTHER_DOWN = 0.22
DOWN_MAX = 5
"""What each place further down in the tool's own order takes away."""
SURE_AT_LEAST = 2.5
ILL_SHAPED = 0.3
"""How much of the shape of an amount or a time is as good as none."""


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
        self.standing = Standing(question, passages, page)
        self._burdens = Burdens(self.standing, said)
        self._thread = Thread(question, passages, page, said, earlier)
        self.weights = self.standing.weights
        self.fits = self.standing.fits
        self.own = self.standing.own

    def total(self, place: int) -> float:
        """What to choose by."""
        sentence = self._page[place]
        fit = self.fits(place)
        lists_the_way = sentence.introduces and self._question.kind in ("way", "open")
        worth = self.standing.covered(place) + SHAPE * (1.0 if lists_the_way else fit)
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
        if self._lacks_a_code() or (asks_share(self._question.asks) and not any(map(self.fits, picked))):
            return False
        return self._sureness(best, picked) >= 0

    def _sureness(self, best: int, picked: Sequence[int]) -> float:
        """How much speaks for these sentences being the answer, less what speaks against it."""
        said = sum(any(self.own(place, word) >= SAID for place in picked) for word in self._question.stems)
        sure = COVERED * self.standing.covered(*picked) + EACH_SAID * min(said, SAID_MAX)
        sure += ALL_SAID if 1 < len(self._question.stems) == said else 0.0
        sure += GOES_ON if self._question.follows else 0.0
        if self._question.kind in ("amount", "time"):
            sure -= SHAPELESS * (1.0 - max(map(self.fits, picked)))
        named = all(any(self.standing.share(place, name) > 0 for place in picked) for name in names(self._question.text))
        around = all(any(self.standing.share(place, word) > 0 for place in picked) for word in whereof(self._question))
        sure -= 0.0 if self._holds_head(picked) else HEADLESS
        sure -= 0.0 if named else UNNAMED
        sure -= 0.0 if around else ELSEWHERE
        sure -= 0.0 if self._mentions(picked) else UNMENTIONED
        sure -= UNHEARD_OF * self.standing.unheard_of_share()
        sure -= 0.0 if self._thread.holds(self._page[place].passage for place in picked) else ASTRAY
        return sure - FURTHER_DOWN * min(self._page[best].passage, DOWN_MAX) - SURE_AT_LEAST

    def _mentions(self, places: Sequence[int]) -> bool:
        """Whether each word that is much of the question stands there or around; asked whether one may, what one does is said otherwise."""
        if self._question.kind == "whether":
            return True
        much = MUCH * sum(self.weights.values())
        weighty = [word for word in self._question.stems if self.weights[word] >= much]
        return all(any(self.standing.share(place, word) > 0 for place in places) for word in weighty)

    def _holds_head(self, places: Sequence[int]) -> bool:
        """Whether the measure that a compound names stands there, or none was asked for so."""
        asked = head(self._question)
        return not asked or any(self.standing.stands(place, asked) >= BESIDE for place in places)

    def _lacks_a_code(self) -> bool:
        """Whether a code was asked for that no passage holds: what is said of another code is no answer."""
        return any(is_identifier(word) and word not in self.standing.held for word in self._question.stems)

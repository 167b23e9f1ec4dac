"""What a question that goes on goes on from: the passages that the last answer was taken from, and what stands on their page or in their
section. Their sentences go before those of other places that only share words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from .outputs import Passage
from .question import Question
from .sentences import Sentence, sentences_of

SAME_PASSAGE = 0.2
"""What it adds to a sentence that the last answer was taken from its passage."""
SAME_PLACE = 0.15
"""What it adds that it was taken from the same page or section of the same document."""


class Thread:
    """How near each passage is to what the last answer was taken from. `page` are the sentences of all passages, `said` the last answer,
    `earlier` the passages that were there for it.
    """

    def __init__(
        self,
        question: Question,
        passages: Sequence[Passage],
        page: Sequence[Sentence],
        said: Collection[str],
        earlier: Sequence[Passage],
    ) -> None:
        self._passages = passages
        self._texts: set[str] = set()
        self._places: set[tuple[str, str, str]] = set()
        if not (question.follows and said):
            return
        before = [sentence for index, passage in enumerate(earlier) for sentence in sentences_of(passage, index)]
        quoted = [passages[sentence.passage] for sentence in page if any(was_said(sentence, answer) for answer in said)]
        quoted += [earlier[sentence.passage] for sentence in before if any(was_said(sentence, answer) for answer in said)]
        self._texts = {passage.text for passage in quoted}
        self._places = {place for passage in quoted for place in _places(passage)}

    def of(self, passage: int) -> float:
        """What a passage, by its number, has for being where the last answer was; 0 where the question goes on from nothing."""
        if self._passages[passage].text in self._texts:
            return SAME_PASSAGE
        return SAME_PLACE if self._places.intersection(_places(self._passages[passage])) else 0.0

    def holds(self, passages: Iterable[int]) -> bool:
        """Whether one of these is where the last answer was; always, where the question goes on from nothing."""
        return not self._texts or any(self.of(passage) > 0 for passage in passages)


def was_said(sentence: Sentence, answer: str) -> bool:
    """Whether an answer holds a sentence, or of a row its name and a cell."""
    if sentence.row is None:
        return sentence.text in answer
    return f"{sentence.row.cells[0]}: " in answer and any(cell in answer for _, cell in sentence.row.columns)


def _places(passage: Passage) -> set[tuple[str, str, str]]:
    """The page and the section of a document that a passage stands on and in, where they are known."""
    named = {("page", passage.document, passage.page), ("section", passage.document, passage.section)}
    return {place for place in named if all(place)}

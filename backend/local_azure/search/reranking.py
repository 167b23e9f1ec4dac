"""Semantic ranking's shape from honest means: how well the words of a document, and of its best sentences, cover those of a question.

Pure: texts in, judgements out. It understands nothing: synonyms are strangers to it, and English endings are all the grammar it knows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from .sentences import Sentence, sentences
from .words import tokens

RERANKED = 50
"""Documents that are ranked anew; the service's number."""

BEST_SCORE = 4.0
"""The service's scores go from 0 to 4."""

ANALYZER = "en.lucene"
"""For questions and texts alike, whatever analyzer a field has: both sides are cut in the same way."""

SENTENCE, NEIGHBOURS, DOCUMENT, TITLE, RANK = 0.35, 0.25, 0.2, 0.1, 0.1
"""What counts how much, 1 in all: the best sentence, that one with the next, the whole document, its title, and the place it had before."""

ASKING_WORDS = """
what when where which who whom whose why how do does did can could may might must shall should will would is are was were am be been has
have had i me my mine we us our you your he she they many much long often far tell please there any from about out up so than too also just
"""
ASKING = frozenset(token.text for token in tokens(ANALYZER, ASKING_WORDS))
"""What makes a question a question, or holds a sentence together, and says nothing of what it is about."""

OPENING_WORDS = """
what when where which who whom whose why how do does did can could may must shall should will would is are was were has have am
"""
OPENERS = frozenset(OPENING_WORDS.split())


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one document by their part in a semantic configuration."""

    title: str
    contents: tuple[str, ...]
    keywords: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One document: its score from 0 to 4, and the sentences that cover the question best, with the share of it that they cover."""

    place: int
    score: float
    best: Sentence | None
    covered: float


class Question:
    """The words of a question that say what it is about."""

    def __init__(self, text: str) -> None:
        stems = [token.text for token in tokens(ANALYZER, text)]
        self.words = frozenset(stem for stem in stems if stem not in ASKING) or frozenset(stems)
        first = text.split(None, 1)[0].lower() if text.split() else ""
        self.asks = text.rstrip().endswith("?") or first in OPENERS
        """Whether it looks like a question; only such are answered."""


@dataclass(frozen=True)
class _Document:
    texts: Texts

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [sentence for content in self.texts.contents for sentence in sentences(content, ANALYZER)]

    @cached_property
    def title(self) -> frozenset[str]:
        return frozenset(token.text for token in tokens(ANALYZER, self.texts.title))

    @cached_property
    def words(self) -> frozenset[str]:
        keywords = (token.text for token in tokens(ANALYZER, self.texts.keywords))
        return self.title.union(keywords, *(sentence.words for sentence in self.sentences))


def judged(question: Question, candidates: Sequence[Texts]) -> list[Judged]:
    """The candidates, best first. They come in the order of the ranking before; `place` is a candidate's place in it."""
    documents = [_Document(texts) for texts in candidates]
    counts = Counter(word for document in documents for word in document.words & question.words)
    weights = {word: math.log(1 + (len(documents) + 1) / (counts[word] + 0.5)) for word in question.words}
    return sorted(
        (_judge(document, place, len(documents), weights) for place, document in enumerate(documents)),
        key=lambda one: (-one.score, one.place),
    )


def _judge(document: _Document, place: int, count: int, weights: dict[str, float]) -> Judged:
    # Rounded once, at the end: added up in the order of a set, which is another in each process, all could be a little more than all.
    whole = math.fsum(weights.values()) or 1.0

    def share(words: frozenset[str]) -> float:
        return math.fsum(weights[word] for word in weights.keys() & words) / whole

    found = document.sentences
    alone = [share(sentence.words) for sentence in found]
    best = max(range(len(found)), key=lambda n: (alone[n], -n), default=None)
    pairs = list(_pairs(found))
    together = max((share(pair) for pair in pairs), default=0.0)
    parts = (
        (SENTENCE, max(alone, default=0.0)),
        (NEIGHBOURS, together),
        (DOCUMENT, share(document.words)),
        (TITLE, share(document.title)),
        (RANK, 1 - place / count),
    )
    score = min(BEST_SCORE, BEST_SCORE * math.fsum(weight * part for weight, part in parts))
    return Judged(place, score, None if best is None else found[best], 0.0 if best is None else alone[best])


def _pairs(found: list[Sentence]) -> Iterator[frozenset[str]]:
    """The words of each sentence together with those of the next one of the same text."""
    for here, after in zip_longest(found, found[1:]):
        yield here.words | after.words if after is not None and after.text is here.text else here.words

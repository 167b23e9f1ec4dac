"""Which passages an answer used, found by its words, where the model did not say so itself. Pure.

For each sentence of the answer: the passage that holds the largest share of its telling words in one place, if that share is large
enough and something of it is about what was searched for: "I could not find that in the documents" is made of words that stand in many
a document. Words are compared as written; scripts without spaces are compared by pairs of characters, so nothing here is about English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..tool import Source

SHARE = 0.6
"""Of a sentence's telling words, how many a passage must hold: the model rephrases, but numbers and nouns stay."""
WORDS_MIN = 2
"""One common word proves nothing."""
WORD_MIN_CHARS = 4
"""Shorter words are mostly glue, in every language with spaces; numbers always count."""
PLACE_SENTENCES = 3
"""What an answer says in one sentence stands close together; a long passage holds some of any sentence's words, here and there."""
STEM_CHARS = 4
"""A question and its answer bend the same word differently, mostly at its end."""
PROOF_MIN = 5
"""So many words shared in one place are no accident, also where none of them was searched for."""
TEXT_MAX_CHARS = 20_000
"""How far into a passage it is looked: other people's indexes may hold whole documents."""
SENTENCES_MAX = 20
"""An answer has two sentences; a model that talks on is matched as far as this."""

_SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])\s*")
_PLACE_END = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])|\n+")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def cited(answer: str, sources: Sequence[Source], asked: str = "") -> tuple[str, ...]:
    """The ids of the sources that the answer used, in the order of the answer. Empty where nothing fits well enough.

    `asked`: the words with which these sources were searched for; none where that is not known.
    """
    stems = {word[:STEM_CHARS] for word in _telling(asked)}
    passages = [(source.id, _places(source.text[:TEXT_MAX_CHARS])) for source in sources]
    found: dict[str, None] = {}
    for sentence in _SENTENCE_END.split(answer)[:SENTENCES_MAX]:
        telling = frozenset(_telling(sentence))
        if len(telling) < WORDS_MIN:
            continue
        shared = [(id_, max((telling & place for place in places), key=len)) for id_, places in passages]
        best_id, best = max(shared, key=lambda pair: len(pair[1]), default=("", frozenset()))
        if len(best) >= max(WORDS_MIN, SHARE * len(telling)) and (not stems or _is_about(best, stems)):
            found[best_id] = None
    return tuple(found)


def _is_about(shared: frozenset[str], stems: set[str]) -> bool:
    """Whether these words could hardly stand in a passage that is about something else."""
    return len(shared) >= PROOF_MIN or any(word.isdigit() or word[:STEM_CHARS] in stems for word in shared)


def _places(text: str) -> list[frozenset[str]]:
    """The telling words of each few sentences in a row."""
    sentences = [frozenset(_telling(sentence)) for sentence in _PLACE_END.split(text)]
    starts = range(max(1, len(sentences) - PLACE_SENTENCES + 1))
    return [frozenset().union(*sentences[start : start + PLACE_SENTENCES]) for start in starts]


def _telling(text: str) -> Iterable[str]:
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        if _UNSPACED.search(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= WORD_MIN_CHARS or word.isdigit():
            yield word

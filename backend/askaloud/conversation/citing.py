"""Which passages an answer used, found by its words, where the model did not say so itself. Pure.

For each sentence of the answer: the passage that holds the largest share of its telling words, if that share is large enough.
Words are compared as written; scripts without spaces are compared by pairs of characters, so nothing here is about English.
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
SENTENCES_MAX = 20
"""An answer has two sentences; a model that talks on is matched as far as this."""

_SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])\s*")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def cited(answer: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """The ids of the sources that the answer used, in the order of the answer. Empty where nothing fits well enough."""
    words_of = [(source.id, frozenset(_telling(source.text))) for source in sources]
    found: dict[str, None] = {}
    for sentence in _SENTENCE_END.split(answer)[:SENTENCES_MAX]:
        telling = frozenset(_telling(sentence))
        if len(telling) < WORDS_MIN:
            continue
        best_id, best = max(((id_, len(telling & words)) for id_, words in words_of), key=lambda pair: pair[1], default=("", 0))
        if best >= WORDS_MIN and best / len(telling) >= SHARE:
            found[best_id] = None
    return tuple(found)


def _telling(text: str) -> Iterable[str]:
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        if _UNSPACED.search(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= WORD_MIN_CHARS or word.isdigit():
            yield word

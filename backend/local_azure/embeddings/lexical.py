"""Texts as vectors without a model: words, pairs of words and pieces of words, hashed into the dimensions asked for.

Lexical, and says so: two texts are near where they share words or parts of words ("declare", "declaration"), never because they mean the
same. Pure; the same text is the same vector in every process and every version of Python.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

WORD = re.compile(r"\w+")
PIECES = (3, 4, 5)
"""Lengths of the pieces of a word, its two ends marked."""

WHOLE_SHARE, PIECES_SHARE, PAIR_SHARE = 1.0, 1.0, 0.5
"""How much a word counts as itself, by all its pieces together, and with its neighbour."""

COMMON_SHARE = 0.15
"""How much is left of a word that says nothing of what a text is about."""

COMMON_WORDS = """
a an and any are as at be been but by can could did do does for from had has have he her his how i if in into is it its me my no not of
on or our she so than that the their them then there these they this to us was we were what when where which who will with would you your
"""
COMMON = frozenset(COMMON_WORDS.split())

LONGEST_WORD = 64
"""Characters of a word that are cut into pieces; what is longer is no word."""

REMEMBERED = 16_384
"""Words whose hashes are kept: those of a folder of documents, in some 10 MB; of the longest words, 30 MB."""

Features = tuple["array[int]", float, float]
"""Hashes of 64 bits, packed; what the first counts, which is the whole word's, and what each of the others does."""


def vector(text: str, dimensions: int) -> list[float]:
    """A vector of length 1. A text with neither letter nor digit has a place of its own, near no other text."""
    words = WORD.findall(text.lower())
    return _summed(words, dimensions, alone=text)


def vector_of_tokens(tokens: list[int], dimensions: int) -> list[float]:
    """The same for a text that comes as a model's tokens, which only such texts share: what a token spells is not known here."""
    words = [f"#{token}" for token in tokens]
    return _summed(words, dimensions, alone=" ".join(words))


def estimated_tokens(text: str) -> int:
    """About as many tokens as a model would count: one for each mark, one for each six letters begun of a word."""
    return sum(math.ceil(len(piece) / 6) for piece in re.findall(r"\w+|[^\w\s]", text))


def _summed(words: list[str], dimensions: int, *, alone: str) -> list[float]:
    """The features of the words, added up; `alone` says where the vector points when there are none, or when they cancel out."""
    sums = [0.0] * dimensions
    for word, count in Counter(words).items():
        often = 1 + math.log(count)
        hashes, whole, each = _features(word)
        for place, hashed in enumerate(hashes):
            _add(sums, hashed, (each if place else whole) * often)
    for pair, count in Counter(pairwise(words)).items():
        if not COMMON.issuperset(pair):
            _add(sums, _hash(" ".join(pair)), PAIR_SHARE * (1 + math.log(count)))
    length = math.sqrt(math.fsum(one * one for one in sums))
    if not length:
        sums[_hash(alone) % dimensions] = length = 1.0
    return [one / length for one in sums]


def _add(sums: list[float], hashed: int, share: float) -> None:
    """The last bit is the sign, so that features which meet in one place do not add up on average."""
    sums[(hashed >> 1) % len(sums)] += share if hashed & 1 else -share


@lru_cache(maxsize=REMEMBERED)
def _features(word: str) -> Features:
    share = COMMON_SHARE if word in COMMON else 1.0
    pieces: dict[str, None] = {}
    if not word.startswith("#") and len(word) <= LONGEST_WORD:
        marked = f"<{word}>"
        pieces = {marked[place : place + size]: None for size in PIECES for place in range(len(marked) - size + 1)}
    each = PIECES_SHARE * share / math.sqrt(len(pieces)) if pieces else 0.0
    return array("Q", [_hash(word), *(_hash(f"~{piece}") for piece in pieces)]), WHOLE_SHARE * share, each


def _hash(feature: str) -> int:
    return int.from_bytes(blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")

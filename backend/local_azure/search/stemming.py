"""English word stems by Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", 1980).

Pure: one lower-case ASCII word in, its stem out. The steps carry the paper's names.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

CACHED_WORDS = 65_536
"""Words whose stem is remembered; a knowledge base's vocabulary is smaller, and the bound keeps a flood of made-up words out."""

LONGEST_WORD = 40
"""Characters; what is longer is no English word and is left alone."""

STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"),
    ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
    ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
STEP_3 = (("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""))
STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


def _consonants(word: str) -> list[bool]:
    """For each letter, whether it is a consonant; y is one at the start and after a vowel."""
    flags: list[bool] = []
    for place, letter in enumerate(word):
        if letter == "y":
            flags.append(place == 0 or not flags[-1])
        else:
            flags.append(letter not in "aeiou")
    return flags


def _measure(stem: str) -> int:
    """The paper's m: how many times a vowel run is followed by a consonant run."""
    flags = _consonants(stem)
    return sum(1 for before, after in pairwise(flags) if not before and after)


def _has_vowel(stem: str) -> bool:
    return not all(_consonants(stem))


def _double_consonant(stem: str) -> bool:
    return len(stem) > 1 and stem[-1] == stem[-2] and _consonants(stem)[-1]


def _cvc(stem: str) -> bool:
    """Ends consonant, vowel, consonant, the last of which is not w, x or y."""
    flags = _consonants(stem)
    return len(stem) > 2 and flags[-3] and not flags[-2] and flags[-1] and stem[-1] not in "wxy"


def _step_1(word: str) -> str:
    """Plurals and -ed, -ing."""
    if word.endswith("sses") or word.endswith("ies"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        word = word[:-1] if _measure(word[:-3]) > 0 else word
    else:
        for suffix in ("ed", "ing"):
            if word.endswith(suffix) and _has_vowel(word[: -len(suffix)]):
                word = _mended(word[: -len(suffix)])
                break
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return word


def _mended(stem: str) -> str:
    """What -ed or -ing left behind, made a word again: hop(p), bak(e), conflat(e)."""
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if _double_consonant(stem) and stem[-1] not in "lsz":
        return stem[:-1]
    if _measure(stem) == 1 and _cvc(stem):
        return stem + "e"
    return stem


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    """The longest ending that fits is replaced if what stands before it has m > 0."""
    fitting = max((pair for pair in endings if word.endswith(pair[0])), key=lambda pair: len(pair[0]), default=None)
    if fitting is None:
        return word
    stem = word[: -len(fitting[0])]
    return stem + fitting[1] if _measure(stem) > 0 else word


def _step_4(word: str) -> str:
    """Endings that fall when m > 1."""
    ending = max((suffix for suffix in STEP_4 if word.endswith(suffix)), key=len, default=None)
    if ending is None:
        return word
    stem = word[: -len(ending)]
    if _measure(stem) <= 1 or (ending == "ion" and not stem.endswith(("s", "t"))):
        return word
    return stem


def _step_5(word: str) -> str:
    """A last e, and a double l."""
    if word.endswith("e"):
        stem = word[:-1]
        if _measure(stem) > 1 or (_measure(stem) == 1 and not _cvc(stem)):
            word = stem
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word


@lru_cache(maxsize=CACHED_WORDS)
def stem(word: str) -> str:
    """The stem of a lower-case word. Words of one or two letters, very long ones and anything but a–z stay as they are."""
    if not 2 < len(word) <= LONGEST_WORD or not (word.isascii() and word.isalpha()):
        return word
    word = _step_1(word)
    word = _replaced(word, STEP_2)
    word = _replaced(word, STEP_3)
    return _step_5(_step_4(word))

"""How the documents write what is said: "leeds" is Leeds, "e fifteen" is E15, "wi fi" is Wi-Fi; and a question ends with its mark.

A recogniser knows sounds, not letters. Pure; learned from the documents' text, and nothing is written that does not stand there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from .numbers import SMALL

LONGEST_SPOKEN = 6
"""Words that one written word may be said with: "KF-2026" has six. Longer ones are addresses and keys, which nobody asks for."""

FORMS = 20_000
"""Written forms kept at most, the most frequent: a megabyte, and more than a large folder has."""

ALWAYS_WORDS = frozenset([*SMALL[:13], "first", "second", "third", "o"])
"""Said alone these stay words, however the documents number their chapters: "which one" is not "which 1"."""

_TOKEN = re.compile(r"[^\W_](?:[\w.,:'&-]*[^\W_])?")
_PART_END = re.compile(r"(?<=[.!?;:])\s+|[\n|•]+")
_WORDY = re.compile(r"[a-z]+")

_ASKING = frozenset(re.findall(_WORDY, "what when where who whose whom why which how am is are was were can could do does did may might"))
_ASKING |= frozenset(re.findall(_WORDY, "must shall should will would has have had"))
_BEFORE_ASKING = frozenset(re.findall(_WORDY, "and but so or at by for from in of on to since until with about"))

Said = Callable[[str], Sequence[str]]
"""The words that a written word is said with, lower case."""


def learned(texts: Iterable[str], said: Said) -> dict[str, str]:
    """What is said -> how the documents mostly write it, where that is not the same."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    spoken: dict[str, str] = {}
    for text in texts:
        for part in _PART_END.split(text):
            for token in _telling(_TOKEN.findall(part)):
                if token not in spoken:
                    spoken[token] = " ".join(said(token)[: LONGEST_SPOKEN + 1])
                forms[spoken[token]][token] += 1
    wanted = sorted(forms, key=lambda words: -forms[words].total())[:FORMS]
    best = {words: forms[words].most_common(1)[0][0] for words in wanted if words and words.count(" ") < LONGEST_SPOKEN}
    return {words: written for words, written in best.items() if written != words and not _stay_words(words)}


def _stay_words(words: str) -> bool:
    """A1 is said like "a one", and that is said more often."""
    return words in ALWAYS_WORDS or words.startswith(("a ", "i "))


def _telling(tokens: list[str]) -> Iterator[str]:
    """Those words of a sentence whose letters say how they are written: not its first, and none of a title in capitals."""
    words = [token for token in tokens if token[0].isalpha()]
    is_title = 3 * sum(word[0].isupper() for word in words) >= 2 * len(words)
    yield from (token for token in tokens if token[0].isdigit() or any(char.isdigit() or char.isupper() for char in token[1:]))
    if not is_title:
        yield from (word for word in words[1:] if not any(char.isdigit() or char.isupper() for char in word[1:]))


def spelt_out(words: str, forms: Mapping[str, str]) -> str:
    """What was heard, as the documents write it: the longest forms first."""
    heard, written, at = words.split(), [], 0
    while at < len(heard):
        for length in range(min(LONGEST_SPOKEN, len(heard) - at), 0, -1):
            form = forms.get(" ".join(heard[at : at + length]))
            if form is not None or length == 1:
                written.append(form or heard[at])
                at += length
                break
    return " ".join(written)


def as_sentence(words: str) -> str:
    """With a capital at its beginning, "I" for oneself, and a question mark where it asks."""
    if not words:
        return ""
    written = re.sub(r"\bi\b(?![-.])", "I", words)
    return f"{written[0].upper()}{written[1:]}{'?' if _asks(_WORDY.findall(words.lower())) else ''}"


def _asks(words: Sequence[str]) -> bool:
    """English asks by its first word: one for asking, an auxiliary, or the first after a preposition ("by when")."""
    first = words[0] if words else ""
    return first in _ASKING or (first in _BEFORE_ASKING and len(words) > 1 and words[1] in _ASKING)

"""Analyzers: how a field's text becomes tokens, at indexing and at asking alike.

Owns which analyzers are offered and what a token looks like to SQLite's full-text index, whose own tokenizer only splits at the
blanks that are put between tokens here. It knows no field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .stemming import stem

MARKS = "".join(chr(code) for code in range(0x300, 0x3100) if unicodedata.category(chr(code)).startswith("M"))
"""Accents and vowel signs that stand as characters of their own; they belong to the letter before them."""

WORD = re.compile(rf"\w[\w{MARKS}]*(?:['’.]\w[\w{MARKS}]*|(?<=\d),(?=\d)\w+)*")
"""Letters, digits and underscores; an apostrophe or a full stop between them holds a word together ("doctor's", "3.5", "u.s"), and a
comma between digits does ("1,500"), as in the Unicode word boundaries that the standard analyzer follows."""

INNER_MARKS = str.maketrans("'.,", "___")
"""ASCII characters at which SQLite's `ascii` tokenizer would split."""

STOP_WORD_LIST = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with
"""
STOP_WORDS = frozenset(STOP_WORD_LIST.split())
"""Lucene's English stop words, which `en.lucene` leaves out."""

EVERYWHERE = "Ω"
"""A token that no text can have, for tokens are in lower case; each document gets it once."""

LONGEST_TOKEN = 255
"""Characters; the standard analyzer of the service cuts longer tokens into pieces of this length."""


class Token(NamedTuple):
    """One token and where its text stands, in characters."""

    text: str
    start: int
    end: int


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Words, composed and in lower case. Indexing spends its time here, so what ASCII does not need is not done to it."""
    for found in WORD.finditer(text):
        word = found.group()
        if not word.isascii():
            word = unicodedata.normalize("NFC", word).replace("’", "'")
        word = word.lower()
        if len(word) <= LONGEST_TOKEN:
            yield word, found.start(), found.end()
        else:
            for cut in range(0, len(word), LONGEST_TOKEN):
                yield word[cut : cut + LONGEST_TOKEN], found.start(), found.end()


def _standard(text: str) -> Iterator[Token]:
    for word, start, end in _words(text):
        yield Token(word if word.isalnum() else word.translate(INNER_MARKS), start, end)


def _english(text: str) -> Iterator[Token]:
    """Possessives cut, stop words left out, the rest stemmed."""
    for word, start, end in _words(text):
        if word.isalnum():
            if word not in STOP_WORDS:
                yield Token(stem(word), start, end)
        elif (bare := word.removesuffix("'s")) not in STOP_WORDS:
            yield Token(stem(bare).translate(INNER_MARKS), start, end)


def _keyword(text: str) -> Iterator[Token]:
    """The whole value as one token, written in hexadecimal so that no blank is left in it."""
    if text:
        yield Token(text.encode().hex(), 0, len(text))


Analyzer = Callable[[str], Iterator[Token]]

ANALYZERS: dict[str, Analyzer] = {
    "standard.lucene": _standard,
    "standard": _standard,
    "en.lucene": _english,
    "en.microsoft": _english,
    "keyword": _keyword,
}
"""By the service's names. `en.microsoft` finds base forms by a dictionary; stems come nearest to that here."""

DEFAULT_ANALYZER = "standard.lucene"


def keeps_whole(analyzer: str) -> bool:
    """Whether a token is a whole value, as it was written."""
    return ANALYZERS[analyzer] is _keyword


def tokens(analyzer: str, text: str) -> list[Token]:
    """The tokens of a text in order. `analyzer` is a key of `ANALYZERS`."""
    return list(ANALYZERS[analyzer](text))


def indexed(analyzer: str, values: list[str]) -> str:
    """What the full-text index is given for a field: the tokens of all its values, a blank between each two."""
    return " ".join(token.text for value in values for token in ANALYZERS[analyzer](value))


def beginning(analyzer: str, text: str) -> str:
    """A prefix as it is looked up: in lower case, but neither stemmed nor left out, as in Lucene."""
    if ANALYZERS[analyzer] is _keyword:
        return text.encode().hex()
    return "".join(WORD.findall(unicodedata.normalize("NFC", text).lower())).replace("’", "'").translate(INNER_MARKS)

"""A text as sentences with their tokens, and a piece of it that begins with one of them: what captions and answers are made of.

Pure. Every piece is verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from .highlight import Tags
from .words import Token, tokens

END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n\s*\n")
"""A mark that ends a sentence, with what closes behind it, before a blank; or an empty line."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: the text that it stands in, from where to where, and its different tokens."""

    text: str
    start: int
    end: int
    words: frozenset[str]


def sentences(text: str, analyzer: str) -> list[Sentence]:
    """The sentences of a text that hold a token."""
    found = tokens(analyzer, text)
    cuts = [0, *(match.end() for match in END.finditer(text)), len(text)]
    made, place = [], 0
    for start, end in pairwise(cuts):
        first = place
        while place < len(found) and found[place].start < end:
            place += 1
        if place > first:
            made.append(Sentence(text, start, end, frozenset(token.text for token in found[first:place])))
    return made


def piece(sentence: Sentence, most_chars: int) -> tuple[int, int]:
    """From where to where a piece goes that begins with the sentence and has at most so many characters, whole sentences where they fit."""
    text = sentence.text
    start = sentence.start + len(text[sentence.start : sentence.end]) - len(text[sentence.start : sentence.end].lstrip())
    limit = start + most_chars
    ends = [match.end() for match in END.finditer(text, sentence.start) if match.end() >= sentence.end] + [len(text)]
    whole = [end for end in ends if end <= limit]
    if whole:
        return start, whole[-1]
    blank = text.rfind(" ", start + 1, limit + 1)
    return start, blank if blank > start else min(limit, len(text))


def marked(text: str, start: int, end: int, analyzer: str, words: Collection[str], tags: Tags) -> str:
    """That part of the text with tags round the tokens that are among the words; "" where none is."""
    part = text[start:end]
    hits: list[Token] = [token for token in tokens(analyzer, part) if token.text in words]
    pieces, place = [], 0
    for hit in hits:
        if hit.start >= place:
            pieces += [part[place : hit.start], tags.before, part[hit.start : hit.end], tags.after]
            place = hit.end
    return "".join([*pieces, part[place:]]).rstrip() if hits else ""

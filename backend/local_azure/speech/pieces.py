"""What a voice is given at a time: words without figures, in pieces short enough to be heard soon, cut where people breathe. Pure."""

from __future__ import annotations

import re

from .numbers import spelt
from .wording import speakable

MAX_CHARS_AT_ONCE = 200
"""A voice's first audio takes longer the longer its text is, and others wait until it has made all; what is longer than this is spoken in
pieces. Some 12 s of speech."""
FIRST_MAX_CHARS = 80
"""Of the first piece, where it can be cut behind or before a clause: its first sound is what people wait for."""
FIRST_LEAST_CHARS = 20
"""A piece shorter than that sounds torn off."""

_BETWEEN_SENTENCES = re.compile(r"(?<=\w\w[.!?])\s+|(?<=\w\w[.!?][\"')])\s+")
"""Behind a word of two letters at least: "J. Smith" is nobody's end."""
_CLAUSE = re.compile(r"[,;:)](?=\s)\s|(?<=\w)\s(?=(?:and|or|but|if|because|which|when|unless|until|before|after|so|while|although)\s)")
_PHRASE = re.compile(
    r"(?<=\w)\s(?=(?:for|in|on|with|by|at|from|within|into|to|of|between|during|than|that|who|is|are|was|were|can|may|must|will)\s)"
)
"""Where a long sentence without a clause may be cut: people breathe there, if they must."""


def read_aloud(text: str) -> str:
    """Plain ASCII without figures, so that every voice says it alike: "€300 (p. 7)" -> "three hundred euros (page seven)"."""
    words = spelt(re.sub(r"(?<=[A-Za-z])-(?=\d)", " ", speakable(text)))
    return re.sub(r"\s+(?=[.,;:!?)])|(?<=\()\s+", "", " ".join(words.split()))


def pieces(text: str) -> list[tuple[str, str]]:
    """`text` in pieces of at most `MAX_CHARS_AT_ONCE`, each with the sentence that it is from; the very first is shorter.

    It is cut between sentences, else at a clause, else between words.
    """
    cut: list[tuple[str, str]] = []
    for sentence in _BETWEEN_SENTENCES.split(text):
        rest = sentence.strip()
        while rest:
            at = _place_to_cut(rest, FIRST_MAX_CHARS if not cut else MAX_CHARS_AT_ONCE)
            cut.append((rest[:at].strip(), sentence.strip()))
            rest = rest[at:].strip()
    return cut


def _place_to_cut(text: str, most: int) -> int:
    """The length of the first piece: the last clause within `most`, else the next one within what may be spoken at once."""
    if len(text) <= most:
        return len(text)
    places = [match.end() for match in _CLAUSE.finditer(text[:MAX_CHARS_AT_ONCE]) if match.end() >= FIRST_LEAST_CHARS]
    within = [place for place in places if place <= most] or [
        match.end() for match in _PHRASE.finditer(text[:most]) if match.end() >= FIRST_MAX_CHARS // 2
    ]
    if within:
        return within[-1]
    if places or len(text) <= MAX_CHARS_AT_ONCE:
        return places[0] if places else len(text)
    return text[:MAX_CHARS_AT_ONCE].rfind(" ") + 1 or MAX_CHARS_AT_ONCE

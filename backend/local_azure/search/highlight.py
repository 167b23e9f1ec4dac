"""Highlights: the pieces of a text that hold what was asked, the hits between tags.

Pure. The text itself is not escaped, as the service does not escape it either; whoever shows it must.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .matching import Term
from .words import Token, tokens

MAX_FRAGMENTS = 5
"""Fragments of one field where the request does not say; the service's default."""

FRAGMENT_CHARS = 200
"""A fragment ends with its sentence, or with the word that passes this length; about two lines on a card."""

SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")


@dataclass(frozen=True, slots=True)
class Tags:
    """What is put round a hit."""

    before: str = "<em>"
    after: str = "</em>"


def fragments(text: str, analyzer: str, terms: list[Term], tags: Tags, limit: int) -> list[str]:
    """At most `limit` fragments with hits, those with the most different hits first."""
    found = tokens(analyzer, text)
    hits = _hits(found, terms)
    pieces = [(start, end, [hit for hit in hits if start <= hit.start < end]) for start, end in _pieces(text)] if hits else []
    best = sorted((piece for piece in pieces if piece[2]), key=lambda piece: (-len({hit.text for hit in piece[2]}), piece[0]))
    return [_marked(text, start, end, inside, tags) for start, end, inside in best[:limit]]


def _hits(found: list[Token], terms: list[Term]) -> list[Token]:
    """The tokens that belong to a term, in order, each once."""
    single = {term.tokens[0] for term in terms if len(term.tokens) == 1 and not term.prefix}
    places = {place for place, token in enumerate(found) if token.text in single}
    for term in terms:
        if term.prefix or len(term.tokens) > 1:
            places |= {place + n for place in range(len(found)) if _stands(found, place, term) for n in range(len(term.tokens))}
    return [found[place] for place in sorted(places)]


def _stands(found: list[Token], place: int, term: Term) -> bool:
    """Whether the term begins at this token."""
    here = [token.text for token in found[place : place + len(term.tokens)]]
    if len(here) < len(term.tokens) or here[:-1] != list(term.tokens[:-1]):
        return False
    return here[-1].startswith(term.tokens[-1]) if term.prefix else here[-1] == term.tokens[-1]


def _pieces(text: str) -> list[tuple[int, int]]:
    """The text cut after sentences, and within long ones after a word."""
    cuts, start = [], 0
    ends = [match.end() for match in SENTENCE_END.finditer(text)] + [len(text)]
    for end in ends:
        while end - start > FRAGMENT_CHARS:
            blank = text.find(" ", start + FRAGMENT_CHARS, end)
            if blank == -1:
                break
            cuts.append((start, blank + 1))
            start = blank + 1
        if end > start:
            cuts.append((start, end))
        start = end
    return cuts


def _marked(text: str, start: int, end: int, hits: list[Token], tags: Tags) -> str:
    parts, place = [], start
    for hit in hits:
        if hit.start < place and place > start:
            continue
        parts += [text[place : hit.start], tags.before, text[hit.start : hit.end], tags.after]
        place = hit.end
    parts.append(text[place : max(end, place)])
    return "".join(parts).strip()

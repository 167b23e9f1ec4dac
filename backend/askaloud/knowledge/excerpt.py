"""Which sentences of a passage a card shows: those that hold most of what was searched for. Plain text, bounded, in any language.

It knows no language's grammar: words agree when they are equal but for their endings, and weigh more the fewer sentences hold them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

EXCERPT_CHARS = 300
"""Length of an excerpt: what a card shows in four or five lines."""

TEXT_CHARS = 20_000
"""How far into a passage it is looked; other people's indexes may hold whole documents."""

TERMS_AT_MOST = 40
"""Words of a query that are looked for."""

WORD = re.compile(r"\w+")
MARKED = re.compile(r"<em>(.*?)</em>", re.DOTALL)
"""What the service highlighted: the words that its analyzer found, in whatever form they stand there."""

UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,}")
"""Writing without spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese): two neighbouring characters count as a word."""

BREAK = re.compile(r"(?<=[.!?؟।])[\"'”’»)\]]*\s+(?![a-zà-öø-ÿа-я])|(?<=[。！？])[」』”]*|\n\s*\n|\n(?=\s*(?:[-*•–|#]|\d{1,2}[.)]\s))")
"""Between sentences, paragraphs and items. A small letter goes on with the sentence, as after an abbreviation."""

ROW = re.compile(r"\s*\|.*\|\s*|.*\S\s+\|\s+\S.*")
"""A line of a table: cells between bars, with or without bars around them. One alone may be anything, two are a table."""

RULE = re.compile(r"(?=.*\|)[\s|:-]+")
"""The line of a Markdown table that parts its head from its body. It says nothing."""

ALIKE_MIN_CHARS = 4
ALIKE_SHARE = 0.6
"""How much of the longer of two words they have to share from the beginning to be one word with two endings."""
ALIKE_WEIGHT = 0.8
SHORT_CHARS = 3
SHORT_WEIGHT = 0.3
"""Words so short and written small are mostly of the kind of `how` and `the`."""


def excerpt(text: str, query: str, highlights: Iterable[str] = ()) -> str:
    """The sentences of `text` with most of the words of `query` and of what the service marked in `highlights`, else the first ones.

    At most `EXCERPT_CHARS` characters on one line; rows of a table have a line each, after the table's first row, which names its columns.
    """
    pieces = list(_pieces(text[:TEXT_CHARS]))
    marked = " ".join(word for piece in highlights for word in MARKED.findall(piece))
    held = [_words(piece.words) for piece in pieces]
    weights = _weights(f"{query} {marked}", held)
    scores = [sum(weight * _agreement(term, words) for term, weight in weights.items()) for words in held]
    if not any(scores) and all(piece.head is None for piece in pieces):
        return shortened(text, EXCERPT_CHARS)
    best = max(range(len(pieces)), key=lambda place: scores[place])
    if len(pieces[best].words) > EXCERPT_CHARS:
        return _within(pieces[best].words, weights)
    return _joined(_stretched(pieces, scores, best))


def shortened(text: str, limit: int) -> str:
    """The first sentences of `text` on one line, at most `limit` characters; cut between words, with an ellipsis, where they are longer."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    sentence = max(head.rfind(mark) for mark in (". ", "! ", "? ", "。", "؟ "))
    if sentence > limit // 2:
        return head[: sentence + 1]
    word = line.rfind(" ", 0, limit)
    return (head[:word] if word > limit // 2 else head).rstrip(" ,;:") + "…"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a row of a table, on one line."""

    words: str
    head: str | None = None
    """The first row of the table that this is a row of."""


def _pieces(text: str) -> Iterator[_Piece]:
    for in_table, run in groupby(text.split("\n"), key=lambda line: ROW.fullmatch(line) is not None):
        lines = list(run)
        if in_table and len(lines) > 1:
            rows = [" ".join(line.split()) for line in lines if not RULE.fullmatch(line)]
            yield from (_Piece(row, rows[0]) for row in rows)
        else:
            yield from (_Piece(line) for piece in BREAK.split("\n".join(lines)) if (line := " ".join(piece.split())))


def _joined(pieces: Sequence[_Piece]) -> str:
    parts = [pieces[0].words]
    for one, other in pairwise(pieces):
        parts += [" " if one.head is None and other.head is None else "\n", other.words]
    return "".join(parts)


def _words(text: str) -> frozenset[str]:
    return frozenset(_each_word(text))


def _each_word(text: str) -> list[str]:
    spaced = [word.casefold() for word in WORD.findall(UNSPACED.sub(" ", text))]
    return spaced + [run[at : at + 2] for run in UNSPACED.findall(text) for at in range(len(run) - 1)]


def _weights(asked: str, held: Sequence[frozenset[str]]) -> dict[str, float]:
    """What each term weighs: the fewer sentences hold it, the more. Names and numbers are never short."""
    written_small = {word for word in WORD.findall(asked) if word.islower()}
    weights = {}
    for term in list(dict.fromkeys(_each_word(asked)))[:TERMS_AT_MOST]:
        count = sum(_agreement(term, words) > 0 for words in held)
        short = len(term) <= SHORT_CHARS and term in written_small
        weights[term] = math.log(1 + len(held) / max(1, count)) * (SHORT_WEIGHT if short else 1.0)
    return weights


def _agreement(term: str, words: frozenset[str]) -> float:
    if term in words:
        return 1.0
    return ALIKE_WEIGHT if len(term) >= ALIKE_MIN_CHARS and any(_alike(term, word) for word in words) else 0.0


def _alike(one: str, other: str) -> bool:
    if one[:ALIKE_MIN_CHARS] != other[:ALIKE_MIN_CHARS]:
        return False
    shorter, longer = sorted((one, other), key=len)
    shared = next((at for at, letter in enumerate(shorter) if letter != longer[at]), len(shorter))
    return shared >= ALIKE_SHARE * len(longer)


def _stretched(pieces: Sequence[_Piece], scores: Sequence[float], best: int) -> list[_Piece]:
    """The best piece with what follows it, and with what comes before and was searched for too, as far as there is room."""
    first = last = best
    room = EXCERPT_CHARS - len(pieces[best].words)
    head = pieces[best].head
    if head is not None and head != pieces[best].words:
        room -= len(head) + 1
        if room < 0:
            return [pieces[best]]
    while last + 1 < len(pieces) and len(pieces[last + 1].words) < room:
        last += 1
        room -= len(pieces[last].words) + 1
    while first > 0 and scores[first - 1] > 0 and pieces[first - 1].head == head and len(pieces[first - 1].words) < room:
        first -= 1
        room -= len(pieces[first].words) + 1
    names = [] if head is None or pieces[first].words == head else [_Piece(head, head)]
    return [*names, *pieces[first : last + 1]]


def _within(sentence: str, weights: dict[str, float]) -> str:
    """The part of one long sentence around the first word that weighs most."""
    found = [(weights[word], match.start()) for match in WORD.finditer(sentence) if (word := match[0].casefold()) in weights]
    start = max(found, key=lambda each: (each[0], -each[1]))[1] if found else 0
    if start <= EXCERPT_CHARS // 2:
        return shortened(sentence, EXCERPT_CHARS)
    begin = sentence.rfind(" ", 0, start - EXCERPT_CHARS // 4) + 1
    return "…" + shortened(sentence[begin:], EXCERPT_CHARS - 1)

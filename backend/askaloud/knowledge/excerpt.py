"""Which sentences of a passage a card shows: those that hold most of what was searched for. Plain text, bounded, in any language.

It knows no language's grammar: words agree when they are equal but for their endings, and weigh more the fewer sentences hold them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

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

ALIKE_MIN_CHARS = 4
ALIKE_SHARE = 0.6
"""How much of the longer of two words they have to share from the beginning to be one word with two endings."""
ALIKE_WEIGHT = 0.8
SHORT_CHARS = 3
SHORT_WEIGHT = 0.3
"""Words so short and written small are mostly of the kind of `how` and `the`."""


def excerpt(text: str, query: str, highlights: Iterable[str] = ()) -> str:
    """The sentences of `text` with most of the words of `query` and of what the service marked in `highlights`, else the first ones.

    One line, at most `EXCERPT_CHARS` characters.
    """
    sentences = [line for piece in BREAK.split(text[:TEXT_CHARS]) if (line := " ".join(piece.split()))]
    marked = " ".join(word for piece in highlights for word in MARKED.findall(piece))
    held = [_words(sentence) for sentence in sentences]
    weights = _weights(f"{query} {marked}", held)
    scores = [sum(weight * _agreement(term, words) for term, weight in weights.items()) for words in held]
    if not any(scores):
        return shortened(text, EXCERPT_CHARS)
    best = max(range(len(sentences)), key=lambda place: scores[place])
    if len(sentences[best]) > EXCERPT_CHARS:
        return _within(sentences[best], weights)
    first, last = _stretched(sentences, scores, best)
    return " ".join(sentences[first : last + 1])


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


def _stretched(sentences: Sequence[str], scores: Sequence[float], best: int) -> tuple[int, int]:
    """The best sentence with what follows it, and with what comes before and was searched for too, as far as there is room."""
    first = last = best
    room = EXCERPT_CHARS - len(sentences[best])
    while last + 1 < len(sentences) and len(sentences[last + 1]) < room:
        last += 1
        room -= len(sentences[last]) + 1
    while first > 0 and scores[first - 1] > 0 and len(sentences[first - 1]) < room:
        first -= 1
        room -= len(sentences[first]) + 1
    return first, last


def _within(sentence: str, weights: dict[str, float]) -> str:
    """The part of one long sentence around the first word that weighs most."""
    found = [(weights[word], match.start()) for match in WORD.finditer(sentence) if (word := match[0].casefold()) in weights]
    start = max(found, key=lambda each: (each[0], -each[1]))[1] if found else 0
    if start <= EXCERPT_CHARS // 2:
        return shortened(sentence, EXCERPT_CHARS)
    begin = sentence.rfind(" ", 0, start - EXCERPT_CHARS // 4) + 1
    return "…" + shortened(sentence[begin:], EXCERPT_CHARS - 1)

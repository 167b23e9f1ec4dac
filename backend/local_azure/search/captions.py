"""Semantic ranking of one page's candidates: scores, captions and answers in the service's shape.

Owns the shape (Microsoft Learn, "Return a semantic answer"), not the judgement. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .highlight import Tags
from .reranking import ANALYZER, Judged, Question, Texts, judged
from .schema import Field
from .semantic import MOST_CHARS, Semantic
from .sentences import marked, piece


@dataclass(frozen=True, slots=True)
class Reranked:
    """The new order as places in the old one, what each document shows besides its fields, and the answers; None where none were asked."""

    order: list[int]
    shown: list[dict[str, Any]]
    answers: list[dict[str, Any]] | None


def reranked(semantic: Semantic, documents: Sequence[Mapping[str, Any]], key: str, tags: Tags) -> Reranked:
    """Rank documents, which hold the semantic fields and the key, anew."""
    question = Question(semantic.question)
    order = judged(question, [_texts(semantic, document) for document in documents])
    shown = [_shown(semantic, one, question, tags) for one in order]
    answers = None if semantic.answers is None else _answers(semantic, order, documents, key, question, tags)
    return Reranked([one.place for one in order], shown, answers)


def _texts(semantic: Semantic, document: Mapping[str, Any]) -> Texts:
    """The title, then contents and keywords in the order of the configuration, as far as `MOST_CHARS` go for all together."""
    title = _text(document, semantic.title)[:MOST_CHARS] if semantic.title else ""
    left, read = MOST_CHARS - len(title), []
    for field in (*semantic.contents, *semantic.keywords):
        read.append(_text(document, field)[:left])
        left -= len(read[-1])
    several = len(semantic.contents)
    return Texts(title, tuple(read[:several]), "\n".join(read[several:]))


def _text(document: Mapping[str, Any], field: Field) -> str:
    value = document[field.name]
    return ". ".join(value) if isinstance(value, list) else value or ""


def _shown(semantic: Semantic, one: Judged, question: Question, tags: Tags) -> dict[str, Any]:
    shown: dict[str, Any] = {"@search.rerankerScore": one.score}
    if semantic.captions is None:
        return shown
    if one.best is None:
        return shown | {"@search.captions": []}
    start, end = piece(one.best, semantic.captions.most_chars)
    highlights = marked(one.best.text, start, end, ANALYZER, question.words, tags) if semantic.captions.highlight else ""
    return shown | {"@search.captions": [{"text": one.best.text[start:end].rstrip(), "highlights": highlights}]}


def _answers(
    semantic: Semantic, order: list[Judged], documents: Sequence[Mapping[str, Any]], key: str, question: Question, tags: Tags
) -> list[dict[str, Any]]:
    """The sentences that cover enough of the question, where it is one."""
    wanted = semantic.answers
    if wanted is None or not question.asks:
        return []
    sure = sorted((one for one in order if one.covered >= wanted.threshold and one.best), key=lambda one: -one.covered)
    made = []
    for one in sure[: wanted.count]:
        if one.best is not None:
            start, end = piece(one.best, min(wanted.most_chars, max(1, len(one.best.text[one.best.start : one.best.end].strip()))))
            text, highlights = one.best.text[start:end].rstrip(), marked(one.best.text, start, end, ANALYZER, question.words, tags)
            made.append({"key": documents[one.place][key], "text": text, "highlights": highlights, "score": one.covered})
    return made

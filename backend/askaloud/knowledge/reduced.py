"""What a search does without after a part of it was refused: which part, for how long, and what a person is told.

Pure but for the clock that it is given. It sends nothing and knows no question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Set
from enum import StrEnum

from azure.core.exceptions import HttpResponseError, ODataV4Format

from ..errors import Notice, NoticeCode
from .shape import Shape

LEFT_OUT_S = 300.0
"""Seconds until a part that was refused is tried again: quotas come back, and a service is mended without our restart. Until then nobody
waits for the same refusal."""

MAY_BE_FOR_A_PART = frozenset({400, 402, 502})
"""Refusals of a part of a search: not allowed or malformed, not paid for, and a vectorizer that failed (502, as well as 400)."""


class Part(StrEnum):
    """What a search may have beside its words."""

    VECTOR = "vector"
    SEMANTIC = "semantic"


OF_PART = {
    Part.SEMANTIC: frozenset({"SemanticQueriesNotAvailable", "UnknownSemanticConfiguration"}),
    Part.VECTOR: frozenset({"InvalidVectorQuery", "UnknownField"}),
}
"""Codes of the service that speak of one part alone: rag-experiment-accelerator#329, aisearch-openai-rag-audio#53, GPT-RAG#110,
mule-vectors-connector#94. Others are judged by whether their sentence speaks of it."""


class LeftOut:
    """The parts that are left out just now, with what a person is told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, for_s: float = LEFT_OUT_S) -> None:
        self._clock = clock
        self._for_s = for_s
        self._until: dict[Part, tuple[float, Notice]] = {}

    def add(self, part: Part, notice: Notice) -> None:
        """From now on, for a while."""
        self._until[part] = (self._clock() + self._for_s, notice)

    def now(self) -> dict[Part, Notice]:
        """Those whose time is not over."""
        return {part: notice for part, (until, notice) in self._until.items() if self._clock() < until}


def suspects(refused: HttpResponseError, parts: Set[Part]) -> frozenset[Part]:
    """The parts of a search for which it may have been refused; none where the whole of it was."""
    if refused.status_code not in MAY_BE_FOR_A_PART:
        return frozenset()
    if refused.status_code == 502:
        return frozenset(parts) & {Part.VECTOR}
    errors = list(_errors(refused.error))
    codes = {each.code for each in errors}
    by_code = {part for part in parts if codes & OF_PART[part]}
    by_words = {part for part in parts if any(part.value in (each.message or "").lower() for each in errors)}
    return frozenset(by_code or by_words or parts)


def refusal(part: Part, refused: HttpResponseError, shape: Shape) -> Notice:
    """What a person is told when a part was refused, naming the setting to look at. Nothing that the service wrote is repeated."""
    codes = {each.code for each in _errors(refused.error)}
    if part is Part.SEMANTIC:
        if "UnknownSemanticConfiguration" in codes:
            there = f"it has {_listed(shape.semantic)}" if shape.semantic else "it has none"
            reason = f"The index does not have the semantic configuration that is named: {there}"
        elif "SemanticQueriesNotAvailable" in codes:
            reason = "The search service's semantic ranker is not switched on"
        else:
            reason = "The search service refused to rank semantically"
        return reduced(f"{reason}. It goes on without that ranking; look at AZURE_SEARCH_SEMANTIC_CONFIGURATION.")
    if shape.vector is not None and shape.vector.vectorizer:
        return reduced(
            "The index could not make a vector of the question by its own vectorizer. The search goes on by words; look at the "
            "vectorizer's deployment, or set AZURE_SEARCH_USE_VECTOR_QUERY to false."
        )
    return reduced(
        "The index did not take the question's vector. The search goes on by words; look at AZURE_OPENAI_EMBEDDING_DEPLOYMENT, which must "
        "be what filled the index, and at AZURE_SEARCH_EMBEDDING_FIELD."
    )


def reduced(sentence: str) -> Notice:
    """A search that goes on with less."""
    return Notice(NoticeCode.SEARCH_REDUCED, sentence)


def _errors(error: ODataV4Format | None) -> Iterator[ODataV4Format]:
    if error is not None:
        yield error
        for inner in error.details:
            yield from _errors(inner)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(repr(name) for name in names)

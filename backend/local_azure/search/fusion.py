"""Several rankings made one, by reciprocal rank fusion.

Pure (G. Cormack, C. Clarke, S. Büttcher, "Reciprocal rank fusion outperforms Condorcet", 2009; Microsoft Learn, "Relevance scoring in
hybrid search"). The service counts ranks from 0: the scores it shows are 1/60, 1/61 … (azure-search-vector-samples#48).
"""

from __future__ import annotations

from collections.abc import Sequence

from .postings import Hit

RANK_CONSTANT = 60
"""The method's own k: how little the first places count above those that follow."""


def fused(rankings: Sequence[tuple[float, Sequence[int]]]) -> list[Hit]:
    """Pairs of a weight and documents best first become one ranking; the document stored first wins where the sums are equal."""
    scores: dict[int, float] = {}
    for weight, ranking in rankings:
        for rank, number in enumerate(ranking):
            scores[number] = scores.get(number, 0.0) + weight / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))

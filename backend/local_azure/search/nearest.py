"""The nearest vectors of a field, found by looking at every one of them.

Owns which vectors are kept in memory, and until when; the answer is exact, as the service's is with `exhaustive`. A fast look in 32-bit
floats says which documents may be among the best, then these are measured again in 64 bits. For the one thread that reads.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .catalogue import Entry
from .postings import Hit
from .schema import Field
from .stored_vectors import Stored, changes, count_vectors, vectors
from .vectors import metric

KEPT_BYTES = 512 * 1024 * 1024
"""Vectors kept in memory, of all fields together: 87,000 of 1,536 dimensions. A field that has more is read from the file for each query,
a block at a time: slower, by as long as the reading takes, but no less exact."""

BLOCK_ROWS = 4_096
"""Vectors read at once where they are not kept: 25 MB of 1,536 dimensions."""

FEW = 8
"""Where a filter leaves less than one in so many vectors, they are copied together instead of all being measured."""

ROUNDING = 2.0**-23
"""The relative error of one step in 32-bit floats; a sum of n steps is at most n times as far off."""

Singles: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Block:
    """Some vectors of a field: the documents' row numbers in ascending order, a row for each, and the rows' lengths."""

    numbers: Numbers
    rows: Singles
    lengths: Singles


class Matrices:
    """The vectors of fields, as blocks; those asked for last are kept until their index's documents change."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, str], tuple[int, Block]] = OrderedDict()

    def nearest(
        self, connection: sqlite3.Connection, entry: Entry, field: Field, packed: bytes, k: int, among: Numbers | None
    ) -> list[Hit]:
        """The `k` nearest of the documents `among` (row numbers in ascending order; None: of all), with the service's scores, best first.

        Those equally near come in the order in which they were stored.
        """
        asked, measure = np.frombuffer(packed, np.float32), MEASURES[metric(field, entry.index)]
        numbers, scores = np.empty(0, np.int64), np.empty(0, np.float64)
        for block in self._blocks(connection, entry, field):
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                chosen = _candidates(measure, block, asked, k, among)
            numbers = np.concatenate((numbers, block.numbers[chosen]))
            scores = np.concatenate((scores, measure.scores(block.rows[chosen].astype(np.float64), asked.astype(np.float64))))
        best = np.lexsort((numbers, -scores))[:k]
        return [(int(numbers[place]), float(scores[place])) for place in best]

    def _blocks(self, connection: sqlite3.Connection, entry: Entry, field: Field) -> Iterator[Block]:
        """The whole field in one block where it is kept, in several where it is too large for that."""
        documents = entry.documents(connection)
        place, times = (documents.values, field.name), changes(connection, entry.id)
        kept = self._kept.get(place)
        if kept is not None and kept[0] == times:
            self._kept.move_to_end(place)
            yield kept[1]
            return
        self._kept.pop(place, None)
        count, dimensions = count_vectors(connection, documents, field), field.dimensions or 0
        if count * dimensions * 4 > self._most_bytes:
            for some in vectors(connection, documents, field, BLOCK_ROWS):
                yield _block(some, dimensions)
            return
        whole = _block(next(vectors(connection, documents, field, count), []), dimensions)
        while self._kept and self.kept_bytes() + whole.rows.nbytes > self._most_bytes:
            self._kept.popitem(last=False)
        self._kept[place] = times, whole
        yield whole

    def kept_bytes(self) -> int:
        """How much memory the kept vectors take."""
        return sum(block.rows.nbytes for _, block in self._kept.values())


def _block(stored: list[Stored], dimensions: int) -> Block:
    rows = np.empty((len(stored), dimensions), np.float32)
    for place, (_, packed) in enumerate(stored):
        rows[place] = np.frombuffer(packed, np.float32)
    with np.errstate(over="ignore"):
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return Block(np.fromiter((number for number, _ in stored), np.int64, len(stored)), rows, lengths)


def _candidates(measure: Measure, block: Block, asked: Singles, k: int, among: Numbers | None) -> Places:
    """The places in a block of all rows that may be among the `k` nearest."""
    if not block.numbers.size:
        return np.empty(0, np.intp)
    if among is None:
        return _nearest(*measure.fast(block, asked), k)
    places = np.flatnonzero(np.isin(block.numbers, among, assume_unique=True))
    if places.size * FEW < block.numbers.size:
        few = Block(block.numbers[places], block.rows[places], block.lengths[places])
        return places[_nearest(*measure.fast(few, asked), k)] if places.size else places
    near, slack = measure.fast(block, asked)
    return places[_nearest(near[places], slack, k)]


def _nearest(near: Singles, slack: float, k: int) -> Places:
    """The places of the `k` highest numbers, and of all that may be as high if each is wrong by `slack`."""
    if near.size <= k:
        return np.arange(near.size)
    if not (np.isfinite(slack) and np.isfinite(near).all()):
        return np.arange(near.size)  # numbers beyond 32 bits: only the exact measure can tell
    least = np.partition(near, near.size - k)[near.size - k]
    return np.flatnonzero(near >= least - 2 * slack)


class Measure:
    """A similarity: how near in 32 bits and how far off that may be, and the service's score in 64 bits."""

    def fast(self, block: Block, asked: Singles) -> tuple[Singles, float]:
        """A number for each row that rises with nearness, and by how much it may be wrong; not finite where 32 bits cannot hold it."""
        raise NotImplementedError

    def scores(self, rows: Doubles, asked: Doubles) -> Doubles:
        """The scores that are shown."""
        raise NotImplementedError


class Cosine(Measure):
    """1 / (1 + (1 - cosine)), from 1/3 to 1 (Microsoft Learn, "Relevance in vector search"); zeros are at a right angle to all."""

    def fast(self, block: Block, asked: Singles) -> tuple[Singles, float]:
        """The cosine, but for the length of what is asked."""
        lengths = np.where(block.lengths == 0, np.float32(1), block.lengths)
        lengths = np.where(np.isinf(lengths), np.float32(0), lengths)  # so that the quotient is not finite
        return np.divide(block.rows @ asked, lengths, dtype=np.float32), _slack(asked) * 2

    def scores(self, rows: Doubles, asked: Doubles) -> Doubles:
        """See the class."""
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows)) * np.sqrt(asked @ asked)
        cosine = np.divide(_each(rows, asked), lengths, out=np.zeros(len(rows)), where=lengths > 0)
        scores: Doubles = 1 / (2 - np.clip(cosine, -1, 1))
        return scores


class DotProduct(Measure):
    """As the cosine's where the product is at most 1, so that normalised vectors score the same; above that the product itself.

    The service names only the range of 0 to 1 for this metric; the formula is ours.
    """

    def fast(self, block: Block, asked: Singles) -> tuple[Singles, float]:
        """The product."""
        return block.rows @ asked, _slack(asked) * float(block.lengths.max())

    def scores(self, rows: Doubles, asked: Doubles) -> Doubles:
        """See the class."""
        products = _each(rows, asked)
        return np.where(products <= 1, 1 / (2 - np.minimum(products, 1)), products)


class Euclidean(Measure):
    """1 / (1 + distance); the service names only the range of 0 to 1 for this metric."""

    def fast(self, block: Block, asked: Singles) -> tuple[Singles, float]:
        """The square of the distance without the part that all rows share, negated."""
        longest = float(block.lengths.max())
        return 2 * (block.rows @ asked) - block.lengths**2, 2 * _slack(asked) * longest + 4 * ROUNDING * asked.size * longest**2

    def scores(self, rows: Doubles, asked: Doubles) -> Doubles:
        """See the class."""
        apart = rows - asked
        scores: Doubles = 1 / (1 + np.sqrt(np.einsum("ij,ij->i", apart, apart)))
        return scores


def _each(rows: Doubles, asked: Doubles) -> Doubles:
    """The product with each row, summed in the same order for equal rows wherever they stand, so that equals stay equal."""
    products: Doubles = np.einsum("ij,j->i", rows, asked)
    return products


def _slack(asked: Singles) -> float:
    """How far off the product with a vector of length 1 may be."""
    return ROUNDING * asked.size * float(np.sqrt(asked @ asked))


MEASURES: dict[str, Measure] = {"cosine": Cosine(), "dotProduct": DotProduct(), "euclidean": Euclidean()}
"""By the service's names."""

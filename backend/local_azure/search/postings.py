"""What is remembered of an index between queries: the hits of single words and phrases, what filters let through, and orders.

Owns the bound of that memory and that it is forgotten when the file changes. A hit's score is SQLite's own BM25 of that one word, with
Lucene's rarity in the place of SQLite's, as the service has it; the scores of several words add up. For the one thread that reads.
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import math
import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from .edm import Comparable
from .vocabulary import Vocabulary
from .words import EVERYWHERE

EVERY_ROW = f'everything : "{EVERYWHERE}"'
"""A column that holds the same token in each row. It weighs nothing in the ranking."""

MOST_HITS = 3_000_000
"""Hits that are kept for each index, of 16 bytes each; what was asked longest ago goes first."""

HITS_OF_NOTHING = 100
"""What it takes to remember a word or phrase without a single hit, counted in hits; its characters are counted beside that."""

MOST_INDEXES = 4
"""Indexes that are remembered at the same time; what was asked longest ago goes first."""

MOST_MASKS = 32
"""Filters and orders that are kept for each index; a byte or eight for each document."""

FLOOR = 1e-6
"""The rarity that SQLite gives to words which half of the documents hold or more; Lucene still tells those apart."""

SCORED_EACH = 2_000
"""Documents of an index up to which a word that most of them hold is scored in each. In a larger one all its hits score its rarity alone:
it weighs least of all words, and scoring half of ten thousand documents was what the first question after a change waited for."""

Hit = tuple[int, float]
"""The row number of a document, and its score."""

Places: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Documents that match, as ascending places in `Known.numbers`, with a score for each."""

    places: Places
    scores: Scores


class Postings:
    """All that is remembered, by index."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._version = (-1, -1)
        self._known: OrderedDict[str, Known] = OrderedDict()

    def of(self, connection: sqlite3.Connection, values: str, words: str) -> Known:
        """What is known of the index with these two tables, as it stands in this transaction."""
        now = (int(connection.execute("PRAGMA data_version").fetchone()[0]), connection.total_changes)
        if now != self._version:
            self._version = now
            self._known.clear()
        if words not in self._known:
            self._known[words] = Known(connection, values, words)
            if len(self._known) > MOST_INDEXES:
                self._known.popitem(last=False)
        self._known.move_to_end(words)
        return self._known[words]


class Known:
    """One index at one moment."""

    def __init__(self, connection: sqlite3.Connection, values: str, words: str, most_hits: int = MOST_HITS) -> None:
        self._connection, self._values, self.words, self._most_hits = connection, values, words, most_hits
        self.numbers = _numbers(connection, "id", f"FROM {values}")
        self._hits: OrderedDict[str, Hits] = OrderedDict()
        self.kept = 0
        """How much is remembered of words and phrases, counted in hits."""
        self._masks: OrderedDict[tuple[str, tuple[Comparable, ...]], Mask] = OrderedDict()
        self._ranks: OrderedDict[str, Places] = OrderedDict()

    def hits(self, atom: str) -> Hits:
        """The documents that match one word or phrase: an expression whose score adds to others."""
        known = self._hits.get(atom)
        if known is None:
            known = self._hits[atom] = self._found(atom)
            self.kept += _room(atom, known)
            while self.kept > self._most_hits and len(self._hits) > 1:
                self.kept -= _room(*self._hits.popitem(last=False))
        self._hits.move_to_end(atom)
        return known

    def _found(self, atom: str) -> Hits:
        source = f"FROM {self.words} WHERE {self.words} MATCH ?"
        if len(self.numbers) > SCORED_EACH:
            count = int(self._connection.execute(f"SELECT count(*) {source}", (atom,)).fetchone()[0])
            if 2 * count > len(self.numbers):
                places = self.places(_numbers(self._connection, "rowid", source, (atom,)))
                return Hits(places, np.full(len(places), self._rarity(count)))
        # The limit that is none keeps SQLite from asking for a score where it has none to give.
        scored = f"SELECT rowid AS number, -bm25({self.words}, 0.0) AS score {source} ORDER BY rowid LIMIT -1"
        numbers, scores = self._connection.execute(f"SELECT group_concat(number), group_concat(score) FROM ({scored})", (atom,)).fetchone()
        places = self.places(_parsed(numbers, np.int64))
        in_sqlite = max(FLOOR, math.log((len(self.numbers) - len(places) + 0.5) / (len(places) + 0.5)))
        return Hits(places, _parsed(scores, np.float64) * (self._rarity(len(places)) / in_sqlite))

    def rarity(self, hits: Hits) -> float:
        """The inverse document frequency of a word with these hits, as Lucene has it: never below 0, however common the word."""
        return self._rarity(len(hits.places))

    def _rarity(self, count: int) -> float:
        return math.log1p((len(self.numbers) - count + 0.5) / (count + 0.5))

    def alike(self, match: str) -> Hits:
        """The documents that match any expression, all with the same score of 1; not kept."""
        places = self.places(_numbers(self._connection, "rowid", f"FROM {self.words} WHERE {self.words} MATCH ?", (match,)))
        return Hits(places, np.ones(len(places)))

    def places(self, numbers: Places) -> Places:
        """Where documents with these row numbers stand."""
        return np.searchsorted(self.numbers, numbers)

    def everything(self, score: float) -> Hits:
        """All documents."""
        return Hits(np.arange(len(self.numbers)), np.full(len(self.numbers), score))

    def any_of(self, found: Sequence[Hits]) -> Hits:
        """What is in any of them, scores added up."""
        if len(found) == 1:
            return found[0]
        hit, scores = np.zeros(len(self.numbers), np.bool_), np.zeros(len(self.numbers))
        for one in found:
            hit[one.places] = True
            scores[one.places] += one.scores
        places = np.flatnonzero(hit)
        return Hits(places, scores[places])

    def all_of(self, found: Sequence[Hits]) -> Hits:
        """What is in all of them, scores added up."""
        if len(found) == 1:
            return found[0]
        times, scores = np.zeros(len(self.numbers), np.int64), np.zeros(len(self.numbers))
        for one in found:
            times[one.places] += 1
            scores[one.places] += one.scores
        places = np.flatnonzero(times == len(found))
        return Hits(places, scores[places])

    def without(self, hits: Hits, others: Sequence[Hits]) -> Hits:
        """What is in none of the others."""
        stays = np.ones(len(self.numbers), np.bool_)
        for other in others:
            stays[other.places] = False
        chosen = stays[hits.places]
        return Hits(hits.places[chosen], hits.scores[chosen])

    def filtered(self, hits: Hits, condition: str, parameters: Sequence[Comparable]) -> Hits:
        """Those that a filter lets through."""
        chosen = self.all_passing(condition, parameters)[hits.places]
        return Hits(hits.places[chosen], hits.scores[chosen])

    def passing(self, places: Places, condition: str, parameters: Sequence[Comparable]) -> Mask:
        """For a few documents, which of them a filter lets through."""
        known = self._masks.get((condition, tuple(parameters)))
        if known is not None:
            return known[places]
        listed = ",".join(map(str, self.numbers[places].tolist()))
        source = f"FROM {self._values} AS d WHERE d.id IN ({listed}) AND {condition}"
        return np.isin(self.numbers[places], _numbers(self._connection, "d.id", source, parameters))

    def all_passing(self, condition: str, parameters: Sequence[Comparable]) -> Mask:
        """For each document, whether a filter lets it through."""
        key = (condition, tuple(parameters))
        if key not in self._masks:
            numbers = _numbers(self._connection, "d.id", f"FROM {self._values} AS d WHERE {condition}", parameters)
            mask = np.zeros(len(self.numbers), np.bool_)
            mask[self.places(numbers)] = True
            _keep(self._masks, key, mask)
        return self._masks[key]

    def ranks(self, term: str) -> Places:
        """For each document its rank by one term of an order; equal ones have the same."""
        if term not in self._ranks:
            asked = f"SELECT dense_rank() OVER (ORDER BY {term}), d.id FROM {self._values} AS d ORDER BY d.id"
            _keep(self._ranks, term, np.fromiter((rank for rank, _ in self._connection.execute(asked)), np.int64))
        return self._ranks[term]


def _room(atom: str, hits: Hits) -> int:
    return len(hits.places) + HITS_OF_NOTHING + len(atom) // 16


def _numbers(connection: sqlite3.Connection, column: str, source: str, parameters: Sequence[Comparable] = ()) -> Places:
    """Row numbers in ascending order."""
    (numbers,) = connection.execute(f"SELECT group_concat({column}) {source}", list(parameters)).fetchone()
    return np.sort(_parsed(numbers, np.int64))


def _parsed(text: str | None, kind: type[Number]) -> NDArray[Number]:
    """Numbers that SQLite has put into one text: handed over row by row they would take ten times as long."""
    return np.fromstring(text, kind, sep=",") if text else np.empty(0, kind)


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    if len(kept) > MOST_MASKS:
        kept.popitem(last=False)

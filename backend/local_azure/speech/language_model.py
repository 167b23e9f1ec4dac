"""The language model of the documents: which words people are likely to say one after the other when they ask about them.

Trigrams of the documents' sentences and of the beginnings of questions, smoothed after Witten and Bell, mixed half and half with
what a model of general English says, and written as an ARPA file. Pure arithmetic; knows neither the recogniser nor files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BEGIN, END = "<s>", "</s>"

GENERAL_SHARE = 0.5
"""How much the general model has to say. Half: at less, questions about anything else turn into the documents' words."""

WORTH_KEEPING = 1e-6
"""A bigram is kept where it changes the log-probability of its word, weighted by how often it occurs, by more than this."""

ASKED_ALWAYS_ABOVE = 5e-4
"""After words that make up more than this of all words, the general model is asked about every word."""

ASKED_AFTER_OTHERS = 250
"""After rarer words it is asked about so many of the most probable ones and about those seen there; few others could be worth keeping."""

SAMPLED = 15
"""How it treats all others after a rare word is taken from so many of them: nearly always the same factor, its back-off weight."""

Probabilities = npt.NDArray[np.float64]
General = Callable[[Sequence[str], Sequence[str]], Probabilities]
"""What general English says: the probability of each of the given words after a history of zero to two words, oldest first."""


@dataclass
class Counts:
    """How often which word followed which. Trigrams by (word before last, last), bigrams by (last,), words by ()."""

    after: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, words: Sequence[str], *, weight: int = 1, begins: bool = True, ends: bool = True) -> None:
        """Count one sentence, or the part of one that does not begin or end it."""
        line = [*([BEGIN] if begins else []), *words, *([END] if ends else [])]
        for at in range(begins, len(line)):
            for length in range(min(2, at) + 1):
                self.after[tuple(line[at - length : at])][line[at]] += weight

    def words(self) -> Counter[str]:
        """Every word with its count, without the marks of a sentence's ends."""
        return Counter({word: count for word, count in self.after[()].items() if word != END})


@dataclass(frozen=True, slots=True)
class _Row:
    """What follows one word: the bigrams worth keeping (`at` sorted), the weight of all others, the general total over our words."""

    at: npt.NDArray[np.intp]
    kept: Probabilities
    weight: float
    general: float


class LanguageModel:
    """The mixture over a fixed vocabulary. Raises nothing; words of the counts that are not in the vocabulary are left out."""

    def __init__(self, counts: Counts, vocabulary: Iterable[str], general: General, wide: Container[tuple[str, ...]] = ()) -> None:
        """After the pairs of words in `wide` the general model is asked about every word, not only about those that were seen."""
        self._counts = counts.after
        self._wide = wide
        self._general = general
        self.words = [END, *sorted(set(vocabulary) - {BEGIN, END})]
        self._index = {word: at for at, word in enumerate(self.words)}
        self._seen = {history: self._indexed(counted) for history, counted in self._counts.items()}
        self._local = self._smooth((), np.full(len(self.words), 1 / len(self.words)))
        self._general_single = general(self.words, ())
        self._single = (1 - GENERAL_SHARE) * self._local + GENERAL_SHARE * self._general_single / self._general_single.sum()
        by_frequency = np.argsort(-self._general_single)
        others = [index for index in by_frequency[ASKED_AFTER_OTHERS:].tolist() if self._general_single[index] > 0]
        self._likely = set(by_frequency[:ASKED_AFTER_OTHERS].tolist())
        self._sample = others[:: max(len(others) // SAMPLED, 1)]

    def _indexed(self, counted: Counter[str]) -> tuple[npt.NDArray[np.intp], Probabilities]:
        """Where the counted words stand in the vocabulary, in order, and their counts."""
        known = sorted((self._index[word], count) for word, count in counted.items() if word in self._index)
        return np.array([index for index, _ in known], np.intp), np.array([count for _, count in known], np.float64)

    def _smooth(self, history: tuple[str, ...], shorter: Probabilities, only: npt.NDArray[np.intp] | None = None) -> Probabilities:
        """Witten and Bell: trust what was seen as far as it was often and in few words. For all words, or those in `only`."""
        at, counts = self._seen.get(history, _NOTHING)
        if not len(at):
            return shorter
        smoothed: Probabilities = len(at) * shorter
        if only is None:
            smoothed[at] += counts
        else:
            place = np.minimum(np.searchsorted(at, only), len(at) - 1)
            smoothed += np.where(at[place] == only, counts[place], 0)
        smoothed /= counts.sum() + len(at)
        return smoothed

    def arpa(self) -> Iterator[str]:
        """The model as lines of an ARPA file."""
        seconds = defaultdict(list)
        for first, second in self._pairs():
            seconds[first].append(second)
        rows = {word: self._row(word, seconds.get(word, [])) for word in [BEGIN, *self.words[1:]]}
        pairs: list[str] = []
        triples: list[str] = []
        for first, row in rows.items():
            weights = {}
            for second in sorted(seconds.get(first, [])):
                weights[second], lines = self._after(first, second, rows[second])
                triples += lines
            for index, probability in zip(row.at.tolist(), row.kept.tolist(), strict=True):
                pairs.append(_line(probability, (first, self.words[index]), weights.get(self.words[index])))
        yield from ("\\data\\", f"ngram 1={len(self.words) + 1}", f"ngram 2={len(pairs)}", f"ngram 3={len(triples)}")
        yield from ("", "\\1-grams:", f"-99 {BEGIN} {_log(rows[BEGIN].weight):.4f}")
        for word, probability in zip(self.words, self._single.tolist(), strict=True):
            yield _line(probability, (word,), rows[word].weight if word in rows else None)
        yield from ("", "\\2-grams:", *pairs, "", "\\3-grams:", *triples, "", "\\end\\")

    def _pairs(self) -> Iterator[tuple[str, str]]:
        """The histories of two words that have something to say."""
        for history, counted in self._counts.items():
            if len(history) == 1 and (history[0] in self._index or history[0] == BEGIN):
                for second in counted:
                    pair = (*history, second)
                    if second in self._index and second != END and (pair in self._counts or pair in self._wide):
                        yield history[0], second

    def _row(self, word: str, seconds: list[str]) -> _Row:
        mixed = (1 - GENERAL_SHARE) * self._smooth((word,), self._local)
        general = self._general_after(word)
        total = float(general.sum())
        mixed += GENERAL_SHARE * (general / total)
        worth = self._frequency(word) * mixed * np.abs(np.log(mixed / self._single)) > WORTH_KEEPING
        worth[[self._index[second] for second in seconds]] = True  # a trigram needs its bigram in the file
        at = np.flatnonzero(worth)
        return _Row(at, mixed[at], _back_off(mixed[at], self._single[at]), total)

    def _general_after(self, word: str) -> Probabilities:
        """The general model's probabilities after one word; for a rare word most of them are inferred from a sample."""
        if self._frequency(word) > ASKED_ALWAYS_ABOVE or not self._sample:
            return self._general(self.words, (word,))
        asked = sorted(self._likely | set(self._seen.get((word,), _NOTHING)[0].tolist()) | set(self._sample))
        said = self._general([self.words[index] for index in asked], (word,))
        sampled = said[np.searchsorted(asked, self._sample)] / self._general_single[self._sample]
        after: Probabilities = self._general_single * float(np.median(sampled))
        after[asked] = said
        return after if after.sum() > 0 else self._general_single  # it may know nothing of a word of the documents

    def _frequency(self, word: str) -> float:
        if word != BEGIN:
            return float(self._single[self._index[word]])
        return self._counts[(BEGIN,)].total() / max(self._counts[()].total(), 1)

    def _after(self, first: str, second: str, row: _Row) -> tuple[float, list[str]]:
        """The back-off weight of two words, and the lines of what follows them."""
        seen, _ = self._seen.get((first, second), _NOTHING)
        at = np.arange(len(self.words)) if (first, second) in self._wide else seen
        words = [self.words[index] for index in at]
        local = self._smooth((first, second), self._smooth((second,), self._local[at], at), at)
        mixed = (1 - GENERAL_SHARE) * local + GENERAL_SHARE * self._general(words, (first, second)) / row.general
        shorter = row.weight * self._single[at]
        if len(row.at):
            place = np.minimum(np.searchsorted(row.at, at), len(row.at) - 1)
            shorter = np.where(row.at[place] == at, row.kept[place], shorter)
        if len(at) > len(seen):
            often = self._counts[(first,)][second] / self._counts[()].total()
            worth = often * mixed * np.abs(np.log(mixed / shorter)) > WORTH_KEEPING
            worth[seen] = True
            at, mixed, shorter = at[worth], mixed[worth], shorter[worth]
            words = [self.words[index] for index in at]
        lines = [_line(probability, (first, second, word), None) for probability, word in zip(mixed.tolist(), words, strict=True)]
        return _back_off(mixed, shorter), lines


_NOTHING = (np.array([], np.intp), np.array([], np.float64))


def _back_off(kept: Probabilities, shorter: Probabilities) -> float:
    """What the shorter history's probabilities are multiplied with, so that all words together have a probability of one."""
    left, below = 1 - float(kept.sum()), 1 - float(shorter.sum())
    return max(left, 1e-9) / max(below, 1e-9)


def _log(probability: float) -> float:
    return float(np.log10(max(probability, 1e-12)))


def _line(probability: float, words: tuple[str, ...], back_off: float | None) -> str:
    line = f"{_log(probability):.4f} {' '.join(words)}"
    return line if back_off is None else f"{line} {_log(back_off):.4f}"

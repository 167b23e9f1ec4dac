"""The model's arithmetic, with a general model that the test makes; its ARPA file is read back by a few lines of the test's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from local_azure.speech.language_model import BEGIN, END, Counts, LanguageModel, Probabilities

TEXT = (
    "you can work from abroad for twenty days",
    "you can work from home for three days a week",
    "the days from abroad are counted in the portal",
)
EXTRA = ("penguin", "zebra", "coffee")


def general(words: Sequence[str], history: Sequence[str]) -> Probabilities:
    """Likes short words, and coffee after "the"; knows no zebra."""
    liked_after = {"coffee": 20.0} if history and history[-1] == "the" else {}
    return np.array([0.0 if word == "zebra" else liked_after.get(word, 1.0) / len(word) / 50 for word in words])


class Arpa:
    """What an ARPA file says."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.known: dict[tuple[str, ...], tuple[float, float]] = {}
        self.sizes = [int(line.partition("=")[2]) for line in lines if line.startswith("ngram ")]
        length, counted = 0, [0, 0, 0]
        for line in lines:
            if line.endswith("-grams:"):
                length = int(line[1])
            elif length and line and not line.startswith("\\"):
                first, *rest = line.split()
                counted[length - 1] += 1
                self.known[tuple(rest[:length])] = (10 ** float(first), 10 ** float(rest[length]) if len(rest) > length else 1.0)
        assert counted == self.sizes

    def probability(self, word: str, *history: str) -> float:
        if (*history, word) in self.known:
            return self.known[*history, word][0]
        return self.known.get(history, (0, 1.0))[1] * self.probability(word, *history[1:])


@pytest.fixture(scope="module")
def model() -> tuple[LanguageModel, Arpa]:
    counts = Counts()
    for line in TEXT:
        counts.add(line.split())
    counts.add(["how", "many"], weight=3, ends=False)
    made = LanguageModel(counts, {*counts.words(), *EXTRA}, general, wide={("how", "many"), (BEGIN, "you")})
    return made, Arpa(list(made.arpa()))


@pytest.mark.parametrize(
    "history", [(), (BEGIN,), ("from",), ("zebra",), (BEGIN, "you"), ("how", "many"), ("work", "from"), ("zebra", "the")]
)
def test_after_every_history_all_words_together_have_a_probability_of_one(
    model: tuple[LanguageModel, Arpa], history: tuple[str, ...]
) -> None:
    made, arpa = model
    assert sum(arpa.probability(word, *history) for word in made.words) == pytest.approx(1, abs=2e-3)


def test_what_the_documents_say_is_likelier_than_what_they_do_not(model: tuple[LanguageModel, Arpa]) -> None:
    _, arpa = model
    assert arpa.probability("abroad", "work", "from") > 5 * arpa.probability("portal", "work", "from")
    assert arpa.probability("many", BEGIN, "how") > 0.3


def test_words_of_general_english_are_possible_and_what_it_knows_of_them_counts(model: tuple[LanguageModel, Arpa]) -> None:
    _, arpa = model
    assert arpa.probability("zebra", "many") > 0
    assert arpa.probability("coffee", "the") > 10 * arpa.probability("coffee", "for")


def test_a_sentence_may_end_where_one_ended_and_hardly_after_the_beginning_of_a_question(model: tuple[LanguageModel, Arpa]) -> None:
    _, arpa = model
    assert arpa.probability(END, "twenty", "days") > arpa.probability(END, "how", "many")


def test_a_vocabulary_without_documents_makes_a_model_too() -> None:
    made = LanguageModel(Counts(), EXTRA, general)
    arpa = Arpa(list(made.arpa()))
    assert sum(arpa.probability(word, "coffee") for word in made.words) == pytest.approx(1, abs=2e-3)

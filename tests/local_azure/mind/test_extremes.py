"""The cheapest, the nearest and the highest row of a table; words that mean the same, are of a kind or are derived from one another."""

from __future__ import annotations

import pytest

from local_azure.mind.choosing import choose
from local_azure.mind.outputs import Passage
from local_azure.mind.question import understand
from local_azure.mind.thesaurus import GROUPS, KINDS, OPPOSITES
from local_azure.mind.words import nearness, stem

HUTS = (
    Passage(
        "The huts\n\n| Hut | Price a night | Way from the pass |\n|---|---|---|\n| Birch hut | 31 euros | 95 minutes |\n"
        "| Larch hut | 24 euros | 140 minutes |\n| Rowan hut | 1,050 euros | 20 minutes |\n\nA hut is swept before it is left.",
        1,
        "Mountain huts",
    ),
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which hut is the cheapest?", "Larch hut"),
        ("Which is the most expensive hut?", "Rowan hut"),
        ("Which hut is nearest to the pass?", "Rowan hut"),
        ("what is the least expensive hut", "Larch hut"),
    ],
)
def test_the_outermost_row_of_the_column_that_was_asked_for_is_told(question: str, named: str) -> None:
    choice = choose(understand([question]), HUTS)
    assert choice is not None
    assert choice.sentences[0].startswith(named)


def test_no_row_is_the_cheapest_of_what_the_table_is_not_about() -> None:
    assert choose(understand(["Which submarine is the cheapest?"]), HUTS) is None


@pytest.mark.parametrize(
    ("one", "other"), [("taxi", "cab"), ("wine", "alcohol"), ("compulsory", "voluntary"), ("noisy", "noise"), ("disabled", "disability")]
)
def test_words_are_near_that_mean_the_same_are_of_a_kind_or_of_one_root(one: str, other: str) -> None:
    assert nearness(stem(one), stem(other)) >= 0.7
    assert nearness(stem(other), stem(one)) >= 0.7


def test_two_of_a_kind_are_not_the_same() -> None:
    assert nearness(stem("wine"), stem("whisky")) == 0
    assert nearness(stem("saturday"), stem("sunday")) == 0


def test_the_thesaurus_names_no_word_alone_and_none_in_several_words() -> None:
    assert all(len(group) > 1 for group in GROUPS)
    assert all(kind.isalpha() and members for kind, members in (*KINDS, *OPPOSITES))

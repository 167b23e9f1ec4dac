"""Vectors are near where words are shared, and the same for ever."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.commands import ROOT

from local_azure.embeddings.lexical import estimated_tokens, vector, vector_of_tokens

QUESTION = "How do I declare a bicycle?"


def near(a: str, b: str) -> float:
    return math.fsum(x * y for x, y in zip(vector(a, 1536), vector(b, 1536), strict=True))


@given(st.text(max_size=60), st.integers(1, 300))
@example(" ", 1536)
@example("???", 1536)
@example("a", 1)
@example("", 1)
def test_every_vector_has_the_dimensions_asked_for_and_length_1(text: str, dimensions: int) -> None:
    made = vector(text, dimensions)
    assert len(made) == dimensions
    assert math.hypot(*made) == pytest.approx(1.0)


def test_texts_without_words_are_near_themselves_alone() -> None:
    assert near("???", "???") == pytest.approx(1.0)
    assert near("???", "!!!") == near("???", " ") == 0.0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=9), st.integers(1, 9))
def test_every_vector_of_tokens_has_length_1_too(tokens: list[int], dimensions: int) -> None:
    assert math.hypot(*vector_of_tokens(tokens, dimensions)) == pytest.approx(1.0)


def test_texts_that_share_words_or_parts_of_words_are_nearer_than_those_that_do_not() -> None:
    same, related, other = "declare a bicycle", "the declaration of bicycles", "Descale the coffee machine."
    assert near(QUESTION, same) > near(QUESTION, related) > 0.2 > abs(near(QUESTION, other))
    assert near("Straße", "strasse") < near("Straße", "straße") == pytest.approx(1.0)


def test_words_that_every_text_has_count_little() -> None:
    assert near("what is the visa for", "what is the coffee for") < 0.4


def test_only_the_order_of_words_tells_two_texts_of_the_same_words_apart() -> None:
    assert 0.6 < near("red apple green pear", "green apple red pear") < 0.999


def test_the_vector_is_the_same_in_another_process() -> None:
    program = f"import sys; from local_azure.embeddings.lexical import vector; print(vector({QUESTION!r}, 8))"
    said = [
        subprocess.run(  # noqa: S603 - this Python, with the program above
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(ROOT / "backend"), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert said == [str(vector(QUESTION, 8))] * 2


def test_the_vector_is_the_one_that_it_always_was() -> None:
    """A stored vector must still fit the questions of a later version; whoever changes this must raise the store's format."""
    assert [round(x, 6) for x in vector(QUESTION, 6)] == PINNED


PINNED = [-0.230443, -0.054927, -0.142484, -0.845784, 0.455225, -0.031572]


def test_tokens_make_vectors_too() -> None:
    assert vector_of_tokens([1, 2, 3], 64) == vector_of_tokens([1, 2, 3], 64) != vector_of_tokens([1, 2, 4], 64)
    assert math.hypot(*vector_of_tokens([5], 64)) == pytest.approx(1.0)


def test_tokens_are_estimated_by_words_and_marks() -> None:
    assert [estimated_tokens(text) for text in ("", "one", "a bicycle.", "internationalisation")] == [0, 1, 4, 4]

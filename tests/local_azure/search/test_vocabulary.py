"""The words that a pattern finds: nothing that is left out unread may fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.automaton import Edits, Reader
from local_azure.search.vocabulary import Column

LETTERS = "abcoö_7\u0161\u0121"
"""Of which a, š and ġ share a bit: they stand a multiple of 64 apart."""
WORDS = st.text(LETTERS, max_size=6)


@given(words=st.sets(WORDS, max_size=30), word=WORDS, edits=st.integers(0, 2))
def test_what_is_like_a_word_is_what_reading_every_word_finds(words: set[str], word: str, edits: int) -> None:
    column = Column(dict.fromkeys(words, 1))
    assert list(column.like(Edits(word, edits))) == list(column.found(Reader(Edits(word, edits)), whole=False))


def test_letters_left_out_added_exchanged_and_swapped_are_found_and_others_are_not() -> None:
    column = Column(dict.fromkeys(["coffee", "cofee", "coffeee", "coffea", "ocffee", "toffee", "office", "machine"], 1))
    found = {token: edits for edits, _, token in column.like(Edits("coffee", 1))}
    assert found == {"coffee": 0, "cofee": 1, "coffeee": 1, "coffea": 1, "ocffee": 1, "toffee": 1}

from __future__ import annotations

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.automaton import Edits, Reader, Wildcard
from local_azure.search.refusal import Refusal
from local_azure.search.regex import Expression

WORDS = st.text(alphabet="abc", max_size=7)


def distance(one: str, other: str) -> int:
    """Edits by the textbook's table: insertions, deletions, substitutions and swaps of neighbours."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(word=WORDS, others=st.lists(WORDS, max_size=20), most=st.integers(0, 2))
def test_edits_are_counted_as_the_textbook_counts_them(word: str, others: list[str], most: int) -> None:
    reader = Reader(Edits(word, most))
    for other in others:
        edits = distance(word, other)
        assert reader.reads(other) == (edits if edits <= most else None)


@given(parts=st.lists(st.sampled_from(["a", "b", "c", "", None]), max_size=8), words=st.lists(WORDS, max_size=20))
def test_wildcards_fit_what_a_shell_says_they_fit(parts: list[str | None], words: list[str]) -> None:
    reader = Reader(Wildcard(parts))
    pattern = "".join("*" if part is None else part or "?" for part in parts)
    for word in words:
        assert (reader.reads(word) == 0) == fnmatch.fnmatchcase(word, pattern)


PIECES = st.recursive(
    st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", "\\."]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}"])).map(lambda pair: f"({pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)


@given(text=PIECES, words=st.lists(WORDS, max_size=20))
def test_expressions_fit_what_python_says_they_fit(text: str, words: list[str]) -> None:
    reader = Reader(Expression(text, lambda letter: letter))
    for word in words:
        assert (reader.reads(word) == 0) == bool(re.fullmatch(text, word)), word


def test_an_expression_that_python_would_never_finish_is_read_in_no_time() -> None:
    assert Reader(Expression("(a+)+(a|aa)*b", lambda letter: letter)).reads("a" * 255) is None


def test_a_pattern_that_needs_too_many_states_is_refused() -> None:
    reader = Reader(Expression("(a|b)*a(a|b){20}c", lambda letter: letter))
    words = (f"{number:016b}".translate({48: "a", 49: "b"}) * 2 for number in range(2**16))
    with pytest.raises(Refusal, match="InvalidRequestParameter"):
        _ = [reader.reads(word) for word in words]

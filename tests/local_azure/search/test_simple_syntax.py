from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.refusal import Refusal
from local_azure.search.simple_syntax import MAX_DEPTH, MAX_TERMS, Asked, Joined, Phrase, Without, Word, parse

A, B, C = Word("a"), Word("b"), Word("c")


def any_of(*parts: Asked) -> Joined:
    return Joined(parts, every=False)


def all_of(*parts: Asked) -> Joined:
    return Joined(parts, every=True)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  ", None),
        ("+ | -", None),
        ("a", A),
        ("a b", any_of(A, B)),
        ("a + b", all_of(A, B)),
        ("a+b", all_of(A, B)),
        ("a | b", any_of(A, B)),
        ("a + b c", any_of(all_of(A, B), C)),
        ("a | b + c", all_of(any_of(A, B), C)),
        ("a + (b | c)", all_of(A, any_of(B, C))),
        ("a -b", any_of(A, Without(B))),
        ("a - b", any_of(A, B)),
        ("a --b", any_of(A, B)),
        ("full-time", Word("full-time")),
        ('"a b" c', any_of(Phrase("a b"), C)),
        ('"a b', any_of(A, B)),
        ("a*", Word("a", prefix=True)),
        ("a\\*", Word("a*")),
        ("\\+a", Word("+a")),
        ("*", None),
        (")a(", A),
        ("(a b)c", any_of(any_of(A, B), C)),
    ],
)
def test_operators_bind_from_left_to_right(text: str, tree: Asked | None) -> None:
    assert parse(text, every=False) == tree


def test_the_mode_decides_what_a_blank_means() -> None:
    assert parse("a b -c", every=True) == all_of(A, B, Without(C))
    assert parse("a | b c", every=True) == all_of(any_of(A, B), C)


@pytest.mark.parametrize("text", ["(" * (MAX_DEPTH + 2), "a " * (MAX_TERMS + 1)])
def test_a_query_beyond_all_bounds_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        parse(text, every=False)


@given(st.text(max_size=60) | st.lists(st.sampled_from(list('ab +-|()"*\\')), max_size=30).map("".join))
def test_no_text_breaks_the_parser(text: str) -> None:
    parse(text, every=False)

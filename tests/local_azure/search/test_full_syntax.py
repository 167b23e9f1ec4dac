"""The tree of a query in the full syntax, and where what is none stops being one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.full_syntax import MAX_CLAUSES, MAX_DEPTH, MAX_PATTERNS, parse_full
from local_azure.search.full_tree import Boosted, Clauses, Everything, Fuzzy, Node, Occur, Plain, Quoted, Regex, Wild
from local_azure.search.refusal import Refusal

MUST, MAY, NOT = Occur.MUST, Occur.SHOULD, Occur.NOT
A, B, C = Plain("a"), Plain("b"), Plain("c")


def root(text: str, *, every: bool = False) -> Node | None:
    return parse_full(text, every=every).root


@pytest.mark.parametrize(
    ("text", "any_mode", "all_mode"),
    [
        ("a b", [(MAY, A), (MAY, B)], [(MUST, A), (MUST, B)]),
        ("a AND b", [(MUST, A), (MUST, B)], [(MUST, A), (MUST, B)]),
        ("a && b c", [(MUST, A), (MUST, B), (MAY, C)], [(MUST, A), (MUST, B), (MUST, C)]),
        ("a OR b", [(MAY, A), (MAY, B)], [(MAY, A), (MAY, B)]),
        ("a || b c", [(MAY, A), (MAY, B), (MAY, C)], [(MAY, A), (MAY, B), (MUST, C)]),
        ("a OR b AND c", [(MAY, A), (MUST, B), (MUST, C)], [(MAY, A), (MUST, B), (MUST, C)]),
        ("+a b", [(MUST, A), (MAY, B)], [(MUST, A), (MUST, B)]),
        ("a -b !c", [(MAY, A), (NOT, B), (NOT, C)], [(MUST, A), (NOT, B), (NOT, C)]),
        ("a AND NOT b", [(MUST, A), (NOT, B)], [(MUST, A), (NOT, B)]),
    ],
)
def test_operators_make_clauses_as_in_lucene(text: str, any_mode: list[tuple[Occur, Node]], all_mode: list[tuple[Occur, Node]]) -> None:
    assert root(text) == Clauses(tuple(any_mode))
    assert root(text, every=True) == Clauses(tuple(all_mode))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"a b"', Quoted("a b")),
        ('"a b"~3', Quoted("a b", 3)),
        ('"a \\" b"^2.5', Boosted(Quoted('a " b'), 2.5)),
        ("roam~", Fuzzy("roam", 2)),
        ("roam~1", Fuzzy("roam", 1)),
        ("roam~0", Fuzzy("roam", 0)),
        ("roam~9", Fuzzy("roam", 2)),
        ("roam~0.8", Fuzzy("roam", 0)),
        ("roams~0.7", Fuzzy("roams", 1)),
        ("te?t*", Wild(("t", "e", "", "t", None))),
        ("te\\?t", Plain("te?t")),
        ("te\\**", Wild(("t", "e", "*", None))),
        ("/[mh]otel/", Regex("[mh]otel")),
        ("/a\\/b/", Regex("a\\/b")),
        ("title:a", Plain("a", "title")),
        ("title:(a title2:b)", Clauses(((MAY, Plain("a", "title")), (MAY, Plain("b", "title2"))))),
        ("(a)^2", Boosted(A, 2.0)),
        ("*:*", Everything()),
        ("a\\+b", Plain("a+b")),
        ("\\u0041", Plain("A")),
        ("a-b", Plain("a-b")),
        ("ANDROID", Plain("ANDROID")),
        ("and", Plain("and")),
        ("a + b", Clauses(((MAY, A), (MAY, B)))),
        ("", None),
        (" \t", None),
    ],
)
def test_each_form_is_read_as_what_it_means(text: str, tree: Node | None) -> None:
    assert root(text) == tree


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('""bing"', "line 1, column 7"),
        ("(a", "line 1, column 3"),
        ("a)", "line 1, column 2"),
        ("a\n AND", "line 2, column 5"),
        ("AND", "line 1, column 1"),
        ("a^", "line 1, column 2"),
        ("a^0", "line 1, column 2"),
        ("a~1.5", "line 1, column 2"),
        ("*a", "line 1, column 1"),
        ("title:?a", "line 1, column 7"),
        ("title:", "line 1, column 7"),
        ("()", "line 1, column 3"),
        ("/a", "line 1, column 1"),
        ("a\\", "line 1, column 2"),
        ("-a", "line 1, column 1"),
        ("-a NOT b", "line 1, column 1"),
    ],
)
def test_what_is_no_query_is_refused_in_the_services_words_with_the_place(text: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        root(text)
    assert (refused.value.status, refused.value.code) == (400, "InvalidRequestParameter")
    assert refused.value.message.startswith(f"Failed to parse query string at {where}.")
    assert refused.value.body()["error"]["details"][0]["code"] == "InvalidSearchSyntax"


@pytest.mark.parametrize("text", ["[a TO b]", "page:{1 TO 5}"])
def test_ranges_are_refused_by_name(text: str) -> None:
    with pytest.raises(Refusal, match="NotOffered"):
        root(text)


@pytest.mark.parametrize(
    "text", ["a " * (MAX_CLAUSES + 1), "(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2), "a~ " * (MAX_PATTERNS + 1), "a^9999999"]
)
def test_what_is_beyond_all_bounds_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="400"):
        root(text)


def test_as_much_as_the_bounds_allow_is_read() -> None:
    assert root("a " * MAX_CLAUSES) is not None
    assert root("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A


NOISE = st.text(max_size=60) | st.lists(
    st.sampled_from([*'ab"*?+-!|&():/\\~^[]{}. 12', "AND ", "OR ", "NOT ", "title:", "&&", "||"]), max_size=30
).map("".join)


@given(NOISE, st.booleans())
def test_whatever_is_typed_is_a_tree_or_a_refusal(text: str, every: bool) -> None:
    with contextlib.suppress(Refusal):
        root(text, every=every)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.search import edm
from local_azure.search.filter_grammar import MAX_CLAUSES, MAX_DEPTH, Both, Compare, Either, Literal, Name, Never, Node, Truth, parse
from local_azure.search.refusal import NOT_OFFERED, Refusal


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    a, b, c = (Truth(Name(name, place)) for name, place in (("a", 0), ("b", 5), ("c", 15)))
    assert parse("a or b and not c") == Either((a, Both((b, Never(c)))))


def test_without_parentheses_not_is_about_the_name_alone() -> None:
    assert parse("not draft and page gt 5") == Both((Never(Truth(Name("draft", 4))), parse_at(14, "page gt 5")))
    assert parse("not page gt 5") == Never(Truth(Name("page", 4)), compared_at=4)
    assert parse("not (page gt 5)") == Never(parse_at(5, "page gt 5"))
    assert parse("not not (page gt 5)") == parse_at(9, "page gt 5")


@pytest.mark.parametrize(
    ("literal", "kind"), [("5", "Edm.Int32"), ("5000000000", "Edm.Int64"), ("5.5", "Edm.Double"), ("'a'", "Edm.String")]
)
def test_not_before_a_literal_that_is_not_boolean_is_refused_in_the_services_words(literal: str, kind: str) -> None:
    with pytest.raises(Refusal, match="400") as refused:
        parse(f"not {literal} lt page")
    told = f"A unary operator with an incompatible type was detected. Found operand type '{kind}' for operator kind 'Not'."
    assert told in refused.value.message


def parse_at(position: int, text: str) -> Node:
    """The tree of `text` where it stands in the middle of a longer one."""
    return parse(" " * position + text)


def test_a_literal_on_the_left_is_turned_round() -> None:
    assert parse("5 lt page") == Compare(Name("page", 5), "gt", Literal(edm.INT64, 5))


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("'it''s'", Literal(edm.STRING, "it's")),
        ("-12", Literal(edm.INT64, -12)),
        ("1.5e3", Literal(edm.DOUBLE, 1500.0)),
        ("true", Literal(edm.BOOLEAN, True)),
        ("null", Literal(None, None)),
        ("2026-01-02T03:04:05+01:00", Literal(edm.DATE, "2026-01-02T02:04:05Z")),
    ],
)
def test_every_kind_of_literal_is_read(text: str, literal: Literal) -> None:
    assert parse(f"x eq {text}") == Compare(Name("x", 0), "eq", literal)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("page eq", 7),
        ("page eq 1 and", 13),
        ("(page eq 1", 10),
        ("page eq 1)", 9),
        ("page = 1", 5),
        ("page eq 'one", 8),
        ("name eq 1x", 8),
        ("nonsense(page)", 0),
        ("groups/all()", 11),
        ("1 and page", 0),
        ("a b", 2),
        ("not page and not", 16),
        ("not true eq draft", 4),
        ("not null eq page", 4),
        ("page gt (5)", 8),
        ("groups/any(g: g eq 'board\0secret')", 19),
        ("search.in(name, 'a\0b')", 16),
        ("search.in(name, 'ab', '\0')", 22),
    ],
)
def test_a_syntax_error_says_where_it_stands(text: str, position: int) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert f"position {position} " in refused.value.message
    assert "$filter" in refused.value.message


@pytest.mark.parametrize("text", ["geo.distance(a, b) lt 1", "search.ismatch('a')", "rooms/rate eq 1", "x eq NaN"])
def test_what_is_not_offered_is_named(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.code == NOT_OFFERED


@pytest.mark.parametrize(
    "text", ["(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2), " and ".join("a" * (MAX_CLAUSES + 1)), "(" * 100_000]
)
def test_a_filter_beyond_all_bounds_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        parse(text)


def test_not_may_be_said_very_often() -> None:
    assert parse("not " * 50_001 + "a") == Never(Truth(Name("a", 4 * 50_001)))


PIECES = st.sampled_from(
    ["a", " ", "eq", "and", "not", "(", ")", "'", "1", ".", "-", "/any(", "g:", ",", "search.in(", "null", "ö", "\x00", "\n"]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join)))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        parse(text)
    except Refusal as refusal:
        assert refusal.status == 400  # noqa: PT017 - most texts are refused, some are filters

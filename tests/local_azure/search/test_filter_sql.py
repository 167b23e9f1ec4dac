"""Filters against a plain Python evaluation of the same tree, on the same documents in SQLite."""

from __future__ import annotations

import operator
import random
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from local_azure.search import catalogue, edm
from local_azure.search.document import read_batch
from local_azure.search.documents import Documents
from local_azure.search.filter_grammar import Both, Compare, Constant, Each, Either, Literal, Name, Never, Node, Truth, Within, parse
from local_azure.search.filter_sql import condition
from local_azure.search.refusal import Refusal
from local_azure.search.schema import read_index

INDEX = read_index(
    {
        "name": "filtered",
        "fields": [
            {"name": "id", "type": "Edm.String", "key": True},
            {"name": "name", "type": "Edm.String"},
            {"name": "page", "type": "Edm.Int32"},
            {"name": "size", "type": "Edm.Double"},
            {"name": "draft", "type": "Edm.Boolean"},
            {"name": "modified", "type": "Edm.DateTimeOffset"},
            {"name": "groups", "type": "Collection(Edm.String)"},
            {"name": "years", "type": "Collection(Edm.Int32)"},
            {"name": "hidden", "type": "Edm.String", "filterable": False},
        ],
    }
)
STRINGS = ["a", "b", "it's", "", "B", "ö", "a,b"]
CUT = "a\0b"
"""What SQLite's JSON functions would cut to the first of these."""
NUMBERS = [-1, 0, 1, 2, 7]
SIZES = [-0.5, 0.0, 1.0, 2.5]
DATES = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2025-12-31T23:00:00-02:00", "1969-12-31T00:00:00Z"]


def known_dates() -> list[str]:
    return [str(edm.normal(edm.DATE, text)) for text in DATES]


def documents() -> list[dict[str, Any]]:
    """Forty documents in which every value meets every other, nulls included."""

    def at(values: list[Any], place: int) -> Any:
        return [None, *values][place % (len(values) + 1)]

    return [
        {
            "id": f"d{n}",
            "name": at(STRINGS, n),
            "page": at(NUMBERS, n // 2),
            "size": at(SIZES, n // 3),
            "draft": at([True, False], n),
            "modified": at(known_dates(), n // 5),
            "groups": [STRINGS[m % len(STRINGS)] for m in range(n % 4)],
            "years": [NUMBERS[(n + m) % len(NUMBERS)] for m in range(n % 3)],
        }
        for n in range(40)
    ]


@pytest.fixture(scope="module")
def tables() -> Iterator[tuple[sqlite3.Connection, Documents]]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE indexes (id INTEGER PRIMARY KEY, name TEXT UNIQUE, etag TEXT, definition BLOB)")
    stored = catalogue.create(connection, INDEX).documents(connection)
    for action in read_batch({"value": documents()}, INDEX):
        assert stored.apply(action).problem is None
    refused = [{"id": "cut", "name": CUT, "groups": ["b"]}, {"id": "cut-too", "name": "b", "groups": ["b", CUT]}]
    for action in read_batch({"value": refused}, INDEX):
        assert stored.apply(action).code == 400
    yield connection, stored
    connection.close()


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "lt": operator.lt,
    "ge": operator.ge,
    "le": operator.le,
}
KINDS: dict[str, tuple[str, list[Any]]] = {
    "name": (edm.STRING, [*STRINGS, CUT]),
    "page": (edm.INT64, NUMBERS),
    "size": (edm.DOUBLE, SIZES),
    "draft": (edm.BOOLEAN, [True, False]),
    "modified": (edm.DATE, known_dates()),
}


def holds(node: Node, known: dict[str, Any]) -> bool:
    """What the filter means, in Python: two-valued, null equal to null alone, and ordered before or after nothing."""
    match node:
        case Both():
            return all(holds(part, known) for part in node.parts)
        case Either():
            return any(holds(part, known) for part in node.parts)
        case Never():
            return not holds(node.part, known)
        case Constant():
            return node.value
        case Truth():
            return known[node.name.text] is True
        case Within():
            return known[node.name.text] in node.values
        case Each():
            members = known[node.name.text]
            if node.body is None or node.variable is None:
                return bool(members)
            met = [holds(node.body, known | {node.variable: member}) for member in members]
            return all(met) if node.every else any(met)
        case Compare():
            left: Any = known[node.name.text]
            right: Any = node.literal.value
            if node.literal.kind == edm.DATE and isinstance(left, str):
                left, right = edm.read_date(left), edm.read_date(str(right))
            if node.operator in {"eq", "ne"}:
                return bool((left == right) == (node.operator == "eq"))
            return left is not None and COMPARED[node.operator](left, right)


TIGHTNESS = {Either: 0, Both: 1, Compare: 2}
"""Of what stands without parentheses; all else (a name, a constant, a call, a lambda, `not`) is tighter than these."""
AS_NOT = 3


def written(node: Node, around: int, chance: random.Random) -> str:
    """The text of a tree inside something that binds as tightly as `around`: parentheses where they are needed, and some where not."""
    tightness = TIGHTNESS.get(type(node), AS_NOT)
    text = bare(node, chance)
    return f"({text})" if tightness < around or chance.random() < 0.2 else text


def bare(node: Node, chance: random.Random) -> str:
    match node:
        case Both():
            return " and ".join(written(part, TIGHTNESS[Both], chance) for part in node.parts)
        case Either():
            return " or ".join(written(part, TIGHTNESS[Either], chance) for part in node.parts)
        case Never():
            return f"not {written(node.part, AS_NOT, chance)}"
        case Constant():
            return str(node.value).lower()
        case Truth():
            return node.name.text
        case Within():
            return f"search.in({node.name.text}, {quoted('|'.join(node.values))}, '|')"
        case Each():
            inner = "" if node.body is None else f"{node.variable}: {written(node.body, 0, chance)}"
            return f"{node.name.text}/{'all' if node.every else 'any'}({inner})"
        case Compare():
            return f"{node.name.text} {node.operator} {literal(node.literal)}"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def literal(given_literal: Literal) -> str:
    if given_literal.value is None:
        return "null"
    if given_literal.kind == edm.STRING:
        return quoted(str(given_literal.value))
    return str(given_literal.value).lower() if given_literal.kind == edm.BOOLEAN else str(given_literal.value)


def compares(name: str, kind: str, values: list[Any]) -> st.SearchStrategy[Node]:
    operators = ["eq", "ne"] if kind == edm.BOOLEAN else list(COMPARED)
    valued = st.builds(
        Compare, st.just(Name(name, 0)), st.sampled_from(operators), st.builds(Literal, st.just(kind), st.sampled_from(values))
    )
    nulls = st.builds(Compare, st.just(Name(name, 0)), st.sampled_from(["eq", "ne"]), st.just(Literal(None, None)))
    return st.one_of(valued, valued, nulls)


def joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(Both, several), st.builds(Either, several), st.builds(Never, parts))


def within(name: str) -> st.SearchStrategy[Node]:
    listed = st.lists(st.sampled_from([text for text in [*STRINGS, CUT] if text]), min_size=1, max_size=4).map(tuple)
    return st.builds(Within, st.just(Name(name, 0)), listed)


def each(name: str, kind: str, values: list[Any], more: st.SearchStrategy[Node] | None) -> st.SearchStrategy[Node]:
    leaf = compares("g", kind, values)
    body = st.recursive(leaf if more is None else st.one_of(leaf, more), joined, max_leaves=4)
    quantified = st.builds(Each, st.just(Name(name, 0)), st.booleans(), st.just("g"), body)
    return st.one_of(quantified, quantified, st.just(Each(Name(name, 0), False, None, None)))


LEAVES = st.one_of(
    *(compares(name, kind, values) for name, (kind, values) in KINDS.items()),
    st.just(Truth(Name("draft", 0))),
    st.builds(Constant, st.booleans()),
    within("name"),
    each("groups", edm.STRING, [*STRINGS, CUT], within("g")),
    each("years", edm.INT64, NUMBERS, None),
)
FILTERS = st.recursive(LEAVES, joined, max_leaves=8)


def agreed(tables: tuple[sqlite3.Connection, Documents], tree: Node, seed: int) -> None:
    connection, stored = tables
    text = written(tree, 0, random.Random(seed))  # noqa: S311 - the same text each time, no secret
    if "\0" in text:
        with pytest.raises(Refusal, match="400"):
            condition(text, INDEX)
        return
    found = condition(text, INDEX)
    rows = connection.execute(f"SELECT key FROM {stored.values} AS d WHERE {found.sql}", found.parameters)  # noqa: S608 - made by us
    assert {row[0] for row in rows} == {one["id"] for one in documents() if holds(tree, one)}, text


SEEDS = st.integers(0, 2**32)


@given(tree=FILTERS, seed=SEEDS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(tree=Never(Compare(Name("page", 0), "gt", Literal(edm.INT64, 1))), seed=0)
@example(tree=Each(Name("groups", 0), False, "g", Within(Name("g", 0), (CUT,))), seed=0)
def test_a_random_filter_means_in_sqlite_what_it_means_in_python(
    tables: tuple[sqlite3.Connection, Documents], tree: Node, seed: int
) -> None:
    agreed(tables, tree, seed)


@pytest.mark.long
@given(tree=FILTERS, seed=SEEDS)
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ten_thousand_random_filters_do(tables: tuple[sqlite3.Connection, Documents], tree: Node, seed: int) -> None:
    agreed(tables, tree, seed)


def test_three_thousand_clauses_are_no_deeper_than_sqlite_allows(tables: tuple[sqlite3.Connection, Documents]) -> None:
    connection, stored = tables
    found = condition(" or ".join(["name eq 'a'"] * 2_999 + ["page eq 7"]), INDEX)
    rows = connection.execute(f"SELECT count(*) FROM {stored.values} AS d WHERE {found.sql}", found.parameters)  # noqa: S608 - made by us
    assert rows.fetchone()[0] == sum(one["name"] == "a" or one["page"] == 7 for one in documents())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nothing eq 1", "property named 'nothing'"),
        ("hidden eq 'a'", "not a filterable field"),
        ("name eq 1", "incompatible types"),
        ("page eq 'a'", "incompatible types"),
        ("page gt null", "incompatible types"),
        ("draft gt true", "incompatible types"),
        ("modified gt '2026-01-01T00:00:00Z'", "incompatible types"),
        ("name", "incompatible types"),
        ("groups eq 'a'", "only be used with any or all"),
        ("name/any(n: n eq 'a')", "no collection"),
        ("groups/any(g: years/any(y: g eq 1))", "incompatible types"),
        ("groups/any(g: other eq 'a')", "property named 'other'"),
        ("search.in(page, '1')", "incompatible types"),
        ("not page gt 5", "Found operand type 'Edm.Int32' for operator kind 'Not'. (position 4)"),
        ("page gt 1 and not name eq 'a'", "Found operand type 'Edm.String' for operator kind 'Not'. (position 18)"),
        ("groups/any(g: not g eq 'a')", "Found operand type 'Edm.String' for operator kind 'Not'. (position 18)"),
        ("not page", "Found operand type 'Edm.Int32' for operator kind 'Not'."),
        ("not draft eq true", "Comparison must be between a field or range variable and a literal value (position 4)."),
        ("not nothing gt 5", "property named 'nothing'"),
    ],
)
def test_a_filter_that_contradicts_the_index_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        condition(text, INDEX)
    assert refused.value.status == 400
    assert told in refused.value.message


def test_a_number_beyond_all_ranges_is_compared_as_one(tables: tuple[sqlite3.Connection, Documents]) -> None:
    connection, stored = tables
    pages, sizes = (sum(one[name] is not None for one in documents()) for name in ("page", "size"))
    for text, count in ((f"page lt {'9' * 5_000}", pages), (f"size gt -{'9' * 400}", sizes), (f"page eq {'9' * 30}", 0)):
        found = condition(text, INDEX)
        rows = connection.execute(f"SELECT count(*) FROM {stored.values} AS d WHERE {found.sql}", found.parameters)  # noqa: S608 - made by us
        assert rows.fetchone()[0] == count, text[:20]


@pytest.mark.parametrize("text", ["search.in(g, 'a b')", "search.in(g, 'a, b')", "search.in(g, 'a;b', ';')"])
def test_search_in_splits_at_its_delimiters(text: str) -> None:
    tree = parse(f"groups/any(g: {text})")
    assert isinstance(tree, Each)
    assert isinstance(tree.body, Within)
    assert tree.body.values == ("a", "b")

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_azure.search import catalogue
from local_azure.search.document import read_batch
from local_azure.search.matching import Matching, Term, columns_of, highlighted
from local_azure.search.postings import Known
from local_azure.search.schema import read_index
from local_azure.search.simple_syntax import Asked, Joined, Phrase, Without, Word, parse
from local_azure.search.words import beginning, tokens

INDEX = read_index(
    {
        "name": "mixed",
        "fields": [
            {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
            {"name": "text", "type": "Edm.String", "analyzer": "en.lucene"},
            {"name": "raw", "type": "Edm.String", "analyzer": "standard.lucene"},
            {"name": "code", "type": "Edm.String", "analyzer": "keyword"},
        ],
    }
)
TEXTS = ["a b", "ab ba", "b a", "days off", "the days of", "man's bab", "aab abba b", "full-time a", "", "b b a"]
DOCUMENTS = [
    {"id": str(n), "text": text, "raw": TEXTS[(n + 3) % len(TEXTS)], "code": TEXTS[(n + 5) % len(TEXTS)]} for n, text in enumerate(TEXTS)
]


@pytest.fixture(scope="module")
def known() -> Iterator[Known]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE indexes (id INTEGER PRIMARY KEY, name TEXT, etag TEXT, definition BLOB)")
    stored = catalogue.create(connection, INDEX).documents(connection)
    for action in read_batch({"value": DOCUMENTS}, INDEX):
        stored.apply(action)
    yield Known(connection, stored.values, stored.words)
    connection.close()


def found(known: Known, text: str, *, every: bool = False) -> set[str]:
    tree = parse(text, every=every)
    hits = None if tree is None else Matching(known, columns_of(INDEX.words), every).hits(tree)
    return set() if hits is None else {str(place) for place in hits.places.tolist()}


def holds(asked: Asked, document: dict[str, str], every: bool) -> bool | None:
    """What a query means, in Python. None where nothing of it is left."""
    match asked:
        case Joined():
            met = [one for part in asked.parts if (one := holds(part, document, every)) is not None]
            return None if not met else (all(met) if asked.every else any(met))
        case Without():
            inner = holds(asked.part, document, every)
            return None if inner is None else not inner
    groups = [one for field in INDEX.words if (one := in_field(asked, field.analyzer, document[field.name], every)) is not None]
    return any(groups) if groups else None


def in_field(asked: Word | Phrase, analyzer: str, value: str, every: bool) -> bool | None:
    text = [token.text for token in tokens(analyzer, value)]
    if isinstance(asked, Word) and asked.prefix:
        start = beginning(analyzer, asked.text)
        return any(one.startswith(start) for one in text) if start else None
    wanted = [token.text for token in tokens(analyzer, asked.text)]
    if not wanted:
        return None
    if isinstance(asked, Phrase):
        return any(text[n : n + len(wanted)] == wanted for n in range(len(text)))
    return (all if every else any)(one in text for one in wanted)


QUERIES = st.text(max_size=40) | st.lists(st.sampled_from([*"ab'\"*+-|() ", "days", "the", "full-time"]), max_size=20).map("".join)


@given(text=QUERIES, every=st.booleans())
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_query_finds_what_it_means(known: Known, text: str, every: bool) -> None:
    tree = parse(text, every=every)
    meant = set() if tree is None else {one["id"] for one in DOCUMENTS if holds(tree, one, every)}
    assert found(known, text, every=every) == meant


def test_each_field_looks_for_the_words_as_it_analyses_them(known: Known) -> None:
    assert found(known, "day") == {"3", "4"}
    assert found(known, "Days") >= {str((3 - 3) % 10), str((4 - 3) % 10)}
    assert found(known, '"days off"') >= {str((3 - 5) % 10)}


def test_a_stop_word_is_looked_for_only_where_it_was_kept(known: Known) -> None:
    tree = parse("the of", every=False)
    assert tree is not None
    assert Matching(known, columns_of([INDEX.by_name["text"]]), False).hits(tree) is None
    assert found(known, "the") == {str((4 - 3) % 10)}


def test_what_must_not_match_is_not_highlighted() -> None:
    terms = highlighted(parse('working "days off" man* -holidays', every=False), INDEX.by_name["text"])
    assert terms == [Term(("work",)), Term(("dai", "off")), Term(("man",), prefix=True)]

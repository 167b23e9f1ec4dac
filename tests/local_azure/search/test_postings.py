"""What is remembered gives the scores that SQLite gives, and is forgotten in time."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_azure.search import catalogue
from local_azure.search.document import read_batch
from local_azure.search.documents import Documents
from local_azure.search.keyword import by_words
from local_azure.search.postings import MOST_INDEXES, Postings
from local_azure.search.request import read_query
from local_azure.search.schema import read_index

INDEX = read_index(
    {
        "name": "words",
        "fields": [
            {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
            {"name": "text", "type": "Edm.String"},
            {"name": "page", "type": "Edm.Int32"},
            {"name": "shelf", "type": "Edm.Int32"},
        ],
    }
)
VOCABULARY = [f"w{n}" for n in range(60)]
DOCUMENTS = 600
Tables = tuple[sqlite3.Connection, Documents, Postings]


def filled(connection: sqlite3.Connection, documents: list[dict[str, Any]]) -> Documents:
    connection.execute("CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY, name TEXT, etag TEXT, definition BLOB)")
    stored = catalogue.create(connection, INDEX).documents(connection)
    for action in read_batch({"value": documents}, INDEX):
        stored.apply(action)
    return stored


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    """Texts in which a few words stand nearly everywhere and most are rare, as in a language."""
    chance = random.Random(7)  # noqa: S311 - the same documents each time
    weights = [1 / (n + 1) for n in range(len(VOCABULARY))]
    connection = sqlite3.connect(":memory:", isolation_level=None)
    texts = (" ".join(chance.choices(VOCABULARY, weights, k=chance.randint(3, 60))) for _ in range(DOCUMENTS))
    stored = filled(connection, [{"id": str(n), "text": text, "page": n % 9, "shelf": n % 4} for n, text in enumerate(texts)])
    yield connection, stored, Postings()
    connection.close()


def by_sqlite(connection: sqlite3.Connection, stored: Documents, words: list[str], where: str, order: str) -> list[tuple[int, float]]:
    """The same question as one expression, scored, filtered and ordered by SQLite; a word asked twice counts twice, as in Lucene."""
    match = " OR ".join(f'{{f_text}} : "{word}"' for word in words)
    return connection.execute(
        f"SELECT d.id, -bm25({stored.words}, 0.0) AS score FROM {stored.words} JOIN {stored.values} AS d "  # noqa: S608 - made by us
        f"ON d.id = {stored.words}.rowid WHERE {stored.words} MATCH ? AND {where} ORDER BY {order}score DESC, d.id",
        (match,),
    ).fetchall()


FILTERS = {"": "1", "page lt 3": "d.c_page < 3", "page eq 8 and shelf eq 1": "d.c_page = 8 AND d.c_shelf = 1", "page eq 77": "0"}
ORDERS = {"": "", "page desc": "d.c_page DESC, ", "shelf, search.score() desc, page": "d.c_shelf, score DESC, d.c_page, "}
ASKED = st.fixed_dictionaries(
    {
        "words": st.lists(st.sampled_from([*VOCABULARY, "unknown"]), min_size=1, max_size=8),
        "filter": st.sampled_from(sorted(FILTERS)),
        "orderby": st.sampled_from(sorted(ORDERS)),
        "count": st.booleans(),
        "skip": st.sampled_from([0, 3, 70]),
        "top": st.sampled_from([1, 6, 50, 700]),
    }
)


@given(asked=ASKED)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_query_of_words_finds_what_sqlite_finds_in_the_same_order(tables: Tables, asked: dict[str, Any]) -> None:
    connection, stored, postings = tables
    query = read_query({**asked, "words": None, "search": " ".join(asked["words"])}, INDEX)
    hits, total = by_words(connection, stored, query, postings, asked["skip"], asked["top"])
    everything = by_sqlite(connection, stored, asked["words"], FILTERS[asked["filter"]], ORDERS[asked["orderby"]])
    page = everything[asked["skip"] : asked["skip"] + asked["top"]]
    assert [score for _, score in hits] == pytest.approx([score for _, score in page], abs=1e-4)
    scores = dict(everything)
    assert all(scores[number] == pytest.approx(score, abs=1e-4) for number, score in hits)
    assert total == (len(everything) if asked["count"] else 0)


def test_equal_hits_come_in_the_order_in_which_they_were_stored() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    stored = filled(connection, [{"id": f"k{n}", "text": "same words" if n % 3 else "others"} for n in range(300)])
    hits, _ = by_words(connection, stored, read_query({"search": "same"}, INDEX), Postings(), 0, 20)
    assert [number for number, _ in hits] == [n + 1 for n in range(300) if n % 3][:20]
    connection.close()


def test_what_was_remembered_is_forgotten_when_documents_have_changed(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite"
    writing, reading = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    stored = filled(writing, [{"id": "a", "text": "first"}, {"id": "b", "text": "other"}])
    seen, postings = Documents(reading, 1, INDEX), Postings()

    def found(word: str) -> list[int]:
        return [number for number, _ in by_words(reading, seen, read_query({"search": word}, INDEX), postings, 0, 9)[0]]

    assert (found("first"), found("second")) == ([1], [])
    for action in read_batch({"value": [{"id": "c", "text": "second"}, {"id": "a", "@search.action": "delete"}]}, INDEX):
        stored.apply(action)
    assert (found("first"), found("second")) == ([], [3])
    writing.close()
    reading.close()


def test_no_more_indexes_are_remembered_than_the_bound_says() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    stored = [filled(connection, [{"id": "a", "text": f"only{n}"}]) for n in range(MOST_INDEXES + 2)]
    postings = Postings()
    first = postings.of(connection, stored[0].values, stored[0].words)
    for one in stored[1:]:
        postings.of(connection, one.values, one.words)
    assert postings.of(connection, stored[-1].values, stored[-1].words) is postings.of(connection, stored[-1].values, stored[-1].words)
    assert postings.of(connection, stored[0].values, stored[0].words) is not first
    connection.close()

"""What is remembered gives the scores that BM25 gives, and is forgotten in time."""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_azure.search import catalogue
from local_azure.search.document import read_batch
from local_azure.search.documents import Documents
from local_azure.search.keyword import by_words
from local_azure.search.postings import MOST_INDEXES, SCORED_EACH, Known, Postings
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
Tables = tuple[sqlite3.Connection, Documents, Postings, list[str]]


def page_of(number: int) -> int:
    """Of the document stored in this place, counted from 1."""
    return (number - 1) % 9


def shelf_of(number: int) -> int:
    return (number - 1) % 4


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
    texts = [" ".join(chance.choices(VOCABULARY, weights, k=chance.randint(3, 60))) for _ in range(DOCUMENTS)]
    stored = filled(connection, [{"id": str(n), "text": text, "page": page_of(n), "shelf": shelf_of(n)} for n, text in enumerate(texts, 1)])
    yield connection, stored, Postings(), texts
    connection.close()


def by_hand(texts: list[str], words: list[str]) -> dict[int, float]:
    """BM25 with Lucene's rarity, written out; a word asked twice counts twice, and each document has one token more than its text."""
    split = [text.split() for text in texts]
    average = sum(len(tokens) + 1 for tokens in split) / len(split)
    scores: dict[int, float] = {}
    for word in words:
        having = sum(word in tokens for tokens in split)
        rarity = math.log(1 + (len(split) - having + 0.5) / (having + 0.5))
        for number, tokens in enumerate(split, 1):
            if often := tokens.count(word):
                length = 1 - 0.75 + 0.75 * (len(tokens) + 1) / average
                scores[number] = scores.get(number, 0.0) + rarity * often * 2.2 / (often + 1.2 * length)
    return scores


Order = Callable[[int, float], tuple[float, ...]]
FILTERS: dict[str, Callable[[int, int], bool]] = {
    "": lambda page, shelf: True,
    "page lt 3": lambda page, shelf: page < 3,
    "page eq 8 and shelf eq 1": lambda page, shelf: page == 8 and shelf == 1,
    "page eq 77": lambda page, shelf: page == 77,
}
ORDERS: dict[str, Order] = {
    "": lambda n, score: (-score, n),
    "page desc": lambda n, score: (-page_of(n), -score, n),
    "shelf, search.score() desc, page": lambda n, score: (shelf_of(n), -score, page_of(n), n),
}
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
def test_a_query_of_words_scores_by_bm25_and_comes_in_the_order_asked_for(tables: Tables, asked: dict[str, Any]) -> None:
    connection, stored, postings, texts = tables
    query = read_query({**asked, "words": None, "search": " ".join(asked["words"])}, INDEX)
    hits, total = by_words(connection, stored, query, postings, asked["skip"], asked["top"])
    passes, order = FILTERS[asked["filter"]], ORDERS[asked["orderby"]]
    scores = {n: score for n, score in by_hand(texts, asked["words"]).items() if passes(page_of(n), shelf_of(n))}
    page = sorted(scores, key=lambda n: order(n, round(scores[n], 9)))[asked["skip"] : asked["skip"] + asked["top"]]
    assert [score for _, score in hits] == pytest.approx([scores[n] for n in page], abs=1e-9)
    assert all(scores[number] == pytest.approx(score, abs=1e-9) for number, score in hits)
    assert total == (len(scores) if asked["count"] else 0)


def test_a_word_that_most_documents_hold_still_counts_by_how_often_it_stands_there() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    stored = filled(connection, [{"id": "a", "text": "leave form"}, {"id": "b", "text": "leave leave"}, {"id": "c", "text": "other words"}])
    hits, _ = by_words(connection, stored, read_query({"search": "leave"}, INDEX), Postings(), 0, 9)
    assert [number for number, _ in hits] == [2, 1]
    assert hits[0][1] > hits[1][1] > 0.1
    connection.close()


@pytest.mark.parametrize(("documents", "alike"), [(SCORED_EACH, False), (SCORED_EACH + 1, True)])
def test_a_word_that_most_of_very_many_documents_hold_scores_its_rarity_alone(documents: int, alike: bool) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    texts = ["leave " * (1 + n % 3) if n % 4 else "other" for n in range(documents)]
    value = [{"id": f"k{n}", "text": text} for n, text in enumerate(texts)]
    stored = filled(connection, value[:1_000])
    for start in range(1_000, documents, 1_000):
        for action in read_batch({"value": value[start : start + 1_000]}, INDEX):
            stored.apply(action)
    known = Known(connection, stored.values, stored.words)
    hits = known.hits('{f_text} : "leave"')
    assert len(hits.places) == sum("leave" in text for text in texts)
    assert (set(hits.scores.tolist()) == {known.rarity(hits)}) is alike
    connection.close()


def test_words_that_are_nowhere_are_forgotten_too() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    stored = filled(connection, [{"id": "a", "text": "something"}])
    known = Known(connection, stored.values, stored.words, most_hits=1_000)
    for number in range(300):
        assert len(known.hits(f'{{f_text}} : "unknown{number}"').places) == 0
        assert known.kept <= 1_000
    assert len(known.hits('{f_text} : "something"').places) == 1
    connection.close()


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

"""The shortcut finds what scoring everything finds."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

import pytest

from local_azure.search import catalogue
from local_azure.search.best_first import Frequencies, Source, best
from local_azure.search.document import read_batch
from local_azure.search.documents import Documents
from local_azure.search.filter_sql import condition
from local_azure.search.schema import read_index

INDEX = read_index(
    {
        "name": "words",
        "fields": [
            {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
            {"name": "text", "type": "Edm.String"},
            {"name": "page", "type": "Edm.Int32"},
        ],
    }
)
VOCABULARY = [f"w{n}" for n in range(60)]
DOCUMENTS = 600


@pytest.fixture(scope="module")
def tables() -> Iterator[tuple[sqlite3.Connection, Documents]]:
    """Texts in which a few words stand nearly everywhere and most are rare, as in a language."""
    chance = random.Random(7)  # noqa: S311 - the same documents each time
    weights = [1 / (n + 1) for n in range(len(VOCABULARY))]
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE indexes (id INTEGER PRIMARY KEY, name TEXT UNIQUE, etag TEXT, definition BLOB)")
    stored = catalogue.create(connection, INDEX).documents(connection)
    texts = (" ".join(chance.choices(VOCABULARY, weights, k=chance.randint(3, 60))) for _ in range(DOCUMENTS))
    for action in read_batch({"value": [{"id": str(n), "text": text, "page": n % 9} for n, text in enumerate(texts)]}, INDEX):
        stored.apply(action)
    yield connection, stored
    connection.close()


@pytest.mark.parametrize("filtered", [None, "page lt 3"])
@pytest.mark.parametrize("seed", range(40))
def test_the_best_are_those_that_scoring_everything_finds(
    tables: tuple[sqlite3.Connection, Documents], seed: int, filtered: str | None
) -> None:
    connection, stored = tables
    chance = random.Random(seed)  # noqa: S311 - the same question each time
    words = [f'{{f_text}} : "{word}"' for word in chance.sample([*VOCABULARY, "unknown"], chance.randint(1, 8))]
    narrowed = condition(filtered, INDEX) if filtered else None
    source = Source(connection, stored.values, stored.words, narrowed.sql if narrowed else None, narrowed.parameters if narrowed else [])
    limit = chance.choice([1, 6, 50])
    found = best(source, words, Frequencies().rarities(connection, stored.words, words), limit)
    everything = source.scored(" OR ".join(dict.fromkeys(words)), DOCUMENTS)
    assert [score for _, score in found] == pytest.approx([score for _, score in everything[:limit]], abs=1e-4)
    scores = dict(everything)
    assert all(scores[number] == pytest.approx(score, abs=1e-4) for number, score in found)


def test_a_words_count_is_taken_again_when_the_documents_have_changed(tmp_path: object) -> None:
    path = f"{tmp_path}/words.sqlite"
    writing, reading = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    writing.execute("CREATE VIRTUAL TABLE t USING fts5(everything, f_text)")
    writing.executemany("INSERT INTO t VALUES ('Ω', ?)", [("a",), ("b",), ("b",), ("c",), ("c",)])
    frequencies = Frequencies()
    before = frequencies.rarities(reading, "t", ["f_text : a", "f_text : d"])
    writing.execute("INSERT INTO t VALUES ('Ω', 'd')")
    after = frequencies.rarities(reading, "t", ["f_text : a", "f_text : d"])
    assert before[1] == 0.0
    assert after[1] == after[0] > before[0]
    writing.close()
    reading.close()

"""The nearest are those that a plain look at every vector finds, whether the vectors are kept in memory or read in blocks."""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from tests.local_azure.search.vector_index import checked_index

from local_azure.search import catalogue
from local_azure.search.catalogue import Entry
from local_azure.search.document import packed, read_batch
from local_azure.search.nearest import BLOCK_ROWS, KEPT_BYTES, Matrices
from local_azure.search.stored_vectors import changes, count_change, count_vectors, vectors

INDEX = checked_index()
ROWS = 300
Made = tuple[sqlite3.Connection, Entry]


def stored(rows: list[list[float] | None]) -> Made:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE indexes (id INTEGER PRIMARY KEY, name TEXT UNIQUE, etag TEXT, definition BLOB)")
    connection.execute("CREATE TABLE changes (number INTEGER PRIMARY KEY, times INTEGER NOT NULL)")
    entry = catalogue.create(connection, INDEX)
    write(connection, entry, {f"d{number}": row for number, row in enumerate(rows)})
    return connection, entry


def write(connection: sqlite3.Connection, entry: Entry, rows: dict[str, list[float] | None], kind: str = "upload") -> None:
    value = [
        {"@search.action": kind, "id": key, "page": n, "angle": row, "product": row, "distance": row}
        for n, (key, row) in enumerate(rows.items())
    ]
    for action in read_batch({"value": value}, INDEX):
        entry.documents(connection).apply(action)
    count_change(connection, entry.id)


@pytest.fixture(scope="module")
def many() -> Iterator[Made]:
    """Vectors in a plane, many of them equal or nearly so, some zero, some missing."""
    chance = random.Random(5)  # noqa: S311 - the same vectors each time
    some = [[chance.choice([-2, -1, 0, 1, 2]) + chance.choice([0, 0, 1e-7]), chance.choice([-1, 0, 1])] for _ in range(ROWS)]
    connection, entry = stored([None if chance.random() < 0.1 else row for row in some])
    yield connection, entry
    connection.close()


def cosine(a: list[float], b: list[float]) -> float:
    lengths = math.hypot(*a) * math.hypot(*b)
    return 1 / (2 - (math.fsum(x * y for x, y in zip(a, b, strict=True)) / lengths if lengths else 0.0))


def product(a: list[float], b: list[float]) -> float:
    together = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return together if together > 1 else 1 / (2 - together)


def distance(a: list[float], b: list[float]) -> float:
    return 1 / (1 + math.dist(a, b))


PLAIN: dict[str, Callable[[list[float], list[float]], float]] = {"angle": cosine, "product": product, "distance": distance}


@pytest.mark.parametrize("kept_bytes", [KEPT_BYTES, 0])
@pytest.mark.parametrize("among", [None, range(1, ROWS, 2), range(10, 20), []], ids=["all", "half", "few", "none"])
@pytest.mark.parametrize("field", PLAIN)
@pytest.mark.parametrize("asked", [[1.0, 0.0], [0.3, -0.7], [0.0, 0.0]], ids=str)
def test_the_nearest_are_those_that_a_plain_look_finds(
    many: Made, field: str, asked: list[float], among: range | list[int] | None, kept_bytes: int
) -> None:
    connection, entry = many
    chosen = None if among is None else np.array(list(among), np.int64)
    found = Matrices(kept_bytes).nearest(connection, entry, INDEX.by_name[field], packed(asked), 25, chosen)
    stored_rows = connection.execute(f"SELECT id, v_{field} FROM docs_{entry.id} WHERE v_{field} IS NOT NULL").fetchall()  # noqa: S608 - a name from this file
    rows = {number: np.frombuffer(row, np.float32).tolist() for number, row in stored_rows if among is None or number in among}
    exact = [float(np.float32(x)) for x in asked]
    expected = sorted(((number, PLAIN[field](row, exact)) for number, row in rows.items()), key=lambda hit: (-hit[1], hit[0]))[:25]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], rel=1e-12)
    assert {round(score, 9): sorted(n for n, s in found if round(s, 9) == round(score, 9)) for _, score in found[:20]} == {
        round(score, 9): sorted(n for n, s in found if round(s, 9) == round(score, 9)) for _, score in expected[:20]
    }


@pytest.mark.parametrize("asked", [[1.0, 0.5], [3e38, 1e38], [1e30, -1e30]], ids=str)
@pytest.mark.parametrize("field", PLAIN)
def test_numbers_that_32_bits_cannot_square_are_measured_all_the_same(field: str, asked: list[float]) -> None:
    rows: list[list[float] | None] = [[1e30, 1e30], [3e38, -3e38], [-1e25, 0.0], [1e-30, 2e-30], [1.0, 0.0], [0.0, 0.0]]
    connection, entry = stored(rows)
    found = Matrices().nearest(connection, entry, INDEX.by_name[field], packed(asked), 2, None)
    exact = [[float(np.float32(x)) for x in row or ()] for row in [*rows, asked]]
    scores = sorted((PLAIN[field](row, exact[-1]) for row in exact[:-1]), reverse=True)
    assert [score for _, score in found] == pytest.approx(scores[:2], rel=1e-12)
    connection.close()


def test_equals_come_in_the_order_in_which_they_were_stored() -> None:
    connection, entry = stored([[1.0, 2.0]] * 40)
    for field in PLAIN:
        found = Matrices().nearest(connection, entry, INDEX.by_name[field], packed([2.0, 1.0]), 7, None)
        assert [number for number, _ in found] == [1, 2, 3, 4, 5, 6, 7]
    connection.close()


def test_a_change_is_seen_at_the_next_look() -> None:
    connection, entry = stored([[1.0, 0.0], [0.0, 1.0]])
    matrices, field = Matrices(), INDEX.by_name["angle"]

    def nearest() -> int:
        return matrices.nearest(connection, entry, field, packed([1.0, 0.0]), 1, None)[0][0]

    assert nearest() == 1
    write(connection, entry, {"d0": [0.0, -1.0], "d1": [1.0, 0.0]}, "merge")
    assert nearest() == 2
    write(connection, entry, {"d1": None}, "delete")
    assert nearest() == 1
    write(connection, entry, {"d0": None}, "merge")
    assert matrices.nearest(connection, entry, field, packed([1.0, 0.0]), 1, None) == []
    connection.close()


def test_what_is_kept_never_outgrows_its_bound() -> None:
    connection, entry = stored([[1.0, 0.0]] * 100)
    one_field = 100 * 2 * 4
    matrices = Matrices(one_field * 2)
    for field in ("angle", "product", "distance", "angle"):
        matrices.nearest(connection, entry, INDEX.by_name[field], packed([1.0, 0.0]), 1, None)
        assert matrices.kept_bytes() <= one_field * 2
    connection.close()


def test_a_field_is_read_in_blocks_and_only_what_is_there() -> None:
    connection, entry = stored([[1.0, 0.0], None, [0.0, 1.0], [0.0, 2.0]])
    field, documents = INDEX.by_name["angle"], entry.documents(connection)
    assert [[number for number, _ in some] for some in vectors(connection, documents, field, 2)] == [[1, 3], [4]]
    assert count_vectors(connection, documents, field) == 3
    assert changes(connection, entry.id) == 1
    assert changes(connection, 99) == 0
    assert BLOCK_ROWS > 0
    connection.close()

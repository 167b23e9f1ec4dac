"""The vectors of an index as they stand in the file, and the count of its changes, by which a copy in memory is known to be old.

Functions on a connection, to be called inside a transaction of the store, so that count and vectors belong together.
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from .documents import Documents
from .schema import Field

Stored = tuple[int, bytes]
"""A document's row number, and its vector as packed 32-bit floats."""


def count_change(connection: sqlite3.Connection, index: int) -> None:
    """Documents of the index (its number in the catalogue) were written or deleted."""
    connection.execute("INSERT INTO changes VALUES (?, 1) ON CONFLICT (number) DO UPDATE SET times = times + 1", (index,))


def changes(connection: sqlite3.Connection, index: int) -> int:
    """How many batches have changed the index's documents so far."""
    row = connection.execute("SELECT times FROM changes WHERE number = ?", (index,)).fetchone()
    return 0 if row is None else int(row[0])


def count_vectors(connection: sqlite3.Connection, documents: Documents, field: Field) -> int:
    """How many documents have a vector there."""
    return int(connection.execute(f"SELECT count(v_{field.name}) FROM {documents.values}").fetchone()[0])


def vectors(connection: sqlite3.Connection, documents: Documents, field: Field, at_once: int) -> Iterator[list[Stored]]:
    """All vectors of a field in the order of their rows, `at_once` at a time."""
    asked = f"SELECT id, v_{field.name} FROM {documents.values} WHERE v_{field.name} IS NOT NULL ORDER BY id"
    rows = connection.execute(asked)
    while some := rows.fetchmany(at_once):
        yield some

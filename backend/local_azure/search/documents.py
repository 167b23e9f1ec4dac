"""One index's documents in SQLite: a table of values and a full-text table of tokens, always changed together.

Methods on a connection, to be called inside a transaction of the store. Which actions are valid was decided in `document`; how
documents are found by words is `ranking`'s.
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from . import edm
from .document import Action, unpacked
from .schema import Field, Index
from .words import EVERYWHERE, indexed


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one action. `code` is an HTTP status; `problem` None when it succeeded."""

    key: str
    code: int
    problem: str | None = None

    def shown(self) -> dict[str, Any]:
        """One entry of the answer to `docs/search.index`."""
        return {"key": self.key, "status": self.problem is None, "errorMessage": self.problem, "statusCode": self.code}


class Documents:
    """The tables of one index. Fields to compare have columns of their own, vectors too; all else is in the JSON `body`."""

    def __init__(self, connection: sqlite3.Connection, number: int, index: Index) -> None:
        self._connection, self._number, self.index = connection, number, index
        self._run = connection.execute
        self.values, self.words = f"docs_{number}", f"words_{number}"
        self._compared = [f for f in index.fields if not f.key and not f.vector and (f.filterable or f.sortable)]
        self._vectors = [f for f in index.fields if f.vector]
        # What a filter reads stands first: SQLite reads a row from its beginning, and bodies and vectors are long.
        self._columns = [*(f"c_{f.name}" for f in self._compared), "body", *(f"v_{f.name}" for f in self._vectors)]
        self._word_columns = ["everything", *(f"f_{field.name}" for field in index.words)]

    def create(self) -> None:
        """Make both tables."""
        self._run(f"CREATE TABLE {self.values} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, {', '.join(self._columns)})")
        self._create_words(self.words)

    def _create_words(self, name: str) -> None:
        self._run(f"CREATE VIRTUAL TABLE {name} USING fts5({', '.join(self._word_columns)}, tokenize = \"ascii tokenchars '_'\")")

    def extend(self, index: Index) -> None:
        """Take the fields that `index` has and this one has not. Documents have null there until they are written again."""
        wider = Documents(self._connection, self._number, index)
        for name in wider._columns:
            if name not in self._columns:
                self._run(f"ALTER TABLE {self.values} ADD COLUMN {name}")
        if wider._word_columns != self._word_columns:
            # A full-text table takes no new column, so its rows move into a wider one.
            columns, moved = ", ".join(["rowid", *self._word_columns]), f"{self.words}_wider"
            wider._create_words(moved)
            self._run(f"INSERT INTO {moved} ({columns}) SELECT {columns} FROM {self.words}")
            self._run(f"DROP TABLE {self.words}")
            self._run(f"ALTER TABLE {moved} RENAME TO {self.words}")

    def drop(self) -> None:
        """Delete both tables."""
        self._run(f"DROP TABLE {self.values}")
        self._run(f"DROP TABLE {self.words}")

    def count(self) -> int:
        """How many documents there are."""
        return int(self._run(f"SELECT count(*) FROM {self.values}").fetchone()[0])

    def sizes(self) -> tuple[int, int]:
        """Bytes of the documents and, of these, of the vectors."""
        vectors = "+".join(["0", *(f"coalesce(sum(length(v_{f.name})), 0)" for f in self._vectors)])
        body, packed = self._run(f"SELECT coalesce(sum(length(body)), 0), {vectors} FROM {self.values}").fetchone()
        return int(body) + int(packed), int(packed)

    def read(self, key: str, fields: tuple[Field, ...]) -> dict[str, Any] | None:
        """One document's fields, or None."""
        row = self._run(f"SELECT id FROM {self.values} WHERE key = ?", (key,)).fetchone()
        return None if row is None else next(self.shown([row[0]], fields))

    def shown(self, numbers: list[int], fields: tuple[Field, ...]) -> Iterator[dict[str, Any]]:
        """The fields of the documents with these row numbers, in that order."""
        vectors = [field for field in fields if field.vector]
        columns = ", ".join(["id", "key", "body", *(f"v_{field.name}" for field in vectors)])
        asked = f"SELECT {columns} FROM {self.values} WHERE id IN (SELECT value FROM json_each(?))"
        rows = {row[0]: row[1:] for row in self._run(asked, (json.dumps(numbers),))}
        for number in numbers:
            key, body, *packed = rows[number]
            known = msgspec.json.decode(body)
            known |= {field.name: None if p is None else unpacked(p) for field, p in zip(vectors, packed, strict=True)}
            known[self.index.key.name] = key
            yield {field.name: known.get(field.name, [] if field.collection and not field.vector else None) for field in fields}

    def apply(self, action: Action) -> Result:
        """Do one action. What it cannot do is in the result; nothing is raised."""
        if action.problem is not None:
            return Result(action.key, 400, action.problem)
        row = self._run(f"SELECT {', '.join(['id', *self._columns])} FROM {self.values} WHERE key = ?", (action.key,)).fetchone()
        if action.kind == "delete":
            if row is not None:
                self._delete(row[0])
            return Result(action.key, 200)
        if row is None:
            if action.kind == "merge":
                return Result(action.key, 404, "Document not found.")
            self._insert(action.key, action.values)
            return Result(action.key, 201)
        before = {} if action.kind == "upload" else self._values(row[1:])
        self._replace(row[0], action.key, before | action.values)
        return Result(action.key, 200)

    def _values(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """What a stored row holds: every field but the key, vectors packed."""
        body, *packed = row[len(self._compared) :]
        known: dict[str, Any] = msgspec.json.decode(body)
        return known | {field.name: value for field, value in zip(self._vectors, packed, strict=True)}

    def _row(self, values: dict[str, Any]) -> list[Any]:
        """The columns of a row, without number and key."""
        vectors = {field.name for field in self._vectors}
        body = msgspec.json.encode({name: value for name, value in values.items() if name not in vectors})
        return [*(_compared(f, values.get(f.name)) for f in self._compared), body, *(values.get(f.name) for f in self._vectors)]

    def _tokens(self, key: str, values: dict[str, Any]) -> list[str]:
        """The columns of a full-text row."""
        known = values | {self.index.key.name: key}
        return [EVERYWHERE, *(indexed(field.analyzer, _texts(known.get(field.name))) for field in self.index.words)]

    def _insert(self, key: str, values: dict[str, Any]) -> None:
        row = self._row(values)
        columns, marks = ", ".join(["key", *self._columns]), ", ".join("?" * (len(row) + 1))
        done = self._run(f"INSERT INTO {self.values} ({columns}) VALUES ({marks})", (key, *row))
        self._write_words(int(done.lastrowid or 0), key, values)

    def _write_words(self, number: int, key: str, values: dict[str, Any]) -> None:
        columns, marks = ", ".join(["rowid", *self._word_columns]), ", ".join("?" * (len(self._word_columns) + 1))
        self._run(f"INSERT INTO {self.words} ({columns}) VALUES ({marks})", (number, *self._tokens(key, values)))

    def _replace(self, number: int, key: str, values: dict[str, Any]) -> None:
        changes = ", ".join(f"{name} = ?" for name in self._columns)
        self._run(f"UPDATE {self.values} SET {changes} WHERE id = ?", (*self._row(values), number))
        self._run(f"DELETE FROM {self.words} WHERE rowid = ?", (number,))
        self._write_words(number, key, values)

    def _delete(self, number: int) -> None:
        self._run(f"DELETE FROM {self.values} WHERE id = ?", (number,))
        self._run(f"DELETE FROM {self.words} WHERE rowid = ?", (number,))

    def texts(self) -> Iterator[str]:
        """Every searchable text of every document, but no key and nothing that is one word by definition."""
        fields = [field.name for field in self.index.words if not field.key and field.analyzer != "keyword"]
        for (body,) in self._run(f"SELECT body FROM {self.values} ORDER BY id"):
            known = msgspec.json.decode(body)
            for name in fields:
                yield from _texts(known.get(name))


def _texts(value: object) -> list[str]:
    """A string, or the strings of a collection."""
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _compared(field: Field, value: Any) -> edm.Comparable | None:
    """A field's value as filters and orders compare it; a collection as a JSON list of such."""
    if value is None:
        return None
    if field.collection:
        return json.dumps([edm.comparable(field.kind, member) for member in value])
    return edm.comparable(field.kind, value)

"""The indexes of a store: their definitions, their ETags and the making and unmaking of their tables.

Functions on a connection, to be called inside a transaction of the store. Documents are not its concern.
"""

from __future__ import annotations

import itertools
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from .documents import Documents
from .refusal import Refusal, no_index
from .schema import Index, check_change, read_stored

CACHED_DEFINITIONS = 64
"""Definitions kept decoded; a query must not check a schema again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An index as it stands in the catalogue."""

    id: int
    etag: str
    index: Index

    def shown(self) -> dict[str, Any]:
        """The definition as the service answers it."""
        return {"@odata.etag": self.etag, **self.index.shown()}

    def documents(self, connection: sqlite3.Connection) -> Documents:
        """Its documents."""
        return Documents(connection, self.id, self.index)


@dataclass(frozen=True, slots=True)
class Precondition:
    """What a request demands of the ETag: `if_match` an ETag or `*`, `if_none_match` only ever `*`."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, entry: Entry | None) -> None:
        """Raises the service's 412."""
        wrong = self.if_match is not None and (entry is None or self.if_match not in {"*", entry.etag})
        if wrong or (self.if_none_match is not None and entry is not None):
            raise Refusal(
                412, "", "The precondition given in one of the request headers evaluated to false. No change was made to the resource."
            )


def find(connection: sqlite3.Connection, name: str) -> Entry:
    """The index of that name. Raises the service's 404."""
    row = connection.execute("SELECT id, etag, definition FROM indexes WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise no_index(name)
    return _entry(*row)


@lru_cache(maxsize=CACHED_DEFINITIONS)
def _entry(number: int, etag: str, definition: bytes) -> Entry:
    return Entry(number, etag, read_stored(msgspec.json.decode(definition)))


def listed(connection: sqlite3.Connection) -> Iterator[Entry]:
    """All indexes by name."""
    for row in connection.execute("SELECT id, etag, definition FROM indexes ORDER BY name").fetchall():
        yield _entry(*row)


def texts(connection: sqlite3.Connection, most_chars: int) -> list[str]:
    """The searchable texts of all documents, up to `most_chars` characters together; from the indexes in turn, so that a large one
    leaves room for the others."""
    found: list[str] = []
    left = most_chars
    of_indexes = [entry.documents(connection).texts() for entry in listed(connection)]
    for text in itertools.chain.from_iterable(itertools.zip_longest(*of_indexes)):
        if text is not None:
            left -= len(text)
            if left < 0:
                break
            found.append(text)
    return found


def create(connection: sqlite3.Connection, index: Index) -> Entry:
    """Make a new index. Raises the service's 409 where there is one."""
    etag, definition = _etag(), msgspec.json.encode(index.shown())
    try:
        done = connection.execute("INSERT INTO indexes (name, etag, definition) VALUES (?, ?, ?)", (index.name, etag, definition))
    except sqlite3.IntegrityError:
        raise Refusal(409, "ResourceNameAlreadyInUse", f"Cannot create index '{index.name}' because it already exists.") from None
    entry = Entry(int(done.lastrowid or 0), etag, index)
    entry.documents(connection).create()
    return entry


def put(connection: sqlite3.Connection, index: Index, demand: Precondition) -> tuple[Entry, bool]:
    """Create or change an index; the flag says whether it is new."""
    try:
        old = find(connection, index.name)
    except Refusal:
        demand.check(None)
        return create(connection, index), True
    demand.check(old)
    check_change(old.index, index)
    etag = _etag()
    connection.execute("UPDATE indexes SET etag = ?, definition = ? WHERE id = ?", (etag, msgspec.json.encode(index.shown()), old.id))
    old.documents(connection).extend(index)
    return Entry(old.id, etag, index), False


def remove(connection: sqlite3.Connection, name: str, demand: Precondition) -> None:
    """Delete an index and its documents. Raises 404 where there is none."""
    entry = find(connection, name)
    demand.check(entry)
    entry.documents(connection).drop()
    connection.execute("DELETE FROM indexes WHERE id = ?", (entry.id,))


def _etag() -> str:
    return f'"0x{secrets.token_hex(8).upper()}"'

"""What the index lists and what the folder wants, side by side, in a file of the system's temporary folder: a source of any size is
planned in a few megabytes of memory.

The file has no name and is gone with the process, however it ends; where it has no room left, that is an `IndexingError`. Compares by id
and content hash; talks to no service.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from ..errors import IndexingError
from ..knowledge.passage import Listed, PassageRecord
from .plan import Plan, Tally, embedded_text, of_words
from .tokens import about_tokens

CACHE_KB = 16_000
"""Of the file, what is held in memory."""

REMOVE_AT_ONCE = 500
"""Ids in one step of removing: one batch of the service's client."""

NEW, CHANGED, RELABELLED, MOVED = "new", "changed", "relabelled", "moved"
ORDER = (RELABELLED, MOVED, CHANGED, NEW)
"""In which the passages are written: first those whose readers may have changed, last those that cost most."""

KINDS = ("added", "changed", "moved", "removed", "unchanged")
"""What a plan counts."""

TABLES = """
    CREATE TABLE listed (
        id TEXT PRIMARY KEY, path TEXT, words TEXT, hash TEXT, readers TEXT, stays INTEGER DEFAULT 0, taken INTEGER DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE wanted (
        place INTEGER PRIMARY KEY, id TEXT, path TEXT, words TEXT, kind TEXT, named INTEGER, tokens INTEGER, open INTEGER, record BLOB,
        old_id TEXT, refused INTEGER DEFAULT 0
    );
    CREATE INDEX wanted_kind ON wanted (kind, place);
    CREATE TABLE files (path TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE vectors (id TEXT PRIMARY KEY, numbers BLOB);
"""

DOCUMENTS = """
    WITH w AS (SELECT path, SUM(kind = 'new') AS new, COUNT(*) AS n FROM wanted GROUP BY path),
         l AS (SELECT path, COUNT(*) AS n, SUM(stays = 0) AS gone, SUM(taken) AS taken FROM listed GROUP BY path)
    SELECT CASE WHEN l.n IS NULL AND w.new = 0 THEN 'moved' WHEN l.n IS NULL THEN 'added'
                WHEN w.n > 0 OR l.gone > 0 THEN 'changed' ELSE 'unchanged' END AS kind, path
    FROM files LEFT JOIN w USING (path) LEFT JOIN l USING (path)
    UNION ALL SELECT 'removed', path FROM l WHERE path NOT IN (SELECT path FROM files) AND gone > taken
"""

PASSAGES = """
    SELECT CASE kind WHEN 'moved' THEN 'moved' WHEN 'new' THEN IIF(path IN (SELECT path FROM listed), 'changed', 'added')
                     ELSE 'changed' END,
           COUNT(*), SUM(IIF(old_id IS NULL, tokens, 0)) FROM wanted GROUP BY 1
"""

SAME_WORDS = "SELECT id, stays OR taken FROM listed WHERE words = ? ORDER BY stays OR taken, readers != '[]', path, id LIMIT 1"

LOST = """
    SELECT COUNT(*) FROM listed WHERE stays = 0 AND taken = 0
    AND words NOT IN (SELECT words FROM wanted)
    AND words NOT IN (SELECT words FROM listed AS there WHERE stays = 1 AND NOT EXISTS (SELECT 1 FROM wanted WHERE id = there.id))
"""

OVERWRITTEN = """
    SELECT DISTINCT moved.old_id, listed.words FROM wanted AS moved JOIN wanted AS over ON over.id = moved.old_id
    JOIN listed ON listed.id = moved.old_id WHERE over.words != listed.words AND moved.old_id > ? ORDER BY moved.old_id LIMIT ?
"""

OPENED = """
    SELECT COUNT(*) FROM wanted JOIN listed ON listed.id = COALESCE(wanted.old_id, wanted.id) WHERE wanted.open AND listed.readers != '[]'
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A passage that has to be written. `old_id`: where in the index its vector is already; `named` as in `plan.content_hash`."""

    record: PassageRecord
    old_id: str | None
    named: bool

    @property
    def words(self) -> str:
        """What a vector must have been made of to be this one's."""
        return of_words(self.record.content_hash)


class _Disk(sqlite3.Connection):
    """A full disk is no mistake of ours: it is told as what it is."""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """As sqlite3's own."""
        with _told():
            return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """As sqlite3's own."""
        with _told():
            return super().executemany(*arguments)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as failure:
        raise IndexingError(f"There is no room in the system's temporary folder ({failure}): SQLITE_TMPDIR names another.") from failure


class Ledger:
    """Takes what the index lists, then what was read, file by file; then says what to do. A context: it is gone with it."""

    def __init__(self) -> None:
        self._unchanged = 0
        self._db = sqlite3.connect("", isolation_level=None, factory=_Disk)  # a file without a name
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KB}; {TABLES}")
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget everything."""
        self.close()

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def list(self, listed: Iterable[Listed]) -> None:
        """The index has these passages."""
        rows = ((each.id, each.path, of_words(each.content_hash), each.content_hash, json.dumps(each.groups)) for each in listed)
        self._db.executemany("INSERT OR REPLACE INTO listed (id, path, words, hash, readers) VALUES (?, ?, ?, ?, ?)", rows)

    def want(self, path: str, records: Sequence[PassageRecord], *, named: bool = True) -> None:
        """These passages of one file shall be in the index."""
        self._db.execute("INSERT OR IGNORE INTO files VALUES (?)", (path,))
        for record in records:
            there = self._db.execute("SELECT words, hash FROM listed WHERE id = ?", (record.id,)).fetchone()
            if there is not None:
                self._db.execute("UPDATE listed SET stays = 1 WHERE id = ?", (record.id,))
                if there[1] == record.content_hash:
                    self._unchanged += 1
                    continue
            words = of_words(record.content_hash)
            kind = NEW if there is None else RELABELLED if there[0] == words else CHANGED
            tokens = about_tokens(embedded_text(record, named=named))
            old_id = record.id if kind == RELABELLED else None
            row = (record.id, path, words, kind, named, tokens, not record.groups, msgspec.msgpack.encode(record), old_id)
            self._db.execute(
                "INSERT INTO wanted (id, path, words, kind, named, tokens, open, record, old_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row
            )

    def keep(self, path: str, groups: Iterable[str] = ()) -> int:
        """This file could not be read this time: what the index has of it stays, as far as nobody may read it there who now may not.

        `groups` may read the file; none: everybody. Gives the number of passages that stay.
        """
        readers = set(groups)
        kept = 0
        for id, then in self._db.execute("SELECT id, readers FROM listed WHERE path = ? AND stays = 0", (path,)).fetchall():
            before = set(json.loads(then))
            if not readers or (before and before <= readers):
                self._db.execute("UPDATE listed SET stays = 1 WHERE id = ?", (id,))
                kept += 1
        self._unchanged += kept
        if kept:
            self._db.execute("INSERT OR IGNORE INTO files VALUES (?)", (path,))
        return kept

    def plan(self) -> Plan:
        """The plan for all that was wanted and kept."""
        self._db.execute("CREATE INDEX IF NOT EXISTS wanted_id ON wanted (id)")
        self._db.execute("CREATE INDEX IF NOT EXISTS wanted_words ON wanted (words)")
        moved = self._find_vectors()
        documents = dict(self._db.execute(f"SELECT kind, COUNT(*) FROM ({DOCUMENTS}) GROUP BY kind").fetchall())  # noqa: S608 - it is ours
        passages = {kind: (count, tokens) for kind, count, tokens in self._db.execute(PASSAGES)}
        listed, gone = self._db.execute("SELECT COUNT(*), COALESCE(SUM(stays = 0), 0) FROM listed").fetchone()
        (kept,) = self._db.execute("SELECT COUNT(*) FROM wanted WHERE old_id IS NOT NULL").fetchone()
        (opened,) = self._db.execute(OPENED).fetchone()
        (lost,) = self._db.execute(LOST).fetchone()
        passages |= {"removed": (gone - moved, 0), "unchanged": (self._unchanged, 0)}
        tallies = {kind: Tally(documents.get(kind, 0), *passages.get(kind, (0, 0))) for kind in KINDS}
        return Plan(**tallies, listed=listed, gone=gone, lost=lost, kept_vectors=kept, opened=opened)

    def documents(self, kind: str, at_most: int) -> Sequence[str]:
        """Paths of the first documents of one kind of the plan, in order."""
        found = self._db.execute(f"SELECT path FROM ({DOCUMENTS}) WHERE kind = ? ORDER BY path LIMIT ?", (kind, at_most))  # noqa: S608 - it is ours
        return [path for (path,) in found]

    def to_write(self, at_once: int) -> Iterator[Sequence[Wanted]]:
        """All passages to write, in lists of at most `at_once`."""
        for kind in ORDER:
            after = 0
            while rows := self._db.execute(
                "SELECT place, record, old_id, named FROM wanted WHERE kind = ? AND place > ? ORDER BY place LIMIT ?",
                (kind, after, at_once),
            ).fetchall():
                after = rows[-1][0]
                yield [Wanted(msgspec.msgpack.decode(record, type=PassageRecord), old, bool(named)) for _, record, old, named in rows]

    def overwritten(self, at_once: int) -> Iterator[Sequence[tuple[str, str]]]:
        """Where vectors lie that are still wanted and that this run writes over: ids with the words that they are made of."""
        after = ""
        while rows := self._db.execute(OVERWRITTEN, (after, at_once)).fetchall():
            after = rows[-1][0]
            yield rows

    def remember(self, id: str, vector: Sequence[float]) -> None:
        """The vector that the index has under this id, which is about to be another's."""
        self._db.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", (id, array("d", vector).tobytes()))

    def remembered(self, id: str) -> tuple[float, ...] | None:
        """A vector that was remembered."""
        found = self._db.execute("SELECT numbers FROM vectors WHERE id = ?", (id,)).fetchone()
        return None if found is None else tuple(array("d", found[0]))

    def rewritten(self, at_most: int) -> Sequence[tuple[str, str]]:
        """Some passages of the index whose vectors would be made anew: ids with the words that these are made of."""
        return self._db.execute(
            "SELECT listed.id, listed.words FROM wanted JOIN listed USING (id) WHERE wanted.words != listed.words LIMIT ?", (at_most,)
        ).fetchall()

    def refuse(self, ids: Iterable[str]) -> None:
        """The service did not take these."""
        self._db.executemany("UPDATE wanted SET refused = 1 WHERE id = ?", ((id,) for id in ids))

    def refused(self, at_most: int) -> Sequence[str]:
        """Paths of documents of which something was not taken, in order."""
        found = self._db.execute("SELECT DISTINCT path FROM wanted WHERE refused ORDER BY path LIMIT ?", (at_most,))
        return [path for (path,) in found]

    def to_remove(self) -> Iterator[Sequence[str]]:
        """Ids of all passages that leave; not of those whose new record was refused, for they are all that the index has of them."""
        after = ""
        while rows := self._db.execute(
            "SELECT id FROM listed WHERE stays = 0 AND id > ?"
            " AND id NOT IN (SELECT old_id FROM wanted WHERE refused AND old_id IS NOT NULL) ORDER BY id LIMIT ?",
            (after, REMOVE_AT_ONCE),
        ).fetchall():
            after = rows[-1][0]
            yield [id for (id,) in rows]

    def _find_vectors(self) -> int:
        """Find for what is new or changed the same words elsewhere in the index, and with them their vector: best where they leave, for
        then they have moved. Gives how many have.
        """
        self._db.execute("CREATE INDEX IF NOT EXISTS listed_words ON listed (words, stays, taken)")
        moved = after = 0
        while rows := self._db.execute(
            "SELECT place, words FROM wanted WHERE old_id IS NULL AND place > ? ORDER BY place LIMIT 1000", (after,)
        ).fetchall():
            after = rows[-1][0]
            for place, words in rows:
                old = self._db.execute(SAME_WORDS, (words,)).fetchone()
                if old is None:
                    continue
                id, stays = old
                self._db.execute("UPDATE wanted SET old_id = ?, kind = IIF(?, kind, ?) WHERE place = ?", (id, stays, MOVED, place))
                if not stays:
                    self._db.execute("UPDATE listed SET taken = 1 WHERE id = ?", (id,))
                    moved += 1
        return moved

"""One SQLite file: its two threads, its transactions, and the news that an index's documents changed.

Owns when something is written and read, not what: work comes in as functions on a connection. One thread writes, one reads (WAL), so
that a batch that is being indexed holds up no search; how many may wait for each is bounded. What `write` has returned from has been
synced to the disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from .refusal import busy

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

FORMAT = 1
"""The `user_version` of the file; raised whenever tables or analysis change so that older files cannot be read."""

APPLICATION_ID = 0x4C41_5A53
"""Marks the file as ours ("LAZS"), so that somebody else's database is never written to."""

MAX_WAITING = 64
"""Requests that may wait for each of the two threads; more are told to come again, which the official client does by itself."""

LOCK_WAIT_S = 5.0
"""How long SQLite waits for a lock: only a look into the file from outside can hold one."""

MIN_SQLITE = (3, 38, 0)
"""The first with JSON functions always built in."""


class StoreError(Exception):
    """The file cannot be used. The message is a sentence for the person at the terminal."""


class _Lane:
    """One thread with one connection, and how many wait for it."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do it on the thread. Raises the service's 503 when too many wait."""
        if self._waiting >= MAX_WAITING:
            raise busy()
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, work)
        future.add_done_callback(self._done)
        return await future

    def _done(self, _: object) -> None:
        self._waiting -= 1

    async def close(self) -> None:
        """Wait for what was begun."""
        await asyncio.to_thread(self._executor.shutdown)


class Store:
    """The file. `open` before anything else, `close` at the end; both must be awaited."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer, self._reader = _Lane("search-write"), _Lane("search-read")
        self._writing: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None
        self._listeners: list[Callable[[str], None]] = []

    async def open(self) -> None:
        """Open or make the file. Raises `StoreError`."""
        try:
            self._writing = await self._writer.run(lambda: _connect(self._path))
            self._reading = await self._reader.run(lambda: _connect(self._path))
        except sqlite3.Error as failed:
            await self.close()
            raise StoreError(f"The index file {self._path} cannot be used: {failed}.") from None
        except StoreError:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what was begun and close the file. Closing twice is harmless."""
        for lane, connection in ((self._reader, self._reading), (self._writer, self._writing)):
            if connection is not None:
                await lane.run(connection.close)
        self._reading = self._writing = None
        await self._reader.close()
        await self._writer.close()

    def on_change(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with an index's name, on the event loop, after each commit that changed its documents."""
        self._listeners.append(listener)

    async def read(self, work: Work[T]) -> T:
        """Do `work` on one snapshot of the file."""
        connection = self._reading
        if connection is None:
            raise busy()
        return await self._reader.run(lambda: _in_transaction(connection, "BEGIN", work))

    async def write(self, work: Work[T], *, changes: str | None = None) -> T:
        """Do `work` in one transaction: all of it, or nothing. `changes` names the index whose documents it touches."""
        connection = self._writing
        if connection is None:
            raise busy()
        loop = asyncio.get_running_loop()

        def on_thread() -> T:
            done = _in_transaction(connection, "BEGIN IMMEDIATE", work)
            if changes is not None:
                # From here, not after the await: the request may have been given up meanwhile, but the change stands.
                loop.call_soon_threadsafe(self._tell, changes)
            return done

        return await self._writer.run(on_thread)

    def _tell(self, name: str) -> None:
        for listener in self._listeners:
            listener(name)


def _in_transaction(connection: sqlite3.Connection, begin: str, work: Work[T]) -> T:
    connection.execute(begin)
    try:
        done = work(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return done


def _connect(path: Path) -> sqlite3.Connection:
    """A connection on which transactions are begun by hand. The tables of the catalogue are made where they are missing."""
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old; {'.'.join(map(str, MIN_SQLITE))} is needed.")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=LOCK_WAIT_S)
    mark, found = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if not empty and (mark, found) != (APPLICATION_ID, FORMAT):
        connection.close()
        raise StoreError(f"The file {path} was not written by this version of local_azure. Delete it, and index the documents again.")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    _in_transaction(connection, "BEGIN IMMEDIATE", _found)
    return connection


def _found(connection: sqlite3.Connection) -> None:
    """Mark the file and make the catalogue; both harmless when done before."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, etag TEXT NOT NULL, "
        "definition BLOB NOT NULL)"
    )
    connection.execute("CREATE TABLE IF NOT EXISTS changes (number INTEGER PRIMARY KEY, times INTEGER NOT NULL)")

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from local_azure.search.refusal import Refusal
from local_azure.search.store import MAX_WAITING, Store, StoreError


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM indexes").fetchone()[0])


def insert(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO indexes (name, etag, definition) VALUES (hex(randomblob(8)), '', '')")


async def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    def half(connection: sqlite3.Connection) -> None:
        insert(connection)
        raise Refusal(400, "", "enough")

    with pytest.raises(Refusal):
        await store.write(half, changes="one")
    assert await store.read(count) == 0


async def test_what_was_written_is_there_after_the_file_was_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    for _ in range(2):
        store = Store(path)
        await store.open()
        await store.write(insert)
        await store.close()
    await store.close()
    again = Store(path)
    await again.open()
    assert await again.read(count) == 2
    await again.close()


async def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(connection: sqlite3.Connection) -> None:
        insert(connection)
        begun.set()
        assert go_on.wait(10)

    writing = asyncio.create_task(store.write(slowly))
    assert await asyncio.to_thread(begun.wait, 10)
    assert await store.read(count) == 0
    go_on.set()
    await writing
    assert await store.read(count) == 1


async def test_those_who_come_when_too_many_wait_are_told_to_come_again(store: Store) -> None:
    go_on = threading.Event()

    def wait(_: sqlite3.Connection) -> None:
        assert go_on.wait(10)

    waiting = [asyncio.create_task(store.read(wait)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as refused:
        await store.read(count)
    assert refused.value.status == 503
    go_on.set()
    await asyncio.gather(*waiting)
    assert await store.read(count) == 0


async def test_listeners_hear_of_each_change_that_stands(store: Store) -> None:
    heard: list[str] = []
    changed = asyncio.Event()

    def hear(name: str) -> None:
        heard.append(name)
        changed.set()

    store.on_change(hear)
    await store.write(insert)
    await store.write(insert, changes="loud")
    async with asyncio.timeout(10):
        await changed.wait()
    assert heard == ["loud"]


async def test_a_file_of_somebody_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    garbage = tmp_path / "garbage.sqlite"
    garbage.write_bytes(b"this is no database, but it is long enough to look like one" * 100)
    for path in (foreign, garbage, tmp_path / "missing" / "index.sqlite"):
        before = path.read_bytes() if path.exists() else None
        with pytest.raises(StoreError, match=str(path)):
            await Store(path).open()
        assert (path.read_bytes() if path.exists() else None) == before


async def test_a_closed_store_answers_that_it_is_not_there(store: Store) -> None:
    await store.close()
    for ask in (store.read, store.write):
        with pytest.raises(Refusal):
            await ask(count)

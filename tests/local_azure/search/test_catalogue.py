"""What the catalogue says of all indexes together."""

from __future__ import annotations

import sqlite3

from azure.core.credentials import AzureKeyCredential
from azure.search.documents.aio import SearchClient
from azure.search.documents.indexes.aio import SearchIndexClient
from azure.search.documents.indexes.models import SearchableField, SearchIndex, SimpleField
from tests.local_azure.search.clients import KEY

from local_azure.search import catalogue
from local_azure.search.store import Store


async def _index(address: str, name: str, texts: list[str]) -> None:
    fields = [SimpleField(name="id", type="Edm.String", key=True), SearchableField(name="text")]
    async with SearchIndexClient(address, AzureKeyCredential(KEY)) as indexes:
        await indexes.create_index(SearchIndex(name=name, fields=fields))
    async with SearchClient(address, name, AzureKeyCredential(KEY)) as client:
        await client.upload_documents([{"id": str(number), "text": text} for number, text in enumerate(texts)])


async def test_the_words_of_every_index_are_there_and_a_large_one_leaves_room_for_the_others(store: Store, address: str) -> None:
    await _index(address, "large", ["a" * 10] * 9)
    await _index(address, "small", ["b" * 10])

    def of_all(connection: sqlite3.Connection) -> list[str]:
        return catalogue.texts(connection, 40)

    assert [text[0] for text in await store.read(of_all)] == ["a", "b", "a", "a"]
    async with SearchIndexClient(address, AzureKeyCredential(KEY)) as indexes:
        await indexes.delete_index("large")
    assert await store.read(of_all) == ["b" * 10]


async def test_making_filling_and_deleting_an_index_are_changes(store: Store, address: str) -> None:
    changed: list[str] = []
    store.on_change(changed.append)
    await _index(address, "one", ["text"])
    await _index(address, "two", ["text"])
    async with SearchIndexClient(address, AzureKeyCredential(KEY)) as indexes:
        await indexes.delete_index("one")
    assert changed == ["one", "two", "one"]

"""The official client behind one face, so that a test says once what is asked and both its forms ask it. And an index like Ask Aloud's."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from azure.core.credentials import AzureKeyCredential
from azure.search.documents import SearchClient
from azure.search.documents.aio import SearchClient as AsyncSearchClient
from azure.search.documents.indexes import SearchIndexClient
from azure.search.documents.indexes.aio import SearchIndexClient as AsyncSearchIndexClient
from azure.search.documents.indexes.models import (
    HnswAlgorithmConfiguration,
    SearchableField,
    SearchField,
    SearchIndex,
    SemanticConfiguration,
    SemanticField,
    SemanticPrioritizedFields,
    SemanticSearch,
    SimpleField,
    VectorSearch,
    VectorSearchProfile,
)

KEY = "a-key-for-tests"
INDEX = "passages"
API = "api-version=2026-04-01"


class Caller(Protocol):
    """What a test asks of either form of the client."""

    async def documents(self, method: str, *arguments: Any, **options: Any) -> Any: ...

    async def indexes(self, method: str, *arguments: Any, **options: Any) -> Any: ...

    async def search(self, *arguments: Any, **options: Any) -> list[dict[str, Any]]: ...

    async def counted(self, *arguments: Any, **options: Any) -> int: ...

    async def answered(self, *arguments: Any, **options: Any) -> list[Any] | None: ...

    async def close(self) -> None: ...


class SyncCaller:
    """The blocking client, in threads, for the server runs in the test's loop."""

    def __init__(self, address: str, key: str = KEY, index: str = INDEX) -> None:
        self._documents = SearchClient(address, index, AzureKeyCredential(key), retry_total=0)
        self._indexes = SearchIndexClient(address, AzureKeyCredential(key), retry_total=0)

    async def documents(self, method: str, *arguments: Any, **options: Any) -> Any:
        return await asyncio.to_thread(getattr(self._documents, method), *arguments, **options)

    async def indexes(self, method: str, *arguments: Any, **options: Any) -> Any:
        def call() -> Any:
            answer = getattr(self._indexes, method)(*arguments, **options)
            return list(answer) if method.startswith("list_") else answer

        return await asyncio.to_thread(call)

    async def search(self, *arguments: Any, **options: Any) -> list[dict[str, Any]]:
        return await asyncio.to_thread(lambda: list(self._documents.search(*arguments, **options)))

    async def answered(self, *arguments: Any, **options: Any) -> list[Any] | None:
        return await asyncio.to_thread(lambda: self._documents.search(*arguments, **options).get_answers())

    async def counted(self, *arguments: Any, **options: Any) -> int:
        return await asyncio.to_thread(lambda: self._documents.search(*arguments, include_total_count=True, **options).get_count())

    async def close(self) -> None:
        self._documents.close()
        self._indexes.close()


class AsyncCaller:
    """The client for asyncio."""

    def __init__(self, address: str, key: str = KEY, index: str = INDEX) -> None:
        self._documents = AsyncSearchClient(address, index, AzureKeyCredential(key), retry_total=0)
        self._indexes = AsyncSearchIndexClient(address, AzureKeyCredential(key), retry_total=0)

    async def documents(self, method: str, *arguments: Any, **options: Any) -> Any:
        return await getattr(self._documents, method)(*arguments, **options)

    async def indexes(self, method: str, *arguments: Any, **options: Any) -> Any:
        answer = getattr(self._indexes, method)(*arguments, **options)
        return [one async for one in answer] if method.startswith("list_") else await answer

    async def search(self, *arguments: Any, **options: Any) -> list[dict[str, Any]]:
        return [one async for one in await self._documents.search(*arguments, **options)]

    async def answered(self, *arguments: Any, **options: Any) -> list[Any] | None:
        return await (await self._documents.search(*arguments, **options)).get_answers()

    async def counted(self, *arguments: Any, **options: Any) -> int:
        return await (await self._documents.search(*arguments, include_total_count=True, **options)).get_count()

    async def close(self) -> None:
        await self._documents.close()
        await self._indexes.close()


def passages_index(name: str = INDEX, *more: SearchField) -> SearchIndex:
    """Every kind of field that a knowledge base has, made with the client's own models."""
    return SearchIndex(
        name=name,
        fields=[
            SimpleField(name="id", type="Edm.String", key=True, filterable=True, sortable=True),
            SimpleField(name="source", type="Edm.String", filterable=True, sortable=True),
            SearchableField(name="title", type="Edm.String", analyzer_name="en.lucene"),
            SearchableField(name="headings", collection=True, analyzer_name="en.lucene"),
            SearchableField(name="text", type="Edm.String", analyzer_name="en.lucene"),
            SearchableField(name="code", type="Edm.String", analyzer_name="keyword", filterable=True),
            SimpleField(name="page", type="Edm.Int32", filterable=True, sortable=True),
            SimpleField(name="length", type="Edm.Double", filterable=True, sortable=True),
            SimpleField(name="draft", type="Edm.Boolean", filterable=True, sortable=True),
            SimpleField(name="modified", type="Edm.DateTimeOffset", filterable=True, sortable=True),
            SimpleField(name="groups", type="Collection(Edm.String)", filterable=True),
            SimpleField(name="boxes", type="Edm.String"),
            SearchField(
                name="vector",
                type="Collection(Edm.Single)",
                searchable=True,
                retrievable=True,
                vector_search_dimensions=3,
                vector_search_profile_name="vectors",
            ),
            *more,
        ],
        vector_search=VectorSearch(
            algorithms=[HnswAlgorithmConfiguration(name="hnsw")],
            profiles=[VectorSearchProfile(name="vectors", algorithm_configuration_name="hnsw")],
        ),
        semantic_search=SemanticSearch(
            default_configuration_name="default",
            configurations=[
                SemanticConfiguration(
                    name="default",
                    prioritized_fields=SemanticPrioritizedFields(
                        title_field=SemanticField(field_name="title"), content_fields=[SemanticField(field_name="text")]
                    ),
                )
            ],
        ),
    )


PASSAGES: list[dict[str, Any]] = [
    {
        "id": "abroad",
        "source": "handbook",
        "title": "Employee handbook",
        "headings": ["Working", "From abroad"],
        "text": "You may work from abroad for up to 20 days a year. Ask your manager first.",
        "page": 7,
        "length": 1.5,
        "draft": False,
        "modified": "2026-01-02T03:04:05+02:00",
        "groups": ["all", "hr"],
        "vector": [0.25, 0.5, 1.0],
    },
    {
        "id": "doctor",
        "source": "handbook",
        "title": "Employee handbook",
        "headings": ["Illness"],
        "text": "The doctor's note is needed after three days. Send it to the office, not to your manager.",
        "page": 9,
        "length": 2.0,
        "draft": True,
        "modified": "2026-03-01T00:00:00Z",
        "groups": ["all"],
    },
    {
        "id": "coffee",
        "source": "manual",
        "title": "Coffee machine",
        "text": "Descale the machine every month. Coffee beans go into the upper lid.",
        "code": "CM-100 v2",
        "page": 1,
        "groups": [],
    },
]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in found]

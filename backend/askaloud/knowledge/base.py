"""The knowledge base: the one object that talks to the search service, through the official client.

It owns the clients and their credential for the life of the process. What a question becomes stands in `search.py` and `query.py`, what an
index has in `fields.py`, how long we wait in `patience.py`, what a failure means in `failures.py`. It knows no conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Self, TypeVar

from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.search.documents.aio import SearchClient
from azure.search.documents.indexes.aio import SearchIndexClient

from ..errors import KnowledgeError, Notice, NoticeCode, PassageNotFound
from ..identity import Identity, entra_id
from ..settings import SearchDoor, Settings
from . import failures
from .batches import WRITE_ATTEMPTS, WRITE_DEADLINE_S, Written, write
from .contents import Row, rows
from .fields import shape_from_settings, shape_of
from .inventory import inventory
from .passage import Listed, Passage, PassageRecord
from .patience import Paused, patiently, untold
from .query import Reader, literal
from .schema import check_settings, our_index
from .search import Found, Search, first_page
from .shape import Shape
from .surroundings import Surroundings, surroundings
from .transport import client_options

if TYPE_CHECKING:
    from .embed import Embedder

SEARCH_DEADLINE_S = 6.0
"""Seconds for one search with its retry: below the tool's hard limit of 8 s, so that the person hears what failed."""

EMBED_DEADLINE_S = 2.0
"""Seconds of those that the query's vector may take; then the search goes on by keyword."""

CHECK_DEADLINE_S = 3.0
"""Seconds for the look whether the index can be reached."""

ASK_ATTEMPTS = 2
"""A question is asked once more where the service was too busy; a third time would outlast the listener's patience."""

LIST_AT_ONCE = 1000
"""Passages in one page of a listing: the most that the service gives."""

KEY_CHARS = 1024
"""The longest key that the service has."""

Answer = TypeVar("Answer")


def _embedder(settings: Settings, door: SearchDoor) -> Embedder | None:
    from .embed import open_embedder  # here: `openai` takes a second to import, which a start without embeddings shall not pay

    return open_embedder(settings, door)


class KnowledgeBase:
    """Search, read and write the passages of one index. Every failure is a `KnowledgeError` with a notice."""

    def __init__(
        self,
        door: SearchDoor,
        settings: Settings,
        credential: AzureKeyCredential | Identity,
        embedder: Embedder | None,
        deadline_s: float,
    ) -> None:
        self.door = door
        self.embedder = embedder
        self._settings = settings
        self._credential = credential
        self._deadline_s = deadline_s
        self._documents = SearchClient(door.endpoint, door.index, credential, **client_options(door.endpoint))
        self._indexes = SearchIndexClient(door.endpoint, credential, **client_options(door.endpoint))
        self._shape: Shape | None = None
        self._shape_lock = asyncio.Lock()
        self._filled = False
        self._search = Search(self._documents, embedder, settings, min(EMBED_DEADLINE_S, deadline_s / 2))

    @classmethod
    async def open(cls, door: SearchDoor, settings: Settings, *, deadline_s: float = SEARCH_DEADLINE_S) -> Self:
        """Make the clients and the credential; no call is made yet, so this cannot fail for the service's sake."""
        credential = AzureKeyCredential(door.api_key) if door.api_key else entra_id(settings.azure_tenant_id)
        embedder = _embedder(settings, door) if settings.azure_openai_embedding_deployment else None
        return cls(door, settings, credential, embedder, deadline_s)

    async def close(self) -> None:
        """Close connections and credentials. Nothing may be asked afterwards."""
        await self._documents.close()
        await self._indexes.close()
        if not isinstance(self._credential, AzureKeyCredential):
            await self._credential.close()
        if self.embedder is not None:
            await self.embedder.close()

    async def search(self, query: str, *, groups: tuple[str, ...] = (), top: int | None = None) -> list[Passage]:
        """The passages that `find` finds, for whoever has nobody to tell of anything else."""
        return (await self.find(query, groups=groups, top=top)).passages

    async def find(self, query: str, *, groups: tuple[str, ...] = (), person: str | None = None, top: int | None = None) -> Found:
        """The passages that fit a question best, best first, of those that these groups or this person may read; at most `top` of them,
        else as many as ASKALOUD_SEARCH_TOP says. No groups and no person: what everybody may read.

        Raises `KnowledgeError`; search_index_empty where the index is missing or holds nothing at all.
        """
        reader = Reader(groups, person)

        async def ask() -> Found:
            return await self._search.find(query, await self._known_shape(), reader, top or self._settings.search_top)

        found = await self._asked(ask)
        if not found.passages and not self._filled and await self.count() == 0:
            raise failures.empty(self.door)
        self._filled = True
        return found

    async def read(self, id: str) -> Passage:
        """One passage by its id. Raises `PassageNotFound`, or `KnowledgeError` where the service failed."""
        if not 0 < len(id) <= KEY_CHARS:
            raise _not_found()

        async def get() -> Passage | None:
            shape = await self._known_shape()
            try:
                return shape.passage(await self._documents.get_document(key=id, selected_fields=shape.selected()))
            except ResourceNotFoundError:
                return None

        passage = await self._asked(get)
        if passage is None:
            raise _not_found()
        return passage

    async def around(self, passage: Passage) -> Surroundings:
        """What stands before and after a passage. Raises `KnowledgeError`."""

        async def look() -> Surroundings:
            return await surroundings(self._documents, await self._known_shape(), passage)

        return await self._asked(look)

    async def count(self) -> int:
        """How many passages the index holds, all sources together; the service may be a few seconds behind its writes."""
        return await self._asked(self._count)

    async def check(self) -> None:
        """Whether questions can be answered: the index is reachable, has a shape that we can read, and holds something."""

        async def look() -> int:
            await self._known_shape()
            return await self._count()

        deadline_s = min(CHECK_DEADLINE_S, self._deadline_s)
        if await patiently(look, self.door, deadline_s=deadline_s, attempts=1) == 0:
            raise failures.empty(self.door)

    async def inventory(self) -> list[tuple[str, str]]:
        """What the index was found to have and to offer, as rows of what and how for a person; see `inventory.py`."""
        return list(inventory(await self.shape(), self._settings, embeds=self.embedder is not None))

    async def contents(self) -> AsyncIterator[Row]:
        """Every passage of the index as a listing knows it, whichever source it is of; see `contents.py`."""
        async for row in rows(self._documents, await self.shape(), self.door):
            yield row

    async def shape(self) -> Shape:
        """Which fields the index has, and which kinds of query. Asked of the service once, then known."""
        return await self._asked(self._known_shape)

    async def create(self) -> None:
        """Make our index where there is none. Raises `KnowledgeError` where an index of that name is not one of ours."""

        async def make() -> None:
            try:
                await self._indexes.get_index(self.door.index)
            except ResourceNotFoundError:
                check_settings(self.door.index, self._settings)
                await self._make_index()

        await self._written(make)
        if not (await self.shape()).ours:
            raise KnowledgeError(
                Notice(NoticeCode.SEARCH_REFUSED, f"The index {self.door.index!r} was made by others: name another in AZURE_SEARCH_INDEX.")
            )

    async def put(self, passages: Sequence[PassageRecord], paused: Paused = untold) -> Written:
        """Write passages, replacing those of the same id, in batches. Raises `KnowledgeError` where a whole batch is refused."""
        written = await write([passage.document() for passage in passages], self._documents.upload_documents, self.door, paused)
        self._filled = self._filled or written.taken > 0
        return written

    async def remove(self, ids: Sequence[str], paused: Paused = untold) -> Written:
        """Remove passages by id; one that is not there counts as removed."""
        self._filled = False
        return await write([{"id": each} for each in ids], self._documents.delete_documents, self.door, paused)

    async def listed(self, source: str) -> AsyncIterator[Listed]:
        """All passages of one source, in the order of their ids. Pages by `id gt`, for the service caps skipping at 100,000."""
        after = ""
        while True:
            wanted = f"source eq {literal(source)}" + (f" and id gt {literal(after)}" if after else "")

            async def page(wanted: str = wanted) -> list[Listed]:
                found = await self._documents.search(
                    search_text="*", filter=wanted, order_by=["id"], top=LIST_AT_ONCE, select=["id", "path", "content_hash", "groups"]
                )
                # An indexer of the service writes no content hash: a folder that takes over its source has other passages throughout.
                return [
                    Listed(each["id"], each["path"] or "", each["content_hash"] or "", tuple(each.get("groups") or ()))
                    for each in await first_page(found)
                ]

            rows = await self._written(page)
            for row in rows:
                yield row
            if len(rows) < LIST_AT_ONCE:
                return
            after = rows[-1].id

    async def vector(self, id: str, words: str) -> tuple[float, ...] | None:
        """The vector that a passage of ours has in the index, to be kept for the same words elsewhere; None where it has none.

        `words` is what its content hash begins with: None too where it says something else by now, for then the vector is another's.
        """

        async def get() -> tuple[float, ...] | None:
            try:
                found = await self._documents.get_document(key=id, selected_fields=["vector", "content_hash"])
            except ResourceNotFoundError:
                return None
            vector = found.get("vector")
            if not vector or not str(found.get("content_hash")).startswith(words):
                return None
            return tuple(float(number) for number in vector)

        return await self._written(get)

    async def _make_index(self) -> None:
        try:
            await self._indexes.create_index(our_index(self.door.index))
        except ResourceExistsError:
            return  # somebody else was quicker
        except HttpResponseError as refused:
            if refused.status_code != 400:
                raise
            await self._indexes.create_index(our_index(self.door.index, ranked=False))  # a service without semantic ranking may say so here

    async def _count(self) -> int:
        return int(await self._documents.get_document_count())  # the client passes on what is no number as it came

    async def _known_shape(self) -> Shape:
        async with self._shape_lock:
            if self._shape is None:
                self._shape = await self._read_shape()
                self._search.prepare(self._shape)
            return self._shape

    async def _read_shape(self) -> Shape:
        try:
            return shape_of(await self._indexes.get_index(self.door.index), self._settings)
        except HttpResponseError as refused:
            if refused.status_code not in {401, 403}:
                raise
            told = shape_from_settings(self._settings)
            if told is None:
                raise failures.definition_refused(self.door) from refused
            return told

    async def _asked(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await patiently(ask, self.door, deadline_s=self._deadline_s, attempts=ASK_ATTEMPTS)
        except KnowledgeError as failure:
            if failure.notice.code in {NoticeCode.SEARCH_REFUSED, NoticeCode.SEARCH_EMPTY}:
                self._shape = None  # the index may have been made anew, with other fields
            raise

    async def _written(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        return await patiently(ask, self.door, deadline_s=WRITE_DEADLINE_S, attempts=WRITE_ATTEMPTS)


def _not_found() -> PassageNotFound:
    return PassageNotFound(Notice(NoticeCode.SEARCH_EMPTY, "This passage is no longer in the index."))

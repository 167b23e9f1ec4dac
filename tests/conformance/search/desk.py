"""The official client before one search door: what a test holds in its hand. Nothing here says whose door it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from azure.core.credentials import AzureKeyCredential
from azure.search.documents import SearchIndexingBufferedSender
from azure.search.documents.aio import SearchIndexingBufferedSender as AsyncSearchIndexingBufferedSender
from tests.local_azure.search.clients import AsyncCaller, Caller, SyncCaller

SETTLES_WITHIN_S = 30.0
"""A service may show documents a little later than it took them; one that shows them at once is asked once."""
ASKED_AGAIN_S = 0.5

Send = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """An address and a key."""

    endpoint: str
    key: str


def caller_of(form: str, place: SearchPlace, index: str) -> Caller:
    """The client in one of its forms."""
    return SyncCaller(place.endpoint, place.key, index) if form == "sync" else AsyncCaller(place.endpoint, place.key, index)


def settled(count: Callable[[], int], wanted: int) -> None:
    """Ask until the count is as wanted."""
    until = time.monotonic() + SETTLES_WITHIN_S
    while (found := count()) != wanted:
        assert time.monotonic() < until, f"{found} documents instead of {wanted}"
        time.sleep(ASKED_AGAIN_S)


@dataclass(frozen=True, slots=True)
class Desk:
    """One form of the client (`sync` or `async`) and one index."""

    place: SearchPlace
    index: str
    form: str
    caller: Caller

    async def holds(self, wanted: int) -> None:
        """Wait until the index shows so many documents."""
        until = time.monotonic() + SETTLES_WITHIN_S
        while (found := await self.caller.documents("get_document_count")) != wanted:
            assert time.monotonic() < until, f"{found} documents instead of {wanted}"
            await asyncio.sleep(ASKED_AGAIN_S)

    async def ids(self, *arguments: Any, **options: Any) -> list[str]:
        """The keys of what a search finds, in its order, all pages."""
        return [one["id"] for one in await self.caller.search(*arguments, **options)]

    @asynccontextmanager
    async def sender(self, **options: Any) -> AsyncIterator[Send]:
        """The buffered sender; give it the name of a method and its arguments."""
        credential = AzureKeyCredential(self.place.key)
        if self.form == "async":
            async with AsyncSearchIndexingBufferedSender(self.place.endpoint, self.index, credential, **options) as waiting:

                async def call(method: str, *arguments: Any) -> None:
                    await getattr(waiting, method)(*arguments)

                yield call
            return
        sender = await asyncio.to_thread(SearchIndexingBufferedSender, self.place.endpoint, self.index, credential, **options)

        async def call_in_thread(method: str, *arguments: Any) -> None:
            await asyncio.to_thread(getattr(sender, method), *arguments)

        try:
            yield call_in_thread
        finally:
            await asyncio.to_thread(sender.close)

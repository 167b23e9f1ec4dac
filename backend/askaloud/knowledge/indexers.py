"""Sets up, starts and looks at an indexer of the search service, through the official client. What is set up stands in `indexer.py`.

Every failure is a `KnowledgeError`. It neither waits for an indexer nor judges what came of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.search.documents.indexes.aio import SearchIndexClient, SearchIndexerClient
from azure.search.documents.indexes.models import IndexerExecutionResult

from ..errors import KnowledgeError, Notice, NoticeCode
from ..identity import Identity, entra_id
from ..settings import SearchDoor
from .batches import WRITE_ATTEMPTS, WRITE_DEADLINE_S
from .indexer import Pull, data_source, indexer, pulled_index, skillset, takes_projections
from .patience import patiently
from .transport import client_options

REASON_CHARS = 300
"""Of what the service says, for a person at a terminal: the first sentence or two."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that the indexer could not take, or not whole: what the service calls it, and why."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an indexer, as far as it is. `begun` tells it from others. `documents` were looked at, `failed` of them in vain.

    `warnings` are of documents that count as well and yet lack something: text that was cut off, a skill that was left out. Source:
    "Indexer errors and warnings" in the documentation of Azure AI Search.
    """

    begun: str
    ended: bool
    well: bool
    documents: int = 0
    failed: int = 0
    reason: str = ""
    failures: tuple[Failed, ...] = ()
    warnings: tuple[Failed, ...] = ()


class Indexers:
    """The indexers of one search service. Made by `open`, closed by who made it."""

    def __init__(self, door: SearchDoor, credential: AzureKeyCredential | Identity) -> None:
        self._door = door
        self._credential = credential
        self._indexes = SearchIndexClient(door.endpoint, credential, **client_options(door.endpoint))
        self._client = SearchIndexerClient(door.endpoint, credential, **client_options(door.endpoint))

    @classmethod
    def open(cls, door: SearchDoor, tenant: str | None) -> Self:
        """Make the clients. Makes no call."""
        return cls(door, AzureKeyCredential(door.api_key) if door.api_key else entra_id(tenant))

    async def close(self) -> None:
        """Close connections and credential."""
        await self._indexes.close()
        await self._client.close()
        if not isinstance(self._credential, AzureKeyCredential):
            await self._credential.close()

    async def set_up(self, pull: Pull) -> None:
        """Make what is missing and renew what is there. Raises `KnowledgeError` saying which part was not taken, and why."""
        await self._index(pull)
        await self._made("the data source", pull, lambda: self._client.create_or_update_data_source_connection(data_source(pull)))
        await self._made("the skillset", pull, lambda: self._client.create_or_update_skillset(skillset(pull)))
        await self._made("the indexer", pull, lambda: self._client.create_or_update_indexer(indexer(pull)))

    async def start(self, pull: Pull) -> None:
        """Start a run, unless one is under way: a new indexer begins by itself."""

        async def run() -> None:
            try:
                await self._client.run_indexer(pull.name)
            except HttpResponseError as refused:
                if refused.status_code != 409:
                    raise

        await self._made("the run", pull, run)

    async def last_run(self, pull: Pull) -> Run | None:
        """The latest run; None where there was none yet, or no such indexer."""

        async def look() -> Run | None:
            try:
                status = await self._client.get_indexer_status(pull.name)
            except ResourceNotFoundError:
                return None
            return _run(status.last_result, pull) if status.last_result is not None else None

        return await self._asked(look)

    async def _index(self, pull: Pull) -> None:
        async def known() -> bool:
            try:
                return takes_projections(await self._indexes.get_index(pull.index))
            except ResourceNotFoundError:
                await self._indexes.create_index(pulled_index(pull.index))
                return True

        if not await self._made("the index", pull, known):
            raise _refused(f"The index {pull.index!r} was not made to be filled by an indexer: name another with --index.")

    async def _made(self, what: str, pull: Pull, make: Callable[[], Awaitable[Answer]]) -> Answer:
        async def told() -> Answer:
            try:
                return await make()
            except HttpResponseError as refused:
                if refused.status_code != 400:
                    raise
                raise _refused(f"The search service did not take {what}: {_shown(refused.message, pull)}") from refused

        return await self._asked(told)

    async def _asked(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        return await patiently(ask, self._door, deadline_s=WRITE_DEADLINE_S, attempts=WRITE_ATTEMPTS)


def _run(result: IndexerExecutionResult, pull: Pull) -> Run:
    return Run(
        begun=str(result.start_time or ""),
        ended=result.status != "inProgress",
        well=result.status == "success",
        documents=result.item_count or 0,
        failed=result.failed_item_count or 0,
        reason=_shown(result.error_message or "", pull),
        failures=tuple(Failed(each.key or "a document", _shown(each.error_message, pull)) for each in result.errors or ()),
        warnings=tuple(Failed(each.key or "a document", _shown(each.message, pull)) for each in result.warnings or ()),
    )


def _shown(text: str, pull: Pull) -> str:
    """What the service said, on one line, without what must not be shown."""
    for secret in pull.secrets:
        text = text.replace(secret, "…")
    words = " ".join(text.split())
    return words if len(words) <= REASON_CHARS else words[:REASON_CHARS].rstrip() + "…"


def _refused(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.SEARCH_REFUSED, sentence))

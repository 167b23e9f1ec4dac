"""Writing many passages: in batches that the service takes, asking again for those that it had no time for.

Knows what the service says of each document, not what a document holds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..settings import SearchDoor
from .patience import PAUSE_S, Paused, patiently, untold

BATCH_PASSAGES = 500
BATCH_BYTES = 4_000_000
"""One batch: half of the service's 1,000 documents and a quarter of its 16 MB. The client cannot split a batch that is too large."""

WRITE_DEADLINE_S = 120.0
"""Seconds for one batch with its retries, and for making or listing an index: nobody waits in silence for these."""

WRITE_ATTEMPTS = 5

BUSY = frozenset({409, 422, 429, 503})
"""What the service says of a single document that it would take a little later."""

Document = dict[str, Any]
Send = Callable[[list[Document]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a write: how many passages the service took, and the ids of those that it did not take."""

    taken: int
    refused: tuple[str, ...] = ()


async def write(documents: Sequence[Document], send: Send, door: SearchDoor, paused: Paused = untold) -> Written:
    """Send all documents; `paused` is told whenever some are sent again.

    Raises `KnowledgeError` when a whole batch is refused; single ones that are refused are named in the result.
    """
    refused: list[str] = []
    for batch in batches(documents):
        refused += await _write_one(batch, send, door, paused)
    return Written(taken=len(documents) - len(refused), refused=tuple(refused))


def batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """The documents in order, in lists within both limits; a single document larger than `BATCH_BYTES` goes alone."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        length = len(json.dumps(document))
        if batch and (len(batch) == BATCH_PASSAGES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += length
    if batch:
        yield batch


async def _write_one(batch: list[Document], send: Send, door: SearchDoor, paused: Paused) -> list[str]:
    """The ids that the service does not take, even after asking again for those that it was too busy for."""
    refused: list[str] = []
    pending = {document["id"]: document for document in batch}
    pause = PAUSE_S
    for attempt in range(WRITE_ATTEMPTS):
        if attempt:
            paused("207")
            await asyncio.sleep(pause)
            pause *= 2
        rows = list(pending.values())

        async def statuses(rows: list[Document] = rows) -> dict[str, int]:
            return {str(result.key): int(result.status_code) for result in await send(rows)}

        told = await patiently(statuses, door, deadline_s=WRITE_DEADLINE_S, attempts=WRITE_ATTEMPTS, paused=paused)
        refused += [key for key in pending if told.get(key, 0) >= 400 and told[key] not in BUSY]
        pending = {key: row for key, row in pending.items() if key not in told or told[key] in BUSY}
        if not pending:
            break
    return refused + list(pending)

"""Brings what a ledger wants into the index: vectors, writes, then removals, in batches, as fast as the services take them.

Whoever is killed in between has everything, some of it twice, and the next run finishes. Owns patience with services that are busy or
away, and counts each time it was needed. What is to be written was decided before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..errors import KnowledgeError
from ..knowledge.base import KnowledgeBase
from ..knowledge.passage import PassageRecord
from .ledger import Ledger, Wanted
from .pace import AT_ONCE_MAX
from .persistence import Persistence
from .plan import Plan, embedded_text
from .trouble import about_the_words, trouble_of

if TYPE_CHECKING:
    from ..knowledge.embed import Embedder

PLAIN_AT_ONCE = 250
"""Passages in one batch without vectors: half of what the client's own batch may hold."""

VECTORS_WITH_ONE = 64
"""Passages in one batch with vectors: one request for these, and some two megabytes to write."""

VECTORS_AT_ONCE = 8
"""Vectors that are asked of the index at a time, for passages that moved."""

Progress = Callable[[str, int, int], None]
"""Told what is happening (`reading`, `writing`, `removing`), how much of it is done and how much there is: 0 where nobody knows."""


@dataclass(slots=True)
class Delivered:
    """What came of it. `refused`: ids that the service did not take. `stopped`: before all was done, because it was asked to."""

    written: int = 0
    removed: int = 0
    refused: list[str] = field(default_factory=list)
    stopped: bool = False


class Delivery:
    """One run over one ledger. Where the persistence is told to stop, batches in hand are finished and no other is begun."""

    def __init__(self, knowledge: KnowledgeBase, ledger: Ledger, plan: Plan, persistence: Persistence) -> None:
        self.done = Delivered()
        self._knowledge = knowledge
        self._ledger = ledger
        self._plan = plan
        self._persistence = persistence
        self._dimensions: int | None = None
        self._embedder: Embedder | None = None
        self._embedded = 0

    async def run(self, progress: Progress) -> Delivered:
        """Write, then remove. Raises `KnowledgeError` where a service failed for good."""
        await self._persistence.patiently(self._knowledge.create)
        shape = await self._persistence.patiently(self._knowledge.shape)
        if self._knowledge.embedder is not None and shape.vector is not None:
            self._embedder, self._dimensions = self._knowledge.embedder.impatient(), shape.vector.dimensions
            await self._remember()
        progress("writing", 0, self._plan.written)
        batches = self._ledger.to_write(VECTORS_WITH_ONE if self._embedder else PLAIN_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(AT_ONCE_MAX):
                    lanes.create_task(self._write_all(batches, progress))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        for ids in self._ledger.to_remove() if not self._persistence.stopped else ():
            await self._remove(ids, progress)
            if self._persistence.stopped:
                break
        self.done.stopped = self._persistence.stopped and (self.done.written < self._plan.written or self.done.removed < self._plan.gone)
        return self.done

    async def _write_all(self, batches: Iterator[Sequence[Wanted]], progress: Progress) -> None:
        """One lane: batch after batch, together with the others."""
        while not self._persistence.stopped:
            async with self._persistence.pace.turn():
                batch = None if self._persistence.stopped else next(batches, None)
                if batch is None:
                    return
                try:
                    await self._put(await self._with_vectors(batch))
                except KnowledgeError:
                    if self._persistence.stopped:
                        return  # the next run takes it up; what was to be said is that it stopped
                    raise
                progress("writing", self.done.written + len(self.done.refused), self._plan.written)

    async def _put(self, records: Sequence[PassageRecord]) -> None:
        """Write records; where they are too many for one request, half of them at a time."""
        try:
            written = await self._persistence.patiently(lambda: self._knowledge.put(records, self._persistence.paused))
        except KnowledgeError as failure:
            trouble = trouble_of(failure)
            if trouble is None or not trouble.too_large:
                raise
            self._persistence.paused(trouble.reason)
            if len(records) == 1:
                self._refused([records[0].id])
                return
            half = len(records) // 2
            await self._put(records[:half])
            await self._put(records[half:])
            return
        self.done.written += written.taken
        self._refused(written.refused)

    async def _remove(self, ids: Sequence[str], progress: Progress) -> None:
        progress("removing", self.done.removed, self._plan.gone)
        removed = await self._persistence.patiently(lambda: self._knowledge.remove(ids, self._persistence.paused))
        self.done.removed += removed.taken
        self.done.refused += removed.refused

    def _refused(self, ids: Sequence[str]) -> None:
        self.done.refused += ids
        self._ledger.refuse(ids)

    async def _remember(self) -> None:
        """Fetch the vectors that are still wanted and that this run would write over, before it does."""
        for some in self._ledger.overwritten(VECTORS_AT_ONCE):
            if self._persistence.stopped:
                return
            found = await asyncio.gather(*(self._vector(id, words) for id, words in some))
            for (id, _), vector in zip(some, found, strict=True):
                if vector is not None:
                    self._ledger.remember(id, vector)

    async def _with_vectors(self, batch: Sequence[Wanted]) -> list[PassageRecord]:
        """The records with vectors where an embedding deployment is set: kept ones where its words had one, else new ones.

        Without those whose words the deployment does not take; they are noted as refused.
        """
        if self._embedder is None:
            return [each.record for each in batch]
        old = [each for each in batch if each.old_id is not None]
        vectors: dict[str, tuple[float, ...] | None] = {}
        for start in range(0, len(old), VECTORS_AT_ONCE):
            some = old[start : start + VECTORS_AT_ONCE]
            found = await asyncio.gather(*(self._kept(each) for each in some))
            vectors |= {each.record.id: vector for each, vector in zip(some, found, strict=True)}
        missing = [each for each in batch if vectors.get(each.record.id) is None]
        vectors |= await self._made(self._embedder, missing) if missing else {}
        return [replace(each.record, vector=vectors[each.record.id]) for each in batch if vectors.get(each.record.id) is not None]

    async def _made(self, embedder: Embedder, wanted: Sequence[Wanted]) -> dict[str, tuple[float, ...]]:
        """New vectors by id. What the deployment does not take is sent in halves, and at last refused by itself: one text that is too
        long for it, or that its filter does not like, shall not keep all others out. A deployment that has taken nothing at all is at
        fault itself: raises `KnowledgeError`.
        """
        texts = [embedded_text(each.record, named=each.named) for each in wanted]
        try:
            made = await self._persistence.patiently(lambda: embedder.vectors(texts, self._dimensions))
        except KnowledgeError as failure:
            if not about_the_words(failure):
                raise
            if len(wanted) == 1:
                self._refused([wanted[0].record.id])
                return {}
            half = len(wanted) // 2
            parts = await self._made(embedder, wanted[:half]) | await self._made(embedder, wanted[half:])
            if not self._embedded:
                raise
            return parts
        self._embedded += len(made)
        return {each.record.id: vector for each, vector in zip(wanted, made, strict=True)}

    async def _kept(self, wanted: Wanted) -> tuple[float, ...] | None:
        id = wanted.old_id or ""
        return self._ledger.remembered(id) or await self._vector(id, wanted.words)

    async def _vector(self, id: str, words: str) -> tuple[float, ...] | None:
        return await self._persistence.patiently(lambda: self._knowledge.vector(id, words))

"""Makes one source in the index equal to a folder: look, plan, write, remove, report.

Used by the script for admins and by `serve`, which fills the stand-in's empty index with the samples. Files that cannot be read are
listed, never raised; it raises `IndexingError` or `KnowledgeError` only where it cannot go on at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Self

from ..errors import IndexingError, KnowledgeError, NoticeCode
from ..knowledge.base import LIST_AT_ONCE, KnowledgeBase
from ..knowledge.passage import Listed
from ..settings import ROOT
from .access import Access
from .delivery import Delivered, Delivery, Progress
from .files import File, Skipped, files_of
from .ledger import Ledger
from .persistence import Persistence
from .plan import Plan, records_of
from .read import Reading
from .readers import Readers
from .split import PASSAGE_TOKENS

SAMPLES = ROOT / "scripts" / "sample_documents"
SAMPLES_SOURCE = "askaloud-samples"
"""A name that is kept for the samples: what stands under it in the stand-in's index is removed when the samples no longer have it."""
SAMPLES_EXCLUDED = ("README*", "*.py")
"""What lies beside the demo's knowledge base without being part of it."""

MUCH = 1 / 3
"""Removing more than this share of a source is probably a wrong folder: it has to be said that it is meant."""

LOOKED_AT = 3
"""Passages that are asked for their vectors, to see whether the index holds any: a run that was killed may have left some without."""

FIRST_ATTEMPTS = 3
"""How often the service is first asked: an address that is wrong shall not be tried for minutes."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A folder that was read and compared: what will be done, and what could not be read. A context: what was read is gone with it.

    `bares`: what is written over has vectors, and no deployment is set that would make new ones.
    """

    source: str
    plan: Plan
    documents: int
    pages: int
    skipped: tuple[Skipped, ...]
    ledger: Ledger
    persistence: Persistence
    bares: bool = False

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget what was read."""
        self.ledger.close()


@dataclass(frozen=True, slots=True)
class Report:
    """What was done: see `Delivered`. `retries`: how often each trouble with a service passed, by its reason."""

    prepared: Prepared
    done: Delivered = field(default_factory=Delivered)

    @property
    def refused(self) -> tuple[str, ...]:
        """Ids of passages that the service did not take."""
        return tuple(self.done.refused)

    @property
    def retries(self) -> Mapping[str, int]:
        """How often each trouble passed."""
        return self.prepared.persistence.retries

    @property
    def failed(self) -> bool:
        """Whether anything is missing in the index that ought to be there."""
        return bool(self.refused) or any(not skip.expected for skip in self.prepared.skipped)


async def prepare(
    folder: Path,
    source: str,
    knowledge: KnowledgeBase,
    *,
    exclude: Sequence[str] = (),
    groups: Sequence[str] = (),
    tokens: int = PASSAGE_TOKENS,
    persistence: Persistence | None = None,
    progress: Progress = lambda *_: None,
) -> Prepared:
    """Read the folder and compare it with the index. Writes nothing; an index that does not exist yet counts as empty.

    `groups` may read what no `.access.yaml` says otherwise of; none: everybody. `tokens`: the most of one passage. The caller closes
    what it gets.
    """
    files, skipped = files_of(folder, exclude)
    access = Access(folder, groups)
    for path in (*(file.path for file in files), *(skip.path for skip in skipped)):
        access.of(path)  # all before the first is read: what is not clear costs no time
    reading = _Reading(source, access.of, knowledge.embedder.deployment if knowledge.embedder else "", Ledger(), skipped)
    patience = persistence or Persistence()
    try:
        await _list(knowledge, source, reading.ledger, patience, progress)
        async with Readers(tokens) as readers:
            await reading.of(files, readers, progress)
        plan = reading.ledger.plan()
        bares = await _bares(knowledge, reading.ledger, patience)
    except BaseException:
        reading.ledger.close()
        raise
    ordered = tuple(sorted(skipped, key=lambda skip: skip.path))
    return Prepared(source, plan, reading.documents, reading.pages, ordered, reading.ledger, patience, bares)


@dataclass(slots=True)
class _Reading:
    """The files of a folder on their way into a ledger."""

    source: str
    groups: Callable[[str], Sequence[str]]
    embedding: str
    ledger: Ledger
    skipped: list[Skipped]
    documents: int = 0
    pages: int = 0

    async def of(self, files: Sequence[File], readers: Readers, progress: Progress) -> None:
        """Read them all; of those that cannot be read, keep what the index has."""
        progress("reading", 0, len(files))
        done = 0
        async with aclosing(readers.read(files)) as readings:
            async for file, reading in readings:
                done += 1
                progress("reading", done, len(files))
                self._take(file, reading)
        for at, skip in enumerate(self.skipped):
            if not skip.expected and skip.reason != "it is empty":
                self.skipped[at] = replace(skip, kept=self.ledger.keep(skip.path, self.groups(skip.path)))

    def _take(self, file: File, reading: Reading) -> None:
        if reading.problem:
            self.skipped.append(Skipped(file.path, reading.problem))
            return
        self.documents, self.pages = self.documents + 1, self.pages + reading.pages
        records = records_of(file, reading, self.source, groups=self.groups(file.path), embedding=self.embedding)
        self.ledger.want(file.path, records, named=bool(reading.title))


async def carry_out(
    prepared: Prepared, knowledge: KnowledgeBase, *, may_remove_much: bool = False, progress: Progress = lambda *_: None
) -> Report:
    """Write, then remove: whoever is killed in between has everything, some of it twice, and the next run finishes.

    Raises `IndexingError` before anything is written where much would be removed without leave, or all vectors.
    """
    plan = prepared.plan
    if not may_remove_much and prepared.bares:
        raise IndexingError(f"This would take the vectors from the passages of {prepared.source!r}.")
    if not may_remove_much and removes_much(plan):
        raise IndexingError(f"This would remove {plan.lost} of the {plan.listed} passages of {prepared.source!r}.")
    if plan.empty:
        return Report(prepared)
    return Report(prepared, await Delivery(knowledge, prepared.ledger, plan, prepared.persistence).run(progress))


async def sync(
    folder: Path,
    source: str,
    knowledge: KnowledgeBase,
    *,
    exclude: Sequence[str] = (),
    may_remove_much: bool = False,
    persistence: Persistence | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Make the source equal to the folder. A second run with nothing changed writes nothing."""
    with await prepare(folder, source, knowledge, exclude=exclude, persistence=persistence, progress=progress) as prepared:
        return await carry_out(prepared, knowledge, may_remove_much=may_remove_much, progress=progress)


async def sync_samples(knowledge: KnowledgeBase, folder: Path = SAMPLES) -> Report | None:
    """Fill an empty index with the samples, or finish and refresh them where they are; None where the index holds other things.

    Only for the stand-in's own index. Creates the index where there is none. Gives None too where there are no samples: an installed
    program has none.
    """
    await knowledge.create()
    if not folder.is_dir():  # noqa: ASYNC240 - one look, before anybody is served
        return None
    if await knowledge.count() and not [each async for each in knowledge.listed(SAMPLES_SOURCE)]:
        return None
    return await sync(folder, SAMPLES_SOURCE, knowledge, exclude=SAMPLES_EXCLUDED, may_remove_much=True)


def removes_much(plan: Plan) -> bool:
    """Whether the plan removes so much of the source that somebody has to say that it is meant."""
    return plan.lost > MUCH * plan.listed


async def _bares(knowledge: KnowledgeBase, ledger: Ledger, patience: Persistence) -> bool:
    """Whether passages with vectors would be written again without any."""
    there = ledger.rewritten(LOOKED_AT) if knowledge.embedder is None else ()
    if not there or (await patience.patiently(knowledge.shape)).vector is None:
        return False
    return any([await patience.patiently(partial(knowledge.vector, id, words)) for id, words in there])


async def _list(knowledge: KnowledgeBase, source: str, ledger: Ledger, patience: Persistence, progress: Progress) -> None:
    """Put what the index has of the source into the ledger."""

    async def list_all() -> None:
        some: list[Listed] = []
        seen = 0
        async for each in knowledge.listed(source):
            some.append(each)
            if len(some) == LIST_AT_ONCE:
                ledger.list(some)
                seen += len(some)
                progress("looking at the index", seen, 0)
                some.clear()
        ledger.list(some)

    try:
        if not (await patience.patiently(knowledge.shape, FIRST_ATTEMPTS)).ours:
            raise IndexingError(f"The index {knowledge.door.index!r} was made by others and is only read: name another with --index.")
        await patience.patiently(list_all)
    except KnowledgeError as failure:
        if failure.notice.code is not NoticeCode.SEARCH_EMPTY:
            raise

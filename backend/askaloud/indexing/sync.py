"""Makes one source in the index equal to a folder: look, plan, write, remove, report.

Used by the script for admins and by `serve`, which fills the stand-in's empty index with the samples. Files that cannot be read are
listed, never raised; it raises `IndexingError` or `KnowledgeError` only where it cannot go on at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import IndexingError, KnowledgeError, NoticeCode
from ..knowledge.base import KnowledgeBase
from ..knowledge.passage import Listed, PassageRecord
from ..settings import ROOT
from .access import Access
from .files import Skipped, files_of
from .plan import Plan, Planner, records_of
from .read import Reader

SAMPLES = ROOT / "scripts" / "sample_documents"
SAMPLES_SOURCE = "askaloud-samples"
"""A name that is kept for the samples: what stands under it in the stand-in's index is removed when the samples no longer have it."""
SAMPLES_EXCLUDED = ("README*", "*.py")
"""What lies beside the demo's knowledge base without being part of it."""

MUCH = 1 / 3
"""Removing more than this share of a source is probably a wrong folder: it has to be said that it is meant."""

AT_ONCE = 256
"""Passages that are embedded and written in one step of the progress."""

Progress = Callable[[str, int, int], None]
"""Told what is happening (`reading`, `writing`, `removing`), how much of it is done and how much there is."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A folder that was read and compared: what will be done, and what could not be read."""

    source: str
    plan: Plan
    documents: int
    pages: int
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was done. `refused`: ids of passages that the service did not take."""

    prepared: Prepared
    refused: tuple[str, ...] = ()

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
    progress: Progress = lambda *_: None,
) -> Prepared:
    """Read the folder and compare it with the index. Writes nothing; an index that does not exist yet counts as empty.

    `groups` may read what no `.access.yaml` says otherwise of; none: everybody.
    """
    files, skipped = files_of(folder, exclude)
    access = Access(folder, groups)
    readers = {file.path: access.of(file.path) for file in files}  # all before the first is read: what is not clear costs no time
    planner = Planner(await _listed(knowledge, source))
    embedding = knowledge.embedder.deployment if knowledge.embedder else ""
    reader = Reader()
    documents = pages = 0
    try:
        for done, file in enumerate(files):
            progress("reading", done, len(files))
            reading = await reader.read(file.place)
            if reading.problem:
                skipped.append(Skipped(file.path, reading.problem))
                continue
            documents, pages = documents + 1, pages + reading.pages
            planner.want(records_of(file, reading, source, groups=readers[file.path], embedding=embedding))
    finally:
        await reader.close()
    progress("reading", len(files), len(files))
    for skip in skipped:
        if not skip.expected and skip.reason != "it is empty":
            planner.keep(skip.path)
    return Prepared(source, planner.plan(), documents, pages, tuple(sorted(skipped, key=lambda skip: skip.path)))


async def carry_out(
    prepared: Prepared, knowledge: KnowledgeBase, *, may_remove_much: bool = False, progress: Progress = lambda *_: None
) -> Report:
    """Write, then remove: whoever is killed in between has everything, some of it twice, and the next run finishes.

    Raises `IndexingError` before anything is written where much would be removed without leave.
    """
    plan = prepared.plan
    if not may_remove_much and removes_much(plan):
        raise IndexingError(f"This would remove {plan.lost} of the {plan.listed} passages of {prepared.source!r}.")
    if plan.empty:
        return Report(prepared)
    await knowledge.create()
    refused: list[str] = []
    old_ids = {record.id: record.id for record in plan.relabelled} | {moved.record.id: moved.old_id for moved in plan.moved}
    waiting = [*plan.new, *plan.changed, *plan.relabelled, *(moved.record for moved in plan.moved)]
    for start in range(0, len(waiting), AT_ONCE):
        progress("writing", start, len(waiting))
        some = waiting[start : start + AT_ONCE]
        refused += (await knowledge.put(await _with_vectors(some, old_ids, knowledge))).refused
    progress("writing", len(waiting), len(waiting))
    staying = {old_ids[id] for id in refused if id in old_ids}  # all that the index has of a passage whose new record was not taken
    gone = [id for id in plan.gone if id not in staying]
    for start in range(0, len(gone), AT_ONCE):
        progress("removing", start, len(gone))
        refused += (await knowledge.remove(gone[start : start + AT_ONCE])).refused
    return Report(prepared, tuple(refused))


async def sync(
    folder: Path,
    source: str,
    knowledge: KnowledgeBase,
    *,
    exclude: Sequence[str] = (),
    may_remove_much: bool = False,
    progress: Progress = lambda *_: None,
) -> Report:
    """Make the source equal to the folder. A second run with nothing changed writes nothing."""
    prepared = await prepare(folder, source, knowledge, exclude=exclude, progress=progress)
    return await carry_out(prepared, knowledge, may_remove_much=may_remove_much, progress=progress)


async def sync_samples(knowledge: KnowledgeBase, folder: Path = SAMPLES) -> Report | None:
    """Fill an empty index with the samples, or finish and refresh them where they are; None where the index holds other things.

    Only for the stand-in's own index. Creates the index where there is none. Gives None too where there are no samples: an installed
    program has none.
    """
    await knowledge.create()
    if not folder.is_dir():  # noqa: ASYNC240 - one look, before anybody is served
        return None
    if await knowledge.count() and not await _listed(knowledge, SAMPLES_SOURCE):
        return None
    return await sync(folder, SAMPLES_SOURCE, knowledge, exclude=SAMPLES_EXCLUDED, may_remove_much=True)


def removes_much(plan: Plan) -> bool:
    """Whether the plan removes so much of the source that somebody has to say that it is meant."""
    return plan.lost > MUCH * plan.listed


async def _listed(knowledge: KnowledgeBase, source: str) -> list[Listed]:
    try:
        if not (await knowledge.shape()).ours:
            raise IndexingError(f"The index {knowledge.door.index!r} was made by others and is only read: name another with --index.")
        return [each async for each in knowledge.listed(source)]
    except KnowledgeError as failure:
        if failure.notice.code is NoticeCode.SEARCH_EMPTY:
            return []
        raise


async def _with_vectors(records: list[PassageRecord], old_ids: dict[str, str], knowledge: KnowledgeBase) -> list[PassageRecord]:
    """The records with vectors where an embedding deployment is set: kept ones for what moved, new ones for the rest."""
    field = (await knowledge.shape()).vector
    if knowledge.embedder is None or field is None:
        return records
    vectors = {record.id: await knowledge.vector(old_ids[record.id]) for record in records if record.id in old_ids}
    missing = [record for record in records if vectors.get(record.id) is None]
    made = await knowledge.embedder.vectors([embedded_text(record) for record in missing], field.dimensions)
    vectors |= {record.id: vector for record, vector in zip(missing, made, strict=True)}
    return [replace(record, vector=vectors[record.id]) for record in records]


def embedded_text(record: PassageRecord) -> str:
    """What a passage's vector is made of: its words under its title and headings, for many passages do not name their subject."""
    return "\n".join(dict.fromkeys((record.title, *record.headings, record.text)))

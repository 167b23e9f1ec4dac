"""Makes one source in the index equal to a folder: on Azure AI Search where AZURE_SEARCH_ENDPOINT is set, else on the stand-in.

    python3 scripts/index_documents.py FOLDER [--index NAME] [--source NAME] [--groups A,B] [--dry-run] [--yes]

Shows the plan, then carries it out. Ends with 0 when all is well, 1 when some files or passages failed, 2 when it could not run.
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment()

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from askaloud.doors import open_doors, search_door
from askaloud.errors import AskAloudError, IndexingError, KnowledgeError
from askaloud.indexing.access import checked
from askaloud.indexing.sync import SAMPLES_SOURCE, Prepared, Report, carry_out, prepare, removes_much
from askaloud.knowledge.base import KnowledgeBase
from askaloud.settings import SearchDoor, Settings, load_settings

WELL, SOME_FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

SOURCE_CHARS = 200
"""Length of a source's name: it stands on every passage."""


FOUND_BY_MEANING = "They can be found by their meaning as well as by their words."
FOUND_BY_WORDS = (
    "They can be found by their words only. To find them by their meaning as well, "
    "set AZURE_OPENAI_EMBEDDING_DEPLOYMENT and run this command again."
)


def main(arguments: Sequence[str]) -> int:
    """Carry out the command; gives the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("askaloud").setLevel(logging.ERROR)  # what it warns of ends here as a sentence
    console = Console(stderr=True)
    try:
        settings = load_settings()
        if options.index:
            settings = replace(settings, azure_search_index=options.index)
        return asyncio.run(_run(options, settings, console))
    except KnowledgeError as failure:
        console.print(f"It could not go on: {failure.notice.message}", style="red", markup=False, soft_wrap=True)
    except AskAloudError as failure:
        console.print(str(failure), style="red", markup=False, soft_wrap=True)
    except KeyboardInterrupt:
        console.print("Interrupted. The same command goes on from here.")
        return INTERRUPTED
    return COULD_NOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="index_documents.py", description="Make one source in the index equal to a folder.")
    parser.add_argument("folder", type=_folder, metavar="FOLDER", help="the folder with the documents (PDF, Markdown, HTML, text)")
    parser.add_argument("--index", metavar="NAME", help="the index to fill (default: AZURE_SEARCH_INDEX, else 'askaloud')")
    parser.add_argument("--source", metavar="NAME", type=_source, help="its name in the index (default: the folder's name)")
    parser.add_argument(
        "--groups", metavar="A,B", type=_groups, default=(), help="who may read what no .access.yaml says otherwise of (default: everybody)"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be done and write nothing")
    parser.add_argument("--yes", action="store_true", help="go on even if more than a third of the source is removed")
    return parser


def _folder(name: str) -> Path:
    folder = Path(name).expanduser().resolve()
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"{folder} is not a folder")
    return folder


def _source(name: str) -> str:
    if not 0 < len(name.strip()) <= SOURCE_CHARS:
        raise argparse.ArgumentTypeError(f"must have 1 to {SOURCE_CHARS} characters")
    return name.strip()


def _groups(names: str) -> tuple[str, ...]:
    try:
        return checked(names.split(","), "--groups")
    except IndexingError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


async def _run(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    folder: Path = options.folder
    source = options.source or folder.name
    if source == SAMPLES_SOURCE:
        raise IndexingError(f"The source {source!r} is kept for the stand-in's samples: give another name with --source.")
    async with _search_door(settings) as door:
        where = "Azure AI Search" if door.kind == "azure" else "the stand-in on this machine"
        console.print(f"{folder} → source {source!r} in the index {door.index!r} on {where}", markup=False, highlight=False, soft_wrap=True)
        knowledge = await KnowledgeBase.open(door, settings)
        try:
            with _progress(console) as bar:
                prepared = await prepare(folder, source, knowledge, groups=options.groups, progress=bar.told)
            _show(prepared, console)
            if options.dry_run:
                console.print("Nothing was written (--dry-run).")
                return SOME_FAILED if Report(prepared).failed else WELL
            if removes_much(prepared.plan) and not options.yes:
                lost, listed = prepared.plan.lost, prepared.plan.listed
                console.print(
                    f"This would remove {lost:,} of {_counted(listed, 'passage')}: nothing was written. If it is meant, add --yes.",
                    style="red",
                    highlight=False,
                    soft_wrap=True,
                )
                return COULD_NOT_RUN
            with _progress(console) as bar:
                report = await carry_out(prepared, knowledge, may_remove_much=options.yes, progress=bar.told)
        finally:
            await knowledge.close()
    _conclude(report, knowledge, console)
    return SOME_FAILED if report.failed else WELL


@asynccontextmanager
async def _search_door(settings: Settings) -> AsyncIterator[SearchDoor]:
    """The search door alone: a stand-in that only the Realtime door would need is not started."""
    door = search_door(settings)
    if door is not None:
        yield door
        return
    async with open_doors(settings) as doors:
        yield doors.search


class _Bar(Progress):
    """The progress of one step after the other, on one line."""

    def __init__(self, console: Console) -> None:
        shown = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        super().__init__(*shown, console=console, transient=True)
        self._step: tuple[str, TaskID] | None = None

    def told(self, doing: str, done: int, total: int) -> None:
        """Show how far it is; a new word begins a new bar."""
        if self._step is None or self._step[0] != doing:
            if self._step is not None:
                self.remove_task(self._step[1])
            self._step = (doing, self.add_task(doing, total=total))
        self.update(self._step[1], completed=done, total=total)


def _progress(console: Console) -> _Bar:
    return _Bar(console)


def _show(prepared: Prepared, console: Console) -> None:
    plan = prepared.plan
    table = Table("Passages", "", box=None, pad_edge=False)
    changed = len(plan.changed) + len(plan.relabelled)
    rows = {"new": len(plan.new), "changed": changed, "moved": len(plan.moved), "removed": plan.lost, "unchanged": plan.unchanged}
    for name, count in rows.items():
        table.add_row(name, f"{count:,}", style="" if count else "dim")
    console.print(f"Read {_counted(prepared.documents, 'document')} with {_counted(prepared.pages, 'page')}.", highlight=False)
    console.print(table)
    for skip in prepared.skipped:
        style = "dim" if skip.expected else "yellow"
        console.print(f"not read: {skip.path}: {skip.reason}", style=style, markup=False, highlight=False, soft_wrap=True)


def _conclude(report: Report, knowledge: KnowledgeBase, console: Console) -> None:
    plan = report.prepared.plan
    if plan.empty:
        console.print("The index equals the folder already; nothing was written.")
    else:
        written = len(plan.new) + len(plan.changed) + len(plan.relabelled) + len(plan.moved) - len(report.refused)
        console.print(f"Done: {_counted(written, 'passage')} written, {plan.lost:,} removed.", highlight=False, soft_wrap=True)
        if written:
            console.print(FOUND_BY_MEANING if knowledge.embedder else FOUND_BY_WORDS, highlight=False, soft_wrap=True)
    if report.refused:
        refused = _counted(len(report.refused), "passage")
        console.print(f"The service did not take {refused}; run the command again.", style="red", highlight=False)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Makes one source in the index equal to a folder: on Azure AI Search where AZURE_SEARCH_ENDPOINT is set, else on the stand-in.

    python3 scripts/index_documents.py FOLDER [--index NAME] [--source NAME] [--groups A,B] [--exclude PATTERN] [--dry-run] [--yes] [--json]
    python3 scripts/index_documents.py --with-indexer --container NAME[/FOLDER] [--index NAME] [--source NAME] [--json]

Shows the plan, then carries it out. Ends with 0 when all is well, 1 when some files or passages failed, 2 when it could not run, and 130
when it was stopped with Ctrl-C, which finishes the batch in hand: the same command goes on from there.
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment()

import argparse
import asyncio
import contextlib
import json
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from rich.console import Console

import index_by_indexer
from askaloud.doors import open_doors, search_door
from askaloud.errors import AskAloudError, IndexingError, KnowledgeError
from askaloud.indexing.access import checked
from askaloud.indexing.estimate import TOKENS_PER_MINUTE, USD_PER_MILLION, Assumptions, estimate
from askaloud.indexing.persistence import Persistence
from askaloud.indexing.sync import SAMPLES_SOURCE, Prepared, Report, carry_out, prepare, removes_much
from askaloud.knowledge.base import KnowledgeBase
from askaloud.settings import SearchDoor, Settings, load_settings
from index_report import Bar, as_json, show_plan, show_result
from terminal import counted, plain

WELL, SOME_FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

SOURCE_CHARS = 200
"""Length of a source's name: it stands on every passage."""


def main(arguments: Sequence[str]) -> int:
    """Carry out the command; gives the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    index_by_indexer.check(parser, options)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("askaloud").setLevel(logging.ERROR)  # what it warns of ends here as a sentence
    console = Console(stderr=True)
    told: dict[str, Any] = {}
    code = COULD_NOT_RUN
    try:
        settings = load_settings()
        if options.index:
            settings = replace(settings, azure_search_index=options.index)
        code = asyncio.run(_run(options, settings, console, told))
    except KnowledgeError as failure:
        told["error"] = f"It could not go on: {failure.notice.message}"
    except AskAloudError as failure:
        told["error"] = str(failure)
    except KeyboardInterrupt:
        told["error"] = "Interrupted. The same command goes on from here."
        code = INTERRUPTED
    for line in told.get("error", "").splitlines():
        console.print(plain(line), style="red", markup=False, highlight=False, soft_wrap=True)
    if options.json:
        print(json.dumps({**told, "exit_code": code}))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="index_documents.py", description="Make one source in the index equal to a folder.")
    parser.add_argument("folder", type=_folder, metavar="FOLDER", nargs="?", help="the folder with the documents")
    parser.add_argument("--index", metavar="NAME", help="the index to fill (default: AZURE_SEARCH_INDEX, else 'askaloud')")
    parser.add_argument("--source", metavar="NAME", type=_source, help="its name in the index (default: the folder's name)")
    parser.add_argument(
        "--groups", metavar="A,B", type=_groups, default=(), help="who may read what no .access.yaml says otherwise of (default: everybody)"
    )
    parser.add_argument(
        "--exclude", metavar="PATTERN", action="append", default=[], help="leave out, as a line of .gitignore would; may be given again"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be done and write nothing")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="go on even if more than a third of the source is removed, if it is opened to everybody, or loses its vectors",
    )
    parser.add_argument("--json", action="store_true", help="print plan and result as one JSON object on stdout")
    parser.add_argument(
        "--price", metavar="USD", type=_amount, default=USD_PER_MILLION, help="of a million tokens, for the estimate (default: %(default)g)"
    )
    parser.add_argument(
        "--tokens-per-minute",
        metavar="N",
        type=_quota,
        default=TOKENS_PER_MINUTE,
        help="the deployment's, likewise (default: %(default)d)",
    )
    index_by_indexer.add_arguments(parser)
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


def _amount(words: str) -> float:
    amount = float(words)
    if not 0 <= amount < 1e6:
        raise argparse.ArgumentTypeError("must be an amount of US dollars")
    return amount


def _quota(words: str) -> int:
    quota = int(words)
    if quota < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return quota


async def _run(options: argparse.Namespace, settings: Settings, console: Console, told: dict[str, Any]) -> int:
    source = options.source or (PurePosixPath(options.container.strip("/")) if options.with_indexer else options.folder).name
    if any("\ud800" <= letter <= "\udfff" for letter in source):  # bytes of a folder's name that are no text
        raise IndexingError(f"The name {source!r} is not text: give the source another one with --source.")
    if source == SAMPLES_SOURCE:
        raise IndexingError(f"The source {source!r} is kept for the stand-in's samples: give another name with --source.")
    if options.with_indexer:
        return await _pull(options, source, settings, console, told)
    folder: Path = options.folder
    async with _search_door(settings) as door:
        where = "Azure AI Search" if door.kind == "azure" else "the stand-in on this machine"
        console.print(
            plain(f"{folder} → source {source!r} in the index {door.index!r} on {where}"), markup=False, highlight=False, soft_wrap=True
        )
        told["index"] = door.index
        knowledge = await KnowledgeBase.open(door, settings)
        stop = asyncio.Event()
        try:
            with Bar(console) as bar:
                prepared = await prepare(
                    folder,
                    source,
                    knowledge,
                    exclude=options.exclude,
                    groups=options.groups,
                    tokens=settings.passage_tokens,
                    persistence=Persistence(stop),
                    progress=bar.told,
                )
            with prepared:
                return await _carry_out(options, prepared, knowledge, stop, console, told)
        finally:
            await knowledge.close()


async def _pull(options: argparse.Namespace, source: str, settings: Settings, console: Console, told: dict[str, Any]) -> int:
    """Have the service's own indexer do it; a stand-in is not started to say that it has none."""
    door = search_door(settings) or SearchDoor("", settings.azure_search_index, None, "stand-in")
    pulled, for_json = await index_by_indexer.index(options, source, door, settings, console)
    told |= for_json
    return SOME_FAILED if pulled.failed else WELL


async def _carry_out(
    options: argparse.Namespace, prepared: Prepared, knowledge: KnowledgeBase, stop: asyncio.Event, console: Console, told: dict[str, Any]
) -> int:
    """Show the plan and, if that is wanted, carry it out."""
    embeds = knowledge.embedder is not None
    assumed = Assumptions(options.price, options.tokens_per_minute)
    expected = estimate(prepared.plan, embeds=embeds, assumed=assumed)
    told |= as_json(prepared, expected, assumed, None, 0.0)
    show_plan(prepared, expected, assumed, console, embeds=embeds)
    if options.dry_run:
        console.print("Nothing was written (--dry-run).")
        return SOME_FAILED if Report(prepared).failed else WELL
    if prepared.plan.opened and not options.yes:
        opened = counted(prepared.plan.opened, "passage")
        raise IndexingError(
            f"This would let everybody read {opened} that only some groups could read so far: nothing was written. "
            "Say who may with --groups or an .access.yaml; if everybody is meant, add --yes."
        )
    if prepared.bares and not options.yes:
        raise IndexingError(
            "The index finds these passages by their meaning too, and this run would take that away: nothing was written. "
            "Set AZURE_OPENAI_EMBEDDING_DEPLOYMENT, or, if words are meant to be enough, add --yes."
        )
    if removes_much(prepared.plan) and not options.yes:
        lost, listed = prepared.plan.lost, counted(prepared.plan.listed, "passage")
        raise IndexingError(f"This would remove {lost:,} of {listed}: nothing was written. If it is meant, add --yes.")
    begun = time.monotonic()
    with _finishing(stop, console), Bar(console) as bar:
        report = await carry_out(prepared, knowledge, may_remove_much=options.yes, progress=bar.told)
    seconds = time.monotonic() - begun
    told |= as_json(prepared, expected, assumed, report, seconds)
    show_result(report, seconds, console, embeds=embeds)
    if report.done.stopped:
        return INTERRUPTED
    return SOME_FAILED if report.failed else WELL


@contextlib.contextmanager
def _finishing(stop: asyncio.Event, console: Console) -> Iterator[None]:
    """The first Ctrl-C finishes what is in hand, the second one does not."""
    loop = asyncio.get_running_loop()

    def asked() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop.set()
        console.print("Finishing the batch in hand. Press Ctrl-C again to stop at once.")

    try:
        loop.add_signal_handler(signal.SIGINT, asked)
    except NotImplementedError:  # Windows: it stops at once, and the next run goes on all the same
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


@asynccontextmanager
async def _search_door(settings: Settings) -> AsyncIterator[SearchDoor]:
    """The search door alone: a stand-in that only the Realtime door would need is not started."""
    door = search_door(settings)
    if door is not None:
        yield door
        return
    async with open_doors(settings) as doors:
        yield doors.search


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What `index_documents.py --with-indexer` does: the search service's own indexer fills the source, and this shows what came of it.

A room of that command; it is not run by itself.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from askaloud.indexing.pull import MODELS, Pulled, pull, pull_of
from askaloud.settings import SearchDoor, Settings
from terminal import plain

FAILURES_SHOWN = 100
"""Documents that failed and are named one by one; the service itself tells of no more than some thousand."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of pull mode."""
    pulling = parser.add_argument_group("pull mode, for those who outgrow one machine")
    pulling.add_argument(
        "--with-indexer", action="store_true", help="let the search service's own indexer fill the source from a container"
    )
    pulling.add_argument("--container", metavar="NAME[/FOLDER]", help="the Blob container, or a folder in it, in place of FOLDER")
    pulling.add_argument("--embedding-model", choices=MODELS, help="what the embedding deployment serves, where its name does not say it")


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Leave with a sentence where the options do not fit together."""
    if not options.with_indexer:
        if options.container or options.embedding_model:
            parser.error("--container and --embedding-model go with --with-indexer")
        if options.folder is None:
            parser.error("a FOLDER is needed, or --with-indexer and --container")
        return
    if options.folder is not None or not options.container or not options.container.strip("/"):
        parser.error("--with-indexer needs --container NAME and no FOLDER")
    if options.groups:
        parser.error(
            "--groups does not go with --with-indexer: the service's indexer writes no groups, so everybody may read what it fills"
        )
    if options.dry_run or options.exclude:
        parser.error("--dry-run and --exclude do not go with --with-indexer")


async def index(
    options: argparse.Namespace, source: str, door: SearchDoor, settings: Settings, console: Console
) -> tuple[Pulled, dict[str, Any]]:
    """Set up, run, wait, show; gives what came of it, and the same for JSON. Raises `IndexingError` or `KnowledgeError`."""
    wanted = pull_of(door, settings, source, options.container, options.embedding_model)
    _say(console, f"container {options.container!r} → source {source!r} in the index {door.index!r}, by the indexer {wanted.name!r}")
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("setting up")

        def told(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing if total else f"{doing}: {_counted(done)} so far")

        pulled = await pull(wanted, door, settings, progress=told)
    _show(pulled, console)
    return pulled, {"source": source, "index": door.index, "indexer": wanted.name, "run": asdict(pulled.run)}


def _show(pulled: Pulled, console: Console) -> None:
    run = pulled.run
    for what, those in (("not indexed", run.failures), ("not whole", run.warnings)):
        for each in those[:FAILURES_SHOWN]:
            _say(console, f"{what}: {each.document}: {each.reason}", "yellow")
        if len(those) > FAILURES_SHOWN:
            _say(console, f"and {len(those) - FAILURES_SHOWN:,} more.", "yellow")
    if not run.well:
        reason = run.reason.rstrip(".") or "the service does not say why"
        _say(console, f"The indexer stopped: {reason}. Run the command again to go on.", "red")
    warned = f", and the service warns of {len(run.warnings):,}" if run.warnings else ""
    _say(console, f"The indexer looked at {_counted(run.documents)} that were new or changed; {run.failed:,} failed{warned}.")
    found = "by their meaning as well as by their words" if pulled.pull.embedding else "by their words only"
    _say(console, f"They can be found {found}. They carry no page numbers, and everybody may read them.")


def _say(console: Console, sentence: str, style: str | None = None) -> None:
    console.print(plain(sentence), style=style, markup=False, highlight=False, soft_wrap=True)


def _counted(count: int) -> str:
    return f"{count:,} {'document' if count == 1 else 'documents'}"

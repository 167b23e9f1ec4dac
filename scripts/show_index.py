"""Shows what an index holds, and what the assistant would be given for a question; removes a document from it.

    python3 scripts/show_index.py [--index NAME] [--source NAME]
    python3 scripts/show_index.py --search "How many days can I work from abroad?" [--groups A,B]
    python3 scripts/show_index.py --remove PATH [--source NAME] [--yes]

On Azure AI Search where AZURE_SEARCH_ENDPOINT is set, else on the stand-in. Ends with 0 when all is well, 1 when something could not be
removed, 2 when it could not run.
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

from rich.console import Console
from rich.table import Table
from rich.text import Text

from askaloud.doors import open_doors, search_door
from askaloud.errors import AskAloudError, KnowledgeError, ToolError
from askaloud.indexing.access import checked
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.contents import SKIP_AT_MOST, Held, by_document
from askaloud.knowledge.tools import toolbox
from askaloud.settings import SearchDoor, Settings, load_settings
from askaloud.tool import Call, Caller
from terminal import counted, plain, plain_lines

WELL, SOME_FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

WIDTH_IN_PIPES = 200
"""Columns where no terminal says how many it has: what is written to a file shall not be cut."""

GROUPS_SHOWN = 6
"""Groups named in a row of the table; a document may have hundreds."""


def main(arguments: Sequence[str]) -> int:
    """Carry out the command; gives the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("askaloud").setLevel(logging.ERROR)  # what it warns of ends here as a sentence
    errors = Console(stderr=True)
    try:
        settings = load_settings()
        if options.index:
            settings = replace(settings, azure_search_index=options.index)
        return asyncio.run(_run(options, settings))
    except KnowledgeError as failure:
        _complain(errors, failure.notice.message)
    except ToolError as failure:
        _complain(errors, failure.notice.message if failure.notice else failure.heard)
    except AskAloudError as failure:
        _complain(errors, str(failure))
    except KeyboardInterrupt:
        return INTERRUPTED
    return COULD_NOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="show_index.py", description="Show what an index holds.")
    parser.add_argument("--index", metavar="NAME", help="the index (default: AZURE_SEARCH_INDEX, else 'askaloud')")
    parser.add_argument("--source", metavar="NAME", help="only documents of this source")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--search", metavar="QUESTION", help="show what the assistant would be given for this question")
    what.add_argument("--remove", metavar="PATH", help="remove the document, or all documents of the folder, of this path")
    parser.add_argument("--groups", metavar="A,B", default="", help="with --search: as somebody of these groups (default: of none)")
    parser.add_argument("--yes", action="store_true", help="with --remove: do not ask")
    return parser


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    out = Console(width=None if sys.stdout.isatty() else WIDTH_IN_PIPES, highlight=False)
    async with _search_door(settings) as door:
        knowledge = await KnowledgeBase.open(door, settings)
        try:
            where = "Azure AI Search" if door.kind == "azure" else "the stand-in on this machine"
            out.print(f"index {door.index!r} on {where}", markup=False)
            if options.search is not None:
                return await _search(options, knowledge, out)
            held = by_document([row async for row in knowledge.contents()])
            chosen = [each for each in held if options.source in (None, each.source)]
            if options.remove is not None:
                return await _remove(options, chosen, knowledge, out)
            _show(chosen, out)
            if sum(len(each.ids) for each in held) > SKIP_AT_MOST and not (await knowledge.shape()).ours:
                out.print(f"The service lists no more than about {SKIP_AT_MOST:,} passages of an index that others made.")
            return WELL
        finally:
            await knowledge.close()


@asynccontextmanager
async def _search_door(settings: Settings) -> AsyncIterator[SearchDoor]:
    """The search door alone: a stand-in that only the Realtime door would need is not started."""
    door = search_door(settings)
    if door is not None:
        yield door
        return
    async with open_doors(settings) as doors:
        yield doors.search


def _show(held: Sequence[Held], out: Console) -> None:
    if not held:
        out.print("There are no documents in it.")
        return
    table = Table("Source", box=None, pad_edge=False)
    table.add_column("Document", overflow="fold")
    table.add_column("Pages", justify="right")
    table.add_column("Passages", justify="right")
    table.add_column("Read by", overflow="fold")
    table.add_column("Changed")
    for each in held:
        row = (each.source, each.document, f"{len(each.pages):,}" if each.pages else "–", f"{len(each.ids):,}", _readers(each))
        table.add_row(*(Text(plain(cell)) for cell in row), each.changed[:16].replace("T", " ") or "–")
    out.print(table)
    out.print(f"{counted(len(held), 'document')}, {counted(sum(len(each.ids) for each in held), 'passage')}.")


def _readers(held: Held) -> str:
    if not held.groups:
        return "everybody"
    named = sorted(held.groups)
    more = f" and {len(named) - GROUPS_SHOWN} more" if len(named) > GROUPS_SHOWN else ""
    some = f"; {held.open_passages} passages by everybody" if held.open_passages else ""
    return ", ".join(named[:GROUPS_SHOWN]) + more + some


async def _search(options: argparse.Namespace, knowledge: KnowledgeBase, out: Console) -> int:
    """By the very tool that the model calls."""
    search = toolbox(knowledge, address=lambda _: (None, None)).tools[0]
    groups = checked(options.groups.split(","), "--groups") if options.groups else ()
    outcome = await search.run(Call("show", {"query": options.search}, Caller("show_index", groups)))
    for notice in outcome.notices:
        out.print(notice.message, style="yellow", markup=False)
    if outcome.sources:
        table = Table("Nr", "Score", "Title", "Page", box=None, pad_edge=False)
        table.add_column("Passage", overflow="fold")
        for each in outcome.sources:
            page = "–" if each.page is None else str(each.page)
            table.add_row(str(each.number), f"{each.score:.3f}", Text(plain(each.title)), page, Text(plain(each.id)))
        out.print(table)
    out.print("\nThe assistant is given:\n")
    out.print(Text(plain_lines(outcome.heard)), soft_wrap=True)
    return WELL


async def _remove(options: argparse.Namespace, held: Sequence[Held], knowledge: KnowledgeBase, out: Console) -> int:
    if not (await knowledge.shape()).ours:
        _complain(out, "The index was made by others and is only read: nothing is removed from it.")
        return COULD_NOT_RUN
    below = options.remove.rstrip("/") + "/"
    chosen = [each for each in held if each.document == options.remove or each.document.startswith(below)]
    if not chosen:
        _complain(out, f"There is no document {options.remove!r} in it: give its path as it is shown without --remove.")
        return COULD_NOT_RUN
    if len({each.source for each in chosen}) > 1:
        names = ", ".join(repr(each) for each in sorted({each.source for each in chosen}))
        _complain(out, f"Several sources hold it ({names}): name one with --source.")
        return COULD_NOT_RUN
    _show(chosen, out)
    if not options.yes and not _is_meant():
        _complain(out, "Nothing was removed. If it is meant, add --yes.")
        return COULD_NOT_RUN
    refused = (await knowledge.remove([id for each in chosen for id in each.ids])).refused
    if refused:
        _complain(out, f"The service did not remove {counted(len(refused), 'passage')}; run the command again.")
        return SOME_FAILED
    out.print("Removed. Where the file is still in its folder, the next run of index_documents.py brings it back.")
    return WELL


def _is_meant() -> bool:
    return sys.stdin.isatty() and input("Remove this from the index? [y/N] ").strip().lower() in {"y", "yes"}


def _complain(console: Console, sentence: str) -> None:
    console.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What the indexing command says: a bar while it works, the plan and the result as tables, and both as JSON for other programs.

Only puts into words what was decided elsewhere; writes to the console that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from askaloud.indexing.estimate import Assumptions, Estimate
from askaloud.indexing.files import Skipped
from askaloud.indexing.ledger import KINDS
from askaloud.indexing.sync import Prepared, Report
from terminal import counted, plain

NAMED_AT_MOST = 12
"""Documents of each kind that are named in a plan; a first run adds thousands."""

OTHERS_SHOWN = 20
"""Files of other formats that are named one by one; a folder of pictures may hold thousands."""

FOUND_BY_MEANING = "They can be found by their meaning as well as by their words."
FOUND_BY_WORDS = (
    "They can be found by their words only. To find them by their meaning as well, "
    "set AZURE_OPENAI_EMBEDDING_DEPLOYMENT and run this command again."
)

REASONS = {
    "207": "single passages taken later",
    "413": "a request too large, sent in halves",
    "429": "too many requests",
    "503": "too busy",
    "connection lost": "connection lost",
    "no answer": "no answer in time",
}
"""Troubles that passed, in words; others stand as their status."""


class Bar(Progress):
    """The progress of one step after the other, on one line: what is happening, how far it is, how fast, and how long it will take."""

    def __init__(self, console: Console) -> None:
        shown = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        super().__init__(*shown, console=console, transient=True)
        self._step: tuple[str, TaskID] | None = None

    def told(self, doing: str, done: int, total: int) -> None:
        """Show how far it is; a new word begins a new bar."""
        if self._step is None or self._step[0] != doing:
            if self._step is not None:
                self.remove_task(self._step[1])
            self._step = (doing, self.add_task(doing, total=total or None))
        self.update(self._step[1], completed=done, total=total or None)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """So many in a second."""
        return Text(f"{task.speed:,.1f}/s" if task.speed else "")


def show_plan(prepared: Prepared, expected: Estimate, assumed: Assumptions, console: Console, *, embeds: bool) -> None:
    """The plan, what could not be read, and what carrying it out will cost."""
    table = Table("", "documents", "passages", "tokens to embed", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in KINDS:
        tally = getattr(prepared.plan, kind)
        tokens = f"{tally.tokens:,}" if embeds and tally.tokens else ""
        table.add_row(kind, f"{tally.documents:,}", f"{tally.passages:,}", tokens, style="" if tally.passages else "dim")
    console.print(f"Read {counted(prepared.documents, 'document')} with {counted(prepared.pages, 'page')}.", highlight=False)
    console.print(table)
    _show_documents(prepared, console)
    _show_skipped(prepared.skipped, console)
    if not prepared.plan.empty:
        console.print(_expectation(expected, assumed, embeds=embeds), highlight=False, soft_wrap=True)


def show_result(report: Report, seconds: float, console: Console, *, embeds: bool) -> None:
    """What was done, and what was not."""
    done = report.done
    if report.prepared.plan.empty:
        console.print("The index equals the folder already; nothing was written.")
        return
    moved = done.removed and report.prepared.plan.gone - report.prepared.plan.lost
    left = sum(1 for skip in report.prepared.skipped if not skip.expected)
    others = len(report.prepared.skipped) - left
    table = Table("", "", box=None, pad_edge=False, show_header=False)
    rows = {
        "written": counted(done.written, "passage"),
        "removed": counted(done.removed, "passage") + (f", {moved:,} of them from their former place" if moved else ""),
        "not taken": f"{len(done.refused):,}",
        "files not read": f"{left:,}",
        **({"of other formats": f"{others:,}"} if others else {}),
        "took": f"{_duration(seconds)}, {done.written / max(seconds, 0.001):,.0f} passages/s",
    }
    for name, words in rows.items():
        table.add_row(name, words)
    for reason, times in report.retries.items():
        table.add_row("tried again", f"{counted(times, 'time')}: {REASONS.get(reason, f'status {reason}')}")
    console.print(table, highlight=False)
    if done.stopped:
        console.print("Stopped as you asked, after the batch in hand. The same command goes on from here.", soft_wrap=True)
        return
    console.print(f"Done: {counted(done.written, 'passage')} written, {done.removed:,} removed.", highlight=False, soft_wrap=True)
    if done.written:
        console.print(FOUND_BY_MEANING if embeds else FOUND_BY_WORDS, highlight=False, soft_wrap=True)
    if done.refused:
        _show_refused(report, console)


def as_json(prepared: Prepared, expected: Estimate, assumed: Assumptions, report: Report | None, seconds: float) -> dict[str, Any]:
    """The same for other programs. `result` is null where nothing was carried out."""
    return {
        "source": prepared.source,
        "documents": prepared.documents,
        "pages": prepared.pages,
        "plan": {kind: asdict(getattr(prepared.plan, kind)) for kind in KINDS},
        "opened": prepared.plan.opened,
        "kept_vectors": prepared.plan.kept_vectors,
        "not_read": [asdict(skip) for skip in prepared.skipped],
        "estimate": {**asdict(expected), "assumed": asdict(assumed)},
        "result": None
        if report is None
        else {
            "written": report.done.written,
            "removed": report.done.removed,
            "refused": list(report.refused),
            "retries": dict(report.retries),
            "stopped": report.done.stopped,
            "seconds": round(seconds, 3),
        },
    }


def _show_documents(prepared: Prepared, console: Console) -> None:
    """Which documents the plan is about, as far as one likes to read."""
    for kind in KINDS[:-1]:
        named = prepared.ledger.documents(kind, NAMED_AT_MOST)
        for path in named:
            console.print(f"{kind}: {plain(path)}", markup=False, highlight=False, soft_wrap=True)
        if (more := getattr(prepared.plan, kind).documents - len(named)) > 0:
            console.print(f"{kind}: {counted(more, 'document')} more", style="dim", highlight=False)


def _show_refused(report: Report, console: Console) -> None:
    """Which documents lack something now, as far as one likes to read."""
    for path in report.prepared.ledger.refused(NAMED_AT_MOST):
        console.print(f"not taken: {path}", style="red", markup=False, highlight=False, soft_wrap=True)
    refused = counted(len(report.refused), "passage")
    console.print(f"The service did not take {refused}; run the command again.", style="red", highlight=False)


def _show_skipped(skipped: Sequence[Skipped], console: Console) -> None:
    others = [skip for skip in skipped if skip.expected]
    for skip in [skip for skip in skipped if not skip.expected] + others[:OTHERS_SHOWN]:
        style = "dim" if skip.expected else "yellow"
        stays = f"; {counted(skip.kept, 'passage')} of an earlier version {'stays' if skip.kept == 1 else 'stay'}" if skip.kept else ""
        console.print(plain(f"not read: {skip.path}: {skip.reason}{stays}"), style=style, markup=False, highlight=False, soft_wrap=True)
    if len(others) > OTHERS_SHOWN:
        console.print(f"not read: {len(others) - OTHERS_SHOWN:,} more of other formats", style="dim", highlight=False)


def _expectation(expected: Estimate, assumed: Assumptions, *, embeds: bool) -> str:
    if not embeds:
        return f"Nothing is embedded, so this costs nothing; it takes about {_duration(expected.seconds)}."
    return (
        f"Embedding about {expected.tokens:,} tokens costs about ${expected.usd:,.2f} at ${assumed.usd_per_million:g} a million (--price), "
        f"and takes about {_duration(expected.seconds)} at {assumed.tokens_per_minute:,} tokens a minute (--tokens-per-minute). "
        "Both are assumptions."
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

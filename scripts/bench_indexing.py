"""How fast a folder becomes an index, and how much memory that takes: 10, 100 and 1,000 text PDFs, made by this script.

    python3 scripts/bench_indexing.py [--papers 10 100 1000] [--pages 10]

Each size is one run of `index_documents.py` over a fresh folder, into a fresh stand-in on this machine, by keyword alone. Pages per second
are those of the whole command, its start included; the memory is the most that the command itself held, and the most that any of its
reading processes held. Beside them stand the pages per second of a second run, which reads everything and writes nothing.
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment("local", "test")

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fpdf import FPDF

from blank import clean_environment

ROOT = Path(__file__).resolve().parents[1]
WORDS = (ROOT / "scripts" / "sample_documents" / "travel-and-expenses.md").read_text(encoding="utf-8").split()
PARAGRAPHS, WORDS_OF_ONE = 6, 70
"""Of one page: some 420 words, as a page of a report has."""

RUN = """
import json, os, resource, runpy, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    most = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    sys.stderr.write("\\n" + json.dumps(most) + "\\n")
"""
"""Runs a script in its process and says how much memory it and its children held, in kilobytes."""


@dataclass(frozen=True)
class Measured:
    """One run: seconds, what the command says of itself, and the most memory of the command and of its largest child, in MB."""

    seconds: float
    said: dict[str, object]
    command_mb: float
    reader_mb: float


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="+", default=[10, 100, 1000], help="how many PDFs, for each run")
    parser.add_argument("--pages", type=int, default=10, help="pages of each PDF")
    options = parser.parse_args()
    print(f"{'papers':>7} {'pages':>7} {'passages':>9} {'pages/s':>8} {'again':>8} {'command':>9} {'reader':>9}")
    for count in options.papers:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "papers"
            folder.mkdir()
            make_papers(folder, count, options.pages)
            with stand_in(Path(place) / "data") as door:
                first, second = (measured(folder, door) for _ in range(2))
            pages = count * options.pages
            plan = first.said["plan"]
            passages = plan["added"]["passages"] if isinstance(plan, dict) else 0
            print(
                f"{count:>7,} {pages:>7,} {passages:>9,} {pages / first.seconds:>8.0f} {pages / second.seconds:>8.0f} "
                f"{first.command_mb:>6.0f} MB {first.reader_mb:>6.0f} MB",
                flush=True,
            )
    return 0


def make_papers(folder: Path, count: int, pages: int) -> None:
    """PDFs of running text, each other words."""
    chance = random.Random(1)  # noqa: S311 - the same papers every time
    for number in range(count):
        pdf = FPDF()
        pdf.set_title(f"Report {number}")
        for page in range(pages):
            pdf.add_page()
            pdf.set_font("helvetica", size=16, style="B")
            pdf.cell(0, 12, f"Chapter {page + 1} of report {number}", new_x="LMARGIN", new_y="NEXT")
            pdf.set_font("helvetica", size=10)
            for _ in range(PARAGRAPHS):
                words = " ".join(chance.choice(WORDS) for _ in range(WORDS_OF_ONE))
                pdf.multi_cell(0, 5, words.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT")
                pdf.ln(3)
        pdf.output(str(folder / f"report-{number:05}.pdf"))


@contextmanager
def stand_in(data: Path) -> Iterator[dict[str, str]]:
    """A fresh stand-in, a process of its own whose memory does not count; gives the settings that lead to its search door."""
    command = [sys.executable, "-m", "local_azure", "--port", "0", "--data", str(data), "--until-stdin-closes"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=clean_environment(data))
    with process:
        said = dict(line.strip().split(": ", 1) for line in islice(process.stdout or (), 3))
        yield {"AZURE_SEARCH_ENDPOINT": said["search"], "AZURE_SEARCH_API_KEY": said["key"]}


def measured(folder: Path, door: dict[str, str]) -> Measured:
    """Run the command over the folder, into the index behind `door`."""
    command = [sys.executable, "-c", RUN, str(ROOT / "scripts" / "index_documents.py"), str(folder), "--index", "papers", "--json"]
    begun = time.monotonic()
    run = subprocess.run(command, env=clean_environment(folder.parent / "own", **door), capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begun
    if run.returncode:
        raise SystemExit(run.stderr)
    own_kb, child_kb = json.loads(run.stderr.strip().splitlines()[-1])
    return Measured(seconds, json.loads(run.stdout), own_kb / 1024, child_kb / 1024)


if __name__ == "__main__":
    sys.exit(main())

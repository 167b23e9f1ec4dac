"""How long it takes to start: cold (a fresh clone, nothing installed) and warm, from the command to the printed address.

    python3 scripts/bench_start.py [--cold]

Each start is `python3 scripts/run.py serve --port 0` with nothing set: warm ones in this checkout with its `.venv`; with --cold, all of
them in a clone of this checkout's last commit, the cold one first. The limit beside the warm start is the goal of three seconds; beside
the cold one, `pip install` alone of the same packages in the same run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from blank import clean_environment

ROOT = Path(__file__).resolve().parents[1]
WARM_GOAL_S = 3.0
STARTS = 3


def start_s(project: Path, data: Path) -> float:
    """Seconds from the command to its line on stdout; then it is stopped. `data` is where it keeps what it indexes."""
    begin = time.monotonic()
    command = [sys.executable, "scripts/run.py", "serve", "--port", "0"]
    environment = clean_environment(data)
    child = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    line = child.stdout.readline() if child.stdout else ""
    spent = time.monotonic() - begin
    child.terminate()
    child.wait()
    if not line.startswith("http"):
        raise SystemExit("It did not start.")
    return spent


def install_s(project: Path, folder: Path) -> float:
    """Seconds that pip alone takes for the same packages."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    begin = time.monotonic()
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", "-e", f"{project}[local]"], check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cold", action="store_true", help="measure a fresh clone too (downloads the packages twice)")
    options = parser.parse_args()
    project = ROOT
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        if options.cold:
            project = Path(folder) / "clone"
            subprocess.run(["git", "clone", "--quiet", ROOT, project], check=True)  # noqa: S607 - whatever git the developer has
            cold = start_s(project, data)
            alone = install_s(project, Path(folder) / "alone")
            print(f"cold start {cold:6.1f} s   (pip install alone: {alone:.1f} s)")
        warm = sorted(start_s(project, data) for _ in range(STARTS))
    print(f"warm start {warm[STARTS // 2]:6.2f} s   (median of {STARTS}; goal: under {WARM_GOAL_S:.0f} s)")


if __name__ == "__main__":
    main()

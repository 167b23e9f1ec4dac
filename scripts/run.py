"""The two commands of a fresh machine: `python3 scripts/run.py serve` and `python3 scripts/run.py test`.

Needs nothing but Python 3.11: makes `.venv` and installs what is missing, then serves or tests. `serve` ends in the server's own
process. Everything is said on stderr; stdout belongs to the server, which prints its address there when it is ready.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence

from environment import ROOT, Environment, become, in_environment, plainly
from machine import SetupError, check_python, find_browser, install_packages, on_build_machine, say

__all__ = ["in_environment", "main"]

MAX_PORT = 65_535

SPREAD = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
"""Three test processes at once, a file in one of them: a good half of a test waits for programs to start. More would keep sound from
coming in time on two cores.
"""


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; gives the exit code."""
    options = _parser().parse_args(arguments)
    with plainly():
        check_python(["scripts/run.py", *arguments])
        environment = Environment(ROOT)
        if options.command == "serve":
            environment.prepare(["local"])
            become([str(environment.python), "-m", "askaloud", "--host", options.host, "--port", str(options.port)])
        return _test(environment, options.long, options.pytest)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="Ask Aloud on a fresh machine: serve it, or test it.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="start the service and print its address")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at; others than loopback need ASKALOUD_ACCESS_KEY")
    serve.add_argument("--port", type=_port, default=8765, help="0 takes a free one (default: %(default)s)")
    test = commands.add_parser("test", help="lint, types and all tests")
    test.add_argument("--long", action="store_true", help="the full count of slow proofs too")
    test.add_argument("pytest", nargs="*", metavar="-- ARGUMENT", help="passed on to pytest")
    return parser


def _port(word: str) -> int:
    port = int(word)
    if not 0 <= port <= MAX_PORT:
        raise argparse.ArgumentTypeError(f"must lie between 0 and {MAX_PORT}")
    return port


def _test(environment: Environment, long: bool, for_pytest: Sequence[str]) -> int:
    _find_or_install_programs()
    environment.prepare(["local", "test"])
    checks = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "pytest": ["pytest", *SPREAD, *(["--long"] if long else []), *for_pytest],
    }
    results = []
    for name, command in checks.items():
        say(f"== {name}")
        began = time.monotonic()
        code = subprocess.run([str(environment.python), "-m", *command], cwd=ROOT, check=False).returncode
        results.append((name, code, time.monotonic() - began))
    say("== summary")
    for name, code, took in results:
        say(f"{name:<12} {'ok' if code == 0 else f'failed ({code})':<12} {took:6.1f} s")
    return 1 if any(code for _, code, _ in results) else 0


def _find_or_install_programs() -> None:
    """The page's tests need a Chromium, and flite is the better voice.

    On a build machine (`CI`) a missing browser is an error; elsewhere its tests are skipped, and that is said.
    """
    wanted = [] if find_browser() else ["chromium", "fonts-liberation"]
    wanted += [] if shutil.which("flite") else ["flite"]
    if not wanted:
        return
    try:
        install_packages(wanted, "The tests need programs that are not on this machine")
    except SetupError as wrong:
        say(str(wrong))
    if find_browser():
        return
    if on_build_machine():
        raise SetupError("There is no Chromium on this build machine, so the tests in the browser cannot run.")
    say("Going on without a browser: its tests will be skipped.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What this machine must offer: a new enough Python, a few packages of the system, a browser for the tests.

Installs what it may (as root, on Debian and its kin); else says what to type. Standard library only; syntax of Python 3.8.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")
"""The last is the newest, on which the stand-in does not hear: what it hears with has no wheel for it yet."""

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
"""Where a Chromium may be found, as a program on the path or as a file."""

LAST_LINES = 12
"""Lines of apt-get's output shown when it fails."""


class SetupError(Exception):
    """Something is missing that could not be installed. The message is for the person at the terminal, and says what to do."""


def say(words: str, *, passing: bool = False) -> None:
    """One calm line on stderr. A passing line is shown on a terminal only, and the next line takes its place."""
    if sys.stderr.isatty():
        print(
            f"\r\x1b[2K{words[: shutil.get_terminal_size().columns - 1] if passing else words}",
            end="" if passing else "\n",
            file=sys.stderr,
            flush=True,
        )
    elif not passing:
        print(words, file=sys.stderr, flush=True)


def check_python(command: Sequence[str], version: Sequence[int] = sys.version_info[:3]) -> None:
    """Raise `SetupError` where that Python, this one's `version`, is too old; names a newer one on this machine if there is one."""
    if tuple(version) >= OLDEST_PYTHON:
        return
    here = f"Ask Aloud needs Python 3.11 or newer; this is Python {'.'.join(map(str, version))} ({sys.executable})."
    for name in NEWER_PYTHONS:
        if shutil.which(name) and not subprocess.run([name, "-c", ""], capture_output=True, check=False).returncode:
            raise SetupError(f"{here}\nA newer one is on this machine; type: {name} {' '.join(command)}")
    raise SetupError(f"{here}\nInstall a newer Python (python.org, or your system's packages), then type the same command with it.")


def install_packages(packages: Sequence[str], why: str) -> None:
    """Install packages of Debian or Ubuntu. Raises `SetupError`, which says what to type, where that is not ours to do."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise SetupError(
            f"{why}. Install it with your system's packages (on Debian and Ubuntu it is called: {names}), then type the same command again."
        )
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise SetupError(f"{why}. Type: sudo apt-get install {names}\nThen type the same command again.")
    say(f"{why}; installing {names} with apt-get …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode and arguments[0] == "install":  # an update may complain of one source and still serve the others
            last = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-LAST_LINES:])
            raise SetupError(f"{why}, and apt-get could not install {names}. Its last words:\n{last}")


def on_build_machine() -> bool:
    """Whether a missing program is a failure instead of a skipped test: `CI` is set, to anything but 0 or false."""
    return os.environ.get("CI", "").strip().lower() not in {"", "0", "false"}


def find_browser() -> str | None:
    """The path of a Chromium that starts on this machine, or None. (Ubuntu's package is a script that only points to another store.)

    CHROMIUM names one that is elsewhere.
    """
    for found in filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *BROWSERS))):
        if not subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
            return found
    return None

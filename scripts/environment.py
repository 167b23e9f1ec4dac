"""The project's own environment, `.venv`: makes it, keeps it equal to `pyproject.toml`, and runs scripts inside it.

Needs the standard library only, and keeps to syntax that Python 3.8 can read, so that an old Python gets a sentence and not a
SyntaxError. It must not know what is run in the environment. A script that needs it begins with

    from environment import in_environment

    if __name__ == "__main__":
        in_environment()

and imports everything that is not in the standard library after that call.
"""

from __future__ import annotations

import collections
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from machine import OLDEST_PYTHON, SetupError, check_python, install_packages, say

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parents[1]

LAST_LINES = 15
"""Lines of pip's output shown when it fails: enough for the error and what led to it."""

NETWORK_WORDS = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Max retries exceeded|"
    r"Temporary failure in name resolution|Network is unreachable|Connection refused|Connection broken|ConnectionResetError"
)
"""How pip says that it could not reach the packages. It goes on to say "no matching distribution", which would mislead."""

LOCK_POLL_S = 0.5
"""How often a waiting command looks whether the other one is done, where the system cannot wait for a lock by itself (Windows)."""


class Environment:
    """The `.venv` of one project folder, with the named extras of its `pyproject.toml`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self._stamp = self.folder / "askaloud.json"

    def prepare(self, extras: Sequence[str]) -> None:
        """Make or repair the environment unless it is as it should be. Raises `SetupError`."""
        if self.is_ready(extras):
            return
        with _alone(self.root / ".venv.lock"):
            if self.is_ready(extras):
                return  # another command has done it meanwhile
            wanted = sorted({*extras, *self._installed()[1]})
            self._stamp.unlink(missing_ok=True)  # from here to the end an interruption leaves no stamp, so the next start repairs
            if not self._is_usable():
                self._create()
            self._install(wanted)
            self._write_stamp(wanted)

    def is_ready(self, extras: Sequence[str]) -> bool:
        """Whether what is installed is what `pyproject.toml` asks for. Starts no process: every start pays for this."""
        installed, having = self._installed()
        return self.python.exists() and set(extras) <= set(having) and installed == self._wanted()

    def _installed(self) -> tuple[str, list[str]]:
        try:
            stamp = json.loads(self._stamp.read_text(encoding="utf-8"))
            return str(stamp["wanted"]), [str(extra) for extra in stamp["extras"]]
        except (OSError, ValueError, KeyError, TypeError):
            return "", []

    def _write_stamp(self, extras: Sequence[str]) -> None:
        fresh = self._stamp.with_suffix(".new")
        fresh.write_text(json.dumps({"wanted": self._wanted(), "extras": list(extras)}), encoding="utf-8")
        fresh.replace(self._stamp)

    def _wanted(self) -> str:
        """A digest of all that decides what pip would install: not of the whole file, so that a new lint rule needs no network."""
        import tomllib  # Python 3.11's own; not yet there when an old Python is told to leave

        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        deciding = [project.get("build-system"), project.get("project"), project.get("tool", {}).get("hatch")]
        # The editable install and the programs in bin/ hold absolute paths: a folder that was moved counts as new.
        words = json.dumps([deciding, _version(self.folder), str(self.root)], sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()

    def _is_usable(self) -> bool:
        """Whether pip can work there: an interrupted start, a Python that was removed or a moved folder leaves a ruin."""
        if not self.python.exists() or _version(self.folder) < OLDEST_PYTHON:
            return False
        pip = self.folder / ("Scripts/pip.exe" if os.name == "nt" else "bin/pip")
        if not pip.exists() or (os.name != "nt" and str(self.folder).encode() not in pip.read_bytes()):
            return False
        return subprocess.run([str(self.python), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0

    def _create(self) -> None:
        if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
            install_packages(["python{}.{}-venv".format(*sys.version_info[:2])], "Python's venv module is missing")
        say(f"Making {self.folder.name} with Python {sys.version.split()[0]} …")
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.folder)], capture_output=True, text=True, check=False)
        if made.returncode:
            raise SetupError(f"{self.folder} could not be made. Python says:\n{_indented((made.stdout + made.stderr).splitlines())}")

    def _install(self, extras: Sequence[str]) -> None:
        say("Installing the packages; a first time takes a minute or two …")
        began = time.monotonic()
        target = f".[{','.join(extras)}]" if extras else "."
        command = [str(self.python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        environment = {**os.environ, "PIP_USER": "0"}  # `user = true` in somebody's pip.conf would forbid installing here
        pip = subprocess.Popen(
            [*command, "--editable", target],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with pip:
            no_network, last = _follow(pip)
        if pip.returncode == 0:
            return say(f"Installed in {time.monotonic() - began:.0f} s.")
        what = "The packages could not be installed."
        if no_network:
            what = (
                "The packages could not be fetched: the package index did not answer. Look at the network, or at HTTPS_PROXY if you go "
                "through a proxy, then type the same command again: it goes on from here."
            )
        raise SetupError(f"{what} pip's last words:\n{_indented(last)}")


def in_environment(*extras: str) -> None:
    """Go on only inside the project's `.venv`: make it where needed and run the calling script again there, with its arguments.

    Returns at once when already inside. Without `extras` the stand-in's packages are there too. Ends the process with a sentence
    and exit code 1 when the environment cannot be made.
    """
    environment = Environment(ROOT)
    if Path(sys.prefix).resolve() == environment.folder.resolve():
        return
    with plainly():
        check_python(sys.argv)
        environment.prepare(extras or ("local",))
    become([str(environment.python), *sys.argv])


def become(command: Sequence[str]) -> None:
    """Run `command` in this process's place, so that signals and process ids mean what they say (on Windows: as a child)."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(list(command)))
    os.execv(command[0], list(command))


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """What goes wrong inside ends the process with sentences, not with a traceback."""
    try:
        yield
    except SetupError as wrong:
        say(str(wrong))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Interrupted. The same command goes on from here.")
        sys.exit(130)


def _version(folder: Path) -> tuple[int, int]:
    """The Python of an environment as (3, 11), from its own note; (0, 0) where there is none."""
    try:
        found = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", (folder / "pyvenv.cfg").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return (0, 0)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


def _follow(pip: subprocess.Popen[str]) -> tuple[bool, list[str]]:
    """Show how pip goes along; tell whether the network failed it, and its last lines."""
    last: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
    no_network = False
    packages = 0
    for line in pip.stdout or ():
        words = line.strip()
        if words:
            last.append(words)
        if NETWORK_WORDS.search(words):
            if not no_network:
                say("  no answer from the package index; trying again …")
            no_network = True
        if words.startswith("Collecting "):
            packages += 1
            say(f"  {packages} packages, {words.split()[1]}", passing=True)
        elif words.startswith("Installing collected"):
            say(f"  putting {packages} packages in place", passing=True)
    return no_network, list(last)


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One command at a time may change the environment; the others wait. The system frees the lock when a command is killed."""
    with path.open("a+b") as file:
        if not _locked(file, wait=False):
            say("Another command is preparing .venv; waiting for it …")
            _locked(file, wait=True)
        yield


def _locked(file: BinaryIO, *, wait: bool) -> bool:
    while True:
        try:
            if sys.platform == "win32":
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not wait:
                return False
            time.sleep(LOCK_POLL_S)
        else:
            return True

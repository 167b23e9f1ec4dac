"""Which paths are left out: patterns as in `.gitignore`, given to a command or in a file of the folder.

Pure. The last pattern that fits a path decides; `!` takes back. It looks at no file but the one with the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import IndexingError

IGNORE_FILE = ".askaloudignore"
IGNORE_BYTES = 1_000_000
"""A longer list is not one that a person wrote."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    fits: re.Pattern[str]
    folders_only: bool
    takes_back: bool


class Excludes:
    """A list of patterns, in order."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """Raises `IndexingError` naming a pattern that is none: left aside, it would leave documents in."""
        self._patterns = [pattern for line in lines if (pattern := _pattern(line)) is not None]

    def __call__(self, path: str, *, folder: bool) -> bool:
        """Whether a path (relative to the folder that is indexed, with `/`) is left out; `folder`: it is one, and all below it too."""
        for pattern in reversed(self._patterns):
            if (folder or not pattern.folders_only) and pattern.fits.fullmatch(path):
                return not pattern.takes_back
        return False


def excludes_of(folder: Path, given: Iterable[str] = ()) -> Excludes:
    """The patterns of the folder's `.askaloudignore`, where it has one, and after them those that were given. Raises `IndexingError`."""
    try:
        with (folder / IGNORE_FILE).open(encoding="utf-8-sig") as file:
            lines = file.read(IGNORE_BYTES).splitlines()
    except FileNotFoundError:
        lines = []
    except (OSError, UnicodeDecodeError) as failure:
        raise IndexingError(f"{folder / IGNORE_FILE} cannot be read.") from failure
    return Excludes([*lines, *given])


def _pattern(line: str) -> _Pattern | None:
    text = re.sub(r"(?<!\\) +$", "", line.rstrip("\r\n"))
    if not text or text.startswith("#"):
        return None
    takes_back = text.startswith("!")
    text = text[takes_back:]
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    if not text:
        return None
    anchored = "/" in text
    before = "" if anchored else "(?:.*/)?"
    try:
        fits = re.compile(before + _expression(text.removeprefix("/")), re.DOTALL)
    except re.error as wrong:
        raise IndexingError(f"The pattern {line!r} of what to leave out is not clear: {wrong.msg}.") from wrong
    return _Pattern(fits, folders_only, takes_back)


def _expression(text: str) -> str:
    """The regular expression of one pattern: `*` and `?` stop at `/`, `**` does not."""
    made = ""
    at = 0
    while at < len(text):
        rest = text[at:]
        if rest.startswith("**/") and (at == 0 or text[at - 1] == "/"):
            made, at = made + "(?:.*/)?", at + 3
        elif rest == "**" and (at == 0 or text[at - 1] == "/"):
            made, at = made + ".+", at + 2
        elif rest[0] == "*":
            made, at = made + "[^/]*", at + 1
        elif rest[0] == "?":
            made, at = made + "[^/]", at + 1
        elif (letters := re.match(r"\[([!^]?)(\]?[^\]/]+)\]", rest)) is not None:
            inside = re.sub(r"([\\\[&|~])", r"\\\1", letters[2])
            inside = f"\\{inside}" if inside.startswith("]") else inside
            made, at = f"{made}(?!/)[{'^' if letters[1] else ''}{inside}]", at + letters.end()
        else:
            escaped = rest[0] == "\\" and len(rest) > 1
            made, at = made + re.escape(rest[1] if escaped else rest[0]), at + 1 + escaped
    return made

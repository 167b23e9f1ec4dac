"""Which files of a folder belong to its source: all that we can read, none that only look as if they were inside.

Looks at names and sizes, opens nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..errors import IndexingError
from .excludes import Excludes, excludes_of
from .read import FORMATS

FILES_AT_MOST = 100_000
"""Files of one source: four times the largest folder that anybody wrote of. Beyond it the folder is probably not the one that was meant."""

NOT_DOCUMENTS = frozenset({"__pycache__", "__MACOSX"})
"""Folders that programs leave behind: what Python compiled, and what a Mac packs beside the files of an archive."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read. `path` is relative to the folder, with `/`; `modified` is in UTC."""

    path: str
    place: Path
    modified: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read, and why. `expected`: nothing is wrong with it, it is just not ours to read.

    `kept`: passages of an earlier version that stay in the index.
    """

    path: str
    reason: str
    expected: bool = False
    kept: int = 0


def files_of(folder: Path, exclude: Sequence[str] = ()) -> tuple[list[File], list[Skipped]]:
    """The files to read and those to list, both in the order of their paths.

    Hidden files and folders are passed over in silence, as are those that `exclude` or the folder's own list leaves out (`excludes.py`).
    Raises `IndexingError` where the folder is none, or holds too much.
    """
    if not folder.is_dir():
        raise IndexingError(f"{folder} is not a folder.")
    files: list[File] = []
    skipped: list[Skipped] = []
    for entry in _entries(folder, excludes_of(folder, exclude)):
        path = Path(entry.path).relative_to(folder).as_posix()
        try:
            found = _judged(path, entry)
        except FileNotFoundError:
            continue  # somebody removed it a moment ago
        except OSError as failure:
            found = Skipped(path, f"it cannot be opened ({failure.strerror})")
        if isinstance(found, File):
            files.append(found)
        else:
            skipped.append(found)
        if len(files) + len(skipped) > FILES_AT_MOST:
            raise IndexingError(f"{folder} holds more than {FILES_AT_MOST:,} files: give a smaller folder.")
    return sorted(files, key=lambda file: file.path), sorted(skipped, key=lambda skip: skip.path)


def _entries(folder: Path, excludes: Excludes) -> Iterator[os.DirEntry[str]]:
    """All files below, links included but not followed; what programs leave behind, as Word beside an open file (`~$`), is none.

    A folder that may not be read is an `IndexingError`: its files would seem gone.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                found = list(entries)
        except OSError as failure:
            raise IndexingError(f"{here} cannot be read ({failure.strerror}).") from failure
        for entry in found:
            path = Path(entry.path).relative_to(folder).as_posix()
            folder_here = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith((".", "~$")) or entry.name in NOT_DOCUMENTS or excludes(path, folder=folder_here):
                continue
            if folder_here:
                waiting.append(here / entry.name)
            else:
                yield entry


def _judged(path: str, entry: os.DirEntry[str]) -> File | Skipped:
    try:
        path.encode()
    except UnicodeEncodeError:
        return Skipped(path.encode(errors="replace").decode(), "its name is not text")
    limit = FORMATS.get(Path(path).suffix.lower())
    if entry.is_symlink() or not entry.is_file(follow_symlinks=False):
        return Skipped(path, "it is a link or not a plain file", expected=limit is None)
    if limit is None:
        return Skipped(path, "its format is not one that we read", expected=True)
    state = entry.stat(follow_symlinks=False)
    if state.st_size > limit:
        return Skipped(path, f"it is larger than {limit // 1_000_000} MB")
    if state.st_size == 0:
        return Skipped(path, "it is empty")
    return File(path, Path(entry.path), datetime.fromtimestamp(state.st_mtime, UTC))

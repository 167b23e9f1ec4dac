"""Which groups may read the documents of a folder: what the command says, and what a `.access.yaml` in a folder says in its place.

It fails rather than guess, for a file that is overlooked would open documents to everybody. It knows no index and no person.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec
import yaml  # type: ignore[import-untyped]  # it ships no type hints

from ..errors import IndexingError

ACCESS_FILE = ".access.yaml"
NEARLY = re.compile(r"\s*(?:\.access(?:\.ya?ml)?|access\.ya?ml)(?:\.txt)?[\s.]*", re.IGNORECASE)
"""Names that somebody, or an editor, gives who means `ACCESS_FILE`. They are errors: such a file protects nothing."""

DOUBTFUL = re.compile(r"access(?:\.txt)?", re.IGNORECASE)
"""Names that a document may have as well: the same where it begins as such a file does."""

BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*#[^\n]*\n|\s)*groups\s*:")

FOLDERS_ABOVE = 64
"""How many folders above the one that is indexed are looked at: more than any system's paths have."""

FILE_BYTES = 65_536
"""A thousand groups; what is larger is something else."""

GROUPS_AT_MOST = 500
"""Groups of one folder: all of them stand on each of its passages."""

GROUP_CHARS = 200
"""Length of a group's name; an identifier of Entra ID has 36."""


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    """The whole of such a file: `groups: [hr, managers]`; an empty list opens the folder to everybody."""

    groups: list[str]


class Access:
    """The groups of each document of one folder. Reads a folder's file when its first document is asked for."""

    def __init__(self, folder: Path, groups: Iterable[str] = ()) -> None:
        """`groups` hold where no folder says otherwise; none: everybody. Raises `IndexingError` where a name is none.

        What a folder above `folder` says is not taken over: where it would count, it is an error, for its owner meant it to.
        """
        self._folder = folder
        self._default = checked(groups, "--groups")
        self._known: dict[PurePosixPath, tuple[str, ...]] = {}

    def of(self, path: str) -> tuple[str, ...]:
        """The groups that may read the document at `path` (relative to the folder, with `/`), in order; none: everybody.

        The nearest folder above it that says something decides alone. Raises `IndexingError` where what it says is not clear.
        """
        return self._of_folder(PurePosixPath(path).parent)

    def _of_folder(self, place: PurePosixPath) -> tuple[str, ...]:
        if place not in self._known:
            said = _said_in(self._folder / place, (place / ACCESS_FILE).as_posix())
            if said is None:
                said = self._of_all() if place == PurePosixPath() else self._of_folder(place.parent)
            self._known[place] = said
        return self._known[place]

    def _of_all(self) -> tuple[str, ...]:
        """The groups of what no folder says anything of."""
        above = self._folder.resolve().parents[:FOLDERS_ABOVE] if not self._default else ()
        for folder in above:
            if os.path.lexists(folder / ACCESS_FILE):
                raise IndexingError(
                    f"{folder / ACCESS_FILE} says who may read what is below it, and is not looked at when {self._folder} is indexed by "
                    f"itself. Say who may with --groups or with a file {ACCESS_FILE} in that folder; `groups: []` opens it to everybody."
                )
        return self._default


def checked(groups: Iterable[str], where: str) -> tuple[str, ...]:
    """Names of groups, each once, in order. Raises `IndexingError` naming `where` they stand."""
    names = sorted({group.strip() for group in groups})
    if len(names) > GROUPS_AT_MOST:
        raise IndexingError(f"{where} names {len(names)} groups; {GROUPS_AT_MOST} are the most.")
    for name in names:
        if not 0 < len(name) <= GROUP_CHARS or not name.isprintable():
            raise IndexingError(f"{where} names a group that is empty, longer than {GROUP_CHARS} characters or not plain text.")
    return tuple(names)


def _said_in(folder: Path, shown: str) -> tuple[str, ...] | None:
    """What this folder's own file says; None where it has none."""
    file = folder / ACCESS_FILE
    for name in _nearly_right(folder):
        raise IndexingError(f"{Path(shown).with_name(name).as_posix()} would not be looked at: call it {ACCESS_FILE}.")
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise IndexingError(f"{shown} is a link or not a plain file, so that nobody can say who may read this folder.")
    try:
        with file.open("rb") as opened:
            content = opened.read(FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as failure:
        raise IndexingError(f"{shown} cannot be read ({failure.strerror}).") from failure
    return checked(_groups_in(content, shown), shown)


def _nearly_right(folder: Path) -> Iterator[str]:
    """The names of files that are meant to say who may read this folder, and do not."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                meant = NEARLY.fullmatch(entry.name) or (DOUBTFUL.fullmatch(entry.name) and _begins_so(folder / entry.name))
                if entry.name != ACCESS_FILE and meant and not entry.is_dir():
                    yield entry.name
    except FileNotFoundError:
        return  # somebody removed the folder a moment ago, and all that was in it
    except OSError as failure:
        raise IndexingError(f"{folder} cannot be read ({failure.strerror}).") from failure


def _begins_so(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return BEGINS.match(opened.read(FILE_BYTES)) is not None


def _groups_in(content: bytes, shown: str) -> Sequence[str]:
    wanted = "It must hold one line like `groups: [hr, managers]`; names that are numbers or yes and no stand in quotes."
    if len(content) > FILE_BYTES:
        raise IndexingError(f"{shown} is larger than {FILE_BYTES} bytes. {wanted}")
    try:
        said = yaml.load(content, Loader=yaml.SafeLoader)  # not the loader in C: deep nesting kills the process
        return msgspec.convert(said, _Said).groups
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError, TypeError) as wrong:
        raise IndexingError(f"{shown} is not clear. {wanted}") from wrong

"""Which groups may read the documents of a folder: what the command says, and what a `.access.yaml` in a folder says in its place.

It fails rather than guess, for a file that is overlooked would open documents to everybody. It knows no index and no person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec
import yaml  # type: ignore[import-untyped]  # it ships no type hints

from ..errors import IndexingError

ACCESS_FILE = ".access.yaml"
NEARLY = (".access.yml", "access.yaml", "access.yml", ".access")
"""Names that somebody gives who means `ACCESS_FILE`. They are errors: such a file protects nothing."""

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
        """`groups` hold where no folder says otherwise; none: everybody. Raises `IndexingError` where a name is none."""
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
            above = self._default if place == PurePosixPath() else None
            self._known[place] = said if said is not None else above if above is not None else self._of_folder(place.parent)
        return self._known[place]


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
    for name in NEARLY:
        if (folder / name).is_file():
            raise IndexingError(f"{Path(shown).with_name(name).as_posix()} would not be looked at: call it {ACCESS_FILE}.")
    file = folder / ACCESS_FILE
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


def _groups_in(content: bytes, shown: str) -> Sequence[str]:
    wanted = "It must hold one line like `groups: [hr, managers]`; names that are numbers or yes and no stand in quotes."
    if len(content) > FILE_BYTES:
        raise IndexingError(f"{shown} is larger than {FILE_BYTES} bytes. {wanted}")
    try:
        said = yaml.load(content, Loader=yaml.SafeLoader)  # not the loader in C: deep nesting kills the process
        return msgspec.convert(said, _Said).groups
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError, TypeError) as wrong:
        raise IndexingError(f"{shown} is not clear. {wanted}") from wrong

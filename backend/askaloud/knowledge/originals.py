"""The originals of the documents, from which pages are shown: where a passage's file is, and what may be opened at all.

Here they lie in a folder; `blobs.py` fetches them from a container. Who may see a page is decided elsewhere, what is drawn of it too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from ..errors import Notice, NoticeCode, PassageNotFound
from .passage import Passage

FILE_BYTES = 300_000_000
"""The largest file that is opened: as large as those that are indexed."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file on this machine's disk. `state` is another text once the document is another."""

    place: Path
    state: str


class Originals(Protocol):
    """Where originals come from. Made with the service, closed with it."""

    def offers(self, passage: Passage) -> bool:
        """Whether there is probably a file to ask for. Asks nobody else."""

    def opened(self, passage: Passage) -> AbstractAsyncContextManager[Original]:
        """The passage's file, there as long as the block lasts.

        Raises `PassageNotFound` where it is not there (any more), `KnowledgeError` where it cannot be had.
        """

    async def close(self) -> None:
        """Let go of everything."""


class Folder:
    """Originals in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def offers(self, passage: Passage) -> bool:
        """Whether the file is there. Looks at the disk, opens nothing."""
        return self._file(passage) is not None

    @asynccontextmanager
    async def opened(self, passage: Passage) -> AsyncIterator[Original]:
        """The file where it is."""
        file = self._file(passage)
        if file is None:
            raise not_there("The document is not in the folder of the originals. Look at ASKALOUD_DOCUMENTS.")
        state = file.stat()
        yield Original(file, f"{state.st_mtime_ns} {state.st_size}")

    async def close(self) -> None:
        """There is nothing to let go of."""

    def _file(self, passage: Passage) -> Path | None:
        """The original, or None where it is not a plain file inside the folder, reached without a link."""
        found = (_inside(self._folder, place) for place in places(passage))
        return next((file for file in found if file is not None), None)


def places(passage: Passage) -> list[PurePosixPath]:
    """Where a passage's file may lie below the root of the originals, the likeliest first; nothing that leads out of it.

    A source that was indexed from a folder within the originals lies under its own name, one that was the whole folder does not.
    """
    if passage.path is None:
        return []
    wanted = [PurePosixPath(passage.source, passage.path)] if passage.source else []
    return [place for place in (*wanted, PurePosixPath(passage.path)) if _stays_below(place)]


def not_there(sentence: str) -> PassageNotFound:
    """What is raised where there is no such file."""
    return PassageNotFound(Notice(NoticeCode.TOOL_FAILED, sentence))


def _stays_below(place: PurePosixPath) -> bool:
    return not (place.is_absolute() or ".." in place.parts or "\\" in str(place) or "\0" in str(place))


def _inside(folder: Path, place: PurePosixPath) -> Path | None:
    try:
        root = folder.resolve(strict=True)
        wanted = root.joinpath(*place.parts)
        if wanted.resolve(strict=True) != wanted or not wanted.is_relative_to(root):
            return None  # a link on the way, or a drive letter
        return wanted if wanted.is_file() and wanted.stat().st_size <= FILE_BYTES else None
    except (OSError, ValueError, RuntimeError):
        return None

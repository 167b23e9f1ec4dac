"""The page of the original as a picture, with the passage marked.

Decides which file may be opened (inside the folder of the originals, no links), how much is drawn at once and what is kept. The drawing is
done by `draw.py` in one process, because PDFium is not made for threads. Who may see a picture is decided elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path, PurePosixPath

import msgspec

from ..errors import KnowledgeError, Notice, NoticeCode, PassageNotFound
from .passage import Passage
from .worker import Worker, WorkerBusyError, WorkerError, WorkerSlowError

DRAW_LIMIT_S = 8.0
"""Seconds for one page, the process's start included: 45-90 ms are usual, a page that takes longer than this never ends."""

WAITING_AT_MOST = 16
"""Pictures that may wait while one is drawn: the sources of three conversations that search at the same moment."""

PICTURE_BYTES = 16_000_000
FILE_BYTES = 300_000_000
"""The largest picture that is taken, and the largest file that is opened."""

KEPT_PICTURES = 64
KEPT_BYTES = 32_000_000
"""What is kept of pictures drawn before: a page is asked for by everyone who looks at the same source."""

FORMATS = frozenset({".pdf"})
"""Formats that have pages to be drawn."""


class Wanted(msgspec.Struct):
    """One request: the page (from 1) of the file, the passage's text and its boxes in fractions of the page as seen."""

    path: str
    page: int
    text: str
    boxes: list[tuple[float, float, float, float]]


class Drawn(msgspec.Struct):
    """The answer: a PNG, or why there is none: `unreadable`, `no_page` or `changed` (the words are not on the page)."""

    png: bytes = b""
    problem: str = ""


class Pictures:
    """Pictures of pages from one folder of originals. Made with the service, closed with it."""

    def __init__(self, documents: Path) -> None:
        self._documents = documents
        self._worker = Worker("askaloud.knowledge.draw", limit_s=DRAW_LIMIT_S, answer_bytes=PICTURE_BYTES, waiting=WAITING_AT_MOST)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = 0

    def offers(self, passage: Passage) -> bool:
        """Whether there is a picture to ask for: the format has pages and the file is there. Looks at the disk, opens nothing."""
        return passage.page is not None and self._file(passage) is not None

    async def picture(self, passage: Passage) -> bytes | None:
        """The passage's page as a PNG; None for formats without pages.

        Raises `PassageNotFound` where the file, the page or the words are not there (any more), `KnowledgeError` where it cannot be drawn.
        """
        if passage.page is None or not _has_pages(passage.path):
            return None
        file = self._file(passage)
        if file is None:
            raise _gone("The document is not in the folder of the originals. Look at ASKALOUD_DOCUMENTS.")
        state = file.stat()
        boxes = [(box.left, box.top, box.right, box.bottom) for box in passage.boxes]
        request = msgspec.msgpack.encode(Wanted(path=str(file), page=passage.page, text=passage.text, boxes=boxes))
        key = request + f"{state.st_mtime_ns} {state.st_size}".encode()
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        drawn = await self._draw(request)
        self._keep(key, drawn)
        return drawn

    async def close(self) -> None:
        """End the process that draws."""
        await self._worker.close()

    async def _draw(self, request: bytes) -> bytes:
        try:
            drawn = msgspec.msgpack.decode(await self._worker.ask(request), type=Drawn)
        except WorkerBusyError as busy:
            raise _failed("Too many pages are being drawn just now. Try again in a moment.") from busy
        except WorkerSlowError as slow:
            raise _failed("The page takes too long to draw.") from slow
        except (WorkerError, msgspec.DecodeError) as lost:
            raise _failed("The page cannot be drawn.") from lost
        if drawn.problem == "unreadable":
            raise _failed("The document cannot be read.")
        if drawn.problem:
            raise _gone("The document has changed since it was indexed.")
        return drawn.png

    def _file(self, passage: Passage) -> Path | None:
        """The original, or None where it is not a plain file inside the folder, reached without a link.

        A source that was indexed from a folder within the originals lies under its own name, one that was the whole folder does not.
        """
        if not _has_pages(passage.path) or passage.path is None:
            return None
        places = [PurePosixPath(passage.source, passage.path)] if passage.source else []
        for place in (*places, PurePosixPath(passage.path)):
            found = _inside(self._documents, place)
            if found is not None:
                return found
        return None

    def _keep(self, key: bytes, picture: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = picture
        self._kept_bytes += len(picture)
        while len(self._kept) > KEPT_PICTURES or self._kept_bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)


def _inside(folder: Path, place: PurePosixPath) -> Path | None:
    if place.is_absolute() or ".." in place.parts or "\\" in str(place) or "\0" in str(place):
        return None
    try:
        root = folder.resolve(strict=True)
        wanted = root.joinpath(*place.parts)
        if wanted.resolve(strict=True) != wanted or not wanted.is_relative_to(root):
            return None  # a link on the way, or a drive letter
        return wanted if wanted.is_file() and wanted.stat().st_size <= FILE_BYTES else None
    except (OSError, ValueError, RuntimeError):
        return None


def _has_pages(path: str | None) -> bool:
    return path is not None and PurePosixPath(path).suffix.lower() in FORMATS


def _failed(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.TOOL_FAILED, sentence))


def _gone(sentence: str) -> PassageNotFound:
    return PassageNotFound(Notice(NoticeCode.TOOL_FAILED, sentence))

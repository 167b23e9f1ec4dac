"""The page of the original as a picture, with the passage marked.

Decides how much is drawn at once and what is kept. The drawing is done by `draw.py` in one process, because PDFium is not made for
threads; which file may be opened is decided by `originals.py`, who may see a picture elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path, PurePosixPath

import msgspec

from ..errors import KnowledgeError, Notice, NoticeCode
from ..settings import BlobContainer
from .originals import Folder, Originals, not_there
from .passage import Passage
from .worker import Worker, WorkerBusyError, WorkerError, WorkerSlowError

DRAW_LIMIT_S = 8.0
"""Seconds for one page, the process's start included: 45-90 ms are usual, a page that takes longer than this never ends."""

WAITING_AT_MOST = 16
"""Pictures that may wait while one is drawn: the sources of three conversations that search at the same moment."""

PICTURE_BYTES = 16_000_000
"""The largest picture that is taken."""

KEPT_PICTURES = 64
KEPT_BYTES = 32_000_000
"""What is kept of pictures drawn before: a page is asked for by everyone who looks at the same source."""

FORMATS = frozenset({".pdf"})
"""Formats that have pages to be drawn."""


Span = tuple[int, int]
"""Characters of a passage's text, from the first up to the second."""


class Wanted(msgspec.Struct):
    """One request: the page (from 1) of the file, the passage's text and its boxes in fractions of the page as seen.

    `spans`: the characters of the text that are to be marked, from each first up to each second; none: all of it.
    """

    path: str
    page: int
    text: str
    boxes: list[tuple[float, float, float, float]]
    spans: tuple[Span, ...] = ()


class Drawn(msgspec.Struct):
    """The answer: a PNG, or why there is none: `unreadable`, `no_page` or `changed` (the words are not on the page)."""

    png: bytes = b""
    problem: str = ""


class Pictures:
    """Pictures of pages of the originals. Made with the service, closed with it."""

    def __init__(self, documents: Path | BlobContainer, tenant: str | None = None) -> None:
        """`documents`: a folder or a container; `tenant` is Entra ID's, for a container without a signature in its address."""
        self._originals = _originals(documents, tenant)
        self._worker = Worker("askaloud.knowledge.draw", limit_s=DRAW_LIMIT_S, answer_bytes=PICTURE_BYTES, waiting=WAITING_AT_MOST)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = 0

    def offers(self, passage: Passage) -> bool:
        """Whether there is a picture to ask for: the format has pages and the file is, as far as one can see from here, there."""
        return passage.page is not None and _has_pages(passage.path) and self._originals.offers(passage)

    async def picture(self, passage: Passage, spans: tuple[Span, ...] = ()) -> bytes | None:
        """The passage's page as a PNG; None for formats without pages. `spans`: mark only these characters of its text, not all of it.

        Raises `PassageNotFound` where the file, the page or the words are not there (any more), `KnowledgeError` where it cannot be drawn.
        """
        if passage.page is None or not _has_pages(passage.path):
            return None
        boxes = [(box.left, box.top, box.right, box.bottom) for box in passage.boxes]
        async with self._originals.opened(passage) as original:
            wanted = Wanted(path=str(original.place), page=passage.page, text=passage.text, boxes=boxes, spans=spans)
            request = msgspec.msgpack.encode(wanted)
            key = request + original.state.encode()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            drawn = await self._draw(request)
        self._keep(key, drawn)
        return drawn

    async def close(self) -> None:
        """End the process that draws, and let go of the originals."""
        await self._worker.close()
        await self._originals.close()

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
            raise not_there("The document has changed since it was indexed.")
        return drawn.png

    def _keep(self, key: bytes, picture: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = picture
        self._kept_bytes += len(picture)
        while len(self._kept) > KEPT_PICTURES or self._kept_bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)


def _originals(documents: Path | BlobContainer, tenant: str | None) -> Originals:
    if isinstance(documents, Path):
        return Folder(documents)
    from .blobs import Container  # here: the process that draws needs nothing of the network

    return Container(documents, tenant)


def _has_pages(path: str | None) -> bool:
    return path is not None and PurePosixPath(path).suffix.lower() in FORMATS


def _failed(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.TOOL_FAILED, sentence))

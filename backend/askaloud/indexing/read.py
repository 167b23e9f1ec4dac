"""Reads one file of any format that we know and cuts it into passages, in a process of its own: `python -m askaloud.indexing.read`.

A file that is damaged, hostile or endless costs that process and is listed with the reason; nothing here raises for the sake of a file.
Its owner's end is `Reader`. It decides which formats and which sizes are read, not which files belong to a source.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from ..knowledge.worker import Worker, WorkerError, work_until_owner_leaves
from .document import Document, Unreadable
from .split import PASSAGE_TOKENS, Piece, split

READ_LIMIT_S = 120.0
"""Seconds for one file: a thousand pages take some twenty; what takes longer never ends."""

ANSWER_BYTES = 64_000_000
"""The passages of one file: fifty times the longest manuals."""

MEMORY_BYTES = 1 << 30
"""Address space of one reading process, so that several at a time stay within what a small machine has."""

PDF_BYTES = 300_000_000
OFFICE_BYTES = 200_000_000
"""Word, PowerPoint and Excel files, mostly pictures; how much they may unpack to is decided in `archive.py`."""

TEXT_BYTES = 20_000_000
"""The largest files that are read. Twenty million characters are twenty thick books; a text file beyond that is a log or a table."""

FORMATS = {
    ".pdf": PDF_BYTES,
    ".docx": OFFICE_BYTES,
    ".pptx": OFFICE_BYTES,
    ".xlsx": OFFICE_BYTES,
    ".md": TEXT_BYTES,
    ".markdown": TEXT_BYTES,
    ".html": TEXT_BYTES,
    ".htm": TEXT_BYTES,
    ".txt": TEXT_BYTES,
    ".csv": TEXT_BYTES,
    ".json": TEXT_BYTES,
}
"""The endings of the files that we read, and how large each may be in bytes."""

TOO_DEEP = "it is too large or too deeply nested"


class Reading(msgspec.Struct, frozen=True):
    """What became of a file: its title, number of pages (1 where the format has none) and passages; or the `problem`, a reason to list."""

    title: str = ""
    pages: int = 0
    pieces: tuple[Piece, ...] = ()
    problem: str = ""


class Request(msgspec.Struct, frozen=True):
    """A file to read, its path as the system's bytes, for not every name is text; and the most tokens that one of its passages may have."""

    path: bytes
    tokens: int


class Reader:
    """Reads files one after the other. Close it when done."""

    def __init__(self, tokens: int = PASSAGE_TOKENS, limit_s: float = READ_LIMIT_S) -> None:
        self._tokens = tokens
        self._worker = Worker("askaloud.indexing.read", limit_s=limit_s, answer_bytes=ANSWER_BYTES, waiting=0)

    async def read(self, path: Path) -> Reading:
        """Read one file. Never raises for the file's sake: a reading without passages says why."""
        try:
            answer = await self._worker.ask(msgspec.msgpack.encode(Request(os.fsencode(path), self._tokens)))
            return msgspec.msgpack.decode(answer, type=Reading)
        except WorkerError as lost:
            return Reading(problem=f"it {lost}")

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()


def read_file(path: Path, tokens: int = PASSAGE_TOKENS) -> Reading:
    """Read and split one file, in this process."""
    try:
        document = _document(path)
        pieces = tuple(split(document, tokens))
    except Unreadable as reason:
        return Reading(problem=str(reason))
    except OSError as failure:
        return Reading(problem=f"it cannot be opened ({failure.strerror or type(failure).__name__})")
    except (MemoryError, RecursionError):
        return Reading(problem=TOO_DEEP)
    if not pieces:
        return Reading(problem="it is empty")
    return Reading(document.title, len(document.pages), pieces)


def _document(path: Path) -> Document:
    """Each format is imported when it is first met: most folders hold one or two."""
    ending = path.suffix.lower()
    if ending == ".pdf":
        from .pdf import read_pdf as read
    elif ending == ".docx":
        from .word import read_word as read
    elif ending == ".pptx":
        from .slides import read_slides as read
    elif ending == ".xlsx":
        from .sheets import read_sheets as read
    elif ending in {".md", ".markdown"}:
        from .markdown import read_markdown as read
    elif ending in {".html", ".htm"}:
        from .web import read_html as read
    elif ending == ".csv":
        from .delimited import read_delimited as read
    elif ending == ".json":
        from .structured import read_structured as read
    elif ending == ".txt":
        from .plain import read_text as read
    else:
        raise Unreadable("its format is not one that we read")
    return read(path)


def _answer(request: bytes) -> bytes:
    asked = msgspec.msgpack.decode(request, type=Request)
    return msgspec.msgpack.encode(read_file(Path(os.fsdecode(asked.path)), asked.tokens))


if __name__ == "__main__":
    work_until_owner_leaves(_answer, MEMORY_BYTES)

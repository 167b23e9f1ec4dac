"""What has to be written and removed so that the index equals the folder, in numbers; and what a passage is called and told apart by.

Pure. The passages themselves wait in `ledger.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ..knowledge.passage import Box, PassageRecord, write_boxes
from .files import File
from .read import Reading

ID_BYTES = 15
"""120 bits of a digest: no two of a billion passages meet."""

HASH_CHARS = 32
"""128 bits of each of the two digests in a content hash, in hexadecimal."""

TITLE_MAX_CHARS = 300
"""Of a title, and of each heading: they stand before the text of every passage, and a file may say anything there."""
HEADINGS_MAX = 8
"""Headings above a passage, the nearest ones: HTML has six levels, outlines seldom more."""

LAYOUT = 2
"""Raised when the meaning of a stored field changes, so that all passages are written again."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one kind: documents, passages, and the tokens (about) that have to be embedded for them."""

    documents: int = 0
    passages: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. `listed` is how many passages the source had before; `gone` how many ids leave it, those of moved passages included;
    `lost` how many of them say what nothing in the source says any more.

    A document counts as moved when all its passages are; what is new in the midst of a changed one counts as passages of `changed`.
    `kept_vectors` passages are written with the vector that the index has already; `opened` ones only some groups could read so far, and
    everybody will.
    """

    added: Tally = Tally()
    changed: Tally = Tally()
    moved: Tally = Tally()
    removed: Tally = Tally()
    unchanged: Tally = Tally()
    listed: int = 0
    gone: int = 0
    lost: int = 0
    kept_vectors: int = 0
    opened: int = 0

    @property
    def written(self) -> int:
        """Passages to write."""
        return self.added.passages + self.changed.passages + self.moved.passages

    @property
    def tokens(self) -> int:
        """Tokens to embed, about."""
        return self.added.tokens + self.changed.tokens

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.written or self.gone)


def records_of(file: File, reading: Reading, source: str, *, groups: Sequence[str] = (), embedding: str = "") -> list[PassageRecord]:
    """The passages of a file as they shall stand in the index, without vectors. `embedding` names what will make those, "" for nothing."""
    document_id = "d" + _digest(source, file.path)
    title = (reading.title or title_by_name(file.path))[:TITLE_MAX_CHARS]
    made: list[PassageRecord] = []
    for piece in reading.pieces:
        record = PassageRecord(
            id="p" + _digest(source, file.path, str(piece.page or 0), str(piece.ordinal)),
            source=source,
            path=file.path,
            document_id=document_id,
            title=title,
            headings=tuple(heading[:TITLE_MAX_CHARS] for heading in piece.headings[-HEADINGS_MAX:]),
            page=piece.page,
            ordinal=piece.ordinal,
            text=piece.text,
            start=piece.start,
            end=piece.end,
            boxes=tuple(Box(*sides) for sides in piece.boxes),
            content_hash="",
            groups=tuple(sorted(groups)),
            modified=file.modified,
        )
        made.append(replace(record, content_hash=content_hash(record, embedding, named=bool(reading.title))))
    return made


def title_by_name(path: str) -> str:
    """What a document is called that calls itself nothing."""
    return PurePosixPath(path).stem.replace("_", " ").replace("-", " ").strip()


def content_hash(record: PassageRecord, embedding: str, *, named: bool = True) -> str:
    """A digest of all that would have to be written again: not the path, so that a move is seen, nor the time, which each machine sets.

    Two digests, in truth: before the dot one of what the vector is made of, behind it one of everything else. `named`: the document has
    its title by itself; one that it has by its file's name is no part of the vector, or each new name would cost one.
    """
    words = [LAYOUT, record.title if named else None, record.headings, record.text, embedding]
    rest = [record.page, record.ordinal, record.start, record.end, write_boxes(record.boxes), record.groups]
    return ".".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:HASH_CHARS] for part in (words, rest))


def of_words(content_hash: str) -> str:
    """The part of a content hash that is equal where a passage's vector may be kept."""
    return content_hash.partition(".")[0]


def embedded_text(record: PassageRecord, *, named: bool = True) -> str:
    """What a passage's vector is made of: its words under its headings and title, for many passages do not name their subject."""
    return "\n".join(dict.fromkeys((*((record.title,) if named else ()), *record.headings, record.text)))


def _digest(*words: str) -> str:
    """URL-safe and fit for a key: letters, digits, `-` and `_`. Each word goes in with its length, so that no two lists read the same."""
    message = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in words)
    return base64.urlsafe_b64encode(hashlib.sha256(message).digest()[:ID_BYTES]).decode()

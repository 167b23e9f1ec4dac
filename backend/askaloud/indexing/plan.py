"""What has to be written and removed so that the index equals the folder: new, changed, moved, unchanged, gone.

Pure. It compares what was read with what the index lists, by id and content hash, within one source.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..knowledge.passage import Box, Listed, PassageRecord, write_boxes
from .files import File
from .read import Reading

ID_BYTES = 15
"""120 bits of a digest: no two of a billion passages meet."""

HASH_CHARS = 32
"""128 bits of each of the two digests in a content hash, in hexadecimal."""

LAYOUT = 2
"""Raised when the meaning of a stored field changes, so that all passages are written again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A passage that was in the index under another path, with the same words: its vector is kept."""

    record: PassageRecord
    old_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. `gone` holds ids; those of moved passages are among them. `listed` is how many the source had before.

    `relabelled` passages have the words they had, under other groups or at another place: they are written again and keep their vectors.
    """

    new: tuple[PassageRecord, ...]
    changed: tuple[PassageRecord, ...]
    relabelled: tuple[PassageRecord, ...]
    moved: tuple[Moved, ...]
    unchanged: int
    gone: tuple[str, ...]
    listed: int

    @property
    def lost(self) -> int:
        """Passages that leave the index without having moved elsewhere."""
        return len(self.gone) - len(self.moved)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.new or self.changed or self.relabelled or self.moved or self.gone)


class Planner:
    """Takes what was read, file by file, and what the index lists; keeps only what will have to be written."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._listed = {each.id: each for each in listed}
        self._new: list[PassageRecord] = []
        self._changed: list[PassageRecord] = []
        self._relabelled: list[PassageRecord] = []
        self._seen: set[str] = set()
        self._unchanged = 0

    def want(self, records: Iterable[PassageRecord]) -> None:
        """These passages shall be in the index."""
        for record in records:
            self._seen.add(record.id)
            there = self._listed.get(record.id)
            if there is None:
                self._new.append(record)
            elif there.content_hash == record.content_hash:
                self._unchanged += 1
            elif of_words(there.content_hash) == of_words(record.content_hash):
                self._relabelled.append(record)
            else:
                self._changed.append(record)

    def keep(self, path: str) -> None:
        """This file could not be read this time: what the index has of it stays."""
        kept = {each.id for each in self._listed.values() if each.path == path} - self._seen
        self._seen |= kept
        self._unchanged += len(kept)

    def plan(self) -> Plan:
        """The plan for all that was wanted and kept."""
        gone = [each for each in self._listed.values() if each.id not in self._seen]
        by_content: dict[str, list[str]] = {}
        for each in gone:
            by_content.setdefault(of_words(each.content_hash), []).append(each.id)
        new: list[PassageRecord] = []
        moved: list[Moved] = []
        for record in self._new:
            old = by_content.get(of_words(record.content_hash))
            if old:
                moved.append(Moved(record, old.pop()))
            else:
                new.append(record)
        ids = tuple(each.id for each in gone)
        changed, relabelled = tuple(self._changed), tuple(self._relabelled)
        return Plan(tuple(new), changed, relabelled, tuple(moved), self._unchanged, ids, len(self._listed))


def records_of(file: File, reading: Reading, source: str, *, groups: Sequence[str] = (), embedding: str = "") -> list[PassageRecord]:
    """The passages of a file as they shall stand in the index, without vectors. `embedding` names what will make those, "" for nothing."""
    document_id = "d" + _digest(source, file.path)
    title = reading.title or file.place.stem.replace("_", " ").replace("-", " ").strip()
    made: list[PassageRecord] = []
    for piece in reading.pieces:
        record = PassageRecord(
            id="p" + _digest(source, file.path, str(piece.page or 0), str(piece.ordinal)),
            source=source,
            path=file.path,
            document_id=document_id,
            title=title,
            headings=piece.headings,
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
        made.append(replace(record, content_hash=content_hash(record, embedding)))
    return made


def content_hash(record: PassageRecord, embedding: str) -> str:
    """A digest of all that would have to be written again: not the path, so that a move is seen, nor the time, which each machine sets.

    Two digests, in truth: before the dot one of what the vector is made of, behind it one of everything else.
    """
    words = [LAYOUT, record.title, record.headings, record.text, embedding]
    rest = [record.page, record.ordinal, record.start, record.end, write_boxes(record.boxes), record.groups]
    return ".".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:HASH_CHARS] for part in (words, rest))


def of_words(content_hash: str) -> str:
    """The part of a content hash that is equal where a passage's vector may be kept."""
    return content_hash.partition(".")[0]


def _digest(*words: str) -> str:
    """URL-safe and fit for a key: letters, digits, `-` and `_`. Each word goes in with its length, so that no two lists read the same."""
    message = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in words)
    return base64.urlsafe_b64encode(hashlib.sha256(message).digest()[:ID_BYTES]).decode()

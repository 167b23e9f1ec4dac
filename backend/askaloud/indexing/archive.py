"""Looks into a Word, PowerPoint or Excel file before it is unpacked: such files are zip archives, and a small one can unpack to any size.

It trusts the archive's own list of sizes, for nothing that we use unpacks more of a part than that list says. It knows no format inside.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from .document import Unreadable

PARTS_AT_MOST = 20_000
"""Files inside: a presentation of a thousand slides with pictures has some five thousand."""

UNPACKED_BYTES = 400_000_000
"""All parts together, pictures included: they are held in memory while a file is read."""

XML_BYTES = 60_000_000
"""One part of XML; as a tree it takes some eight times as much. The longest novel as a Word file has ten million."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the format before these begins, and how an encrypted file of theirs is wrapped."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

LOOK_BYTES = 4_000_000
"""How far into a wrapped file it is looked for the name of the encrypted part: its list of parts may stand at either end."""


def check_archive(path: Path) -> None:
    """Raises `Unreadable` with the reason where the file is encrypted, damaged, or unpacks to more than we read."""
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise Unreadable(_wrapped(path))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as failure:
        raise Unreadable("it is damaged, or not what its name says") from failure
    if len(parts) > PARTS_AT_MOST:
        raise Unreadable(f"it holds more than {PARTS_AT_MOST:,} parts")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("it is encrypted with a password")
    if sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise Unreadable(f"it unpacks to more than {UNPACKED_BYTES // 1_000_000} MB")
    if any(part.file_size > XML_BYTES for part in parts if part.filename.lower().endswith((".xml", ".rels"))):
        raise Unreadable(f"it holds a part that unpacks to more than {XML_BYTES // 1_000_000} MB")


def _wrapped(path: Path) -> str:
    with path.open("rb") as file:
        seen = file.read(LOOK_BYTES)
        file.seek(max(0, path.stat().st_size - LOOK_BYTES))
        seen += file.read(LOOK_BYTES)
    return "it is encrypted with a password" if ENCRYPTED in seen else "it is in the format before 2007; save it in the present one"

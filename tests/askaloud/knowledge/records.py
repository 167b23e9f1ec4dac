"""Passages for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from askaloud.knowledge.passage import Box, PassageRecord


def record(id: str, text: str = "Some words.", **fields: Any) -> PassageRecord:
    """A passage with all that a test does not care about filled in."""
    usual: dict[str, Any] = {
        "source": "handbooks",
        "path": "handbook.pdf",
        "document_id": "d1",
        "title": "Handbook",
        "headings": ("Leave", "Abroad"),
        "page": 7,
        "ordinal": 0,
        "start": 10,
        "end": 10 + len(text),
        "boxes": (Box(0.1, 0.2, 0.9, 0.25),),
        "content_hash": f"hash of {text}",
        "groups": (),
        "modified": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    }
    return PassageRecord(id=id, text=text, **(usual | fields))

"""Reads JSON: names become headings, plain values lines of "name: value", lists of like objects tables.

The format has no pages: it becomes one page without a number.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .document import Document, PageWriter, Unreadable
from .plain import decoded
from .table import one_line, write_table

DEEPEST = 60
"""Objects and lists within each other."""

LEVELS = 6

Value = Any
"""What JSON can hold; numbers stay as they are written."""


def read_structured(path: Path) -> Document:
    """Read the file. Raises `Unreadable` where it is not JSON or too deeply nested."""
    try:
        value = json.loads(decoded(path.read_bytes()), parse_int=str, parse_float=str)
    except RecursionError as deep:
        raise Unreadable("it is too deeply nested") from deep
    except ValueError as failure:
        raise Unreadable("it is damaged, or not JSON") from failure
    writer = PageWriter(None)
    _write(writer, value, 0)
    title = value.get("title") if isinstance(value, dict) else None
    return Document(one_line(title) if isinstance(title, str) else "", (writer.page(),))


def _write(writer: PageWriter, value: Value, depth: int) -> None:
    if depth > DEEPEST:
        raise Unreadable("it is too deeply nested")
    if isinstance(value, dict):
        plain = [f"{name}: {_shown(each)}" for name, each in value.items() if not _nested(each) and _shown(each)]
        if plain:
            writer.block("\n".join(plain))
        for name, each in value.items():
            if _nested(each):
                _write_named(writer, one_line(str(name)), each, depth)
    elif isinstance(value, list):
        _write_list(writer, value, depth)
    elif _shown(value):
        writer.block(_shown(value))


def _write_named(writer: PageWriter, name: str, value: Value, depth: int) -> None:
    if name:
        writer.heading(min(depth + 1, LEVELS), name)
    _write(writer, value, depth + 1)


def _write_list(writer: PageWriter, values: list[Value], depth: int) -> None:
    names = list(dict.fromkeys(name for value in values if isinstance(value, dict) for name in value))
    if names and all(isinstance(value, dict) and not any(_nested(each) for each in value.values()) for value in values):
        write_table(writer, [names, *([_shown(value.get(name)) for name in names] for value in values)], heads=1)
        return
    for value in values:
        if _nested(value):
            _write(writer, value, depth + 1)
        elif _shown(value):
            writer.block(f"- {_shown(value)}", "item")


def _nested(value: Value) -> bool:
    """Whether it holds anything that has to be written in blocks of its own."""
    return isinstance(value, dict | list) and bool(value)


def _shown(value: Value) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(str(value))

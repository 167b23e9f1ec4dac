"""The words that stand in the page before a script runs, in the visitor's language.

Knows the page's HTML and its files of sentences, and nothing of routes: a route gives it the file and what the browser asks for.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

OTHERWISE = "en"
"""Where none of a visitor's languages is ours."""
ASKED_MAX = 32
"""Languages of one browser that are looked at: nobody reads more, and the header is a stranger's."""
ROOT = re.compile(r'<html lang="\w+" dir="\w+">')
HELD = re.compile(r'(<(?P<tag>\w+)\b[^>]*\bdata-words="(?P<key>[\w.]+)"[^>]*>)(?P<words>[^<]*)(?=</(?P=tag)>)')
"""An element that holds one sentence and nothing else."""
DESCRIBED = re.compile(r'(<meta name="description" content=")[^"]*(" data-words="(?P<key>[\w.]+)">)')
"""The one sentence that stands in an attribute."""


def languages(folder: Path) -> frozenset[str]:
    """The codes of the page's languages: each has a file."""
    return frozenset(path.stem for path in (folder / "locales").glob("*.json"))


def preferred(asked: Sequence[str], offered: frozenset[str]) -> str:
    """Of the languages that a browser asks for, such as `pt-BR`, the dearest first, the first that we speak."""
    bases = (each.lower().partition("-")[0] for each in asked[:ASKED_MAX])
    return next((base for base in bases if base in offered), OTHERWISE)


def worded(page: str, folder: Path, language: str) -> str:
    """The page with its sentences in this language, which has a file. A sentence is text; it never becomes markup."""
    sentences = _sentences(folder / "locales" / f"{language}.json")
    page = ROOT.sub(f'<html lang="{language}" dir="{sentences["language.direction"]}">', page, count=1)
    page = DESCRIBED.sub(lambda found: found[1] + html.escape(sentences[found["key"]]) + found[2], page)
    return HELD.sub(lambda found: found[1] + html.escape(sentences[found["key"]], quote=False), page)


def _sentences(path: Path) -> dict[str, str]:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> dict[str, str]:
    """Read once, and again when the file was changed."""
    sentences: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return sentences

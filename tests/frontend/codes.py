"""The codes of what a person may be told, and the page's English sentences."""

from __future__ import annotations

import json

from tests.frontend.far_end import FRONTEND

from askaloud.errors import NoticeCode

SENTENCES: dict[str, str] = json.loads((FRONTEND / "locales" / "en.json").read_text(encoding="utf-8"))
NO_CODES = frozenset({"label", "dismiss", "again", "reload", "retry", "admin"})
"""Words around the notices."""


def codes() -> set[str]:
    """Every code that has a sentence."""
    keys = (key.split(".")[1:] for key in SENTENCES if key.startswith("notice."))
    return {key[0] for key in keys if len(key) == 1} - NO_CODES


def page_codes() -> set[str]:
    """Those that the page says by itself."""
    return codes() - {str(code) for code in NoticeCode}


def told(code: str) -> str:
    return SENTENCES[f"notice.{code}"]

"""The page's sentences: one for every code that the server or the page can show, and none that nobody asks for."""

from __future__ import annotations

import json
import re

import pytest
from tests.frontend.far_end import FRONTEND

from askaloud.errors import NoticeCode

LOCALES = sorted((FRONTEND / "locales").glob("*.json"))
SCRIPTS = [path for path in FRONTEND.rglob("*.js") if "node_modules" not in path.parts]
PAGE_CODES = {
    *("microphone_denied", "microphone_missing", "microphone_busy", "microphone_lost", "microphone_failed", "insecure_page"),
    "microphone_replaced",
    *("audio_blocked", "audio_failed", "answer_too_long", "hold_longer", "server_unreachable", "refused", "goodbye"),
    *("network_lost", "network_resumed", "network_not_resumed", "network_away_too_long"),
}


def sentences(name: str) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((FRONTEND / "locales" / name).read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", [path.name for path in LOCALES])
def test_every_notice_has_a_sentence(name: str) -> None:
    codes = {str(code) for code in NoticeCode} | PAGE_CODES
    assert {code for code in codes if not sentences(name).get(f"notice.{code}", "").strip()} == set()


@pytest.mark.parametrize("name", [path.name for path in LOCALES])
def test_every_language_says_the_same_things_with_the_same_places(name: str) -> None:
    def places(table: dict[str, str]) -> dict[str, list[str]]:
        return {key: sorted(re.findall(r"\{\w+\}", sentence)) for key, sentence in table.items()}

    assert places(sentences(name)) == places(sentences("en.json"))


def test_a_code_of_the_page_that_is_used_is_known_here() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    used = set(re.findall(r'"((?:microphone|audio|network|insecure|server|answer)_[a-z_]+)"', source)) - {str(code) for code in NoticeCode}
    assert used - {"audio_end_ms", "server_vad"} <= PAGE_CODES


def test_no_sentence_is_there_in_vain() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*SCRIPTS, *FRONTEND.glob("*.html")])
    built = ("notice.", "state.", "hint.", "empty.kind.")
    idle = [key for key in sentences("en.json") if f'"{key}"' not in source and not key.startswith(built)]
    assert idle == []


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    for path in FRONTEND.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:|//", page), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), path.name

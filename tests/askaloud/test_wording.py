"""The words of the page before a script runs: in the language that the browser asks for, escaped, and the same as in the files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.askaloud.visiting import visiting

from askaloud.site import frontend_folder
from askaloud.wording import languages, preferred, worded

FOLDER = frontend_folder()
PAGES = ["index.html", "enter.html"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (["de"], "de"),
        (["pt-BR", "en"], "pt"),
        (["fi", "sv-SE", "ja"], "ja"),
        (["ZH-Hant-TW"], "zh"),
        (["fi"], "en"),
        ([], "en"),
        (["../locales/de", "*", ""], "en"),
        (["fi"] * 500 + ["de"], "en"),
    ],
)
def test_the_first_language_that_we_speak_counts(asked: list[str], language: str) -> None:
    assert preferred(asked, languages(FOLDER)) == language


@pytest.mark.parametrize("name", PAGES)
def test_in_english_nothing_changes(name: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    assert worded(page, FOLDER, "en") == page


@pytest.mark.parametrize("language", sorted(languages(FOLDER)))
@pytest.mark.parametrize("name", PAGES)
def test_every_sentence_that_has_a_key_is_laid_in(name: str, language: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    sentences = json.loads((FOLDER / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    keys = re.findall(r'data-words="([^"]+)"', page)
    told = worded(page, FOLDER, language)
    assert len(keys) >= 5
    assert [key for key in keys if sentences[key] not in told] == []
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in told


def test_a_sentence_never_becomes_markup_and_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    (tmp_path / "locales").mkdir()
    file = tmp_path / "locales" / "en.json"
    page = '<html lang="en" dir="ltr"><meta name="description" content="x" data-words="a"><p class="b" data-words="a">x</p>'
    for words in ('<script>"', "plain"):
        file.write_text(json.dumps({"language.direction": "ltr", "a": words}))
        told = worded(page, tmp_path, "en")
        assert "<script>" not in told
    assert told == page.replace('"x"', '"plain"').replace(">x<", ">plain<")


async def test_the_service_answers_in_the_language_that_is_asked_for() -> None:
    async with visiting() as service:
        reply = await service.get("/enter.html", Accept_Language="fi;q=0.9, de-CH;q=0.8, en;q=0.5")
        other = await service.get("/enter.html")
    assert "Zugangsschlüssel" in reply.body.decode()
    assert reply.headers["vary"] == "Accept-Encoding, Accept-Language"
    assert "Access key" in other.body.decode()
    assert reply.headers["etag"] != other.headers["etag"]

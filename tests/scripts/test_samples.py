"""The sample documents say what the questions expect, on the pages where they are expected; the spoken questions can be heard."""

from __future__ import annotations

import json
import re
import wave
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from make_questions import LEAD_S, RATE, TRAIL_S
from make_samples import DOCUMENTS, Booklet, booklets, make

TESTS = Path(__file__).resolve().parent.parent
WAVES = TESTS / "browser" / "questions"
MOST_WAVE_BYTES = 3_000_000
LEAST_PAGES = 30
LEAST_QUESTIONS, LEAST_OFF_TOPIC = 120, 20


@cache
def pages(path: Path) -> list[str]:
    """The words of each page, spaces made equal; a document without pages is one."""
    if path.suffix == ".pdf":
        return pdf_pages(path.read_bytes())
    text = path.read_text(encoding="utf-8")
    return [plain(BeautifulSoup(text, "html.parser").get_text(" ") if path.suffix == ".html" else text)]


def pdf_pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [plain(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def typed_questions() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((TESTS / "askaloud" / "questions.json").read_text(encoding="utf-8"))
    return listed


def spoken_questions() -> dict[str, Any]:
    listed: dict[str, Any] = json.loads((WAVES / "questions.json").read_text(encoding="utf-8"))
    return listed


@pytest.mark.parametrize("booklet", booklets(), ids=lambda booklet: booklet.file)
def test_the_committed_pdf_says_what_its_source_says_page_by_page(booklet: Booklet) -> None:
    assert pages(DOCUMENTS / booklet.file) == pdf_pages(make(booklet))


def test_a_booklet_set_twice_is_the_same_to_the_byte() -> None:
    booklet = booklets()[0]
    assert make(booklet) == make(booklet)


def test_every_pdf_comes_from_a_source_and_there_are_markdown_and_html_beside_them() -> None:
    assert {path.name for path in DOCUMENTS.glob("*.pdf")} == {booklet.file for booklet in booklets()}
    assert {path.suffix for path in DOCUMENTS.iterdir()} == {".pdf", ".md", ".html"}


def test_the_pdfs_have_thirty_pages_and_none_is_empty() -> None:
    everything = [page for booklet in booklets() for page in pages(DOCUMENTS / booklet.file)]
    assert len(everything) >= LEAST_PAGES
    assert all(len(page.split()) > 5 for page in everything)


@pytest.mark.parametrize("booklet", booklets(), ids=lambda booklet: booklet.file)
def test_the_contents_name_the_page_on_which_each_chapter_begins(booklet: Booklet) -> None:
    text = pages(DOCUMENTS / booklet.file)
    chapters = [line.removeprefix("# ") for line in booklet.markdown.splitlines() if line.startswith("# ")]
    for number, title in enumerate(chapters, start=1):
        begins = next(page for page, words in enumerate(text, start=1) if words.startswith(f"{number} {title}"))
        assert f"{number} {title} {begins}" in text[1]


def test_page_seven_of_the_handbook_holds_the_rule_on_working_from_abroad() -> None:
    handbook = pages(DOCUMENTS / "employee-handbook.pdf")
    assert [
        number for number, page in enumerate(handbook, start=1) if "You can work from abroad for up to 30 days in a calendar year." in page
    ] == [7]


@pytest.mark.parametrize("asked", typed_questions(), ids=lambda asked: asked["question"])
def test_the_phrase_that_answers_a_question_stands_on_the_page_that_is_named(asked: dict[str, Any]) -> None:
    if asked["document"] is None:
        assert asked["page"] is None
        assert asked["phrase"] is None
        return
    path = DOCUMENTS / asked["document"]
    assert (asked["page"] is None) == (path.suffix != ".pdf")
    assert asked["phrase"] in pages(path)[(asked["page"] or 1) - 1]


def test_there_are_enough_questions_and_at_least_half_of_each_kind_are_only_reported() -> None:
    on_topic = [asked for asked in typed_questions() if asked["document"]]
    off_topic = [asked for asked in typed_questions() if not asked["document"]]
    assert len(on_topic) >= LEAST_QUESTIONS
    assert len(off_topic) >= LEAST_OFF_TOPIC
    for kind in (on_topic, off_topic):
        assert 2 * sum(asked["set"] == "report" for asked in kind) >= len(kind)
    assert {asked["document"] for asked in on_topic} == {path.name for path in DOCUMENTS.iterdir()}


def test_no_question_is_asked_twice() -> None:
    asked = [entry["question"] for entry in typed_questions()]
    assert len(asked) == len(set(asked))


def test_each_spoken_question_has_two_voices_and_its_words_stand_on_its_page() -> None:
    questions = spoken_questions()["questions"]
    assert len(questions) == 3
    for asked in questions:
        assert len(asked["waves"]) == 2
        answering = pages(DOCUMENTS / asked["document"])[(asked["page"] or 1) - 1].lower()
        assert all(word in answering for word in asked["words"])


def test_the_waves_are_those_that_are_listed_and_stay_small() -> None:
    listed = spoken_questions()
    names = {name for asked in listed["questions"] for name in asked["waves"]} | {
        listed[kind]["wave"] for kind in ("interruption", "hello")
    }
    assert {path.name for path in WAVES.glob("*.wav")} == names
    assert sum((WAVES / name).stat().st_size for name in names) < MOST_WAVE_BYTES


@pytest.mark.parametrize("path", sorted(WAVES.glob("*.wav")), ids=lambda path: path.name)
def test_a_wave_is_a_voice_in_a_quiet_room_that_is_never_digitally_silent(path: Path) -> None:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        sound = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)
    before, after = sound[: round(LEAD_S * RATE)], sound[-round(TRAIL_S * RATE) :]
    spoken = sound[before.size : -after.size]
    assert all(0 < np.std(quiet) < np.std(spoken) / 50 for quiet in (before, after))
    assert np.abs(sound).max() < 32_767

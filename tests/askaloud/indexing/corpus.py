"""A folder of documents in five languages, one written from right to left, with facts on known pages: each stands in one place alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]  # it ships no type hints
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]  # it ships no type hints
from fpdf import FPDF
from tests.askaloud.indexing.office import book, letter, show

LINE_CHARS = 62
FILLER_LINES = 9
FACTS_OF_A_PAGE = 2
PAPER_PAGES = 4


@dataclass(frozen=True)
class Language:
    """A heading, a sentence that states a fact with a number, and words that state none."""

    heading: str
    fact: str
    filler: str
    leftwards: bool = False


LANGUAGES = {
    "en": Language("Rules", "Building {} has a quiet room for visitors.", "whoever comes late waits at the gate until somebody opens "),
    "de": Language("Regeln", "Gebäude {} hat einen Ruheraum für Gäste.", "wer spät kommt wartet am Tor bis jemand öffnet und grüßt "),
    "pl": Language("Zasady", "Budynek {} ma cichy pokój dla gości.", "kto się spóźni ten czeka przy bramie aż ktoś otworzy drzwi "),
    "ru": Language("Правила", "В здании {} есть тихая комната для гостей.", "кто опоздал тот ждёт у ворот пока кто-нибудь не откроет "),
    "he": Language("כללים", "בבניין {} יש חדר שקט לאורחים.", "מי שמאחר ממתין ליד השער עד שמישהו פותח לו את הדלת ", leftwards=True),
}


@dataclass(frozen=True)
class Fact:
    """A sentence, the document that states it, and its page: None where the format has none."""

    sentence: str
    path: str
    page: int | None


def corpus(folder: Path) -> list[Fact]:
    """Write the folder; gives every fact that is in it."""
    font = _font(folder.parent / "strokes.ttf")
    numbers = itertools.count(1001)
    facts: list[Fact] = []
    for code, language in LANGUAGES.items():
        (folder / code).mkdir(parents=True)

        def state(path: str, page: int | None, language: Language = language) -> str:
            facts.append(Fact(language.fact.format(next(numbers)), path, page))
            return facts[-1].sentence

        _paper(folder, f"{code}/paper.pdf", language, font, state)
        _others(folder, code, language, state)
    return facts


State = Callable[[str, int | None], str]


def _paper(folder: Path, path: str, language: Language, font: Path, state: State) -> None:
    pdf = FPDF()
    pdf.add_font("strokes", fname=str(font))
    for page in range(1, PAPER_PAGES + 1):
        pdf.add_page()
        _line(pdf, f"{language.heading} {page}", language, 18)
        for _ in range(FACTS_OF_A_PAGE):
            pdf.ln(6)
            _line(pdf, state(path, page), language, 11)
            pdf.ln(6)
            for line in _filler(language):
                _line(pdf, line, language, 11)
    pdf.output(str(folder / path))


def _line(pdf: FPDF, words: str, language: Language, size: int) -> None:
    """One line, its letters in the order in which they stand on paper."""
    pdf.set_font("strokes", size=size)
    if language.leftwards:
        words = re.sub(r"\d+", lambda number: number[0][::-1], words)[::-1]
    pdf.cell(0, size * 0.5, words, align="R" if language.leftwards else "L", new_x="LMARGIN", new_y="NEXT")


def _filler(language: Language) -> Iterator[str]:
    words = itertools.cycle(language.filler.split())
    for _ in range(FILLER_LINES):
        line = next(words)
        while len(line) < LINE_CHARS - 12:
            line += f" {next(words)}"
        yield line


def _others(folder: Path, code: str, language: Language, state: State) -> None:
    """The same kind of facts in every other format."""
    heading = language.heading
    slides = [(f"{heading} {number}", [state(f"{code}/show.pptx", number), language.filler]) for number in (1, 2)]
    show(folder / code / "show.pptx", *slides)
    sheets: dict[str, list[list[Any]]] = {
        f"{heading} {page}": [["#", heading], [page, state(f"{code}/book.xlsx", page)]] for page in (1, 2)
    }
    book(folder / code / "book.xlsx", sheets)
    letter(folder / code / "letter.docx", ("Heading 1", heading), ("Normal", state(f"{code}/letter.docx", None)))
    (folder / code / "page.html").write_text(f"<h1>{heading}</h1><p>{state(f'{code}/page.html', None)}</p>", encoding="utf-8")
    (folder / code / "note.md").write_text(f"# {heading}\n\n{state(f'{code}/note.md', None)}\n", encoding="utf-8")


def _font(path: Path) -> Path:
    """A font that has every letter of the corpus, as a stroke: no machine's own fonts decide what is tested."""
    texts = "".join(f"{each.heading}{each.fact}{each.filler}" for each in LANGUAGES.values())
    names = {ord(letter): f"u{ord(letter):04X}" for letter in sorted(set(f"{texts}0123456789 "))}
    pen = TTGlyphPen(None)
    for corner in ((220, 0), (220, 600), (280, 600), (280, 0)):
        (pen.lineTo if pen.points else pen.moveTo)(corner)
    pen.closePath()
    stroke, empty = pen.glyph(), TTGlyphPen(None).glyph()
    order = [".notdef", *names.values()]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(order)
    made.setupCharacterMap(names)
    made.setupGlyf({name: empty if name in {".notdef", "u0020"} else stroke for name in order})
    made.setupHorizontalMetrics(dict.fromkeys(order, (500, 220)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Strokes", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    made.save(path)
    return path

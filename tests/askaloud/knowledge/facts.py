"""A corpus that says where each of its words stands: facts on the pages of PDFs, in five languages, one of them from right to left.

The places are the PDF library's own: where it was told to write, and how wide it says the words are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]  # it ships no type hints
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]  # it ships no type hints
from fpdf import FPDF

Place = tuple[float, float, float, float]
"""Left, top, right, bottom in fractions of the page."""

SIZE_PT = 11
LINE_MM = 7.0
LEFT_MM, RIGHT_MM = 20.0, 20.0
FIRST_LINE_MM = 45.0
"""Below the margin: what repeats there is taken for a running head."""

LATIN = "helvetica"
MADE = "made"


@dataclass(frozen=True)
class Language:
    """A sentence with a number in it, and one that fills the page between such sentences."""

    name: str
    fact: str
    filler: str
    font: str = LATIN
    leftwards: bool = False


LANGUAGES = (
    Language(
        "english",
        "Warehouse {n} keeps exactly {m} pallets of spare parts.",
        "The list below is checked by the people of the night shift at the end of each week.",
    ),
    Language(
        "german",
        "Lager {n} fasst genau {m} Paletten für Ersatzteile und Öl.",
        "Die folgende Liste prüft die Nachtschicht am Ende jeder Woche, und sie größer zu machen ist nicht nötig.",
    ),
    Language(
        "french",
        "L'entrepôt {n} garde exactement {m} palettes de pièces détachées.",
        "La liste ci-dessous est vérifiée par l'équipe de nuit à la fin de chaque semaine.",
    ),
    Language(
        "russian",
        "Склад {n} вмещает ровно {m} поддонов запасных частей.",
        "Список ниже проверяет ночная смена в конце каждой недели.",
        font=MADE,
    ),
    Language(
        "hebrew",
        "המחסן ברחוב הגפן מכיל בדיוק {w} משטחים של חלקי חילוף.",
        "את הרשימה שלהלן בודקים אנשי משמרת הלילה בסוף כל שבוע.",
        font=MADE,
        leftwards=True,
    ),
)

WORDS = ("אחד", "שנים", "שלושה", "ארבעה", "חמישה", "שישה", "שבעה", "שמונה", "תשעה", "עשרה", "עשרים", "שלושים", "ארבעים", "חמישים", "שישים")
"""Numbers in words: what a right-to-left line does with digits is another matter."""

PAGES, FACTS_PER_PAGE = 5, 3


@dataclass(frozen=True)
class Fact:
    """A sentence of a document, its page (from 1), and the lines that it stands on."""

    path: str
    page: int
    sentence: str
    places: tuple[Place, ...]


def corpus(folder: Path) -> list[Fact]:
    """Write one PDF for each language into the folder; tells all facts."""
    font = folder.parent / "made.ttf"
    _make_font(font, "".join(each.fact + each.filler for each in LANGUAGES) + "".join(WORDS) + "0123456789")
    return [fact for language in LANGUAGES for fact in _document(folder, language, font)]


def _document(folder: Path, language: Language, font: Path) -> list[Fact]:
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    pdf.add_font(MADE, fname=str(font))
    found: list[Fact] = []
    for page in range(1, PAGES + 1):
        pdf.add_page()
        pdf.set_font(language.font, size=SIZE_PT)
        sentences = []
        for at in range(FACTS_PER_PAGE):
            number = (page - 1) * FACTS_PER_PAGE + at
            sentences += [language.filler, language.fact.format(n=number + 10, m=number * 7 + 113, w=WORDS[number])]
        places = _written(pdf, " ".join(sentences), language.leftwards)
        begin = 0
        for sentence in sentences:
            if sentence != language.filler:
                lines = _lines_of(places, range(begin, begin + len(sentence.split())))
                found.append(Fact(f"{language.name}.pdf", page, sentence, lines))
            begin += len(sentence.split())
    pdf.output(str(folder / f"{language.name}.pdf"))
    return found


def _written(pdf: FPDF, text: str, leftwards: bool) -> list[Place]:
    """Write the words line by line; tells where each stands. Leftwards the letters are laid down in the order that the eye sees."""
    space, across, down = pdf.get_string_width(" "), 0.0, FIRST_LINE_MM
    room = pdf.w - LEFT_MM - RIGHT_MM
    places = []
    for word in text.split():
        width = pdf.get_string_width(word)
        if across + width > room:
            across, down = 0.0, down + LINE_MM
        left = pdf.w - RIGHT_MM - across - width if leftwards else LEFT_MM + across
        pdf.text(left, down, word[::-1] if leftwards else word)
        height = SIZE_PT / pdf.k
        places.append((left / pdf.w, (down - height) / pdf.h, (left + width) / pdf.w, (down + 0.3 * height) / pdf.h))
        across += width + space
    return places


def _lines_of(places: list[Place], words: range) -> tuple[Place, ...]:
    lines: list[Place] = []
    for left, top, right, bottom in (places[at] for at in words):
        if lines and lines[-1][1] == top:
            lines[-1] = (min(lines[-1][0], left), top, max(lines[-1][2], right), bottom)
        else:
            lines.append((left, top, right, bottom))
    return tuple(lines)


def _make_font(path: Path, letters: str) -> None:
    """A font of low boxes, each letter of another width: no machine's own fonts are needed, and above each letter a mark can be seen."""
    characters = sorted(set(letters))
    names = {character: f"c{ord(character):x}" for character in characters}
    widths = {name: 420 + 40 * (at % 7) for at, name in enumerate(names.values())}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(character): name for character, name in names.items()})
    builder.setupGlyf({".notdef": _box(400, 800), **{name: _box(0 if name == "c20" else width, 300) for name, width in widths.items()}})
    builder.setupHorizontalMetrics({".notdef": (500, 50), **{name: (width, 50) for name, width in widths.items()}})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Made", "styleName": "Regular", "psName": "Made-Regular", "fullName": "Made Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(str(path))


def _box(width: int, height: int) -> object:
    pen = TTGlyphPen(None)
    if width:
        for number, (x, y) in enumerate(((50, 0), (50, height), (width - 50, height), (width - 50, 0))):
            (pen.lineTo if number else pen.moveTo)((x, y))
        pen.closePath()
    return pen.glyph()

"""Takes running heads and feet out of the pages of a PDF: lines at the edge that say on each page what the first of them said.

Nothing is lost: where the text does not say the same the first of equal lines stays, and what differs from page to page is dropped only
where it is the page's own number.
It must not know what a heading is; `pdf.py` says which sizes of letters are.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from .lines import Line

MARGIN = 0.1
"""Running heads and feet stand in this share of the page's height, at its top and bottom."""

REPEATED_ON = 0.5
"""On this share of the pages a line in the margin must stand to be a running head or foot."""

APART = 1.5
"""Space between a running line and the text, in heights of the line: more than an empty line leaves."""

APART_FROM_ROWS = 5.0
"""The same for a line with cells beside a row with cells: it may be the head of that table, or its sum."""

LINE_CHARS = 300
"""A longer line is no running one."""

LINES_AT_MOST = 40
"""Running lines of one page; where more seem to be, the page is a form that is printed again and again."""

PAGE_WORD = (
    r"(?:[psс]\.|(?:page|pages|pg|seite|seiten|blatt|página|pagina|pág|pag|strona|str|страница|стр|sida|sid|side|sivu|oldal|strana|stránka|"
    r"stran|sayfa|σελίδα|σελ|lehekülg|lapa|lpp|puslapis|psl|pagină|עמוד|עמ|صفحة|الصفحة)[.:]?|第)\s*"
)
"""Words for a page, as they stand before its number in documents of some thirty languages."""

OF = r"(?:/|\||of|von|de|di|sur|van|av|af|z|ze|iz|из|din|מתוך|من)"
"""What stands between the number of a page and how many there are."""

BETWEEN = r"[\s,;:|·•–—(\[-]"
SIGNS = r"[^\w%€$£¥]*"

NUMBER_LAST = re.compile(rf"(.*?)([0-9]{{1,5}})((?:\s*{OF}\s*[0-9]{{1,5}})?\s*(?:[页頁쪽]|ページ)?{SIGNS})", re.IGNORECASE)
NUMBER_FIRST = re.compile(r"([0-9]{1,5})(\s.*)")
NAMED = re.compile(rf"((?:.*{BETWEEN})?){PAGE_WORD}|({SIGNS})|(.*\s[|·•]\s*)", re.IGNORECASE)
"""What may stand before a page's own number: a word for a page, nothing but signs, or what a bar parts from it."""

BAR = re.compile(r"\s*[|·•]\s")


class Form(NamedTuple):
    """A line as it might be repeated: what stands before and after the number of its page, and how far that is from the page's place.

    Where it has no such number, `offset` is None. `words` is what it says besides.
    """

    before: str
    after: str
    offset: int | None
    words: str


def drop_running(pages: Sequence[list[Line]], headings: Collection[float]) -> None:
    """Take running heads and feet out of `pages`. Lines with letters of these sizes are none, and stay."""
    filled = sum(1 for lines in pages if lines)
    if filled < 2:
        return
    forms = [[_forms(line, number) if _in_margin(line, headings) else () for line in lines] for number, lines in enumerate(pages)]
    seen = Counter(form for each in forms for form in set(itertools.chain.from_iterable(each)))
    needed = max(2, round(filled * REPEATED_ON))
    repeated = {form for form, often in seen.items() if often >= needed}
    said = _said_besides(pages, forms, repeated)
    for lines, each in zip(pages, forms, strict=True):
        running = {at: form for at, its in enumerate(each) for form in its if form in repeated}
        apart = _apart(lines, set(running))
        kept = []
        for at, line in enumerate(lines):
            if at not in apart or (running[at].words and running[at].words not in said):
                kept.append(line)
            said.update(form.words for form in each[at])
        lines[:] = kept


def _said_besides(pages: Sequence[list[Line]], forms: Sequence[Sequence[Sequence[Form]]], repeated: Collection[Form]) -> set[str]:
    """Of what the repeated lines say, what stands in the text as well, as a cover says the name that then runs over all pages."""
    lines = zip(itertools.chain.from_iterable(pages), itertools.chain.from_iterable(forms), strict=True)
    text = "\n".join(line.text for line, its in lines if not its)
    return {words for words in {form.words for form in repeated} if all(_stands_in(text, part) for part in BAR.split(words))}


def _in_margin(line: Line, headings: Collection[float]) -> bool:
    return line.size not in headings and not MARGIN < line.above < 1 - MARGIN


def _forms(line: Line, page: int) -> tuple[Form, ...]:
    """All of it as it is, and where it may hold the page's own number, what is left without that."""
    text = line.text
    if len(text) > LINE_CHARS:
        return ()
    last, first = NUMBER_LAST.fullmatch(text), NUMBER_FIRST.fullmatch(text)
    found = [Form(text, "", None, text)]
    if last is not None:
        named = NAMED.fullmatch(last[1])
        besides = next((words for words in named.groups() if words is not None), "") if named is not None else last[1]
        if named is not None or len(last[1].split()) in line.cells:
            found.append(Form(last[1], last[3], int(last[2]) - page, _bare(besides)))
    if first is not None and (BAR.match(first[2]) or 1 in line.cells):
        found.append(Form("", first[2], int(first[1]) - page, _bare(first[2])))
    return tuple(found)


def _stands_in(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_bare(words))}(?!\w)", text, re.IGNORECASE) is not None


def _bare(words: str) -> str:
    return re.sub(rf"^{BETWEEN}+|{BETWEEN}+$", "", words)


def _apart(lines: Sequence[Line], repeated: set[int]) -> set[int]:
    """Those of the repeated lines that stand apart from all text that is none of them."""
    left = repeated if len(repeated) <= LINES_AT_MOST else set()
    while left:
        text = [line for at, line in enumerate(lines) if at not in left]
        close = {at for at in left if not _stands_apart(lines[at], text)}
        if not close:
            break
        left = left - close
    return left


def _stands_apart(line: Line, text: Sequence[Line]) -> bool:
    """Whether there is a wide gap to the nearest line towards the middle of the page. The head of a table is followed by its rows."""
    top, bottom = _edges(line)
    beyond = [each for each in text if (each.above > line.above) == (line.above < 0.5)]
    gaps = [((_edges(each)[0] - bottom if line.above < 0.5 else top - _edges(each)[1]), bool(each.cells)) for each in beyond]
    gap, has_cells = min((each for each in gaps if each[0] > -0.5 * (bottom - top)), default=(1.0, False))
    return gap > (APART_FROM_ROWS if line.cells and has_cells else APART) * (bottom - top)


def _edges(line: Line) -> tuple[float, float]:
    """The line's top and bottom on the page as it is seen."""
    return min(box[1] for box in line.boxes), max(box[3] for box in line.boxes)

"""Which row of a table is the cheapest, the nearest or the loudest of its column, where that was asked for.

Only the English of comparing and the shapes of numbers; knows no document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .sentences import Sentence
from .standing import Standing
from .tables import Row
from .words import nearness, stem

_LOW = "cheap|near|close|fast|quick|soon|early|quiet|light|small|short|low|narrow|few|cold|young|new"
_HIGH = "expensive|dear|far|slow|late|loud|heavy|big|large|long|high|tall|wide|deep|hot|warm|old|strong|much|many"
_QUALITY = {
    "cheap": "price cost money",
    "expensive": "price cost money",
    "near": "way distance minutes metres foot",
    "close": "way distance minutes metres foot",
    "far": "way distance minutes metres foot",
    "fast": "time minutes hours seconds comes within",
    "quick": "time minutes hours seconds comes within",
    "slow": "time minutes hours seconds comes within",
}
"""What a column is called in which such things are measured; for other qualities it is called like the quality."""
_SUPERLATIVE = re.compile(
    rf"\b(?:(?P<low>{_LOW})(?:e?st|t?est)|(?P<high>{_HIGH})(?:e?st|g?est|t?est)|(?P<most>most|least) (?P<adjective>expensive))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
OF_THE_TABLE = 0.35
"""How much of the question, its superlative apart, must stand in a row or around it for the table to be of what was asked for."""


def outermost(asked: str, page: Sequence[Sentence], standing: Standing) -> int | None:
    """The place of the row that has the lowest or the highest value of what was asked for; None where no table tells."""
    found = _SUPERLATIVE.search(asked)
    if found is None or not re.search(r"\b(?:which|what|who|where)\b|^\W*(?:the )?\w+est\b", asked, re.IGNORECASE):
        return None
    quality = (found["low"] or found["high"] or found["adjective"]).lower()
    lowest = found["low"] is not None or (found["most"] or "").lower() == "least"
    tables: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for place, sentence in enumerate(page):
        if sentence.row is not None:
            tables.setdefault((sentence.passage, sentence.row.header), []).append(place)
    asked_about = {key: max(_held(place, standing, stem(found[0])) for place in places) for key, places in tables.items()}
    for key in sorted(tables, key=lambda key: -asked_about[key]):
        if asked_about[key] < OF_THE_TABLE:
            break
        places = tables[key]
        rows = [row for place in places if (row := page[place].row) is not None]
        values = _values(rows, [stem(word) for word in _QUALITY.get(quality, quality).split()])
        if len(places) > 1 and values:
            return places[(min if lowest else max)(range(len(values)), key=values.__getitem__)]
    return None


def _held(place: int, standing: Standing, superlative: str) -> float:
    """The share of the question, its superlative apart, that stands in a row or around it."""
    others = {word: weight for word, weight in standing.weights.items() if word != superlative}
    held = sum(weight * standing.share(place, word) for word, weight in others.items())
    return held / sum(others.values()) if others else 0.0


def _values(rows: Sequence[Row], names: Sequence[str]) -> list[float]:
    """The numbers of the column that is called by one of some names; none where there is none, or a cell without a number."""
    for index, name in enumerate(rows[0].header[1:], 1):
        said = [stem(word) for word in re.findall(r"\w+", name)]
        if any(nearness(one, other) >= 0.8 for one in names for other in said):
            cells = [_NUMBER.search(row.cells[index]) if index < len(row.cells) else None for row in rows]
            if all(cells):
                return [float(cell[0].replace(",", "")) for cell in cells if cell is not None]
    return []

"""A passage as sentences that can be said: wrapped lines joined, headings and introductions kept apart, rows and items spelt out.

Knows no question. Whatever is given back can be read aloud.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from .outputs import Passage
from .tables import Row

SENTENCES_MAX = 300
"""Of one passage; one of ours has ten."""
HEADING_MAX_CHARS = 90
"""A line without an end mark that is longer than this is a wrapped sentence, not a heading."""

_ITEM = re.compile(r"^\s*(?:(?:[-*•–·▪◦]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)|\d{1,2}\s+(?=[A-Z][a-z]+\s+[a-z]))")
_MARKDOWN_HEADING = re.compile(r"^\s*#{1,6}\s+(.*?)\s*#*\s*$")
_EDGES = re.compile(r"^\s*\||\|\s*$")
_RULE_ROW = re.compile(r"^[\s|:+=-]+$")
_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|ca|no|nos|fig|vol|mr|mrs|ms|dr|prof|st|vs|incl|excl|max|min|dept|p|pp|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
    r"|\b[A-Z]|\b[ap]\.m)\.$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9€$£])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that a passage says. `under` is the heading or introduction it stands under, `paragraph` what it stands together with."""

    text: str
    under: str
    passage: int
    paragraph: int
    is_item: bool = False
    row: Row | None = None
    introduces: bool = False
    """It ends with a colon: what it says is in the items after it."""

    @property
    def words(self) -> str:
        """All that it says, for comparing: of a row also what its columns are called."""
        return self.text if self.row is None else self.row.words

    @property
    def shape(self) -> str:
        """What to look at for the shape of an answer: of a row its columns, for the first cell only names it."""
        return self.text if self.row is None else ", ".join(f"{name}, {cell} {name}" for name, cell in self.row.columns)


def sentences_of(passage: Passage, index: int) -> list[Sentence]:
    """All sentences of a passage, in order. `index` is the passage's own number among its fellows."""
    found: list[Sentence] = []
    heading, introduction = "", ""
    for number, block in enumerate(_blocks(passage.text)):
        if block.kind == "heading":
            heading, introduction = block.text, ""
            continue
        if block.kind == "text":
            introduction = ""
        under = f"{heading} {introduction}".strip()
        for piece in [block.text] if block.row is not None else _split(block.text):
            introduces = piece.endswith(":") and block.kind == "text"
            if introduces:
                introduction = piece.rstrip(":")
            if len(found) == SENTENCES_MAX:
                return found
            found.append(Sentence(_ended(piece), under, index, number, block.kind in ("item", "row"), block.row, introduces))
    return found


@dataclass(slots=True)
class _Block:
    kind: str
    lines: list[str]
    row: Row | None = None

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def _blocks(text: str) -> list[_Block]:
    """Lines to paragraphs, headings, items and rows."""
    blocks: list[_Block] = []
    header: list[str] = []
    open_block: _Block | None = None
    for line in text.replace("\r", "").split("\n"):
        if not line.strip() or _RULE_ROW.match(line):
            open_block = None
            header = header if _RULE_ROW.match(line) and line.strip() else []
        elif (marked := _MARKDOWN_HEADING.match(line)) is not None:
            blocks.append(_Block("heading", [clean(marked[1])]))
            open_block = None
        elif " | " in line or line.count("|") >= 2 or "\t" in line.strip():
            cells = [clean(cell) for cell in re.split(r"\||\t", _EDGES.sub("", line))]
            if header:
                blocks[-1:] = [_row(header, cells)] if blocks[-1].kind == "header" else [blocks[-1], _row(header, cells)]
            else:
                header = cells
                blocks.append(_Block("header", [", ".join(cell for cell in cells if cell)]))
            open_block = None
        elif (item := _ITEM.match(line)) is not None:
            open_block = _Block("item", [clean(line[item.end() :])])
            blocks.append(open_block)
        elif open_block is not None and not _ends_before(open_block, line):
            open_block.lines.append(clean(line))
        else:
            open_block = _Block("text", [clean(line)])
            blocks.append(open_block)
    _say_yes_and_no([block for block in blocks if block.row is not None])
    return _with_headings([block for block in blocks if any(block.lines)])


def _row(header: list[str], cells: list[str]) -> _Block:
    unnamed = [""] * (len(cells) - len(header))
    row = Row((*unnamed, *header), tuple(cells))
    return _Block("row", [row.told()], row)


def _say_yes_and_no(rows: list[_Block]) -> None:
    """Where a table answers with yes, its empty cells are said as no."""
    yes = {block.row.header for block in rows if block.row is not None and any(cell.lower() == "yes" for cell in block.row.cells)}
    for block in rows:
        if block.row is not None and block.row.header in yes:
            block.row = Row(block.row.header, block.row.cells, has_yes=True)
            block.lines = [block.row.told()]


def _ends_before(block: _Block, line: str) -> bool:
    """Whether a block is at its end although no empty line comes: a heading follows, or an item is done and a text begins."""
    if not _END.search(block.lines[-1]):
        return False
    return _is_title(line) or (block.kind == "item" and line[:1].isupper())


def _with_headings(blocks: list[_Block]) -> list[_Block]:
    """A short paragraph without an end mark that something follows is a heading."""
    for block, following in zip_longest(blocks, blocks[1:]):
        if block.kind == "text" and following is not None and _is_title(block.text):
            block.kind = "heading"
    return blocks


def _is_title(line: str) -> bool:
    words = line.strip()
    question = words.endswith("?")
    return len(words) <= HEADING_MAX_CHARS and (question or not _END.search(words)) and words[:1].isupper() and not words.endswith(",")


def clean(text: str) -> str:
    """Text without the marks of Markdown, in one line."""
    text = re.sub(r"!?\[([^\[\]]{0,300})\]\([^()]{0,500}\)", r"\1", text)
    text = re.sub(r"[*_`]{1,3}(?=\S)(.{1,300}?)(?<=\S)[*_`]{1,3}", r"\1", text)
    return " ".join(text.split())


def _split(paragraph: str) -> list[str]:
    pieces: list[str] = []
    for piece in _BREAK.split(paragraph):
        if pieces and _ABBREVIATION.search(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return [piece.strip() for piece in pieces if piece.strip()]


def _ended(sentence: str) -> str:
    """With an end mark, so that a voice comes to rest."""
    if _END.search(sentence) and not sentence.endswith((";", ":")):
        return sentence
    return f"{sentence.rstrip(' ;,:')}."

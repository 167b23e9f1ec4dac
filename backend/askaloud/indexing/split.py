"""Cuts a document into passages: pieces of one page, under one heading, of whole sentences.

Pure. A passage never crosses a page, so that the page it is cited with is always right.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from semantic_text_splitter import TextSplitter

from .document import Document, Heading, Page

PASSAGE_TOKENS = 200
"""The most tokens of a passage where no setting says otherwise: some 150 words, about what answers one question."""

DONE_SHARE = 0.45
"""A passage is done when it has this share of them."""

TOKENS_OF = "text-embedding-3-large"
"""Whose tokens are counted: those of all embedding models that Azure OpenAI has had since 2022 are the same."""

SCRAP_CHARS = 60
"""What is shorter is no passage of its own: half a sentence, a line of a cover."""

PART_CHARS = 20_000
"""Characters that are cut at one time; a page of a paper has some four thousand."""

SAME_LINE = 0.5
"""Two words whose boxes overlap in height by at least this share stand on one line."""

WORD_GAP = 0.03
"""Between two words that are read from right to left, as a share of the page's width: less than between two columns."""

Box = tuple[float, float, float, float]


class Piece(msgspec.Struct, frozen=True):
    """A passage before it has a name. `ordinal` counts from 0 on its page; `start` and `end` are positions in the page's text."""

    page: int | None
    ordinal: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a page's text and the headings above it; `top` is where the heading right above it begins."""

    start: int
    end: int
    headings: tuple[str, ...]
    top: int

    @property
    def length(self) -> int:
        """In characters."""
        return self.end - self.start


def split(document: Document, tokens: int = PASSAGE_TOKENS) -> list[Piece]:
    """All passages in reading order, of at most `tokens` each. Headings are carried from page to page, as a reader carries them."""
    cut = _Cut(tokens)
    path: list[Heading] = []
    pieces: list[Piece] = []
    for page in document.pages:
        pieces += _pieces(page, path, cut)
    return pieces


class _Cut:
    """Where a text of any length is cut."""

    def __init__(self, tokens: int) -> None:
        self._splitter = _splitter(max(1, round(tokens * DONE_SHARE)), tokens)
        self._one = _splitter(tokens, tokens)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each piece begins and ends. Long texts are taken in parts, for the splitter looks at all of one again and again."""
        begin = 0
        while begin < len(text):
            end = _part_end(text, begin)
            for at, piece in self._splitter.chunk_indices(text[begin:end]):
                yield begin + at, begin + at + len(piece)
            begin = end

    def fits(self, text: str) -> bool:
        """Whether it is short enough for one passage."""
        return len(self._one.chunks(text)) <= 1


@functools.cache
def _splitter(done: int, most: int) -> TextSplitter:
    return TextSplitter.from_tiktoken_model(TOKENS_OF, (done, most))


def _part_end(text: str, begin: int) -> int:
    if len(text) - begin <= PART_CHARS:
        return len(text)
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, begin + PART_CHARS // 2, begin + PART_CHARS)
        if at > 0:
            return at + len(mark)
    return begin + PART_CHARS


def _pieces(page: Page, path: list[Heading], cut: _Cut) -> list[Piece]:
    """The passages of one page; `path` is the headings in force, and is left as they stand at the page's end."""
    found: list[Span] = []
    for section in _sections(page, path):
        spans = cut.spans(page.text[section.start : section.end])
        found += [Span(section.start + at, section.start + end, section.headings, section.top) for at, end in spans]
    if not found and page.text.strip():  # a page of nothing but headings, as a cover
        found = [Span(at, end, (), at) for at, end in cut.spans(page.text)]
    return [
        Piece(page.number, ordinal, span.start, span.end, page.text[span.start : span.end], span.headings, _boxes(page, span))
        for ordinal, span in enumerate(_joined(found, page.text, cut))
    ]


def _sections(page: Page, path: list[Heading]) -> Iterator[Span]:
    """The text between the headings, with the headings above it, the highest first."""
    begin = top = 0
    for heading in page.headings:
        if page.text[begin : heading.start].strip():
            yield Span(begin, heading.start, tuple(above.text for above in path), top)
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        begin, top = heading.end, heading.start
    if page.text[begin:].strip():
        yield Span(begin, len(page.text), tuple(above.text for above in path), top)


def _joined(spans: list[Span], text: str, cut: _Cut) -> list[Span]:
    """Scraps joined with what follows on the page, or else with what stands before, the headings between them included.

    A line of three words would be found before everything else by each of them.
    """
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        if before is None or min(before.length, span.length) >= SCRAP_CHARS or not cut.fits(text[before.top : span.end]):
            joined.append(span)
            continue
        shared = tuple(mine for mine, theirs in zip(before.headings, span.headings, strict=False) if mine == theirs)
        start = before.start if before.headings == span.headings else before.top
        joined[-1] = Span(start, span.end, shared, before.top)
    return joined


def _boxes(page: Page, span: Span) -> tuple[Box, ...]:
    """One box for each line, or piece of a line, that the passage covers."""
    boxes: list[Box] = []
    for word in page.words:
        if word.end <= span.start or word.start >= span.end:
            continue
        if boxes and _goes_on(boxes[-1], word.box):
            left, top, right, bottom = boxes.pop()
            boxes.append((min(left, word.box[0]), min(top, word.box[1]), max(right, word.box[2]), max(bottom, word.box[3])))
        else:
            boxes.append(word.box)
    return tuple(boxes)


def _goes_on(line: Box, word: Box) -> bool:
    shared = min(line[3], word[3]) - max(line[1], word[1])
    onward = word[0] >= line[0] or 0 <= line[0] - word[2] <= WORD_GAP  # to the right, or to the left as Arabic and Hebrew are written
    return onward and shared >= SAME_LINE * min(line[3] - line[1], word[3] - word[1])

"""What takes away from a sentence's worth: that it is narrower than what was asked, leans on another, is a row, or is for another code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cached_property

from .evidence import condition, limits, negated
from .sentences import Sentence
from .standing import UNDER, Standing, nearest
from .tables import Row
from .thread import was_said
from .words import WORD, is_identifier, stem, stems

ROW = 0.08
"""What a table's row takes away: it is read aloud badly."""
SHAPELESS = 0.3
"""What it takes away that there is nothing of the amount or the time that was asked for."""
LIMITED = 0.06
LIMITED_MAX = 0.15
"""What each word takes away that makes the subject of a sentence narrower than what was asked: the rule goes before its exception."""
CONDITIONAL = 0.3
"""What a condition takes away that was mostly not asked about."""
LEANING = 0.12
"""What `therefore` or `also` takes away: the sentence says less without the one it leans on."""
SAID = 0.4
"""What it takes away from an answer to a question that goes on that it was the last answer."""
NOT_NEW = 0.3
"""What it takes away from a sentence that it holds nothing of what a question that goes on has added."""
OTHER_RANGE = 0.4
"""What it takes away from a row that it is for other numbers or days than those asked about."""
OTHER_ROW = 0.2
"""What it takes away from a row that the question says the name of another of the same table."""
NOT = 0.15
"""What it takes away that a word stands there with a no and was asked for without, or the other way; and what it adds that both say no."""
NAMED_ROW = 0.05
CODED_ROW = 0.35
"""What it adds to a row that the question says its name word for word, and that this is a code."""
OTHER_CODE = 0.6
"""What it takes away that a code was asked for and it tells of none or another."""
EXPLAINED = 0.4
"""What it adds that a sentence says what a code means that was asked for."""
LONG_WORDS = 45
_EXPLAINS = re.compile(r"^(?:[\w-]+ ){0,3}?([A-Za-z]{1,4}-?\d+) (?:means|stands for|says that|tells|is)\b")
_LEANS = re.compile(
    r"\b(?:therefore|thus|also|too|either|likewise|in the same way|(?:this|that|such an?) (?:limit|amount|rule|case|sum|period|price))\b",
    re.IGNORECASE,
)


class Burdens:
    """What burdens each sentence of a page for one question. `said` are the sentences of the last answer."""

    def __init__(self, standing: Standing, said: Collection[str]) -> None:
        self._standing = standing
        self._question = standing.question
        self._page = standing.page
        self._said = said
        counted = Counter(word for title in standing.titles for word in title)
        known = {word for word, count in counted.items() if 2 * count >= len(standing.titles)}
        self._known = frozenset(known).union(standing.question.stems, standing.question.topic, standing.question.story)

    def of(self, place: int) -> float:
        """All that takes away from one sentence's worth; less than nothing where more speaks for it."""
        fit = self._standing.fits(place)
        sentence = self._page[place]
        length = len(sentence.text.split())
        burden = 0.1 if length > LONG_WORDS or length < 3 else 0.0
        burden += 0.5 if sentence.text.endswith("?") else 0.0
        burden += SHAPELESS if self._question.kind in ("amount", "time") and fit == 0 else 0.0
        burden += LEANING if _LEANS.search(sentence.text) else 0.0
        burden += self._repeats(place)
        burden += NOT_NEW * (1.0 - self._standing.new(place)) if self._question.topic else 0.0
        burden -= EXPLAINED if self._explains(sentence) else 0.0
        burden += self._of_no(sentence)
        burden += (
            OTHER_CODE if any(is_identifier(word) and self._standing.share(place, word) < UNDER for word in self._question.stems) else 0.0
        )
        if sentence.row is not None:
            return burden + self._of_row(place, sentence.row)
        return burden + max(min(LIMITED_MAX, LIMITED * self._limits(place)), CONDITIONAL * self._is_conditional(place))

    def _repeats(self, place: int) -> float:
        """What takes away that it was the last answer, unless it holds what the question that goes on has added."""
        if not self._question.follows or not any(was_said(self._page[place], said) for said in self._said):
            return 0.0
        return SAID * (1.0 - self._standing.new(place)) if self._question.stems else SAID

    def _of_no(self, sentence: Sentence) -> float:
        """What takes away that one of question and sentence denies what the other does not; less than nothing where both do."""
        if self._question.kind == "whether":
            return 0.0
        asked, said = negated(self._question.text), negated(sentence.text)
        denied = sum(word in said and word not in asked for word in self._question.stems)
        held = sum(word in stems(sentence.text) and word not in said for word in asked)
        return NOT * (denied + held - len(asked & said))

    def _explains(self, sentence: Sentence) -> bool:
        """Whether it says what a code means that was asked for."""
        codes = [word for word in self._question.stems if is_identifier(word)]
        found = _EXPLAINS.search(sentence.text)
        return found is not None and stem(found[1]) in codes

    def _of_row(self, place: int, row: Row) -> float:
        """What takes away that it is a row; less than nothing where the question says its name."""
        if self._standing.spans(place) is False:
            return ROW + OTHER_RANGE
        name = " ".join(WORD.findall(row.cells[0].lower()))
        if row.header in self._named_tables and row.cells[0] not in self._named_tables[row.header]:
            return ROW + OTHER_ROW
        if is_identifier(stem(name)) and stem(name) in self._question.stems:
            return -CODED_ROW
        return -NAMED_ROW if row.header in self._named_tables else ROW

    @cached_property
    def _named_tables(self) -> dict[tuple[str, ...], set[str]]:
        """The tables of which the question says a row's name word for word, with these rows' names."""
        asked = f" {' '.join(WORD.findall(self._question.text.lower()))} "
        named: dict[tuple[str, ...], set[str]] = {}
        for sentence in self._page:
            if sentence.row is not None and f" {' '.join(WORD.findall(sentence.row.cells[0].lower()))} " in asked:
                named.setdefault(sentence.row.header, set()).add(sentence.row.cells[0])
        return named

    def _is_conditional(self, place: int) -> bool:
        """Whether the sentence holds under a condition of which less than half was asked about."""
        words = condition(self._question, self._page[place].text)
        return 2 * sum(nearest(word, self._known) >= UNDER for word in words) < len(words)

    def _limits(self, place: int) -> int:
        """How many words narrow the sentence's subject that were not asked for, and are not what most of the passages are about."""
        return sum(nearest(word, self._known) < UNDER for word in limits(self._question, self._page[place].text))

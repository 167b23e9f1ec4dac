"""Turns what documents say into what somebody would ask about it: "the filter must be replaced" -> "must the filter be replaced".

Documents hold hardly a question, so a language model of their sentences alone expects the wrong words next to each other. The rules are
those of English word order and know no document. Pure.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .numbers import SCALES, SMALL, TENS

LONGEST_SUBJECT = 6
"""Words before the verb; what is longer holds a clause of its own, and turning it round gives no English."""

_PERSON = {"you": "i", "your": "my", "yours": "mine", "yourself": "myself", "you're": "i'm", "you've": "i've", "you'll": "i'll"}
_AUXILIARIES = frozenset(re.findall(r"\w+", "is are was were can may must should could will would has have had do does did"))
_BREAKS = frozenset(re.findall(r"\w+", "if when that which who and or but because while as unless where so than until before after"))
_PREPOSITIONS = frozenset(re.findall(r"\w+", "in on at for to of by from with within after before until during per up every as about"))
_ENDS = _PREPOSITIONS | {"when", "if", "because", "and", "or"}
_NUMBERS = frozenset([*SMALL, *TENS[2:], "hundred", *(name for _, name in SCALES)])
_NOT_COUNTED = _NUMBERS | _PREPOSITIONS | {"percent", "and", "or", "point", "o", "oh", "the", "a"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow one another in a question; `ends` where the question may end with them. None of them begins one."""

    words: tuple[str, ...]
    ends: bool


def asked_by_a_reader(sentence: Sequence[str]) -> list[str]:
    """Documents say "your leave"; who asks says "my leave"."""
    return [_PERSON.get(word, word) for word in sentence]


def pieces(sentence: Sequence[str], base: Callable[[str], str | None]) -> Iterator[Piece]:
    """What is asked about one sentence. `base` gives the infinitive of a verb's third person ("costs" -> "cost"), None for other words."""
    turned = asked_by_a_reader(sentence)
    if turned != list(sentence):
        yield Piece(tuple(turned), ends=True)
    begin = 0
    for at, word in enumerate(turned):
        if at > begin and at - begin <= LONGEST_SUBJECT:
            if word in _AUXILIARIES:
                yield from _asked(word, turned[begin:at], turned[at + 1 :])
            elif at and (infinitive := base(word)) is not None:
                yield from _asked("does", turned[begin:at], [infinitive, *turned[at + 1 :]])
        if word in _BREAKS:
            begin = at + 1
    yield from _counted(turned)


def _asked(auxiliary: str, subject: list[str], rest: list[str]) -> Iterator[Piece]:
    """The question whole, and as far as its verb: the answer follows that, often after a preposition or as a number."""
    yield Piece((auxiliary, *subject, *rest), ends=True)
    end = next((at for at, word in enumerate(rest) if at and (word in _ENDS or word in _NUMBERS)), 0)
    if end:
        yield Piece((auxiliary, *subject, *rest[:end]), ends=True)


def _counted(words: Sequence[str]) -> Iterator[Piece]:
    """ "thirty days" -> "how many days"."""
    for number, what in itertools.pairwise(words):
        if number in _NUMBERS and what not in _NOT_COUNTED:
            yield Piece(("how", "many", what), ends=False)

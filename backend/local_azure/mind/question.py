"""What somebody asked: of what kind, about what; and the same question made to stand on its own, for a search too.

Never a list of known questions: only the English of asking, of talking and of going on (`kinds`, `asking`, `following`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from .alike import SHORT_FOR
from .asking import parted, plain
from .following import ASKED_HOW, ASKED_WITH, LEADING, follows, replaced, with_unit
from .kinds import MEASURES, Kind, kind_of
from .manners import manner
from .wording import in_one_word, other_forms, telling
from .words import content, is_identifier, stem

__all__ = ["MEASURES", "Kind", "Question", "kind_of", "plain", "stands_alone", "understand"]

_FRAME = re.compile(
    r"\bwhere (?:do|does|can|could|will|would|should) (?:i|we|you|one|people) (?:find|get)\b|\b(?:means?|takes?|lasts?)\W*$",
    re.IGNORECASE,
)
"""Words around what is asked about that a search can do without: `where do I find` before it, `mean` or `take` at the end."""
_ONLY_ASKS = re.compile(r"allowed|permitted|possible|happens?|now|still|need", re.IGNORECASE)
"""Words that say of a question what it wants and nothing of what it is about: a search without them finds the place."""
_HELD_BY = {"big|large": "holds size", "far": "away distance", "heavy": "weight", "wide": "width", "tall": "height", "loud": "noise"}
"""What a document says where `how big` is asked."""
_SHOWING = frozenset(stem(word) for word in ["say", "says", "show", "shows", "display", "mean", "see", "read", "appear", "give", "get"])
"""Words around a code: where it is shown is not what it means."""


@dataclass(frozen=True, slots=True)
class Question:
    """`text` as it was asked, without its politeness; `asks` the words that say what is wanted, those of the question before where this
    one only varies it; `topic`: stems carried over from earlier questions, `story`: stems of what led up to it; `query` stands on its own,
    and so do `key_words`, which leave out what only asks: a search by words would find "How do I" in every list of questions.
    """

    text: str
    asks: str
    kind: Kind
    stems: tuple[str, ...]
    topic: tuple[str, ...]
    query: str
    key_words: str
    story: tuple[str, ...] = ()

    def other_words(self, known: Collection[str] = ()) -> str:
        """The key words with their other forms, for a second search; "" where there are none. `known` are stems that the first one found:
        where it found some of the words and not others, these are the ones that want other forms.
        """
        words = self.key_words.split()
        strange = [word for word in words if stem(word) not in known] or words
        others = [other for word in strange for other in other_forms(word)]
        return " ".join(dict.fromkeys([*words, *others])) if others else ""

    @property
    def follows(self) -> bool:
        """Whether it leans on an earlier one."""
        return bool(self.topic)


def stands_alone(said: str) -> bool:
    """Whether this asks by itself, rather than going on with what was begun before."""
    text = plain(said)
    return kind_of(text) != "open" and not follows(text)


def understand(said: list[str]) -> Question:
    """The last of these as a question, with what it takes over from the ones before. `said` are the person's own words, oldest first."""
    text = plain(said[-1])
    if len(said) > 1 and follows(text):
        return _going_on(text, said[:-1])
    story, core = parted(text)
    about = _about(core)
    whole = text.rstrip(" ?.")
    led = tuple(word for word in content(story) if word not in about)
    return Question(core, core, kind_of(core), about, (), whole, " ".join(_key_words(core)) or whole, led)


def _going_on(text: str, earlier: list[str]) -> Question:
    """A question that leans on the ones before: as far back as each of them leans on another."""
    text = with_unit(text, plain(earlier[-1]))
    kind, about = kind_of(LEADING.sub("", text)), _about(text)
    topic: list[str] = []
    asks, gone = text, set[str]()
    for said in reversed(earlier):
        if manner(said) != "question":
            continue
        before = plain(said)
        if kind == "open" and kind_of(before) != "open":
            asks, kind = before, kind_of(before)
        gone |= replaced(text, before)
        topic += [word for word in _key_words(before) if stem(word) not in about and word not in topic and word not in gone]
        if not follows(before):
            break
        gone |= {word for other in earlier for word in replaced(before, plain(other))}
    own = LEADING.sub("", text).rstrip(" ?.")
    carried = tuple(dict.fromkeys(stem(word) for word in topic if content(word) and stem(word) not in about))
    key_words = [word for word in _key_words(own) if word not in topic] + topic
    return Question(text, asks, kind, about, carried, " ".join([own, *topic]).strip(), " ".join(key_words) or own)


def _about(text: str) -> tuple[str, ...]:
    found = content(ASKED_WITH.sub(" ", in_one_word(text)))
    coded = any(map(is_identifier, found))
    return tuple(word for word in found if not coded or word not in _SHOWING)


def _key_words(text: str) -> list[str]:
    words = telling(_FRAME.sub(" ", ASKED_WITH.sub(" ", ASKED_HOW.sub(" ", in_one_word(text)))))
    if any(is_identifier(stem(word)) for word in words):
        words = [word for word in words if stem(word) not in _SHOWING]
    words += [noun for how, noun in _HELD_BY.items() if re.search(rf"\bhow (?:{how})\b(?! ahead| in advance)", text, re.IGNORECASE)]
    telling_most = [word for word in words if not _ONLY_ASKS.fullmatch(word)]
    if len(telling_most) > 1:
        words = telling_most
    return words + [long for word in words for long in SHORT_FOR.get(word.lower(), "").split() if long[0].isupper()]

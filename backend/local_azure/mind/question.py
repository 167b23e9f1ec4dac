"""What somebody said to the assistant: a question or not, of what kind, about what; and the same question made to stand on its own.

Never a list of known questions: only the English of asking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .manners import manner
from .wording import other_forms, telling, with_codes
from .words import LIGHT, WORD, content, stem

Kind = Literal["amount", "time", "person", "place", "reason", "way", "whether", "open"]

_HOW = (
    "many|much|long|often|far|high|large|big|old|fast|heavy|warm|hot|cold|wide|deep|late|early|soon|quickly|expensive|strong|loud|thick"
    "|tall"
)
MEASURES = (
    "cost|costs|price|prices|fee|fees|rent|number|amount|percentage|share|rate|limit|budget|temperature|salary|allowance|supplement|value|size"
    "|weight|length|height|speed|duration|capacity|maximum|minimum"
)
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("amount", rf"\bhow (?:{_HOW})\b"),
    (
        "time",
        r"\bwhen\b|\b(?:what|which) (?:time|day|date|days|hours|month|year)\b|\b(?:until|since|from) (?:when|what)\b"
        r"|\bhours\b.*\bopen|\bopening hours\b",
    ),
    ("amount", rf"\bwhat\b.*\b(?:{MEASURES})\b"),
    ("person", r"\bwho(?:m|se)?\b"),
    ("place", r"\bwhere\b|\b(?:what|which) (?:place|room|address|floor|street|building|town|city)\b"),
    ("reason", r"\bwhy\b|\bwhat for\b|\bhow come\b"),
    ("way", r"\bhow (?:do|can|should|could|must|to|does|would|will|am|are|is)\b|\bwhat (?:do|should|must) i do\b|\bwhat now\b"),
    (
        "whether",
        r"^(?:and |but |so |or )?(?:is|are|am|was|were|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|need)\b",
    ),
)
_ASKED_WITH = re.compile(rf"\b(?:how (?:{_HOW})|(?:what|which) (?:time|hours|day|date|kind of|sort of|type of))\b", re.IGNORECASE)
"""Words that only ask; an answer does not repeat them."""
_FRAME = re.compile(
    r"\bwhere (?:do|does|can|could|will|would|should) (?:i|we|you|one|people) (?:find|get)\b|\b(?:means?|takes?|lasts?)\W*$",
    re.IGNORECASE,
)
"""Words around what is asked about that a search can do without: `where do I find` before it, `mean` or `take` at the end."""
_ADDRESS = r"(?:no,? )?i mean(?:t)?|hello|hi|hey|good (?:morning|afternoon|evening|day)|excuse me|ok(?:ay)?|well|so|um+|uh+"
_ADDRESS += r"|thanks|thank you|please|sorry"
_REMARK = (
    "stop(?: it)?|wait(?: a (?:second|moment|minute))?|hold on|never ?mind|forget it|no|yes|yeah|oh|ah|hmm?|actually|great|perfect|right"
    "|all right|alright|fine|good|i see|one moment"
)
_BEGINS = (
    "how|what|when|where|who|whom|whose|why|which|is|are|am|was|were|do|does|did|can|could|may|must|should|will|would|has|have"
    "|and|but|tell|show|until|by|at|in|for"
)
_OPENING = re.compile(
    rf"^(?:(?:(?:{_ADDRESS})\b|(?:{_REMARK})\b(?=\s*[,.!;:–-]|\s+(?:(?:{_ADDRESS}|{_REMARK})\b[\s,.!]*)*(?:{_BEGINS})\b))[\s,.!;:–-]*)+",
    re.IGNORECASE,
)
"""What is said before a question and is none of it. A remark such as `no` or `stop` is one only where a question begins after it."""
_CLOSING = re.compile(r"[\s,.!?;:]+(?:please|thanks|thank you)(?:[\s,.!?]+(?:please|very much|so much|a lot))?[\s.!?]*$", re.IGNORECASE)
_ASKING = re.compile(
    r"^(?:(?:can|could|would|will) you (?:please )?(?:tell|show|explain|remind) (?:me|us)|(?:please )?(?:tell|show) me"
    r"|do you (?:happen to )?know|i(?:'d| would) like to know|i want to know|i wonder|let me know)\b[\s,:]*(?:please\b\s*)?",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"^(?:and|but|or|so|then|also|what about|how about|what if|and what about|why|why not|which ones?)\b", re.IGNORECASE
)
_LEADING = re.compile(r"^(?:(?:and|but|or|so|then|also|what about|how about|what if)\b[\s,]*)+", re.IGNORECASE)
_CLAUSE = re.compile(
    r"^(?:(?:and|but|or|so|then|also)\b[\s,]*)+(?:(?:how|what|when|where|who|which|why|until|by)\b.*\b)?"
    r"(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)\b",
    re.IGNORECASE,
)
"""A whole question behind the word that joins it to what went before."""
_NAMED_PLACE = re.compile(r"\b((?:[Ii]n|[Aa]t|[Tt]o|[Ff]rom|[Ff]or|[Oo]n|[Aa]bout))\s+(?:the\s+)?([A-Z][\w-]+(?:\s+[A-Z][\w-]+)*)")
_POINTING = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|there|then|he|she|him|her|one|ones|the same)\b", re.IGNORECASE)
QUESTION_MAX_CHARS = 2_000
"""Of one thing that was said; two minutes of speech."""
SHORT_WORDS = 2
"""A question with so few words of content, that begins like a continuation or points at something, is about what was asked before."""


@dataclass(frozen=True, slots=True)
class Question:
    """`text` as it was asked, without its politeness; `asks` the words that say what is wanted, those of the question before where this
    one only varies it; `topic`: stems carried over from earlier questions; `query` stands on its own, and so do `key_words`, which leave
    out what only asks: a search by words would find "How do I" in every list of questions.
    """

    text: str
    asks: str
    kind: Kind
    stems: tuple[str, ...]
    topic: tuple[str, ...]
    query: str
    key_words: str

    @property
    def other_words(self) -> str:
        """The key words with their other forms, for a second search; "" where there are none."""
        words = self.key_words.split()
        others = [other for word in words for other in other_forms(word)]
        return " ".join(dict.fromkeys([*words, *others])) if others else ""


def plain(said: str) -> str:
    """The question without greeting and politeness around it."""
    said = said.strip()[:QUESTION_MAX_CHARS]
    text = _OPENING.sub("", said) or said
    text = _CLOSING.sub("", text) or text
    return with_codes(_ASKING.sub("", text) or text).strip()


def kind_of(text: str) -> Kind:
    """What a question asks for, by the words it asks with."""
    lowered = text.lower().replace("’", "'")
    return next((kind for kind, pattern in _KINDS if re.search(pattern, lowered)), "open")


def follows(text: str) -> bool:
    """Whether a question leans on an earlier one."""
    about = [word for word in content(_ASKED_WITH.sub(" ", text)) if word not in LIGHT]
    if not about:
        return True
    few = len(about) <= SHORT_WORDS
    points = bool(_POINTING.search(text))
    if _FOLLOWING.search(text):
        whole = len(about) > 1 and _CLAUSE.search(text) is not None
        return points or (few and not whole)
    return points and few


def stands_alone(said: str) -> bool:
    """Whether this asks by itself, rather than going on with what was begun before."""
    text = plain(said)
    return kind_of(text) != "open" and not follows(text)


def understand(said: list[str]) -> Question:
    """The last of these as a question, with what it takes over from the ones before. `said` are the person's own words, oldest first."""
    text = plain(said[-1])
    kind, about = kind_of(text), tuple(content(_ASKED_WITH.sub(" ", text)))
    if len(said) == 1 or not follows(text):
        whole = text.rstrip(" ?.")
        return Question(text, text, kind, about, (), whole, " ".join(_key_words(text)) or whole)
    topic: list[str] = []
    asks = text
    for earlier in reversed(said[:-1]):
        if manner(earlier) != "question":
            continue
        before = plain(earlier)
        if kind == "open" and kind_of(before) != "open":
            asks, kind = before, kind_of(before)
        replaced = _names_replaced(text, before)
        topic += [word for word in _key_words(before) if stem(word) not in about and word not in topic and word not in replaced]
        if not follows(before):
            break
    own = _LEADING.sub("", text).rstrip(" ?.")
    carried = tuple(dict.fromkeys(stem(word) for word in topic if content(word) and stem(word) not in about))
    key_words = [word for word in _key_words(_LEADING.sub("", text)) if word not in topic] + topic
    return Question(text, asks, kind, about, carried, " ".join([own, *topic]).strip(), " ".join(key_words) or own)


def _names_replaced(text: str, before: str) -> set[str]:
    """The names of an earlier question in whose place this one puts others: `and in Lyon?` leaves the `in Hamburg` before it behind."""
    here, there = _NAMED_PLACE.findall(text), _NAMED_PLACE.findall(before)
    taken = {preposition.lower() for preposition, _ in here}
    only = "about" in taken and len(there) == 1
    return {word for preposition, name in there if only or preposition.lower() in taken for word in WORD.findall(name)}


def _key_words(text: str) -> list[str]:
    return telling(_FRAME.sub(" ", _ASKED_WITH.sub(" ", text)))

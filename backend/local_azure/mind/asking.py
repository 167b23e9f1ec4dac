"""What is said around a question and is none of it: greeting, politeness, a remark, the story that leads up to it.

Only the English of talking; knows no document.
"""

from __future__ import annotations

import re

from .alike import SHORT_FOR
from .wording import with_codes
from .words import LIGHT, content

QUESTION_MAX_CHARS = 2_000
"""Of one thing that was said; two minutes of speech."""
CORE_WORDS = 2
"""A question of fewer words of content cannot stand without what leads up to it."""
STORY_WORDS = 6
"""What leads up to a question and has fewer words of content than this is a condition, `in Leeds`, and belongs to it."""

_ADDRESS = r"(?:no,? )?i mean(?:t)?|hello|hi|hey|good (?:morning|afternoon|evening|day)|excuse me|ok(?:ay)?|well|so|um+|uh+"
_ADDRESS += r"|thanks|thank you|please|sorry|quick question"
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
    r"^(?:(?:can|could|would|will) you (?:please )?(?:tell|show|explain|remind) (?:to )?(?:me|us)|(?:please )?(?:tell|show) me"
    r"|do you (?:happen to )?know(?= (?:if|whether|how|what|when|where|who|why|which)\b)|i(?:'d| would) like to know"
    r"|i (?:want|need) to know"
    r"|(?:i was |i am |i'm |just )?wondering|i wonder|let me know)\b[\s,:]*(?:please\b\s*)?",
    re.IGNORECASE,
)
_ASKS = (
    r"how (?:many|much|long|often|far|late|early|soon|quickly|fast|big|large|high|old|heavy|do|can|should|does|is|are)"
    r"|what (?:is|are|do|does|should|can|happens)|what's|when (?:do|does|is|are|can|must|should|will)"
    r"|(?:by|until|from) when|where (?:is|are|do|does|can|should)|who (?:is|are|do|does|can)|why (?:is|are|do|does|can)"
)
_LAST_CLAUSE = re.compile(rf"^(.*[\w)][,.;:!?–-]*\s+)((?:and |but |so )?(?:{_ASKS})\b.*)$", re.IGNORECASE | re.DOTALL)
_LAST_SENTENCE = re.compile(
    r"^(.*[.!?;,:–-]\s+)((?:and |but |so |or )?(?:is|are|am|do|does|did|can|could|may|must|should|will|would|has|have|what|which|who)"
    r"\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SHORT = re.compile(r"\b(?:" + "|".join(short for short in SHORT_FOR if not SHORT_FOR[short][0].isupper()) + r")\b", re.IGNORECASE)


def plain(said: str) -> str:
    """The question without greeting and politeness around it, its short forms written out."""
    said = said.strip()[:QUESTION_MAX_CHARS]
    text = _OPENING.sub("", said) or said
    text = _CLOSING.sub("", text) or text
    text = with_codes(_ASKING.sub("", text) or text).strip()
    return _SHORT.sub(lambda found: SHORT_FOR[found[0].lower()], text)


def parted(text: str) -> tuple[str, str]:
    """The story that leads up to a question, and the question; the story is "" where there is none, or where the question needs it."""
    for pattern in (_LAST_CLAUSE, _LAST_SENTENCE):
        if (found := pattern.match(text)) is not None:
            story, core = found[1], found[2]
            asked = [word for word in content(core) if word not in LIGHT]
            if len(asked) >= CORE_WORDS and len(content(story)) >= STORY_WORDS:
                return story.strip(), core
    return "", text

"""What kind of thing a question asks for, by the words it asks with: an amount, a time, a person, a place, a reason, a way, a yes or no.

Only the English of asking; knows no document.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["amount", "time", "person", "place", "reason", "way", "whether", "open"]

DIMENSIONS = "high|old|heavy|warm|hot|cold|wide|deep|strong|loud|thick|tall"
"""Asked with `how`, these name what is measured, and an answer may name it too."""
HOW_ONLY = "many|much|long|often|far|large|big|fast|late|early|soon|quickly|expensive"
"""Asked with `how`, these only ask."""
HOW = f"{HOW_ONLY}|{DIMENSIONS}"
MEASURES = (
    "cost|costs|price|prices|fee|fees|rent|number|amount|percentage|share|rate|limit|budget|temperature|salary|allowance|supplement|value|size"
    "|weight|length|height|width|depth|speed|duration|capacity|maximum|minimum|diameter|discount|bonus|subsidy"
)
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("amount", rf"\bhow (?:{HOW})\b"),
    (
        "time",
        r"^(?:(?:and|but|so|or|by|until|since|from|exactly)\b[\s,]*)*when\b(?!.{0,80}\b(?:what|which|who|where|why|how)\b)"
        r"|\bwhen (?:do|does|did|is|are|was|were|can|may|must|should|will|has|have)\b|\bwhen\W*$"
        r"|\b(?:what|which) (?:time|day|date|days|hours|month|year)\b|\b(?:until|since|from|by) (?:when|what)\b"
        r"|\bhours\b.*\bopen|\bopening (?:hours|times)\b",
    ),
    ("amount", rf"\bwhat\b.*\b(?:{MEASURES})\b"),
    ("amount", r"\b(?:what|which)(?:'s| is| are| was) the (?:longest|shortest|most|least|biggest|largest|smallest|highest|lowest)\b"),
    ("person", r"\bwho(?:m|se)?\b"),
    ("place", r"\bwhere\b|\b(?:what|which) (?:place|room|address|floor|street|building|town|city)\b"),
    ("reason", r"\bwhy\b|\bwhat for\b|\bhow come\b"),
    (
        "way",
        r"\bhow (?:do|can|should|could|must|to|does|would|will|am|are|is)\b|\bwhat (?:do|should|must|can|could|shall) (?:i|we|you|one) do\b"
        r"|\bwhat now\b",
    ),
    (
        "whether",
        r"^(?:and |but |so |or )?(?:is|are|am|was|were|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|need)\b",
    ),
)
_TERSE_AMOUNT = re.compile(rf"\b(?:{MEASURES}|most|least|pay|weighs?|extension|how|period)\b")
_TERSE_TIME = re.compile(r"\b(?:hours|dates?|deadline|timetable)\b")
_ASKS = re.compile(
    r"\b(?:how|what|which|who|whom|whose|where|when|why|is|are|do|does|did|can|could|may|must|should|will|would|has|have|i|if)\b"
)
_TROUBLE = re.compile(r"^(?:my|our|the|there(?:'s| is| are)|i|i'm|i've|we|we've|it|it's) (?:[\w'-]+ ){1,}[\w'-]+\W*$")
TERSE_WORDS = 8
"""A text of so few words that holds no word of asking is a question in key words: `hotel limit Oslo`."""


def kind_of(text: str) -> Kind:
    """What a question asks for, by the words it asks with."""
    lowered = text.lower().replace("’", "'")
    kind = next((kind for kind, pattern in _KINDS if re.search(pattern, lowered)), None)
    if kind is None and len(lowered.split()) <= TERSE_WORDS and not _ASKS.search(lowered):
        return "amount" if _TERSE_AMOUNT.search(lowered) else "time" if _TERSE_TIME.search(lowered) else "open"
    return kind or ("way" if tells_trouble(lowered) else "open")


def tells_trouble(text: str) -> bool:
    """Whether somebody says what is the matter rather than asks: `my coffee tastes bitter`. What to do is wanted, or what is so then."""
    return _TROUBLE.search(text.lower()) is not None

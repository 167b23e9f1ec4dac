"""How a piece of text ends when it is read aloud: how long the voice rests behind it, and whether it rises. Pure; knows no engine.

English: a question to be answered with yes or no rises, one that begins with a question word falls, as a statement does; what goes on
after a comma rises a little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RESTS_MS = {".": 220, "!": 220, "?": 220, ";": 140, ":": 140, ",": 60}
"""At the usual speed; what is left around each piece comes on top. Longer than in a list of facts, shorter than in a speech."""

QUESTION_RISE = 1.35
"""Five semitones at the very end; people rise by more, but the sound is made faster with it, and more would be heard as such."""
COMMA_RISE = 1.06
"""A semitone."""

_ASKS_WHAT = re.compile(r"\W*(?:(?:and|but|so|or|then|well|ok|okay)\W+)?(?:what|who|whom|whose|when|where|which|why|how)\b", re.IGNORECASE)
_MARK = re.compile(r"([.!?;:,])[\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Ending:
    """The rest behind a piece at the usual speed, and by how much its last syllable is higher than it would be."""

    rest_ms: int = 0
    rise: float = 1.0
    joined: bool = False
    """Whether the sentence goes on behind it without a mark."""


def ending(piece: str, sentence: str, *, goes_on: bool = False) -> Ending:
    """How this piece of that sentence, or the whole of it, ends. `goes_on`: more of the sentence comes; its beginning is enough."""
    found = _MARK.search(piece.rstrip())
    mark = found[1] if found else ""
    if mark == "?":
        return Ending(RESTS_MS[mark], 1.0 if _ASKS_WHAT.match(sentence) else QUESTION_RISE)
    if not mark:
        return Ending(joined=True) if goes_on else Ending(RESTS_MS["."])
    return Ending(RESTS_MS[mark], COMMA_RISE if mark == "," else 1.0)

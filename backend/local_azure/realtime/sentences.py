"""Text that comes bit by bit, given on by the sentence, so that the first can be spoken while the next are still being thought of.

Knows how English ends a sentence, and its usual short forms; nothing of who wrote it. No character is lost: what stands between two
sentences leads the second.
"""

from __future__ import annotations

import re

LONGEST_CHARS = 600
"""A text without any end is cut here, after a word: half a minute of speech, and far below what a mouth takes at once."""
LOOK_AHEAD_CHARS = 40
"""So far is looked, over spaces, for what follows a short form."""

_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s)|[。！？]|(?<=\S)(?=\n)")
_OPEN = r"(?:^|[\s(\"“])"
_NEVER = re.compile(rf"(?:{_OPEN}(?:e\.g|i\.e|cf|vs|mr|mrs|ms|dr|prof|st|(?-i:[A-Z]))|(?:^|\n)\s*\d{{1,3}})\.$", re.IGNORECASE)
"""Short forms that end no sentence, initials, and the numbers of a list."""
_WITH_NUMBER = re.compile(rf"{_OPEN}(?:nos?|pp?|figs?|secs?|arts?|chs?|vol|ext|tel)\.$", re.IGNORECASE)
"""Short forms where a number follows, else words that may end a sentence."""
_WITHIN = re.compile(
    rf"{_OPEN}(?:etc|approx|ca|incl|excl|max|min|inc|ltd|co|jr|sr|dept|est|[ap]\.m|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$",
    re.IGNORECASE,
)
"""Short forms that end a sentence only where a capital follows."""


class Sentences:
    """One text's sentences. `feed` what comes; `rest` at its end."""

    def __init__(self) -> None:
        self._text = ""

    def feed(self, delta: str) -> list[str]:
        """Take more of the text; the sentences that are known to be complete now."""
        self._text += delta
        found, start = [], 0
        while (end := _end(self._text, start)) is not None:
            found.append(self._text[start:end])
            start = end
        self._text = self._text[start:]
        return found

    def rest(self) -> str:
        """What was not given yet; empty where there is nothing but space."""
        rest, self._text = self._text, ""
        return rest if rest.strip() else ""


def sentences(text: str) -> list[str]:
    """The sentences of a whole text."""
    cutting = Sentences()
    found = cutting.feed(text)
    return [*found, last] if (last := cutting.rest()) else found


def _end(text: str, start: int) -> int | None:
    """Where the sentence that begins at `start` ends; None where that cannot be known yet."""
    for match in _END.finditer(text, start, start + LONGEST_CHARS + LOOK_AHEAD_CHARS):
        if match.end() - start > LONGEST_CHARS:
            break
        if text[start : match.end()].strip() and _ends_here(text, start, match.end()):
            return match.end()
    return _cut(text, start) if len(text) - start > LONGEST_CHARS else None


def _ends_here(text: str, start: int, end: int) -> bool:
    sentence = text[start:end]
    follows = text[end : end + LOOK_AHEAD_CHARS].lstrip()[:1]
    if _NEVER.search(sentence):
        return False
    if _WITH_NUMBER.search(sentence):
        return bool(follows) and not follows.isdigit()
    return not _WITHIN.search(sentence) or (follows.isupper() and follows.isalpha())


def _cut(text: str, start: int) -> int:
    front = text[start : start + LONGEST_CHARS]
    words = len(front.rstrip()) and front.rstrip().rfind(" ")
    return start + (words if words > 0 and front[:words].strip() else LONGEST_CHARS)

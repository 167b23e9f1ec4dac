"""How many tokens a text has, about: enough to say beforehand what embedding will cost.

Counting them exactly takes as long as reading the file; passages are cut by exact counts (`split.py`), which gives no total.
"""

from __future__ import annotations

import re

LETTERS_PER_TOKEN = 4.8
"""Latin letters and spaces, as in English prose; German and French have fewer in a token."""

SIGNS_PER_TOKEN = 1.7
"""Digits and punctuation."""

OTHERS_PER_TOKEN = 1.25
"""Letters beyond: from half a token each in Russian to one in Chinese."""

LATIN = re.compile(r"[A-Za-z\s]+")
ASCII = re.compile(r"[\x00-\x7f]+")


def about_tokens(text: str) -> int:
    """Tokens of the text, mostly within a fifth; never none."""
    beyond_latin = LATIN.sub("", text)
    others = len(ASCII.sub("", beyond_latin))
    signs = len(beyond_latin) - others
    letters = len(text) - signs - others
    return max(1, round(letters / LETTERS_PER_TOKEN + signs / SIGNS_PER_TOKEN + others / OTHERS_PER_TOKEN))

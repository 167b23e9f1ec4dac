"""Judges whether text that was read as Windows-1252 can have been written so. It guesses no other encoding: a wrong guess would be
indexed without a word, where a file that is listed can be saved as UTF-8.

Pure. Every byte is some letter in every old encoding; what tells them apart is which letters come together.
"""

from __future__ import annotations

from collections import Counter

OTHERS_AT_MOST = 0.4
"""Share of letters beyond ASCII. In German, French and Danish it is a twentieth; where another alphabet was meant it is nearly all."""

BETWEEN = frozenset("’‘´·–—…•/\xa0\xad«»®™°")
"""Signs beyond ASCII that may stand between two letters; others there were letters in another encoding."""

BETWEEN_AT_MOST = 500
"""One sign between letters for so many letters may be a slip."""

ENOUGH = 6
"""With fewer letters beyond ASCII there is nothing to judge."""

KNOWN = 0.93
"""Share of the letters beyond ASCII that one alphabet of those below has: names from elsewhere are the rest."""

ALPHABETS = (
    "äöüßàâæçéèêëîïôœùûÿìò",  # German, French and Italian, as in Switzerland
    "äöüßáéèëïíóúâêçôûî",  # Dutch, beside German and French
    "áàãâçéêíóõôúüñïèò",  # Spanish, Portuguese and Catalan, beside each other
    "åäöæøéüèêëóòôáàíñšž",  # Danish, Norwegian, Swedish and Finnish
    "áðéíóúýþæöøå",  # Icelandic and Faroese
)


def is_western(text: str) -> bool:
    """Whether these are the letters of one of the languages that Windows-1252 was made for."""
    letters = sum(map(str.isalpha, text))
    others = Counter(letter for letter in text.lower() if letter > "\x7f" and letter.isalpha() and letter not in "ªº")
    if others.total() > OTHERS_AT_MOST * letters or _between(text) > 1 + letters // BETWEEN_AT_MOST:
        return False
    return others.total() < ENOUGH or any(_share(others, alphabet) >= KNOWN for alphabet in ALPHABETS)


def _between(text: str) -> int:
    """How many signs beyond ASCII stand between two letters."""
    strange = [at for at, sign in enumerate(text[1:-1], 1) if sign > "\x7f" and not sign.isalpha() and sign not in BETWEEN]
    return sum(1 for at in strange if text[at - 1].isalpha() and text[at + 1].isalpha())


def _share(others: Counter[str], alphabet: str) -> float:
    return sum(others[letter] for letter in alphabet) / others.total()

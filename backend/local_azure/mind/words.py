"""Words as the mind compares them: what is content, what a word's stem is, how rare it is, and how near two words are.

Knows English and no document. Numbers written as words and as digits are one and the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from .alike import GROUPS, LITERAL
from .thesaurus import GROUPS as MORE
from .thesaurus import KINDS, OPPOSITES

WORD = re.compile(r"[a-z0-9]+(?:['’.,:][a-z0-9]+)*", re.IGNORECASE)

STOP_WORDS = frozenset(
    word
    for line in (
        "a about after all also am an and any anybody anyone anything nothing are as at away be because been before being both",
        "but by can could did do does doing done each either else ever every everybody everyone few for from get gets getting go",
        "goes going got had has have having he her here hers him his how however i if in into is it its just kind know let like",
        "many may me might mine more most much must my no nor not of off on one only onto or other our ours out over own per",
        "please really say shall she should so some somebody someone something still such tell than that the their theirs them",
        "then there these they thing this those through to too under until up upon us very want was we were what whatever when",
        "where whether which while who whom whose why will with within without would yes yet you your yours",
    )
    for word in line.split()
)
"""Words that say what kind of sentence it is, not what it is about."""

_LIGHT_WORDS = (
    "show call use take need stay give keep make happen allow find new work put time day way today tonight tomorrow yesterday now currently"
    " come see look turn"
)
LIGHT_WEIGHT = 0.4
"""What a word weighs that says little."""

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: str(value) for value, word in enumerate(_UNITS.split())}
NUMBERS |= {word: str(value * 10) for value, word in enumerate(_TENS.split(), 2)}
_IRREGULAR = {
    form: base
    for forms in (
        "begin began begun|break broke broken|bring brought|build built|buy bought|child children|choose chose chosen",
        "die died dies dying|drive drove driven|draw drew drawn|eat ate eaten|fall fell fallen|feel felt|find found|foot feet",
        "forget forgot forgotten|freeze froze frozen|give gave given|hold held|keep kept|lend lent|lose lost loss|make made|man men",
        "mean meant|meet met|pay paid|person people persons|read|ride rode ridden|rise rose risen|see saw seen|sell sold",
        "send sent|speak spoke spoken|spend spent|steal stole stolen|take took taken|teach taught|think thought",
        "fly flew flown|leave left|throw threw thrown|wear wore worn|win won|woman women|write wrote written|ill illness|sick sickness",
        "use used using|apply application|decide decision|register registration|cancel cancellation|deliver delivery|approve approval",
        "insure insurance|arrive arrival|depart departure|choice choices|close closure|sell sale|employ employer|refuse refusal",
    )
    for group in forms.split("|")
    for base, *others in [group.split()]
    for form in others
}

_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_WITH_ZEROS = re.compile(r"([a-z]{1,4})0*(\d+)")
SENTENCES_KEPT = 4_000
"""Sentences whose words are remembered: those of a hundred passages, for one answer looks at each several times."""
NEAR_MIN_CHARS = 5
"""Shorter words have too many neighbours to be taken for one another."""
SHORT_CHARS = (3, 4)
"""Stems of so few letters may be slips for one another only where one is known to be wrong; of three, where they sound alike too."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its endings, small, number words as digits: `policies` and `policy` agree, `booked` and `booking` too."""
    plain = word.lower().replace("’", "'").removesuffix("'s").replace(",", "").replace("'", "")
    if plain in NUMBERS:
        return NUMBERS[plain]
    if (numbered := _WITH_ZEROS.fullmatch(plain)) is not None:
        return numbered[1] + numbered[2]
    plain = _IRREGULAR.get(plain) or _IRREGULAR.get(plain.removesuffix("s"), plain)
    if (ordinal := _ORDINAL.fullmatch(plain)) is not None:
        return ordinal[1]
    for ending, instead in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            plain = plain[: -len(ending)] + instead
            break
    if len(plain) > 4 and plain[-1] == plain[-2] and plain[-1] not in "aeiosl":
        plain = plain[:-1]
    return plain[:-1] if len(plain) > 3 and plain[-1] == "e" else plain


_ENDINGS = (
    *(("ements", ""), ("ement", ""), ("ations", ""), ("ation", ""), ("nesses", ""), ("ness", ""), ("ments", ""), ("ment", "")),
    *(("ings", ""), ("ing", ""), ("sses", "ss"), ("ies", "y"), ("ied", "y"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zes", "z")),
    *(("ed", ""), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""), ("ly", "")),
)


LIGHT = frozenset(stem(word) for word in _LIGHT_WORDS.split())
"""The stems of words that say little."""
_MEANING: dict[str, frozenset[str]] = {}
SAID_FOR: dict[str, list[str]] = {}
"""The other words that are said for a stem."""
for _group in (*GROUPS, *MORE):
    _keys = {_word: _word[:-1] if _word.endswith("!") else stem(_word.replace("-", "")) for _word in _group}
    for _word, _key in _keys.items():
        _MEANING[_key] = _MEANING.get(_key, frozenset()) | frozenset(_keys.values())
        SAID_FOR.setdefault(_key, []).extend(other.rstrip("!") for other in _group if other != _word)
_OF_KIND: dict[str, frozenset[str]] = {}
for _kind, _members in (*KINDS, *OPPOSITES):
    for _one, _other in ((_kind, _member) for _member in _members):
        for _word, _key in ((_one, stem(_other)), (_other, stem(_one))):
            _OF_KIND[stem(_word)] = _OF_KIND.get(stem(_word), frozenset()) | {_key}
            SAID_FOR.setdefault(stem(_word), []).append(_other if _word == _one else _one)


def stems(text: str) -> list[str]:
    """The stems of all words, in order; then of what hyphens join and capitals shorten: `wifi` for Wi-Fi, `eu` for European Union."""
    return list(_stems(text))


@lru_cache(maxsize=SENTENCES_KEPT)
def _stems(text: str) -> tuple[str, ...]:
    joined = [stem(found[0].replace("-", "")) for found in _HYPHENED.finditer(text)]
    initials = ["".join(word[0] for word in found[0].split()).lower() for found in _CAPITALS.finditer(text)]
    words = WORD.findall(text)
    return (*map(stem, words), *joined, *initials, *(word for word in words if word in LITERAL))


def content(text: str) -> list[str]:
    """The stems of the words that carry the meaning, each once, in order. `May` is a month behind a day or a preposition."""
    return list(_content(text))


@lru_cache(maxsize=SENTENCES_KEPT)
def _content(text: str) -> tuple[str, ...]:
    text = _IN_MAY.sub(r"\1 Maymonth", _HYPHENED_SHORT.sub(r"\1\2", text))
    found = (stem(word) for word in WORD.findall(text) if word.lower().replace("’", "'") not in STOP_WORDS and _means(word))
    return tuple(dict.fromkeys("may" if word == "maymonth" else word for word in found))


_DENIED = re.compile(r"n't$")
"""What is left of `can't` and `isn't` without it is a word of no weight."""
_IN_MAY = re.compile(r"(\b(?:\d+(?:st|nd|rd|th)?(?: of)?|of|in|since|until|during))\s+may\b(?! (?:i|we|you|one|it)\b)", re.IGNORECASE)
_HYPHENED_SHORT = re.compile(r"\b([A-Za-z]{1,2})-([A-Za-z]+)\b")
"""`e-mail` and `Wi-Fi`: halves that mean nothing alone."""
_HYPHENED = re.compile(r"\b[A-Za-z]+-[A-Za-z]+\b")
_CAPITALS = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){1,3}\b")
_IDENTIFIER = re.compile(r"[a-z]{1,4}\d+[a-z\d]*")
IDENTIFIER_WEIGHT = 2.0
"""What a code such as `E15` weighs: it names one thing, and its neighbour another."""


@lru_cache(maxsize=20_000)
def is_identifier(word: str) -> bool:
    """Whether a stem is a code of letters and digits."""
    return _IDENTIFIER.fullmatch(word) is not None


def _means(word: str) -> bool:
    plain = word.lower().replace("’", "'")
    whole = _DENIED.sub("", plain)
    return (len(word) > 1 or word.isdigit()) and whole.split("'", 1)[0] not in STOP_WORDS and whole not in ("ca", "wo")


UNHELD = 3
"""In how many units a stem might stand that stands in none: it may be said there in other words."""


class Rarity:
    """How much each stem weighs: the fewer of the units hold it, the more; what none holds, like what a few hold."""

    def __init__(self, units: Iterable[Iterable[str]]) -> None:
        self._counts: Counter[str] = Counter()
        self._units = 0
        for unit in units:
            self._counts.update(set(unit))
            self._units += 1

    def __call__(self, word: str) -> float:
        """The weight of a stem, always above 0."""
        count = self._counts[word] or UNHELD
        weight = LIGHT_WEIGHT if word in LIGHT else IDENTIFIER_WEIGHT if is_identifier(word) else 1.0
        return math.log(1 + (self._units + 1) / count) * weight


@lru_cache(maxsize=50_000)
def nearness(one: str, other: str) -> float:
    """1 for the same stem, 0.8 for one that means the same, is of the same root or continues it, 0.7 for one that is of its kind, its
    opposite or derived from what means the same, 0.6 for a slip of the tongue or the pen, 0.5 for one that sounds much the same, else 0.
    """
    if one == other:
        return 1.0
    if other in _MEANING.get(one, ()):
        return 0.8
    if other in _OF_KIND.get(one, ()) or other in _MEANING.get(_root(one), ()) or one in _MEANING.get(_root(other), ()):
        return 0.7
    if is_identifier(one) or is_identifier(other):
        return 0.0
    if _root(one) == _root(other):
        return 0.8
    if one[0] != other[0] or min(len(one), len(other)) < NEAR_MIN_CHARS:
        return 0.0
    if one.startswith(other) or other.startswith(one):
        return 0.8
    if _one_slip(one, other):
        return 0.6
    return 0.5 if _sound(one) == _sound(other) else 0.0


_DERIVED = (
    *("ability", "ibility", "ation", "ition", "ance", "ence", "ancy", "ency"),
    *("able", "ible", "abl", "ibl", "ical", "ity", "ion", "ive", "iv"),
    *("ous", "ful", "less", "ship", "hood", "ist", "ism", "ant", "ent", "al", "or", "er", "est", "y", "i", "n"),
)
"""Endings that make another class of word of the same root; a stem may have lost its last letter."""
ROOT_MIN_CHARS = 4


@lru_cache(maxsize=20_000)
def _root(word: str) -> str:
    """A stem without the ending that made a noun or an adjective of it: `disability` and `disabled`, `noisy` and `noise` agree."""
    for ending in _DERIVED:
        if word.endswith(ending) and len(word) - len(ending) >= ROOT_MIN_CHARS - (ending in ("y", "er", "est")):
            word = word[: -len(ending)]
            break
    word = word[:-1] if len(word) > ROOT_MIN_CHARS and word[-1] == word[-2] and word[-1] not in "ls" else word
    return word[:-1] if len(word) > ROOT_MIN_CHARS and word[-1] in "ei" else word


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """The consonants as they sound, each once: `fairy` and `ferry` are both f r."""
    return _REPEATED.sub(r"\1", _VOWELS.sub("", word).translate(_ALIKE_SOUNDS))


_VOWELS = re.compile(r"(?<=.)[aeiouyhw]+")
_REPEATED = re.compile(r"(.)\1+")
_ALIKE_SOUNDS = str.maketrans("vbdgzcq", "fptkskk")


def near_slip(word: str, among: Iterable[str]) -> str:
    """Among stems the first that a short word nobody wrote may have been; "" where none is. Short words have too many neighbours to be
    taken for one another unless one is known to be wrong.
    """
    likely = [
        other for other in among if other[:2] == word[:2] and other.isalpha() and len(other) == len(word) and len(word) in SHORT_CHARS
    ]
    return min((other for other in likely if _one_slip(word, other) and (len(word) > 3 or _sound(word) == _sound(other))), default="")


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing or too many."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = next((index for index, letter in enumerate(short) if letter != long[index]), len(short))
    return short[same + 1 :] == long[same + 1 :] if len(short) == len(long) else short[same:] == long[same + 1 :]

"""Text as it is read aloud: what stands for words on paper is written out. Pure. Leaves numbers to the voice; `numbers` spells them.

Both the mouth and the language model of the documents read through it, so that what is spoken and what is expected agree.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS_AT_ONCE = 300
"""A voice's first audio takes longer the longer its text is; what is longer than this is spoken in pieces. Some 20 s of speech."""

_CURRENCIES = {
    "€": ("euro", "euros"),
    "$": ("dollar", "dollars"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
    "CHF": ("franc", "francs"),
}
_CODES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF"}
_AMOUNT = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = r"(?:\s?(?:thousand|million|billion))?"
_CODE = "|".join(_CODES)
_SIGNS = "".join(re.escape(sign) for sign in _CURRENCIES if len(sign) == 1)

_UNITS = {
    "km/h": "kilometres per hour",
    "km": "kilometres",
    "cm": "centimetres",
    "mm": "millimetres",
    "kg": "kilograms",
    "kWh": "kilowatt hours",
    "kW": "kilowatts",
    "ml": "millilitres",
    "GB": "gigabytes",
    "MB": "megabytes",
    "°C": "degrees Celsius",
    "°F": "degrees Fahrenheit",
    "°": "degrees",
    "m²": "square metres",
    "min": "minutes",
    "hrs": "hours",
    "m": "metres",
    "g": "grams",
    "l": "litres",
    "h": "hours",
    "W": "watts",
    "V": "volts",
}

_ABBREVIATIONS = (
    (r"\bpp\.\s?(?=\d)", "pages "),
    (r"\bp\.\s?(?=\d)", "page "),
    (r"\bNo\.\s?(?=\d)", "number "),
    (r"\b(?:Fig|fig)\.\s?(?=\d)", "figure "),
    (r"\b(?:Sec|sec)\.\s?(?=\d)", "section "),
    (r"\b(?:approx|ca)\.(?=\s)", "about"),
    (r"\be\.\s?g\.,?", "for example,"),
    (r"\bi\.\s?e\.,?", "that is,"),
    (r"\betc\.", "and so on"),
    (r"\bvs\.?(?=\s)", "versus"),
    (r"\bincl\.", "including"),
    (r"\bmax\.(?=\s)", "at most"),
    (r"\bmin\.(?=\s\d)", "at least"),
    (r"\bDr\.(?=\s)", "Doctor"),
    (r"\bMr\.(?=\s)", "Mister"),
    (r"\bMrs\.(?=\s)", "Missis"),
    (r"\bw/o\b", "without"),
    (r"\b24/7\b", "around the clock"),
)

_SYMBOLS = (
    (r"§+\s?", "section "),
    (r"\s?‰", " per mille"),
    (r"\s?%", " percent"),
    (r"\s*&\s*", " and "),
    (r"\s*±\s*", " plus or minus "),
    (r"\s*[×✕]\s*", " times "),
    (r"\s*≥\s*", " at least "),
    (r"\s*≤\s*", " at most "),
    (r"\s*[→=]\s*", " is "),
    (r"(?<=\w)@(?=\w)", " at "),
    (r"#\s?(?=\d)", "number "),
    (r"(?<![\d–—-])(\d[\d.,:]*)\s?[-–—]\s?(?=\d[\d.,:]*(?:[^\d–—-]|$))", r"\1 to "),
    (r"\s*[–—]\s*", ", "),
    (r"(?<=[A-Za-z])/(?=[A-Za-z])", " or "),
    (r"…", "."),
)

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-([0-2]\d|3[01])\b")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+\.(?:com|org|net|example|eu|de|io)\b(?:/\S*)?")
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|[-*•+]\s+|>\s?)|\*{1,3}|`+|\|", re.MULTILINE)


def speakable(text: str) -> str:
    """One line of plain ASCII that a voice can read: "€300 (p. 7)" -> "300 euros (page 7)"."""
    text = _MARKUP.sub(" ", _LINK.sub(r"\1", text.replace("\u00ad", "")))
    text = _ADDRESS.sub(_address, text)
    text = _DATE.sub(lambda m: f"{int(m[3])} {_MONTHS[int(m[2]) - 1]} {m[1]}", text)
    text = _money(text)
    for pattern, words in _ABBREVIATIONS:
        text = re.sub(pattern, words, text)
    text = re.sub(rf"({_AMOUNT})\s?({'|'.join(re.escape(unit) for unit in _UNITS)})(?![\w.]\w|\w)", _measure, text)
    for pattern, words in _SYMBOLS:
        text = re.sub(pattern, words, text)
    return " ".join(_ascii(text).split())


def _address(match: re.Match[str]) -> str:
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", match.group())
    end = address[-1] if address[-1] in ".,;:!?)" else ""
    address = address.removesuffix(end).rstrip("/")
    for sign, word in ((".", "dot"), ("@", "at"), ("/", "slash"), ("_", "underscore"), ("-", "dash")):
        address = address.replace(sign, f" {word} ")
    return " ".join(address.split()) + end


def _money(text: str) -> str:
    text = re.sub(rf"(?:\b({_CODE})|([{_SIGNS}]))\s?({_AMOUNT}{_SCALE})", lambda m: _amount(m[3], m[1] or m[2]), text)
    return re.sub(rf"({_AMOUNT}{_SCALE})\s?(?:({_CODE})\b|([{_SIGNS}]))", lambda m: _amount(m[1], m[2] or m[3]), text)


def _amount(amount: str, sign: str) -> str:
    one, many = _CURRENCIES[_CODES.get(sign, sign)]
    whole, _, cents = amount.partition(".")
    if len(cents) == 2 and cents.isdigit():
        coins = "" if cents == "00" else f" {int(cents)}"
        return f"{whole} {one if whole == '1' else many}{coins}"
    return f"{amount} {one if amount == '1' else many}"


def _measure(match: re.Match[str]) -> str:
    words = _UNITS[match[2]]
    if match[1] == "1" and "per" not in words:
        words = {"degrees": "degree"}.get(words, re.sub(r"s\b", "", words, count=1) if "Celsius" not in words else "degree Celsius")
    return f"{match[1]} {words}"


def _ascii(text: str) -> str:
    """Quotes made plain, accents dropped, and whatever else a voice has no sound for left out."""
    text = text.translate(
        {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x00DF: "ss", 0x00F8: "o", 0x00E6: "ae", 0x0153: "oe", 0x2212: "-"}
    )
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char if " " <= char <= "~" else " " for char in decomposed if not unicodedata.combining(char))


def pieces(text: str) -> list[str]:
    """`text` in pieces of at most `MAX_CHARS_AT_ONCE`, cut after a clause where there is one, else between words."""
    cut: list[str] = []
    while len(text) > MAX_CHARS_AT_ONCE:
        front = text[:MAX_CHARS_AT_ONCE]
        at = max(front.rfind(sign) + 1 for sign in (". ", "; ", ", ", ": "))
        at = at or front.rfind(" ") + 1 or MAX_CHARS_AT_ONCE
        cut.append(text[:at].strip())
        text = text[at:].strip()
    return [piece for piece in (*cut, text) if piece]

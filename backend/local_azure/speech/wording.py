"""Text as it is read aloud: what stands for words on paper is written out. Pure. Leaves numbers to the voice; `numbers` spells them.

Both the mouth and the language model of the documents read through it, so that what is spoken and what is expected agree.
"""

from __future__ import annotations

import re
import unicodedata

from . import dates

_CURRENCIES = {
    "€": ("euro", "euros"),
    "$": ("dollar", "dollars"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
    "CHF": ("franc", "francs"),
}
_CODES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF"}
_AMOUNT = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALES = {"k": "thousand", "m": "million", "bn": "billion"}
_SCALE = r"(?:\s?(?:thousand|million|billion|bn|k|m)\b)?"
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
    (r"\b[Pp]p\.\s?(?=\d)", "pages "),
    (r"\b[Pp]\.\s?(?=\d)", "page "),
    (r"\b[Nn]os\.\s?(?=\d)", "numbers "),
    (r"\b[Nn]o\.\s?(?=\d)", "number "),
    (r"\b[Aa]rt\.\s?(?=\d)", "article "),
    (r"\b[Cc]hs?\.\s?(?=\d)", "chapter "),
    (r"\b[Vv]ol\.\s?(?=\d)", "volume "),
    (r"\b[Pp]ara\.\s?(?=\d)", "paragraph "),
    (r"\b[Tt]el\.:?\s?(?=[\d+(]|plus )", "telephone "),
    (r"\b[Ee]xt\.\s?(?=\d)", "extension "),
    (r"(?<=\d)\s?a\.?m\.?(?!\w)", " a m"),
    (r"(?<=\d)\s?p\.?m\.?(?!\w)", " p m"),
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
    (r"\bdept\.", "department"),
    (r"\bexcl\.", "excluding"),
    (r"\bresp\.", "respectively"),
    (r"\bcf\.", "see"),
    (r"\bProf\.(?=\s)", "Professor"),
    (r"\bMs\.(?=\s)", "Miz"),
    (r"\bDr\.(?=\s)", "Doctor"),
    (r"\bMr\.(?=\s)", "Mister"),
    (r"\bMrs\.(?=\s)", "Missis"),
    (r"\bw/o\b", "without"),
    (r"\b24/7\b", "around the clock"),
)

_SYMBOLS = (
    (r"½", " one half "),
    (r"¼", " one quarter "),
    (r"¾", " three quarters "),
    (r"(?<![\d/.])1/2(?![\d/])", "one half"),
    (r"(?<=\d)\+(?![\w+])", " or more"),
    (r"(?<![\w+])\+(?=\d)", "plus "),
    (r"(?<![\w)–—-])[-−](?=\d)", "minus "),
    (r"~\s?(?=\d)", "about "),
    (r"\s*>\s*(?=\d)", " more than "),
    (r"\s*<\s*(?=\d)", " less than "),
    (r"(?<=\w)_(?=\w)", " underscore "),
    (r"(?<=\w)\.(?=(?:txt|pdf|docx?|xlsx?|csv|html?|md|json)\b)", " dot "),
    (r"§§\s?", "sections "),
    (r"§\s?", "section "),
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
    (r"\s*[–—]\s*", ", "),
    (r"(?<=[A-Za-z])/(?=[A-Za-z])", " or "),
    (r"…", "."),
)

_TELEPHONE = re.compile(r"(?<![\w.,–/-])(\+\d{1,4}|0\d{1,4}|\(0\d{1,4}\))((?:[ /-]?\(?\d{2,}\)?){1,6})(?![\w.,]?\d|[-–]\d)")
_RANGE_OF_MONEY = re.compile(rf"([{_SIGNS}])\s?({_AMOUNT})\s?[-–—]\s?({_AMOUNT})(?![\d%–—-])")
_RANGE = re.compile(
    rf"(?<![\w.–—-])([{_SIGNS}]?\s?\d[\d.,:]*\s?(?:%|[{_SIGNS}]|[ap]\.?m\.?)?)\s?[-–—]\s?(?=[{_SIGNS}]?\s?\d[\d.,:]*(?:[^\d–—-]|$))"
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+\.(?:com|org|net|example|eu|de|io)\b(?:/\S*)?")
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|[-*•+]\s+|>\s?)|\*{1,3}|`+|\|", re.MULTILINE)


def speakable(text: str) -> str:
    """One line of plain ASCII that a voice can read: "€300 (p. 7)" -> "300 euros (page 7)"."""
    text = _MARKUP.sub(" ", _LINK.sub(r"\1", text.replace("\u00ad", "")))
    text = _ADDRESS.sub(_address, text)
    text = _TELEPHONE.sub(_telephone, dates.said(text))
    text = _RANGE.sub(r"\1 to ", _RANGE_OF_MONEY.sub(r"\2 to \3 \1", text))
    text = _money(text)
    for pattern, words in _ABBREVIATIONS:
        text = re.sub(pattern, words, text)
    text = re.sub(rf"({_AMOUNT})\s?({'|'.join(re.escape(unit) for unit in _UNITS)})(?![\w.]\w|\w)", _measure, text)
    for pattern, words in _SYMBOLS:
        text = re.sub(pattern, words, text)
    return " ".join(_ascii(text).split())


def _address(match: re.Match[str]) -> str:
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", match.group())
    end = address[-1:] if address[-1:] in tuple(".,;:!?)") else ""
    address = re.split(r"[?#]", address.removesuffix(end))[0].rstrip("/")
    for sign, word in ((".", "dot"), ("@", "at"), ("/", "slash"), ("_", "underscore"), ("-", "dash")):
        address = address.replace(sign, f" {word} ")
    return " ".join(address.split()) + end


def _telephone(match: re.Match[str]) -> str:
    """Digit by digit, with a rest where it is written with one."""
    groups = re.findall(r"\d+", match.group())
    return ("plus " if match[1].startswith("+") else "") + ", ".join(" ".join(group) for group in groups)


def _money(text: str) -> str:
    text = re.sub(rf"([{_SIGNS}]\s?\d+),(\d\d)(?![\d,.])|(?<![\d.,])(\d+),(\d\d)(?=\s?(?:[{_SIGNS}]|(?:{_CODE})\b))", _decimal, text)
    text = re.sub(rf"(?:\b({_CODE})|([{_SIGNS}]))\s?({_AMOUNT}{_SCALE})", lambda m: _amount(m[3], m[1] or m[2]), text)
    return re.sub(rf"({_AMOUNT}{_SCALE})\s?(?:({_CODE})\b|([{_SIGNS}]))", lambda m: _amount(m[1], m[2] or m[3]), text)


def _decimal(match: re.Match[str]) -> str:
    """An amount with a comma where English has a point."""
    return f"{match[1] or match[3]}.{match[2] or match[4]}"


def _amount(amount: str, sign: str) -> str:
    amount = re.sub(r"(?<=\d)\s?(k|m|bn)$", lambda m: f" {_SCALES[m[1]]}", amount)
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

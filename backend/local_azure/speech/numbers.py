"""Numbers as English words, the way people say them: cardinals, ordinals, years, decimals, times and long strings of digits."""

from __future__ import annotations

import re

SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"]
SMALL += ["fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

LONGEST_NUMBER = 6
"""A longer run of digits without separators is a telephone number, an account, a serial number: it is said digit by digit."""

YEARS = range(1100, 2100)
"""Four digits in this range that are not grouped are said in pairs, as years are."""

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+:\d\d(?::\d\d)?|\d+(?:st|nd|rd|th)\b|\d+(?:\.\d+)*")


def cardinal(number: int) -> str:
    """300 -> "three hundred". Below 10^15."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f" {SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{SMALL[number // 100]} hundred" + (f" {cardinal(number % 100)}" if number % 100 else "")
    size, name = next(scale for scale in SCALES if number >= scale[0])
    return f"{cardinal(number // size)} {name}" + (f" {cardinal(number % size)}" if number % size else "")


def ordinal(number: int) -> str:
    """21 -> "twenty first"."""
    *front, last = cardinal(number).split()
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*front, ORDINALS.get(last, regular)])


def year(number: int) -> str:
    """1999 -> "nineteen ninety nine", 2007 -> "two thousand seven", 2026 -> "twenty twenty six"."""
    century, rest = divmod(number, 100)
    if (century == 20 and rest < 10) or number % 1000 == 0:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def digits(run: str) -> str:
    """ "0170" -> "zero one seven zero"."""
    return " ".join(SMALL[int(digit)] for digit in run)


def _said(match: re.Match[str]) -> str:
    token = match.group().replace(",", "")
    if ":" in token:
        return _time(token)
    if token[-1].isalpha():
        return ordinal(int(token[:-2])) if len(token) <= LONGEST_NUMBER + 2 else digits(token[:-2])
    whole, *parts = token.split(".")
    if len(parts) == 1:
        return f"{_whole(whole)} point {digits(parts[0])}"
    if parts:  # 10.0.0.1, 2.3.1
        return " point ".join(_whole(part) for part in (whole, *parts))
    if "," not in match.group() and len(whole) == 4 and int(whole) in YEARS:
        return year(int(whole))
    return cardinal(int(token)) if "," in match.group() and len(token) < 15 else _whole(whole)


def _whole(run: str) -> str:
    return digits(run) if len(run) > LONGEST_NUMBER or (run[0] == "0" and len(run) > 1) else cardinal(int(run))


def _time(token: str) -> str:
    hour, minute = (int(part) for part in token.split(":")[:2])
    if minute == 0:
        return f"{cardinal(hour)} {'hundred' if hour > 12 else 'o clock'}"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"


def spelt(text: str) -> str:
    """`text` with every number in words."""
    return _NUMBER.sub(lambda match: f" {_said(match)} ", text)

"""Days as people say them: the day as an ordinal, months and weekdays in full. Pure. Years are left to `numbers`.

A date of three numbers is read only where its order cannot be mistaken: `2026-11-20` and `20.11.2026`, never `03/04/2026`.
"""

from __future__ import annotations

import re

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_MONTH_NAMES = "|".join(_MONTHS)
_ISO_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-([0-2]\d|3[01])\b")
_DOTTED_DATE = re.compile(r"\b(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(\d{4})\b")
_SHORT_MONTH = re.compile(
    r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?(?=\s\d)|(?<=\d\s)\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_DAY_FIRST = re.compile(rf"\b(0?[1-9]|[12]\d|3[01]) (?=(?:{_MONTH_NAMES})\b)")
_DAY_LAST = re.compile(rf"(?<=\b)({_MONTH_NAMES}) (0?[1-9]|[12]\d|3[01])\b(?![:.,]?\d|\s?(?:%|percent))")
_WEEKDAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
}
_WEEKDAYS |= {"Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday"}
_DAY = "|".join(sorted({*_WEEKDAYS, *_WEEKDAYS.values()}, key=len, reverse=True))
_DAYS = re.compile(rf"\b({_DAY})\b\.?\s?[-–—]\s?({_DAY})\b\.?(?!\w)")
_SHORT_DAY = re.compile(r"\b(Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\b(?:\.(?=,|\s[a-z0-9]))?(?![\w-])")


def said(text: str) -> str:
    """Days as people say them: "2026-11-20" -> "20th November 2026", "Mon-Fri" -> "Monday to Friday"."""
    text = _ISO_DATE.sub(lambda m: f"{int(m[3])} {_MONTHS[int(m[2]) - 1]} {m[1]}", text)
    text = _DOTTED_DATE.sub(lambda m: f"{int(m[1])} {_MONTHS[int(m[2]) - 1]} {m[3]}", text)
    text = _SHORT_MONTH.sub(lambda m: next(month for month in _MONTHS if month.startswith((m[1] or m[2])[:3])), text)
    text = _DAY_FIRST.sub(lambda m: f"{_nth(int(m[1]))} ", text)
    text = _DAY_LAST.sub(lambda m: f"{m[1]} {_nth(int(m[2]))}", text)
    text = _DAYS.sub(lambda m: f"{_WEEKDAYS.get(m[1], m[1])} to {_WEEKDAYS.get(m[2], m[2])}", text)
    return _SHORT_DAY.sub(lambda m: _WEEKDAYS[m[1]], text)


def _nth(day: int) -> str:
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"

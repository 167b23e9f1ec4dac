"""The simple EDM types: which JSON values each takes, how it shows them again, and as what they are compared.

Pure. Knows no field and no table; a wrong value is a `ValueError` whose message the caller completes with the field's name.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta, timezone

STRING, INT32, INT64, DOUBLE = "Edm.String", "Edm.Int32", "Edm.Int64", "Edm.Double"
BOOLEAN, DATE, SINGLE = "Edm.Boolean", "Edm.DateTimeOffset", "Edm.Single"
SCALARS = frozenset({STRING, INT32, INT64, DOUBLE, BOOLEAN, DATE})
NUMBERS = frozenset({INT32, INT64, DOUBLE})

Scalar = str | int | float | bool
Comparable = str | int | float

INT_RANGES = {INT32: range(-(2**31), 2**31), INT64: range(-(2**63), 2**63)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DATE_TEXT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(?:(Z)|([+-])(\d\d):(\d\d))", re.ASCII)


def normal(kind: str, value: object) -> Scalar:
    """The value as it is stored and shown. Dates become UTC; `ValueError` when the type does not take the value."""
    if kind == STRING and isinstance(value, str):
        return value
    if kind == BOOLEAN and isinstance(value, bool):
        return value
    if kind in INT_RANGES and isinstance(value, int) and not isinstance(value, bool) and value in INT_RANGES[kind]:
        return value
    if kind == DOUBLE and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
        return float(value)
    if kind == DATE and isinstance(value, str):
        return date_text(read_date(value))
    raise ValueError(f"Cannot convert the given value to the type '{kind}'")


def comparable(kind: str, value: Scalar) -> Comparable:
    """A normal value as SQLite compares it: dates as microseconds since 1970, booleans as 0 and 1."""
    if kind == DATE:
        return (read_date(str(value)) - EPOCH) // timedelta(microseconds=1)
    return int(value) if isinstance(value, bool) else value


def read_date(text: str) -> datetime:
    """An ISO 8601 date and time with an offset, to the microsecond, in UTC."""
    match = DATE_TEXT.fullmatch(text)
    if match is None:
        raise ValueError(f"Cannot convert the literal '{text}' to the expected type '{DATE}'")
    year, month, day, hour, minute, second, fraction, _, sign, off_hours, off_minutes = match.groups()
    offset = timedelta(hours=int(off_hours or 0), minutes=int(off_minutes or 0)) * (-1 if sign == "-" else 1)
    micro = int((fraction or "").ljust(6, "0")[:6])
    try:
        there = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro, tzinfo=timezone(offset))
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"Cannot convert the literal '{text}' to the expected type '{DATE}'") from None


def date_text(moment: datetime) -> str:
    """UTC, written as the service writes it: no fraction where there is none, `Z` at the end."""
    text = moment.replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if moment.microsecond else text) + "Z"

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.search import edm


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("2026-01-02T03:04Z", "2026-01-02T03:04:00Z"),
        ("2026-01-02T03:04:05.120Z", "2026-01-02T03:04:05.12Z"),
        ("2026-01-02T03:04:05.1234567-01:30", "2026-01-02T04:34:05.123456Z"),
    ],
)
def test_a_date_is_shown_in_utc(given_text: str, shown: str) -> None:
    assert edm.normal(edm.DATE, given_text) == shown


@pytest.mark.parametrize("text", ["2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z", "0001-01-01T00:00:00+10:00", "now", ""])
def test_what_is_no_date_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="DateTimeOffset"):
        edm.normal(edm.DATE, text)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))
def test_dates_compare_as_the_moments_they_are(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    known = edm.normal(edm.DATE, there.isoformat())
    assert edm.comparable(edm.DATE, known) == (there - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (edm.STRING, 1),
        (edm.INT32, 2**31),
        (edm.INT32, 1.0),
        (edm.INT32, True),
        (edm.INT64, 2**63),
        (edm.DOUBLE, float("inf")),
        (edm.DOUBLE, 10**400),
        (edm.DOUBLE, "1"),
        (edm.BOOLEAN, 1),
        (edm.STRING, None),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: object) -> None:
    with pytest.raises(ValueError, match="Cannot convert"):
        edm.normal(kind, value)


def test_a_whole_number_is_taken_for_a_double() -> None:
    assert edm.normal(edm.DOUBLE, 3) == 3.0

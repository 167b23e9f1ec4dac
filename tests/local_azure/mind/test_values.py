"""The values of a text are the same however they are written, and each has its unit."""

from __future__ import annotations

import pytest

from local_azure.mind.values import values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("€4.50, 4.50 €, EUR 4.5, 4,50 euros", {"4.5 euro"}),
        ("$3 or 3 dollars or three USD", {"3 dollar"}),
        ("£1,200 or 1200 pounds", {"1200 pound"}),
        ("10%, 10 percent, ten per cent", {"10 percent"}),
        ("21 °C, 21 degrees, 21 degrees Celsius", {"21 degree"}),
        ("8 am, 8:00, 8 o'clock, eight o'clock, 8.00 a.m.", {"8:00 o'clock"}),
        ("8 pm, 20:00", {"20:00 o'clock"}),
        ("12 am, midnight", {"0:00 o'clock"}),
        ("12 pm, noon", {"12:00 o'clock"}),
        ("3 May, 3rd of May, May 3, May 3rd, 2026", {"3 may on date"}),
        ("It may be in May.", {"may in month"}),
        ("Mondays, every Monday", {"monday on weekday"}),
        ("It was built in 1888.", {"1888 in year"}),
        ("30 days, thirty working days", {"30 day"}),
        ("It lasts an hour, one hour in all.", {"1 hour"}),
        ("3 crowns a day", {"3 crown"}),
        ("Call extension 4400.", {"4400 extension"}),
        ("Press K3 and read E15 or KF-30.", set()),
        ("", set()),
    ],
)
def test_what_is_written_otherwise_is_the_same_value(text: str, found: set[str]) -> None:
    assert {f"{value.amount} {value.unit}" for value in values(text)} == found


def test_values_of_several_kinds_stand_side_by_side() -> None:
    text = "On Mondays from 8 am to 18:00 a berth of 6 metres costs €30 or 25% more."
    assert {value.unit for value in values(text)} == {"on weekday", "o'clock", "metr", "euro", "percent"}

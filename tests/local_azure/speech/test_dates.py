"""Days as they are written and as they are said."""

from __future__ import annotations

import pytest

from local_azure.speech.dates import said


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2026-11-20", "20th November 2026"),
        ("01.03.2026", "1st March 2026"),
        ("on 5 Jan. 2026", "on 5th January 2026"),
        ("Nov. 22, 2026", "November 22nd, 2026"),
        ("Sept 3", "September 3rd"),
        ("the 11 May to 13 June", "the 11th May to 13th June"),
        ("Mon–Fri", "Monday to Friday"),
        ("Monday - Thu., 9", "Monday to Thursday, 9"),
        ("Wed, 9:00", "Wednesday, 9:00"),
        ("open on Fri.", "open on Friday."),
        ("03/04/2026", "03/04/2026"),
        ("May 5% more", "May 5% more"),
        ("10.0.0.1 and 3.14", "10.0.0.1 and 3.14"),
        ("the sun sat on Sat", "the sun sat on Sat"),
        ("Mar a line", "Mar a line"),
    ],
)
def test_a_day_is_said_as_people_say_it(written: str, spoken: str) -> None:
    assert said(written) == spoken

"""Numbers as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.speech.numbers import cardinal, spelt


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("30", "thirty"),
        ("300 euros", "three hundred euros"),
        ("1,500 dollars", "one thousand five hundred dollars"),
        ("2,000,001", "two million one"),
        ("1999", "nineteen ninety nine"),
        ("2026", "twenty twenty six"),
        ("2007", "two thousand seven"),
        ("1905", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("2000", "two thousand"),
        ("3.5", "three point five"),
        ("the 21st", "the twenty first"),
        ("12th", "twelfth"),
        ("30th", "thirtieth"),
        ("9:30", "nine thirty"),
        ("7:00", "seven o clock"),
        ("18:05", "eighteen oh five"),
        ("22:00", "twenty two hundred"),
        ("01709876", "zero one seven zero nine eight seven six"),
        ("116117", "one hundred sixteen thousand one hundred seventeen"),
        ("1161170", "one one six one one seven zero"),
        ("room 007", "room zero zero seven"),
        ("version 2.3.1", "version two point three point one"),
    ],
)
def test_a_number_is_said(written: str, said: str) -> None:
    assert " ".join(spelt(written).split()) == said


@given(st.text(max_size=40) | st.from_regex(r"[0-9.,: ]{1,40}", fullmatch=True))
def test_no_digit_of_ours_is_left_in_any_text(text: str) -> None:
    assert not any("0" <= char <= "9" for char in spelt(text))


@given(st.integers(0, 10**15 - 1))
def test_every_cardinal_is_made_of_words(number: int) -> None:
    assert cardinal(number).replace(" ", "").isalpha()

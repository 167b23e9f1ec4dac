"""What is written and how it is read aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.speech.wording import MAX_CHARS_AT_ONCE, pieces, speakable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("€300", "300 euros"),
        ("€1", "1 euro"),
        ("12,50 €", "12,50 euros"),
        ("$1,500.50", "1,500 dollars 50"),
        ("£20.00", "20 pounds"),
        ("EUR 40 per night", "40 euros per night"),
        ("€2 million", "2 million euros"),
        ("see p. 7", "see page 7"),
        ("pp. 7-9", "pages 7 to 9"),
        ("25%", "25 percent"),
        ("3 % or 4%", "3 percent or 4 percent"),
        ("5–10 days", "5 to 10 days"),
        ("9:00–17:30", "9:00 to 17:30"),
        ("call 030-1234-567", "call 030-1234-567"),
        ("2026-11-20", "20 November 2026"),
        ("COVID-19", "COVID-19"),
        ("R&D", "R and D"),
        ("e.g. trains", "for example, trains"),
        ("95 °C", "95 degrees Celsius"),
        ("1 km or 7.4 km", "1 kilometre or 7.4 kilometres"),
        ("§ 4", "section 4"),
        ("and/or", "and or or"),
        ("help@example.com", "help at example dot com"),
        ("See https://www.example.com/a.", "See example dot com slash a."),
        ("**Note:** [the policy](https://example.com)", "Note: the policy"),
        ("# Heading", "Heading"),
        ("– a bullet\n- another", "a bullet another"),
        ("Café “Zoë” — it’s nice…", 'Cafe "Zoe", it\'s nice.'),
        ("✓ 日本", ""),
        ("24/7 service", "around the clock service"),
    ],
)
def test_it_is_read_as_people_read_it(written: str, read: str) -> None:
    assert speakable(written).strip(", ") == read


@given(st.text(max_size=200))
def test_whatever_is_written_a_voice_gets_one_line_of_plain_ascii(text: str) -> None:
    read = speakable(text)
    assert read.isascii()
    assert read.isprintable()


@given(st.text(alphabet=st.sampled_from("ab ,.;"), max_size=1500))
def test_pieces_are_short_and_lose_no_word(text: str) -> None:
    cut = pieces(text)
    assert all(0 < len(piece) <= MAX_CHARS_AT_ONCE for piece in cut)
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")

"""What is written and how it is read aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.speech.wording import speakable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("€300", "300 euros"),
        ("€1", "1 euro"),
        ("12,50 € or €12,50", "12 euros 50 or 12 euros 50"),
        ("$5m and €2.5bn", "5 million dollars and 2.5 billion euros"),
        ("€300–€400", "300 euros to 400 euros"),
        ("€300–400 per night", "300 to 400 euros per night"),
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
        ("10 %–20 %", "10 percent to 20 percent"),
        ("9am–5 p.m.", "9 a m to 5 p m"),
        ("call 030-1234-567", "call 0 3 0, 1 2 3 4, 5 6 7"),
        ("tel. +49 30 1234567", "telephone plus 4 9, 3 0, 1 2 3 4 5 6 7"),
        ("2026-11-20", "20th November 2026"),
        ("about ~20 or 100+", "about about 20 or 100 or more"),
        ("-3 °C, +5 %", "minus 3 degrees Celsius, plus 5 percent"),
        ("more: > 5 and <3", "more: more than 5 and less than 3"),
        ("½ day, 1/2 day", "one half day, one half day"),
        ("§§ 3, 4 and Art. 5", "sections 3, 4 and article 5"),
        ("Nos. 3-4", "numbers 3 to 4"),
        ("travel_rules.pdf", "travel underscore rules dot pdf"),
        ("https://example.com/a?x=1&y=2.", "example dot com slash a."),
        ("name.surname@example.org", "name dot surname at example dot org"),
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

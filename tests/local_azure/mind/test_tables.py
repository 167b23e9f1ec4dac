"""Tables: the right row in words, the column that was asked for, and rows that are a range."""

from __future__ import annotations

import pytest
from tests.local_azure.mind.library import as_elements, returned, spoken

from local_azure.mind.tables import Row

LAMPS = (
    "Lamp | Meaning | What to do\nL01 | Water low | Fill the boiler\nL02 | Filter full | Rinse the filter\nL13 | Pump hot | Wait an hour"
    "\n\nA lamp that blinks is reported to the keeper."
)
FARES = "Zone | Single | Day card\nHarbour | 2.40 crowns | 7 crowns\nIslands | 5.10 crowns | 12 crowns\nMainland | by agreement | 30 crowns"
BERTHS = "Length of stay | Discount\nUp to three nights | none\nThree to ten nights | 5 percent\nMore than ten nights | 12 percent"
BATH = "Day | Pool | Sauna\nMonday | – | yes\nTuesday to Thursday | yes | yes\nSaturday and Sunday | yes | –"


def answer(question: str, text: str) -> str:
    return spoken(returned(question, as_elements([("Harbour Leaflet", text)])))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does lamp L02 mean?", "L02: Meaning, filter full; what to do, rinse the filter."),
        ("what do i do about l thirteen", "L13: Meaning, pump hot; what to do, wait an hour."),
        ("which lamp is on when the water is low", "L01: Meaning, water low; what to do, fill the boiler."),
    ],
)
def test_a_codes_row_is_told_in_words_with_its_columns_names(question: str, said: str) -> None:
    assert answer(question, LAMPS) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does a day card to the islands cost?", "Islands: day card, 12 crowns."),
        ("How much is a single to the harbour?", "Harbour: Single, 2.40 crowns."),
        ("how much is a single to the mainland", "Mainland: Single, by agreement."),
    ],
)
def test_only_the_column_that_was_asked_for_is_told(question: str, said: str) -> None:
    assert answer(question, FARES) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What discount do I get for seven nights?", "Three to ten nights: Discount, 5 percent."),
        ("What discount do I get for 21 nights?", "More than ten nights: Discount, 12 percent."),
        ("discount more than ten nights", "More than ten nights: Discount, 12 percent."),
    ],
)
def test_a_number_finds_the_row_whose_range_holds_it(question: str, said: str) -> None:
    assert answer(question, BERTHS) == said


def test_a_day_finds_the_row_whose_days_hold_it() -> None:
    assert answer("Is the pool open on Wednesday?", BATH) == "Tuesday to Thursday: Pool, yes."


def test_where_a_table_says_yes_an_empty_cell_is_said_as_no() -> None:
    assert answer("Is the sauna open on Sunday?", BATH) == "Saturday and Sunday: Sauna, no."


def test_no_bar_and_no_dash_of_a_table_is_ever_said() -> None:
    for text in (LAMPS, FARES, BERTHS, BATH):
        for line in text.split("\n"):
            assert not set("|–") & set(answer(f"What about {line.split(' | ')[0]}?", text))


@pytest.mark.parametrize(
    ("key", "said", "is_so"),
    [
        ("Two to five years", "after three years", True),
        ("Two to five years", "after two years", False),
        ("Up to two years", "after two years", True),
        ("More than ten years", "more than ten years", True),
        ("Five to ten years", "more than ten years", False),
        ("Two to five years", "after three weeks", None),
        ("Adults", "after three years", None),
        ("Friday to Monday", "on sundays", True),
        ("Tuesday", "on Sunday", False),
    ],
)
def test_a_range_says_whether_it_holds_what_was_asked_for(key: str, said: str, is_so: bool | None) -> None:
    assert Row(("", "x"), (key, "y")).spans(said) is is_so

from __future__ import annotations

import pytest

from local_azure.mind.measures import fits_amount, fits_time


@pytest.mark.parametrize(
    ("asks", "answers", "other"),
    [
        ("How long does the course last?", "It lasts ten weeks.", "It begins four weeks before Easter."),
        ("How wide is the gate?", "The gate is 90 cm wide.", "The gate has 3 bars."),
        ("How old is the pump?", "The pump is 12 years old.", "The pump costs 12 euros."),
        ("How much water does the tank take?", "Fill in 4 litres.", "Wait 4 minutes."),
        ("How much is a coat of paint?", "A coat costs 8 euros.", "A coat dries in 8 hours."),
        ("What is the notice period after two years?", "The notice period is three months.", "After two years you are a member."),
        ("How many people work here?", "In the yard 41 of us work.", "The yard has 41 posts."),
        ("How loud is the X12?", "It reaches 46 dB.", "The X12 is the larger one."),
        ("How often is the filter changed?", "Change it every two weeks.", "The filter weighs two kilograms."),
    ],
)
def test_an_amount_of_the_kind_that_was_asked_for_fits_better_than_another(asks: str, answers: str, other: str) -> None:
    assert fits_amount(asks, answers) > fits_amount(asks, other)


@pytest.mark.parametrize(
    ("asks", "answers", "other"),
    [
        ("On which days is it open?", "It is open on Mondays.", "It is open after 9:00."),
        ("At what time does it open?", "It opens at 9:00.", "It opens on Mondays."),
        ("When is it built?", "It is built in May.", "It is built of stone."),
    ],
)
def test_a_time_of_the_kind_that_was_asked_for_fits_better_than_another(asks: str, answers: str, other: str) -> None:
    assert fits_time(asks, answers) > fits_time(asks, other)

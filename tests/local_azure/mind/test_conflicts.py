"""Passages that disagree are both told; a rule and its exception, and two things of one kind, are not in conflict."""

from __future__ import annotations

import pytest
from tests.local_azure.mind.library import as_elements, returned, spoken

from local_azure.realtime.parts import Say


def answer(question: str, *passages: tuple[str, str]) -> str:
    return spoken(returned(question, as_elements(passages)))


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How much is a locker?", "A locker costs 3 crowns a day.", "A locker costs 5 crowns."),
        ("When does the bath open?", "The bath opens at 7:30.", "The bath opens at 9:00 on every day."),
        ("Are dogs allowed in the hall?", "Dogs are allowed in the hall.", "Dogs are not allowed in the hall."),
        ("How long is the card valid?", "The card is valid for six months.", "The card is valid for 12 months from the day of sale."),
        ("How much is a locker?", "A locker costs €4.50 a day.", "A locker costs €3.80 a day."),
        ("How much is a locker?", "A locker costs $4.50.", "A locker costs $3.80 a day."),
        ("How much is a locker?", "A locker costs 4.50 euros.", "A locker costs €3.80."),
        ("How much may a room cost?", "A room may cost £180 per night.", "A room may cost £150 per night."),
        (
            "What supplement is paid for the late shift?",
            "The late shift has a supplement of 10%.",
            "The late shift has a supplement of 15%.",
        ),
        ("How much is the deposit?", "The deposit is EUR 100.", "The deposit is EUR 200."),
        ("How much is the deposit?", "The deposit is 100 €.", "The deposit is 1,000 EUR."),
        ("When does the bath open?", "The bath opens at 8 am.", "The bath opens at 9 am."),
        ("When does the bath open?", "The bath opens at 8:00.", "The bath opens at 8 p.m. every day."),
        ("When is the bath open?", "The bath is open from 8:00 to 18:00.", "The bath is open from 8:00 to 17:00."),
        ("When does the season begin?", "The season begins on 3 May.", "The season begins on 5 June."),
        ("When does the season begin?", "The season begins on May 3rd.", "The season begins on June 5th."),
        ("When does the choir sing?", "The choir sings on Mondays.", "The choir sings on Tuesdays."),
        ("When does the choir sing?", "The choir sings on Mondays at 19:00.", "The choir sings on Mondays at 20:00."),
        ("How warm is the hall?", "The hall is kept at 21 °C.", "The hall is kept at 19 °C."),
        ("When was the bridge built?", "The bridge was built in 1888.", "The bridge was built in 1890."),
    ],
)
def test_two_documents_that_disagree_are_both_told_each_by_its_name(question: str, one: str, other: str) -> None:
    assert answer(question, ("Old Leaflet", one), ("New Leaflet", other)) == f"Old Leaflet says: {one} But New Leaflet says: {other}"


def test_both_passages_are_reported() -> None:
    passages = as_elements([("Old Leaflet", "A locker costs 3 crowns."), ("New Leaflet", "A locker costs 5 crowns.")])
    thoughts = returned("How much is a locker?", passages)
    assert len([thought for thought in thoughts if isinstance(thought, Say)]) == 2
    assert "[1, 2]" in str(thoughts[-1])


def test_two_passages_of_one_document_that_disagree_are_told_as_such() -> None:
    said = answer("How much is a locker?", ("Leaflet", "A locker costs 3 crowns."), ("Leaflet", "A locker costs 5 crowns."))
    assert said == "One passage says: A locker costs 3 crowns. But another says: A locker costs 5 crowns."


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How much is a locker?", "A locker costs 3 crowns.", "A locker costs 3 crowns a day."),
        ("How much is a locker?", "A locker costs 3 crowns.", "A locker of the second class costs 5 crowns."),
        ("How much is a berth in Oslo?", "A berth in Oslo costs 3 crowns.", "A berth in Bergen costs 5 crowns."),
        ("How long is the card valid?", "The card is valid for six months.", "If you are a pupil, the card is valid for nine months."),
        ("How long is the card valid?", "The card is valid for six months.", "The card is valid on 200 lines."),
        ("What does E14 mean?", "E14 means that 3 pumps are dry.", "E15 means that 4 pumps are dry."),
        ("How much is a locker?", "A locker costs 4.50 euros.", "A locker costs €4.50."),
        ("How much is a locker?", "A locker costs €1,200.", "A locker costs 1200.00 EUR."),
        ("How much is a locker?", "A locker costs €4.50 in May.", "A locker costs €3.80 in June."),
        ("When does the bath open?", "The bath opens at 8 am.", "The bath opens at 8:00."),
        ("When does the season begin?", "The season begins on 3 May.", "The season begins on May 3rd, 2026."),
        ("When does the choir sing?", "The choir sings on Mondays.", "The choir sings every Monday."),
        ("When is the crane at work?", "The crane is at work on Mondays at 8:00.", "The crane is at work on Fridays at 9:00."),
    ],
)
def test_what_only_looks_like_a_conflict_is_none(question: str, one: str, other: str) -> None:
    said = answer(question, ("Old Leaflet", one), ("New Leaflet", other))
    assert "says:" not in said
    assert one in said

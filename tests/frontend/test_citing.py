"""Which sentences of a passage are marked for an answer."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ABROAD = (
    "Working abroad\n\nYou may work from abroad on up to 30 working days in a calendar year. Ask your manager before you\n"
    "book anything, e.g. a flight. Insurance is paid by the company for 12 months."
)
LIMITS = "The limit depends on the city.\n\nCity | Limit per night\nLyon | 135 euros\nLeeds | 125 euros\n\nFairs cost more."


async def used(bench: Page, text: str, answer: str) -> list[str]:
    got: list[str] = await bench.evaluate(
        "async ([text, answer]) => (await import('/citing.js')).used(text, answer).map((place) => text.slice(...place))", [text, answer]
    )
    return got


@pytest.mark.parametrize(
    ("text", "answer", "sentences"),
    [
        (
            ABROAD,
            "You may work from abroad on up to 30 working days in a calendar year.",
            ["You may work from abroad on up to 30 working days in a calendar year."],
        ),
        (ABROAD, "Up to 30 days per calendar year.", ["You may work from abroad on up to 30 working days in a calendar year."]),
        (ABROAD, "Ask the manager before a flight is booked.", ["Ask your manager before you\nbook anything, e.g. a flight."]),
        (
            ABROAD,
            "The company pays the insurance for 12 months. Ask the manager before you book.",
            ["Ask your manager before you\nbook anything, e.g. a flight.", "Insurance is paid by the company for 12 months."],
        ),
        (LIMITS, "In Lyon the limit is 135 euros.", ["Lyon | 135 euros"]),
        ("試用期間は六か月です。その後は三か月です。", "試用期間は六か月です。", ["試用期間は六か月です。"]),
        (
            "Er sagte „nie wieder“. Die Probezeit dauert sechs Monate.",
            "Die Probezeit dauert 6 Monate.",
            ["Die Probezeit dauert sechs Monate."],
        ),
    ],
)
async def test_the_sentence_or_row_that_the_answer_was_made_of_is_found(bench: Page, text: str, answer: str, sentences: list[str]) -> None:
    assert await used(bench, text, answer) == sentences


@pytest.mark.parametrize("answer", ["", "Yes.", "I could not find that in the documents.", "The company has a canteen and a gym.", "30."])
async def test_an_answer_that_was_made_of_something_else_finds_nothing(bench: Page, answer: str) -> None:
    assert await used(bench, ABROAD, answer) == []


async def test_of_two_that_hold_the_same_words_the_shorter_counts(bench: Page) -> None:
    text = "A lost badge costs 20 euros, and a lost key costs 40 euros on top of that. A lost badge costs 20 euros."
    assert await used(bench, text, "A lost badge costs 20 euros.") == ["A lost badge costs 20 euros."]

"""From what is heard to what is read."""

from __future__ import annotations

import pytest

from local_azure.speech.model_worker import sentences
from local_azure.speech.spelling import ALWAYS_WORDS, as_sentence, learned, spelt_out

DOCUMENT = """Opening Hours And Prices
The ferry to Torsay sails at 7:30 on Sundays. It has Wi-Fi, and a day ticket of type B2 costs 1,200 crowns or 45 euros.
If error E15 appears, ask Miriam Osei on the Elbe; the café and another café are near.
Write an e-mail to her or to the HR team within 14 days.
Who pays for 2 persons gets a third ticket free. You may sail in May or in June, and you may sail alone. Is platform A1 open?
"""


@pytest.fixture(scope="module")
def forms() -> dict[str, str]:
    return learned([DOCUMENT], lambda token: [word for line in sentences(token) for word in line])


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("when does the ferry to torsay leave", "When does the ferry to Torsay leave?"),
        ("is there wi fi on sundays at seven thirty", "Is there Wi-Fi on Sundays at 7:30?"),
        ("what is error e fifteen", "What is error E15?"),
        ("who is miriam osei in hr", "Who is Miriam Osei in HR?"),
        ("tell me the price of b two", "Tell me the price of B2"),
        ("one thousand two hundred crowns", "1,200 crowns"),
        ("and within fourteen days", "And within 14 days"),
        ("two persons or a third one", "Two persons or a third one"),
        ("may i sail alone", "May I sail alone?"),
        ("is a one open", "Is a one open?"),
        ("is the cafe near", "Is the café near?"),
        ("prices and hours", "Prices and hours"),
        ("fifteen e mails to brask", "Fifteen e mails to brask"),
    ],
)
def test_what_is_heard_is_written_as_in_the_documents_and_nothing_else_is(forms: dict[str, str], heard: str, written: str) -> None:
    assert as_sentence(spelt_out(heard, forms)) == written


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", ""),
        ("thank you", "Thank you"),
        ("i'm ill and i stay at home", "I'm ill and I stay at home"),
        ("by when must i pay", "By when must I pay?"),
        ("and what about sundays", "And what about sundays?"),
        ("and on weekends", "And on weekends"),
        ("at the weekend", "At the weekend"),
        ("and", "And"),
    ],
)
def test_a_sentence_begins_with_a_capital_and_a_question_ends_with_its_mark(words: str, sentence: str) -> None:
    assert as_sentence(words) == sentence


def test_small_numbers_stay_words_however_chapters_are_numbered() -> None:
    assert learned(["Read chapter 1 and chapter 2."], lambda token: {"1": ["one"], "2": ["two"]}.get(token, [token.lower()])) == {}
    assert {"one", "twelve"} <= ALWAYS_WORDS


def test_without_documents_words_stay_as_they_were_heard() -> None:
    assert spelt_out("how many days", {}) == "how many days"
    assert learned([], lambda token: [token]) == {}

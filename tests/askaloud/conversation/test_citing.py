"""Which passages an answer used, found by its words alone, in whatever language they are."""

from __future__ import annotations

import pytest
from tests.askaloud.conversation.wire import source

from askaloud.conversation.citing import SENTENCES_MAX, cited

ENGLISH = "Employees may work from another country for up to thirty days in a calendar year."
GERMAN = "Beschäftigte dürfen bis zu dreißig Tage im Kalenderjahr aus dem Ausland arbeiten."
JAPANESE = "社員は一年に三十日まで海外から働くことができます。"
ARABIC = "يجوز للموظفين العمل من خارج البلاد لمدة ثلاثين يوما في السنة."
RUSSIAN = "Сотрудники могут работать из другой страны до тридцати дней в году."
THAI = "พนักงานสามารถทำงานจากต่างประเทศได้สามสิบวันต่อปี"
ALL = [
    source(number, text, id=name)
    for number, (name, text) in enumerate(
        {"en": ENGLISH, "de": GERMAN, "ja": JAPANESE, "ar": ARABIC, "ru": RUSSIAN, "th": THAI}.items(), start=1
    )
]

WHERE = source(7, "Where to find documents: everything that concerns your contract lies in the intranet.", id="where")
"""Most of a sentence that answers nothing stands in it."""

ANSWERS = {
    "en": "You can work from another country for thirty days a year.",
    "de": "Sie dürfen dreißig Tage im Kalenderjahr aus dem Ausland arbeiten.",
    "ja": "一年に三十日まで海外から働くことができます。",
    "ar": "يجوز للموظفين العمل خارج البلاد ثلاثين يوما.",
    "ru": "Сотрудники могут работать из другой страны тридцать дней.",
    "th": "ทำงานจากต่างประเทศได้สามสิบวัน",
}


@pytest.mark.parametrize(("language", "answer"), ANSWERS.items(), ids=ANSWERS.keys())
def test_an_answer_is_matched_with_the_passage_in_its_own_language(language: str, answer: str) -> None:
    assert cited(answer, ALL) == (language,)


def test_each_sentence_finds_its_own_passage_in_the_order_of_the_answer() -> None:
    leave = source(1, "Parental leave lasts twelve weeks at full salary.", id="leave")
    lunch = source(2, "The canteen serves lunch between noon and two.", id="lunch")
    answer = "The canteen serves lunch until two. Parental leave lasts twelve weeks."
    assert cited(answer, [leave, lunch]) == ("lunch", "leave")


def test_numbers_count_however_short_they_are() -> None:
    sources = [source(1, "Plan A costs 9 euros for 3 users.", id="a"), source(2, "Plan B costs 19 euros for 7 users.", id="b")]
    assert cited("That costs 19 euros for 7 users.", sources) == ("b",)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I could not find that in the documents.",
        "Sorry, that I could not find in these documents.",
        "Yes.",
        "Thirty!",
        "Dogs bark loudly whenever strangers approach gardens.",
        "… ?! 。",
    ],
)
def test_nothing_is_cited_where_nothing_fits(answer: str) -> None:
    assert cited(answer, [*ALL, WHERE], "salary of the chief executive") == ()


def test_that_passage_is_cited_where_it_answers_what_was_searched_for() -> None:
    answer = "Your documents you find in the intranet."
    assert cited(answer, [*ALL, WHERE], "where are my documents") == ("where",)


def test_words_that_stand_here_and_there_in_a_long_passage_prove_nothing() -> None:
    filler = "Nobody knows anything whatsoever about elephants. " * 3
    long = f"Each salary is paid monthly. {filler}Ask whoever could help. {filler}Documents lie there. {filler}You will find them."
    assert cited("I could not find the salary in the documents.", [source(1, long)], "salary of the chief executive") == ()


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        ("Twelve weeks, and all of them are paid.", "weeks of parental leave"),
        ("It is 12 and fully paid.", "parental leave duration"),
        ("Fathers, mothers and guardians: twelve, fully paid.", "entitlement of new families"),
    ],
    ids=["it says what was searched for", "it says a number", "it says so much of it"],
)
def test_a_short_answer_is_matched_by_whatever_could_hardly_stand_elsewhere(answer: str, asked: str) -> None:
    text = "Parental leave: twelve (12) weeks, all fully paid, for mothers, fathers and guardians."
    assert cited(answer, [WHERE, source(1, text)], asked) == ("p1",)


def test_nothing_is_cited_without_sources() -> None:
    assert cited("You can work from another country for thirty days a year.", []) == ()


def test_a_passage_is_named_once_however_many_sentences_it_gave() -> None:
    text = "Holidays number thirty days. Holidays must be requested two weeks before."
    assert cited("Holidays number thirty days. They must be requested two weeks before.", [source(1, text, id="h")]) == ("h",)


def test_an_answer_without_end_is_matched_as_far_as_the_first_sentences() -> None:
    filler = "Nobody knows anything whatsoever about elephants. " * SENTENCES_MAX
    assert cited(filler + ENGLISH, ALL) == ()

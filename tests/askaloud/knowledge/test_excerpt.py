from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askaloud.knowledge.excerpt import EXCERPT_CHARS, excerpt, shortened

FILLING = "The garden is open to everybody who likes to sit in the sun and to read there for a while. " * 5
"""What says nothing of any question here, and is longer than a card."""


@pytest.mark.parametrize(
    ("answer", "query"),
    [
        ("A lost badge costs 20 euros.", "new badge cost lose"),
        ("A lost badge costs 20 euros.", "What does it cost if I lose the badges?"),
        ("Die Probezeit dauert sechs Monate.", "Wie lange dauert die Probezeit?"),
        ("La période d’essai dure trois mois.", "durée de la période d’essai"),
        ("Испытательный срок длится три месяца.", "длительность испытательного срока"),
        ("مدة الإجازة ثلاثون يوما في السنة.", "كم مدة الإجازة"),
        ("試用期間は六か月です。", "試用期間はどのくらいですか"),
        ("Error E15 means that the tank is empty.", "E15"),
        ("The office in the EU is in Lyon.", "the office in the EU"),
    ],
)
def test_the_sentence_that_was_searched_for_begins_the_excerpt_wherever_it_stands(answer: str, query: str) -> None:
    assert excerpt(f"{FILLING}{answer} {FILLING}", query).startswith(answer)


def test_words_that_the_service_marked_count_too() -> None:
    text = f"{FILLING}Staff who fell ill went home. {FILLING}"
    assert excerpt(text, "sick employees", ["Staff who fell <em>ill</em> went home."]).startswith("Staff who fell ill went home.")


def test_what_follows_is_shown_as_far_as_there_is_room() -> None:
    text = f"{FILLING}A lost badge is reported to the desk.\nThe first one is free, each further one costs 20 euros. {FILLING}"
    assert excerpt(text, "lost badge").startswith(
        "A lost badge is reported to the desk. The first one is free, each further one costs 20 euros. The garden"
    )


def test_what_comes_before_is_shown_only_if_it_was_searched_for_too() -> None:
    text = "Nothing of it. Badges are yellow. A lost badge costs 20 euros. " + "Word " * 100
    assert excerpt(text, "lost badge") == "Badges are yellow. A lost badge costs 20 euros."


def test_a_wrapped_line_and_an_abbreviation_end_no_sentence() -> None:
    text = f"{FILLING}Bring your badge, e.g. the\nyellow one. {FILLING}"
    assert excerpt(text, "yellow").startswith("Bring your badge, e.g. the yellow one.")


def test_a_sentence_too_long_for_a_card_is_shown_around_what_was_searched_for() -> None:
    shown = excerpt("word " * 200 + "badge " + "word " * 200, "badge")
    assert shown.startswith("…")
    assert " badge " in shown
    assert len(shown) <= EXCERPT_CHARS


@pytest.mark.parametrize("query", ["", "elephants", "?!"])
def test_the_first_sentences_are_shown_where_nothing_was_found(query: str) -> None:
    assert excerpt(FILLING, query) == shortened(FILLING, EXCERPT_CHARS)


TABLE = "City | Limit per night\nHamburg | 140 euros\nLyon | 135 euros\nLeeds | 125 euros"


def test_rows_of_a_table_have_a_line_each_under_the_row_that_names_the_columns() -> None:
    assert excerpt(f"{FILLING}\n\n{TABLE}\n\n{FILLING}", "hotel Lyon").startswith(
        "City | Limit per night\nLyon | 135 euros\nLeeds | 125 euros\nThe garden"
    )
    assert excerpt(TABLE, "city").splitlines() == TABLE.splitlines()


def test_a_row_whose_columns_cannot_be_named_for_want_of_room_stands_alone() -> None:
    head = "City | " + "Limit per night " * 20
    assert excerpt(f"{head}\nLyon | 135 euros\nLeeds | 125 euros", "Lyon") == "Lyon | 135 euros"


def test_a_table_as_markdown_writes_it_keeps_its_rows_without_the_rule_under_its_head() -> None:
    text = "| City | Limit |\n|---|:-:|\n| Lyon | 135 euros |"
    assert excerpt(text, "Lyon").splitlines() == ["| City | Limit |", "| Lyon | 135 euros |"]
    assert excerpt(text, "elephants").splitlines() == ["| City | Limit |", "| Lyon | 135 euros |"]


def test_one_line_with_a_bar_in_it_is_no_table() -> None:
    assert excerpt("Menu | Home\ngo on here. A lost badge is yellow.", "menu") == "Menu | Home go on here. A lost badge is yellow."


@settings(deadline=None)
@given(st.text(max_size=900), st.text(max_size=60), st.lists(st.text(max_size=40), max_size=2))
def test_whatever_it_is_given_it_stays_within_a_card_and_only_rows_have_lines_of_their_own(
    text: str, query: str, highlights: list[str]
) -> None:
    shown = excerpt(text, query, highlights)
    assert len(shown) <= EXCERPT_CHARS
    assert "\n" not in shown or "|" in shown


@pytest.mark.parametrize(
    ("whole", "limit", "short"),
    [
        ("  One\n two ", 20, "One two"),
        ("A first sentence. And a second one", 24, "A first sentence."),
        ("word, another word, a third", 20, "word, another word…"),
        ("x" * 30, 10, "x" * 9 + "…"),
    ],
)
def test_a_text_is_cut_at_a_sentence_or_else_between_words(whole: str, limit: int, short: str) -> None:
    assert shortened(whole, limit) == short
    assert len(short) <= limit

"""What covers more of a question comes first; how much is a number from 0 to 4."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.reranking import BEST_SCORE, Question, Texts, judged

ANSWER = Texts("Working abroad", ("Ask first. You may work from abroad for 20 days a year. It is fun.",), "")
SCATTERED = Texts("Illness", ("Days are long. A year is longer. Work is hard. Abroad is far.",), "")
STRANGER = Texts("Coffee", ("Descale the machine.",), "")


def order(question: str, *texts: Texts) -> list[int]:
    return [one.place for one in judged(Question(question), texts)]


def test_words_together_in_one_sentence_beat_the_same_words_scattered_and_these_beat_none() -> None:
    assert order("How many days may I work abroad?", STRANGER, SCATTERED, ANSWER) == [2, 1, 0]


def test_the_best_sentence_is_the_one_that_covers_most() -> None:
    best = judged(Question("How many days may I work abroad?"), [ANSWER])[0]
    assert best.best is not None
    assert best.best.text[best.best.start : best.best.end].strip() == "You may work from abroad for 20 days a year."
    assert best.covered == 1.0


def test_a_title_counts_and_so_do_keywords() -> None:
    plain = Texts("", ("See below.",), "")
    assert order("coffee", plain, Texts("Coffee", ("See below.",), "")) == [1, 0]
    assert order("coffee", plain, Texts("", ("See below.",), "coffee")) == [1, 0]


def test_equals_keep_the_order_that_they_had() -> None:
    assert order("coffee", STRANGER, STRANGER, STRANGER) == [0, 1, 2]
    assert order("zebra", ANSWER, STRANGER) == [0, 1]


def test_a_rare_word_counts_more_than_one_that_all_have() -> None:
    common = [Texts("", (f"The machine number {n}.",), "") for n in range(8)]
    assert order("machine visa", *common, Texts("", ("A visa.",), ""))[0] == 8


def test_a_question_is_told_by_its_mark_or_its_first_word() -> None:
    assert [Question(text).asks for text in ("coffee?", "How do clouds form", "coffee machine", "")] == [True, True, False, False]
    assert Question("How many days may I work abroad?").words == {"dai", "work", "abroad"}
    assert Question("What is it?").words, "a question of nothing but asking words is still asked"


TEXTS = st.builds(Texts, st.text(max_size=20), st.lists(st.text(max_size=60), max_size=3).map(tuple), st.text(max_size=20))


@given(st.text(max_size=30) | st.sampled_from(["a b c", "what", "work abroad?"]), st.lists(TEXTS, max_size=6))
def test_scores_go_from_0_to_4_and_nobody_is_lost(question: str, texts: list[Texts]) -> None:
    found = judged(Question(question), texts)
    assert sorted(one.place for one in found) == list(range(len(texts)))
    assert all(0 <= one.score <= BEST_SCORE and 0 <= one.covered <= 1 for one in found)


WORDS = [f"wort{letter}" for letter in "abcdefghijklmnop"]


@given(asked=st.lists(st.sampled_from(WORDS), min_size=1, unique=True), others=st.lists(st.sampled_from(WORDS), max_size=30))
def test_no_document_covers_more_than_all_of_a_question_however_the_weights_are_added_up(asked: list[str], others: list[str]) -> None:
    whole = Texts(" ".join(asked), (" ".join(reversed(asked)) + ".",), "")
    found = judged(Question(" ".join(asked)), [whole, *(Texts("", (f"{word}.",), "") for word in others)])
    assert next(one.covered for one in found if one.place == 0) == 1.0
    assert all(0 <= one.score <= BEST_SCORE for one in found)

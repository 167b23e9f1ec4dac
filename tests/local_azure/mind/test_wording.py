from __future__ import annotations

import pytest

from local_azure.mind.question import understand
from local_azure.mind.wording import other_forms, with_codes


@pytest.mark.parametrize(
    ("said", "query"),
    [
        (["How do I empty the pond in May?"], "empty pond May"),
        (["Is the sauna not free for members under 16?"], "sauna not free members 16"),
        (["Whom do I call at IT?"], "call IT"),
        (["Where can I find the fuse box?"], "fuse box"),
        (["What does lamp L07 mean?"], "lamp L07"),
        (["what does lamp l zero seven mean"], "lamp L07"),
        (["okay stop how deep is the pond please"], "pond"),
        (["How much is a berth in Oslo?", "And in Bergen?"], "Bergen berth"),
        (["How much is a berth in Oslo?", "What about Bergen?"], "Bergen berth"),
        (["May I swim in the pond?", "how often?"], "swim pond"),
        (["May I swim in the pond?", "Thanks, and when does the kiosk open?"], "kiosk open"),
    ],
)
def test_a_search_is_worded_by_what_tells_and_stands_on_its_own(said: list[str], query: str) -> None:
    assert understand(said).key_words == query


def test_a_follow_up_that_only_varies_the_question_asks_for_the_same_kind_of_thing() -> None:
    varied = understand(["How much is a berth in Oslo?", "And in Bergen?"])
    assert varied.kind == "amount"
    assert varied.asks == "How much is a berth in Oslo?"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("error e fifteen", "error E15"),
        ("e zero three on the display", "E03 on the display"),
        ("code k twenty one", "code K21"),
        ("code E 15?", "code E15?"),
        ("a 3 month period and I 5 times", "a 3 month period and I 5 times"),
    ],
)
def test_a_code_that_was_spoken_is_written_as_one(said: str, written: str) -> None:
    assert with_codes(said) == written


@pytest.mark.parametrize(
    ("word", "form"), [("badge", "badges"), ("batteries", "battery"), ("battery", "batteries"), ("torches", "torch"), ("sick", "ill")]
)
def test_a_word_has_its_other_number_and_what_is_said_for_it(word: str, form: str) -> None:
    assert form in other_forms(word)


@pytest.mark.parametrize("word", ["Lyon", "E15", "42", "closed", "swimming"])
def test_a_name_a_code_and_a_verbs_form_have_no_other_number(word: str) -> None:
    assert not any(form.rstrip("s") == word.rstrip("s") for form in other_forms(word))

from __future__ import annotations

import pytest

from local_azure.search.automaton import Reader
from local_azure.search.refusal import Refusal
from local_azure.search.regex import Expression

NESTED = "(" * 12 + "a" + ("?" * 45 + ")") * 12
"""Few groups and few places, but repetitions of repetitions deeper than anything may recurse."""


def fits(text: str, word: str) -> bool:
    return Reader(Expression(text, lambda letter: letter)).reads(word) is not None


@pytest.mark.parametrize(
    ("text", "fitting", "others"),
    [
        ("@", ["", "abc"], []),
        ("#", [], ["", "a"]),
        ("a#|b", ["b"], ["a", "ab"]),
        ('"a.b"c', ["a.bc"], ["axbc"]),
        ("a()b", ["ab"], ["a"]),
        ("[]a]b", ["]b", "ab"], ["b"]),
        ("a\\*", ["a*"], ["aa", "a"]),
        ("a{3}", ["aaa"], ["aa", "aaaa"]),
        ("", [""], ["a"]),
    ],
)
def test_lucenes_own_signs_mean_what_they_mean_there(text: str, fitting: list[str], others: list[str]) -> None:
    assert [word for word in fitting if not fits(text, word)] == []
    assert [word for word in others if fits(text, word)] == []


@pytest.mark.parametrize("text", ["~a", "a&b", "<1-9>"])
def test_what_is_not_offered_is_named(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        Expression(text, lambda letter: letter)
    assert refused.value.code == "NotOfferedByStandIn"


@pytest.mark.parametrize(
    "text",
    ["(", ")", "a|", "|a", "*a", "[", "[a", "[b-a]", "[a-]", "a{", "a{x}", "a{2,1}", "a{999}", '"a', "a\\", "(" * 60 + "a", "a" + "?" * 60],
)
def test_what_is_no_expression_is_refused_in_the_services_words(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        Expression(text, lambda letter: letter)
    assert refused.value.status == 400
    assert refused.value.message.startswith("Failed to parse regex expression.")


@pytest.mark.parametrize("text", ["((a{200}){200}){200}", "a" * 2_000, NESTED])
def test_what_would_take_too_much_room_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="InvalidRequestParameter"):
        Expression(text, lambda letter: letter)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.realtime.sentences import LONGEST_CHARS, Sentences, sentences


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Twenty days. See p. 7.", ["Twenty days.", " See p. 7."]),
        ("Is it so? Yes! Good", ["Is it so?", " Yes!", " Good"]),
        (
            "It is 3.5 km, e.g. by bus. Dr. Who said no. Then he left.",
            ["It is 3.5 km, e.g. by bus.", " Dr. Who said no.", " Then he left."],
        ),
        ("Trains, buses etc. are fine. Cars etc. Are not.", ["Trains, buses etc. are fine.", " Cars etc.", " Are not."]),
        ("From 9 a.m. to 5 p.m. on weekdays.", ["From 9 a.m. to 5 p.m. on weekdays."]),
        ('He said "Stop." Then (it was late.) I left.', ['He said "Stop."', " Then (it was late.)", " I left."]),
        ("A list:\n1. Tea\n2. Milk", ["A list:", "\n1. Tea", "\n2. Milk"]),
        ("これは。あれは？", ["これは。", "あれは？"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_a_text_is_cut_where_english_ends_a_sentence(text: str, cut: list[str]) -> None:
    assert sentences(text) == cut


def test_a_sentence_is_given_on_as_soon_as_it_is_known_to_have_ended() -> None:
    cutting = Sentences()
    assert cutting.feed("Twenty da") == []
    assert cutting.feed("ys.") == []  # it might go on: 20.5
    assert cutting.feed(" ") == ["Twenty days."]
    assert cutting.feed("No. ") == []  # a number may follow
    assert cutting.feed("7 is") == []
    assert cutting.rest() == " No. 7 is"
    assert cutting.rest() == ""


def test_a_text_without_an_end_is_cut_between_words() -> None:
    cut = sentences("word " * LONGEST_CHARS)
    assert all(len(piece) <= LONGEST_CHARS and piece.split() == ["word"] * len(piece.split()) for piece in cut)
    assert [len(piece) for piece in sentences("x" * 2 * LONGEST_CHARS)] == [LONGEST_CHARS, LONGEST_CHARS]


@given(st.text(alphabet=st.sampled_from('ab A1.?\n"…'), max_size=200), st.lists(st.integers(1, 30)))
def test_however_a_text_comes_nothing_of_it_is_lost(text: str, sizes: list[int]) -> None:
    cutting, found, at = Sentences(), [], 0
    for size in sizes:
        found += cutting.feed(text[at : at + size])
        at += size
    found += cutting.feed(text[at:])
    found += [last] if (last := cutting.rest()) else []
    assert "".join(found).rstrip() == text.rstrip()
    assert all(piece.strip() for piece in found)


@given(st.text(alphabet=st.sampled_from("ab. "), min_size=LONGEST_CHARS, max_size=3 * LONGEST_CHARS))
def test_no_sentence_is_too_long(text: str) -> None:
    assert all(len(piece) <= LONGEST_CHARS for piece in sentences(text))

"""What a voice is given at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_azure.speech.pieces import FIRST_LEAST_CHARS, FIRST_MAX_CHARS, MAX_CHARS_AT_ONCE, pieces, read_aloud

LONG = "You may work from abroad for up to twenty days in a calendar year, if your manager agrees in writing before you leave."


def test_no_figure_is_left_for_a_voice_to_read() -> None:
    assert read_aloud("€300 (p. 7).") == "three hundred euros (page seven)."
    assert read_aloud("v2.3.1 of E-15, 9:00–17:30!") == "v two point three point one of E fifteen, nine o clock to seventeen thirty!"


def test_sentences_are_given_one_at_a_time_and_initials_end_none() -> None:
    assert [piece for piece, _ in pieces('It is so. "Is it?" J. Smith asked! Yes')] == ["It is so.", '"Is it?"', "J. Smith asked!", "Yes"]


def test_the_first_piece_is_cut_at_a_clause_and_knows_its_sentence() -> None:
    first, second = pieces(LONG)
    assert first == ("You may work from abroad for up to twenty days in a calendar year,", LONG)
    assert second == ("if your manager agrees in writing before you leave.", LONG)
    assert pieces(f"Yes. {LONG}")[1] == (LONG, LONG)


def test_a_first_piece_without_a_comma_is_cut_before_a_conjunction() -> None:
    sentence = LONG.replace(",", "")
    assert pieces(sentence)[0][0] == "You may work from abroad for up to twenty days in a calendar year"
    assert [piece for piece, _ in pieces("x" * FIRST_MAX_CHARS + " y")] == ["x" * FIRST_MAX_CHARS + " y"]


def test_a_first_piece_without_any_clause_is_cut_before_a_phrase() -> None:
    sentence = "Those who travel by train within the country get the full price of a second class ticket for every working day."
    assert pieces(sentence)[0][0] == "Those who travel by train within the country get the full price"


def test_nothing_short_is_torn_off() -> None:
    assert all(len(piece) >= FIRST_LEAST_CHARS for piece, _ in pieces("Yes, " + "no " * 40))


@given(st.text(alphabet=st.sampled_from("ab ,.;"), max_size=1500))
def test_pieces_are_short_and_lose_no_word(text: str) -> None:
    cut = [piece for piece, _ in pieces(text)]
    assert all(0 < len(piece) <= MAX_CHARS_AT_ONCE for piece in cut)
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")

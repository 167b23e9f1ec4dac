"""How a piece ends, by its mark and by how its sentence began."""

from __future__ import annotations

import pytest

from local_azure.speech.prosody import COMMA_RISE, QUESTION_RISE, RESTS_MS, ending


@pytest.mark.parametrize(
    ("piece", "sentence", "rise"),
    [
        ("Is it far?", "Is it far?", QUESTION_RISE),
        ("or is it near?", "Is it far, or is it near?", QUESTION_RISE),
        ("How far is it?", "How far is it?", 1.0),
        ("And where is it?", "And where is it?", 1.0),
        ('"Whose is it?"', '"Whose is it?"', 1.0),
        ("However far it is?", "However far it is?", QUESTION_RISE),
        ("It is far,", "It is far, and dear.", COMMA_RISE),
        ("It is far.", "It is far.", 1.0),
        ("It is far", "It is far and dear.", 1.0),
    ],
)
def test_a_question_rises_unless_it_asks_with_a_question_word(piece: str, sentence: str, rise: float) -> None:
    assert ending(piece, sentence).rise == rise


def test_the_voice_rests_longer_behind_a_sentence_than_behind_a_clause() -> None:
    rests = [ending(f"So it is{mark}", "So it is", goes_on=True) for mark in ("", ",", ";", ".")]
    assert [rest.rest_ms for rest in rests] == sorted(rest.rest_ms for rest in rests)
    assert [rest.joined for rest in rests] == [True, False, False, False]
    assert ending("So it is", "So it is") == ending("So it is.", "So it is.")
    assert [ending(f"So it is{mark}", "").rest_ms for mark in ("!", "?", '."', ".)")] == [RESTS_MS["."]] * 4

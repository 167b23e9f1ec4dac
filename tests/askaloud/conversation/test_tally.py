"""What a conversation has cost, by modality."""

from __future__ import annotations

import pytest

from askaloud.conversation.tally import KINDS, Tally

USAGE = {
    "total_tokens": 99,
    "input_token_details": {"text_tokens": 10, "audio_tokens": 20, "cached_tokens": 5, "image_tokens": 3},
    "output_token_details": {"text_tokens": 7, "audio_tokens": 8},
}


def test_tokens_are_counted_by_modality() -> None:
    tally = Tally()
    tally.add(USAGE)
    assert tally.turn == {"input_text": 10, "input_audio": 20, "input_cached": 5, "output_text": 7, "output_audio": 8}


def test_a_new_turn_begins_at_nothing_and_the_conversation_goes_on() -> None:
    tally = Tally()
    tally.add(USAGE)
    tally.new_turn()
    tally.add(USAGE)
    assert tally.turn["input_text"] == 10
    assert tally.conversation["input_text"] == 20


@pytest.mark.parametrize(
    "usage", [None, {}, {"input_token_details": None}, {"input_token_details": [1]}, {"output_token_details": {"text_tokens": "many"}}]
)
def test_what_is_missing_or_strange_costs_nothing(usage: dict[str, object] | None) -> None:
    tally = Tally()
    tally.add(usage)
    assert tally.conversation == dict.fromkeys(KINDS, 0)

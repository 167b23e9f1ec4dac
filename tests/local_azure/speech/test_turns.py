"""Probabilities in, turns out."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from local_azure.realtime.parts import SpeechStarted, SpeechStopped, VoiceDetection
from local_azure.speech.turns import FRAME_MS, Turns

Noticed = list[SpeechStarted | SpeechStopped]


def heard(turns: Turns, probabilities: Iterable[float]) -> Noticed:
    return [change for change in map(turns.hear, probabilities) if change is not None]


def frames(ms: int, probability: float) -> list[float]:
    return [probability] * (ms // FRAME_MS)


def test_speech_and_silence_make_one_turn_whose_times_count_from_the_first_sample() -> None:
    turns = Turns(VoiceDetection(prefix_padding_ms=320, silence_duration_ms=512))
    assert heard(turns, frames(640, 0.0) + frames(960, 0.9) + frames(640, 0.0)) == [SpeechStarted(320), SpeechStopped(1600 + 512)]


def test_prefix_padding_does_not_reach_before_the_first_sample() -> None:
    assert heard(Turns(VoiceDetection(prefix_padding_ms=300)), frames(640, 0.9)) == [SpeechStarted(0)]


def test_a_second_turn_does_not_take_in_what_belonged_to_the_first() -> None:
    turns = Turns(VoiceDetection(prefix_padding_ms=320, silence_duration_ms=192))
    noticed = heard(turns, frames(640, 0.9) + frames(256, 0.0) + frames(640, 0.9) + frames(256, 0.0))
    assert noticed == [SpeechStarted(0), SpeechStopped(832), SpeechStarted(832), SpeechStopped(1536 + 192)]


def test_a_click_is_no_speech_and_a_pause_shorter_than_the_silence_ends_nothing() -> None:
    turns = Turns(VoiceDetection(silence_duration_ms=512))
    assert heard(turns, [0.9, 0.9, 0.0] * 20) == []
    assert len(heard(turns, frames(640, 0.9) + frames(480, 0.0) + frames(640, 0.9))) == 1


def test_what_is_a_little_below_the_threshold_neither_begins_nor_ends_speech() -> None:
    turns = Turns(VoiceDetection(threshold=0.5))
    assert heard(turns, frames(2000, 0.45)) == []
    assert heard(turns, frames(320, 0.9) + frames(3000, 0.45)) == [SpeechStarted(1984 - 300)]


def test_a_higher_threshold_needs_clearer_speech() -> None:
    assert heard(Turns(VoiceDetection(threshold=0.9)), frames(1000, 0.8)) == []


@given(
    probabilities=st.lists(st.floats(0, 1), max_size=400),
    threshold=st.floats(0, 1),
    padding=st.integers(0, 1000),
    silence=st.integers(0, 2000),
)
def test_turns_alternate_and_never_overlap_whatever_is_heard(
    probabilities: list[float], threshold: float, padding: int, silence: int
) -> None:
    noticed = heard(Turns(VoiceDetection(threshold, padding, silence)), probabilities)
    assert all(isinstance(change, SpeechStopped if at % 2 else SpeechStarted) for at, change in enumerate(noticed))
    times = [change.at_ms for change in noticed]
    assert times == sorted(times)
    assert all(0 <= time <= len(probabilities) * FRAME_MS for time in times)

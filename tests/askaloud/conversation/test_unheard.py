"""The sound that no turn was made of yet: a second of it while nobody speaks, all of it while somebody does."""

from __future__ import annotations

import base64

import pytest

from askaloud.conversation.actions import Sound
from askaloud.conversation.unheard import (
    BYTES_PER_S,
    KEPT_MAX_BYTES,
    PRE_ROLL_BYTES,
    SOUNDS_MAX,
    UNTOLD_MAX_BYTES,
    Unheard,
    glance,
    loud,
)

FRAME_BYTES = 960


def frame(value: int = 0, size: int = FRAME_BYTES) -> Sound:
    return Sound(base64.b64encode(value.to_bytes(2, "little", signed=True) * (size // 2)).decode(), size)


def kept(unheard: Unheard) -> bytes:
    return base64.b64decode(unheard.sound() or "")


def test_while_nobody_speaks_the_last_second_is_kept() -> None:
    unheard = Unheard()
    for number in range(3 * BYTES_PER_S // FRAME_BYTES):
        unheard.add(frame(number))
    assert len(kept(unheard)) == PRE_ROLL_BYTES == unheard.size
    assert kept(unheard).endswith(base64.b64decode(frame(3 * BYTES_PER_S // FRAME_BYTES - 1).audio))


def test_while_somebody_speaks_all_is_kept_within_a_bound() -> None:
    unheard = Unheard(speaking=True)
    for _ in range(20 * BYTES_PER_S // FRAME_BYTES):
        unheard.add(frame())
    assert len(kept(unheard)) == 20 * BYTES_PER_S
    for _ in range(20 * BYTES_PER_S // FRAME_BYTES):
        unheard.add(frame())
    assert len(kept(unheard)) == KEPT_MAX_BYTES


def test_however_small_its_pieces_are_no_more_than_a_number_of_them_is_kept() -> None:
    unheard = Unheard(speaking=True)
    for number in range(2 * SOUNDS_MAX):
        unheard.add(frame(number, 2))
    assert unheard.size == len(kept(unheard)) == 2 * SOUNDS_MAX
    assert kept(unheard).endswith((2 * SOUNDS_MAX - 1).to_bytes(2, "little"))


def test_a_turn_takes_all_of_it() -> None:
    unheard = Unheard(speaking=True, ended=True)
    unheard.add(frame(7))
    assert unheard.taken() == frame(7).audio
    assert (unheard.sound(), unheard.size, unheard.speaking, unheard.ended) == (None, 0, False, False)
    assert unheard.taken() is None


@pytest.mark.parametrize(("value", "is_loud"), [(0, False), (100, False), (-100, False), (400, True), (-400, True), (-32768, True)])
def test_a_room_is_quieter_than_a_voice(value: int, is_loud: bool) -> None:
    assert loud(frame(value)) is is_loud
    assert glance(frame(value)) is is_loud


def test_no_sound_is_not_loud() -> None:
    assert not loud(Sound("", 0))
    assert not glance(Sound("", 0))


@pytest.mark.parametrize("samples", [1, 3, 479, 24, 25, 48_001])
def test_a_glance_takes_frames_of_any_length(samples: int) -> None:
    assert glance(frame(400, 2 * samples))
    assert not glance(frame(0, 2 * samples))


def test_a_glance_finds_a_word_in_the_middle_of_a_long_frame() -> None:
    quiet, word = bytes(BYTES_PER_S), (2_000).to_bytes(2, "little") * (BYTES_PER_S // 20)
    whole = quiet + word + quiet
    assert glance(Sound(base64.b64encode(whole).decode(), len(whole)))
    assert not loud(Sound(base64.b64encode(whole).decode(), len(whole)))


def test_after_something_loud_more_is_kept_until_nothing_was_loud_for_long() -> None:
    unheard = Unheard()
    unheard.stirred()
    for _ in range(19 * BYTES_PER_S // FRAME_BYTES):
        unheard.add(frame())
    assert unheard.untold
    assert unheard.size == 19 * BYTES_PER_S
    for _ in range(BYTES_PER_S // FRAME_BYTES):
        unheard.add(frame())
    assert not unheard.untold
    assert unheard.size == PRE_ROLL_BYTES


def test_a_noisy_room_is_kept_within_a_bound() -> None:
    unheard = Unheard()
    for _ in range(60 * BYTES_PER_S // FRAME_BYTES):
        unheard.stirred()
        unheard.add(frame(400))
    assert unheard.size == UNTOLD_MAX_BYTES


def test_a_turn_begins_with_the_second_before_the_model_heard_it_whatever_was_loud_before() -> None:
    unheard = Unheard()
    for _ in range(10 * BYTES_PER_S // FRAME_BYTES):
        unheard.stirred()
        unheard.add(frame(400))
    unheard.begun()
    assert (unheard.size, unheard.untold, unheard.speaking) == (PRE_ROLL_BYTES, False, True)


def test_somebody_who_is_heard_already_loses_nothing_when_the_model_says_so_again() -> None:
    unheard = Unheard(speaking=True)
    for _ in range(3 * BYTES_PER_S // FRAME_BYTES):
        unheard.add(frame())
    unheard.begun()
    assert unheard.size == 3 * BYTES_PER_S


def test_what_was_forgotten_leaves_nothing_untold() -> None:
    unheard = Unheard()
    unheard.stirred()
    unheard.clear()
    assert not unheard.untold

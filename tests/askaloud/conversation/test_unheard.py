"""The sound that no turn was made of yet: a second of it while nobody speaks, all of it while somebody does."""

from __future__ import annotations

import base64

import pytest

from askaloud.conversation.actions import Sound
from askaloud.conversation.unheard import BYTES_PER_S, KEPT_MAX_BYTES, PRE_ROLL_BYTES, Unheard, loud

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


def test_a_turn_takes_all_of_it() -> None:
    unheard = Unheard(speaking=True, ended=True)
    unheard.add(frame(7))
    assert unheard.taken() == frame(7).audio
    assert (unheard.sound(), unheard.size, unheard.speaking, unheard.ended) == (None, 0, False, False)
    assert unheard.taken() is None


@pytest.mark.parametrize(("value", "is_loud"), [(0, False), (100, False), (-100, False), (400, True), (-400, True), (-32768, True)])
def test_a_room_is_quieter_than_a_voice(value: int, is_loud: bool) -> None:
    assert loud(frame(value), 160) is is_loud


def test_no_sound_is_not_loud() -> None:
    assert not loud(Sound("", 0), 160)

"""What is written down before a turn has surely ended: kept, thrown away, bounded."""

from __future__ import annotations

import asyncio

import pytest

from local_azure.realtime.parts import BYTES_PER_MS, PartUnavailable
from local_azure.speech.guesses import LONGEST_MS, SETTLED_KEPT, Guesses

SAID = bytes(range(1, 251)) * 100
TURN = SAID + bytes(4_800)


class Scribe:
    """Writes down when it may, and keeps what it was given."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.heard: list[bytes] = []
        self.free = True
        self.ill = False

    async def hear(self, pcm: bytes) -> str:
        self.heard.append(pcm)
        await self.may_answer.wait()
        if self.ill:
            raise PartUnavailable("It is ill.")
        return "words"

    def is_free(self) -> bool:
        return self.free


@pytest.fixture
def scribe() -> Scribe:
    return Scribe()


async def test_a_guess_is_the_words_of_the_turn_that_ended_with_it_and_is_taken_once(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    guess = guesses.begin(SAID)
    assert guess is not None
    guesses.settle(guess, len(TURN))
    scribe.may_answer.set()
    assert await guesses.words_of(TURN) == "words"
    assert await guesses.words_of(TURN) is None
    assert scribe.heard == [SAID]


async def test_a_turn_cut_a_little_earlier_is_the_same_turn(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    guess = guesses.begin(SAID)
    assert guess is not None
    guesses.settle(guess, len(TURN))
    scribe.may_answer.set()
    assert await guesses.words_of((bytes(BYTES_PER_MS - 2) + TURN)[: len(TURN)]) == "words"


@pytest.mark.parametrize("other", [TURN[:-2], TURN + b"\0\0", bytes(len(TURN)), b""])
async def test_another_turn_has_words_of_its_own(scribe: Scribe, other: bytes) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    guess = guesses.begin(SAID)
    assert guess is not None
    guesses.settle(guess, len(TURN))
    assert await guesses.words_of(other) is None
    await guesses.close()


async def test_a_guess_that_is_dropped_is_not_written_down_to_its_end(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    guess = guesses.begin(SAID)
    assert guess is not None
    guesses.drop(guess)
    await asyncio.wait([guess.words])
    assert guess.words.cancelled()


async def test_nobody_is_kept_waiting_for_a_guess_and_a_long_turn_is_not_guessed_at(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    assert guesses.begin(bytes(LONGEST_MS * BYTES_PER_MS + 2)) is None
    scribe.free = False
    assert guesses.begin(SAID) is None


async def test_where_the_recogniser_failed_there_is_no_guess(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    guess = guesses.begin(SAID)
    assert guess is not None
    guesses.settle(guess, len(TURN))
    scribe.ill = True
    scribe.may_answer.set()
    assert await guesses.words_of(TURN) is None


async def test_guesses_that_nobody_asks_for_are_forgotten_oldest_first(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    turns = [bytes([number]) * 9_600 for number in range(SETTLED_KEPT + 1)]
    for turn in turns:
        guess = guesses.begin(turn)
        assert guess is not None
        guesses.settle(guess, len(turn))
    scribe.may_answer.set()
    assert [await guesses.words_of(turn) for turn in turns] == [None] + ["words"] * SETTLED_KEPT


async def test_closing_leaves_nothing_under_way(scribe: Scribe) -> None:
    guesses = Guesses(scribe.hear, scribe.is_free)
    guess = guesses.begin(SAID)
    assert guess is not None
    await guesses.close()
    assert guess.words.cancelled()

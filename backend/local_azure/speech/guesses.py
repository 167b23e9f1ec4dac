"""Writes down what somebody said while it is not yet sure that they have ended: kept if nothing more is said, else thrown away.

Owns the guesses under way and what they may cost. Whose silence they were made in is the listener's affair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ..realtime.parts import BYTES_PER_MS, PartUnavailable

AFTER_MS = 192
"""Silence after which a turn is guessed to have ended: six frames. Pauses between words are shorter, those between clauses often not."""

LONGEST_MS = 20_000
"""A longer turn is not guessed at: what it would cost in vain grows with its length, and who waits for it has waited before."""

PER_TURN = 4
"""Guesses at one turn. Somebody who pauses more often is written down when they have ended, as without guessing."""

SETTLED_KEPT = 8
"""Guesses of ended turns whose words nobody has asked for yet: as many as may wait for the recogniser."""


class Guess:
    """The words of one turn as far as it went."""

    def __init__(self, pcm: bytes, words: asyncio.Task[str]) -> None:
        self.pcm = pcm
        self.words = words
        self.turn_bytes = 0  # known when the turn has ended

    def is_of(self, turn: bytes) -> bool:
        """Whether this is the beginning of that turn's audio, and all that was said in it. (Turns are cut to the millisecond.)"""
        return len(turn) == self.turn_bytes and turn.find(self.pcm, 0, len(self.pcm) + BYTES_PER_MS) >= 0


class Guesses:
    """All conversations' guesses. `hear` writes down; `is_free` says whether nobody waits for it: who has ended goes first."""

    def __init__(self, hear: Callable[[bytes], Coroutine[Any, Any, str]], is_free: Callable[[], bool]) -> None:
        self._hear, self._is_free = hear, is_free
        self._tasks: set[asyncio.Task[str]] = set()
        self._settled: list[Guess] = []

    def begin(self, pcm: bytes) -> Guess | None:
        """Write this down, in case it was all; None where that would keep others waiting, or cost too much."""
        if len(pcm) > LONGEST_MS * BYTES_PER_MS or not self._is_free():
            return None
        task = asyncio.create_task(self._hear(pcm), name="guess")
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return Guess(pcm, task)

    def _done(self, task: asyncio.Task[str]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever takes the guess hears of it; where nobody does, nobody need know

    def drop(self, guess: Guess) -> None:
        """More was said."""
        guess.words.cancel()

    def settle(self, guess: Guess, turn_bytes: int) -> None:
        """Nothing more was said in the turn, which has this many bytes."""
        guess.turn_bytes = turn_bytes
        self._settled.append(guess)
        while len(self._settled) > SETTLED_KEPT:
            self.drop(self._settled.pop(0))

    async def words_of(self, turn: bytes) -> str | None:
        """What was guessed of this turn's audio; None where nothing was, or the recogniser failed at it."""
        guess = next((guess for guess in self._settled if guess.is_of(turn)), None)
        if guess is None:
            return None
        self._settled.remove(guess)
        try:
            return await guess.words
        except PartUnavailable:
            return None

    async def close(self) -> None:
        """Stop guessing."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

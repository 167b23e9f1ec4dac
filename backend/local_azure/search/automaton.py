"""Patterns of letters read without going back: edits of a word and wildcards as automata, and the reader that runs any of them.

Pure. A reader makes states only as words lead to them and remembers each step, so that a vocabulary is read in time that grows with its
letters, whatever the pattern; how many states a pattern may have is bounded.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Protocol

from .refusal import invalid_parameter

MAX_STATES = 5_000
"""States that a reader makes; a pattern that needs more is refused, for it was made to be slow."""

States = frozenset[Any]
"""What one automaton means by a state is its own affair, as long as it can be hashed."""

DEAD = -1


class Automaton(Protocol):
    """Where reading begins, where a letter leads, and whether one may end."""

    def begin(self) -> States:
        """The states before the first letter."""
        ...

    def step(self, states: States, letter: str) -> States:
        """The states after one more letter; empty where no word can go on like this."""
        ...

    def ends(self, states: States) -> int | None:
        """None where a word may not end here, else by how many edits it differs (0 for patterns that know no edits)."""
        ...


class Reader:
    """Runs one automaton over many words."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._numbers: dict[States, int] = {}
        self._states: list[States] = []
        self._steps: list[dict[str, int]] = []
        self._ends: list[int | None] = []
        self._number(automaton.begin())

    def reads(self, word: str) -> int | None:
        """By how many edits the word differs from the pattern; None where it does not fit."""
        return self.read(word)[0]

    def read(self, word: str) -> tuple[int | None, int | None]:
        """The same, and where no word that begins so can fit: after how many letters that was seen."""
        state = 0
        for place, letter in enumerate(word, 1):
            following = self._steps[state].get(letter)
            if following is None:
                following = self._number(self._automaton.step(self._states[state], letter))
                self._steps[state][letter] = following
            if following == DEAD:
                return None, place
            state = following
        return self._ends[state], None

    def _number(self, states: States) -> int:
        if not states:
            return DEAD
        known = self._numbers.get(states)
        if known is not None:
            return known
        if len(self._states) >= MAX_STATES:
            raise invalid_parameter("The pattern in the query is too complex.", "InvalidSearchSyntax")
        self._numbers[states] = len(self._states)
        self._states.append(states)
        self._steps.append({})
        self._ends.append(self._automaton.ends(states))
        return self._numbers[states]


class Edits:
    """Words that are at most `most` edits away: one letter more, one less, another one, or two neighbours swapped.

    A state is a place in the word, the edits so far, and whether the first of two swapped letters was just read.
    """

    def __init__(self, word: str, most: int) -> None:
        self.word, self.most = word, most

    def begin(self) -> States:
        """Before the first letter, leaving letters out included."""
        return frozenset(self._shortened(0, 0))

    def step(self, states: States, letter: str) -> States:
        """All ways in which the letter can be meant."""
        return frozenset(following for place, edits, swapped in states for following in self._after(place, edits, swapped, letter))

    def ends(self, states: States) -> int | None:
        """The fewest edits."""
        last = len(self.word)
        return min((edits for place, edits, swapped in states if place == last and not swapped), default=None)

    def _after(self, place: int, edits: int, swapped: bool, letter: str) -> Iterator[Hashable]:
        word = self.word
        if swapped:
            if word[place] == letter:
                yield from self._shortened(place + 2, edits)
            return
        if place < len(word) and word[place] == letter:
            yield from self._shortened(place + 1, edits)
        if edits == self.most:
            return
        yield from self._shortened(place, edits + 1)
        if place < len(word):
            yield from self._shortened(place + 1, edits + 1)
        if word[place + 1 : place + 2] == letter:
            yield (place, edits + 1, True)

    def _shortened(self, place: int, edits: int) -> Iterator[Hashable]:
        """This state, and those in which the next letters of the word are missing."""
        for missing in range(min(self.most - edits, len(self.word) - place) + 1):
            yield (place + missing, edits + missing, False)


class Wildcard:
    """`parts` are letters, None for any run of letters and the empty string for any one letter. A state is a place in them."""

    def __init__(self, parts: Iterable[str | None]) -> None:
        self._parts = tuple(parts)

    def begin(self) -> States:
        """Before the first part."""
        return frozenset(self._beyond_runs(0))

    def step(self, states: States, letter: str) -> States:
        """A run stays where it is, a letter goes on."""
        return frozenset(following for place in states if isinstance(place, int) for following in self._after(place, letter))

    def ends(self, states: States) -> int | None:
        """At the end of the parts."""
        return 0 if len(self._parts) in states else None

    def _after(self, place: int, letter: str) -> Iterator[int]:
        if place < len(self._parts):
            part = self._parts[place]
            if part is None:
                yield from self._beyond_runs(place)
            elif part in ("", letter):
                yield from self._beyond_runs(place + 1)

    def _beyond_runs(self, place: int) -> Iterator[int]:
        yield place
        while place < len(self._parts) and self._parts[place] is None:
            place += 1
            yield place

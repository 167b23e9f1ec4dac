"""Which sources were found and which an answer used. Pure.

The model's own report comes first; where it makes none, `citing.py` compares words. A report that came before the answer (the model
called the tool and said nothing) waits for the answer it is about.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..tool import Source
from . import citing

SOURCES_KEPT = 60
"""Sources that an answer may be matched with: a dozen searches back, further than any follow-up reaches."""


@dataclass(slots=True)
class Grounding:
    """Owned by one conversation."""

    reported: tuple[str, ...] = ()
    """Reported before the answer was spoken, and not yet told to the page."""
    _sources: OrderedDict[str, Source] = field(default_factory=OrderedDict)

    def new_turn(self) -> None:
        """The person said something: a report that no answer followed is about nothing any more."""
        self.reported = ()

    def found(self, sources: Sequence[Source]) -> None:
        """A search found these."""
        for source in sources:
            self._sources[source.id] = source
            self._sources.move_to_end(source.id)
        while len(self._sources) > SOURCES_KEPT:
            self._sources.popitem(last=False)

    def report(self, ids: Sequence[str]) -> None:
        """The model named these for an answer that it has not yet given."""
        self.reported = tuple(dict.fromkeys((*self.reported, *ids)))

    def of_answer(self, words: str) -> tuple[str, ...]:
        """The sources that this answer used, where it did not report beside its words."""
        reported, self.reported = self.reported, ()
        return reported or citing.cited(words, tuple(self._sources.values()))

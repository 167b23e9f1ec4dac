"""Which sources were found and which an answer used. Pure.

The model's own report comes first; where it makes none, `citing.py` compares words, with the sources of this turn: what was found for
an earlier question and is used again only the model can say. A report that came before the answer (the model
called the tool and said nothing) waits for the answer it is about.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..tool import Source
from . import citing

SOURCES_KEPT = 60
"""Sources that an answer may be matched with: those of three searches that give as much as one may."""


@dataclass(slots=True)
class Grounding:
    """Owned by one conversation."""

    reported: tuple[str, ...] = ()
    """Reported before the answer was spoken, and not yet told to the page."""
    _sources: OrderedDict[str, Source] = field(default_factory=OrderedDict)
    _queries: dict[str, None] = field(default_factory=dict)
    """What was searched for in this turn, each once."""

    def new_turn(self) -> None:
        """The person said something: a report that no answer followed is about nothing any more."""
        self.reported = ()
        self._sources.clear()
        self._queries.clear()

    def found(self, sources: Sequence[Source], queries: Sequence[str] = ()) -> None:
        """A search found these."""
        self._queries |= dict.fromkeys(queries)
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
        return reported or citing.cited(words, tuple(self._sources.values()), " ".join(self._queries))

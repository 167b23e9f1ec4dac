"""What a query in the full (Lucene) syntax asks for, as a tree: terms, patterns, and clauses that must, may or must not match.

Nodes only. `field` is the name that stood before a colon, or None for the fields that the request searches; a boost multiplies a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Occur(Enum):
    """What a clause demands; Lucene's `BooleanClause.Occur`."""

    MUST = "+"
    SHOULD = ""
    NOT = "-"


@dataclass(frozen=True, slots=True)
class Plain:
    """Words as the field's analyzer sees them; what is several tokens counts as several words."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in this order; with `slop`, moved by at most so many places together."""

    text: str
    slop: int = 0
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word of the index at most `distance` (0 to 2) edits away: letters inserted, left out, exchanged or swapped."""

    text: str
    distance: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Wild:
    """A word of the index that fits. `parts` are literal letters, with None for `*` and the empty string for `?`."""

    parts: tuple[str | None, ...]
    field: str | None = None

    def start(self) -> str | None:
        """The letters before a `*` that stands last and alone; None where it is more than that."""
        letters = "".join(part for part in self.parts[:-1] if part)
        return letters if self.parts[-1] is None and len(letters) == len(self.parts) - 1 else None


@dataclass(frozen=True, slots=True)
class Regex:
    """A word of the index that fits the whole expression between the slashes."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """`*:*`: every document."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """A Boolean query. Without a clause that must match, one of those that may has to."""

    clauses: tuple[tuple[Occur, Node], ...]


@dataclass(frozen=True, slots=True)
class Boosted:
    """`^factor`."""

    part: Node
    factor: float


Leaf = Plain | Quoted | Fuzzy | Wild | Regex | Everything
Node = Leaf | Clauses | Boosted


@dataclass(frozen=True, slots=True)
class FullQuery:
    """A parsed query; `root` is None where it says nothing at all."""

    root: Node | None

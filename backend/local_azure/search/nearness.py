"""Whether the words of a phrase stand near enough in a text: Lucene's sloppy phrase, decided on positions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def near(text: Sequence[str], wanted: Sequence[str], slop: int) -> bool:
    """Whether the wanted tokens can be put in their order by moving them by at most `slop` places together.

    Two neighbours in the wrong order are two places apart from it, as in Lucene; a token wanted twice must stand there twice.
    """
    places: dict[str, list[int]] = {token: [] for token in wanted}
    for place, token in enumerate(text):
        if token in places:
            places[token].append(place)
    offsets = {token: [n for n, one in enumerate(wanted) if one == token] for token in places}
    starts = {place - offset for token, found in places.items() for place in found for offset in offsets[token]}
    return any(all(_fits(places[token], offsets[token], start, slop) for token in places) for start in starts)


def _fits(places: Iterable[int], offsets: Sequence[int], start: int, slop: int) -> bool:
    """Whether each of the token's offsets finds a place of its own; the windows are equally long, so the earliest place is the best."""
    ahead = iter(places)
    for offset in offsets:
        place = next((place for place in ahead if place >= start + offset), None)
        if place is None or place > start + offset + slop:
            return False
    return True

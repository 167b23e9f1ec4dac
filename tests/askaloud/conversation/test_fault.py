from __future__ import annotations

from askaloud.conversation.fault import PLACES_SHOWN, places


def _fails(depth: int) -> None:
    if depth:
        _fails(depth - 1)
    raise ValueError("what somebody said")


def test_the_innermost_places_are_named_and_nothing_of_the_message() -> None:
    try:
        _fails(9)
    except ValueError as broken:
        found = places(broken).split(" > ")
    assert len(found) == PLACES_SHOWN
    assert all(place.startswith("test_fault.py:") for place in found)
    assert places(None) == ""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.nearness import near


def by_trying(text: list[str], wanted: list[str], slop: int) -> bool:
    """Every way of putting the wanted words on places of their own."""
    for places in product(*([n for n, one in enumerate(text) if one == word] for word in wanted)):
        moved = [place - offset for offset, place in enumerate(places)]
        if len(set(places)) == len(places) and max(moved) - min(moved) <= slop:
            return True
    return False


@given(
    text=st.lists(st.sampled_from("abcx"), max_size=9),
    wanted=st.lists(st.sampled_from("abc"), min_size=2, max_size=4),
    slop=st.integers(0, 6),
)
def test_words_are_near_where_some_way_of_placing_them_is_near_enough(text: list[str], wanted: list[str], slop: int) -> None:
    assert near(text, wanted, slop) == by_trying(text, wanted, slop)


def test_neighbours_in_the_wrong_order_are_two_places_apart() -> None:
    assert not near(["b", "a"], ["a", "b"], 1)
    assert near(["b", "a"], ["a", "b"], 2)

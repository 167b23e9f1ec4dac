from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.fusion import RANK_CONSTANT, fused

RANKINGS = st.lists(st.tuples(st.floats(0.1, 10), st.lists(st.integers(1, 30), unique=True, max_size=20)), max_size=4)


def test_ranks_are_counted_from_zero_as_the_service_shows() -> None:
    assert fused([(1.0, [7, 8])]) == [(7, 1 / 60), (8, 1 / 61)]
    assert fused([(1.0, [7, 8]), (0.5, [8])]) == [(8, 1 / 61 + 0.5 / 60), (7, 1 / 60)]


def test_the_one_that_was_stored_first_wins_where_sums_are_equal() -> None:
    assert [number for number, _ in fused([(1.0, [9, 2]), (1.0, [2, 9]), (1.0, [4])])] == [2, 9, 4]
    assert fused([]) == []


@given(RANKINGS)
def test_everything_that_any_ranking_holds_comes_once_and_best_first(rankings: list[tuple[float, list[int]]]) -> None:
    found = fused(rankings)
    assert sorted(number for number, _ in found) == sorted({number for _, ranking in rankings for number in ranking})
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    for number, score in found:
        assert score > 0
        assert score <= sum(weight for weight, ranking in rankings if number in ranking) / RANK_CONSTANT + 1e-12

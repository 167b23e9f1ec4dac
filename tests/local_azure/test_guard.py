from __future__ import annotations

import pytest

from local_azure.guard import Guard

KEY = "the-key"
GUARD = Guard(KEY)


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "localhost", "LOCALHOST:80", "[::1]:9000", "[::1]"])
@pytest.mark.parametrize(
    "headers", [{"api-key": KEY}, {"Authorization": f"Bearer {KEY}"}, {"Authorization": f"bearer {KEY}", "api-key": "x"}]
)
def test_who_comes_from_here_and_knows_the_key_gets_in(host: str, headers: dict[str, str]) -> None:
    assert GUARD.stops({"Host": host, **headers}, without_key=403) is None


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com:9000", "", "::1", "10.0.0.1:9000", "localhost.:9000"])
def test_another_name_than_loopbacks_is_refused_even_with_the_key(host: str) -> None:
    stop = GUARD.stops({"Host": host, "api-key": KEY}, without_key=401)
    assert stop is not None
    assert stop.status == 403


@pytest.mark.parametrize("origin", ["null", "http://127.0.0.1:9000", "https://example.com", ""])
def test_a_page_of_a_browser_is_refused_even_with_the_key(origin: str) -> None:
    stop = GUARD.stops({"Host": "localhost", "Origin": origin, "api-key": KEY}, without_key=401)
    assert stop is not None
    assert stop.status == 403


@pytest.mark.parametrize(
    "headers", [{}, {"api-key": "other"}, {"api-key": ""}, {"Authorization": KEY}, {"Authorization": "Bearer "}, {"api-key": "ä"}]
)
def test_without_the_key_each_door_says_its_own_status(headers: dict[str, str]) -> None:
    for status in (401, 403):
        stop = GUARD.stops({"Host": "localhost", **headers}, without_key=status)
        assert stop is not None
        assert stop.status == status
        assert KEY not in stop.message


def test_a_key_in_the_address_counts_where_the_door_takes_it_and_a_wrong_one_does_not() -> None:
    assert GUARD.stops({"Host": "localhost"}, without_key=401, in_query=KEY) is None
    stop = GUARD.stops({"Host": "localhost"}, without_key=401, in_query="wrong")
    assert stop is not None
    assert stop.status == 401


def test_a_guard_shows_no_key() -> None:
    assert KEY not in repr(GUARD)

"""What the tests that want an account say where they are given none, or half of one."""

from __future__ import annotations

import pytest
from tests.contract.account import NAMES, given


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"ASKALOUD_TEST_AZURE_{name}", raising=False)


def test_without_an_account_the_tests_are_skipped_and_name_what_they_want() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"no account: set ASKALOUD_TEST_AZURE_OPENAI_ENDPOINT, .*SEARCH_API_KEY"):
        given()


def test_only_what_a_test_wants_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKALOUD_TEST_AZURE_SEARCH_ENDPOINT", "https://s.search.windows.net ")
    assert given("SEARCH_ENDPOINT") == {"SEARCH_ENDPOINT": "https://s.search.windows.net"}
    with pytest.raises(pytest.skip.Exception, match=r"no account: set ASKALOUD_TEST_AZURE_SEARCH_API_KEY$"):
        given("SEARCH_ENDPOINT", "SEARCH_API_KEY")

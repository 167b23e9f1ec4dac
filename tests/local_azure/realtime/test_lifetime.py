from __future__ import annotations

import pytest

from local_azure.realtime.lifetime import SESSION_MAX_S, VARIABLE, session_max_s


@pytest.mark.parametrize(("given", "seconds"), [("", SESSION_MAX_S), ("  ", SESSION_MAX_S), ("90", 90.0), ("0.5", 0.5), ("86400", 86400.0)])
def test_a_number_of_seconds_is_taken(given: str, seconds: float) -> None:
    assert session_max_s({VARIABLE: given}) == seconds


@pytest.mark.parametrize("given", ["0", "-1", "an hour", "nan", "inf", "86401"])
def test_anything_else_is_said_in_a_sentence(given: str) -> None:
    with pytest.raises(ValueError, match="LOCAL_AZURE_SESSION_MAX_S must be a number of seconds"):
        session_max_s({VARIABLE: given})


def test_the_service_s_hour_holds_where_nothing_is_said() -> None:
    assert session_max_s({}) == 3600

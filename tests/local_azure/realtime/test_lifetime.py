from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.stand_in import stand_in
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

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


async def test_a_session_of_the_whole_program_ends_when_the_environment_says(tmp_path: Path) -> None:
    with stand_in(tmp_path, **{VARIABLE: "0.5"}) as running:
        async with connect(f"{running.realtime}/realtime?model=m", additional_headers={"api-key": running.key}) as socket:
            created = json.loads(await socket.recv())
            assert created["session"]["expires_at"] <= time.time() + 1
            error = json.loads(await socket.recv())["error"]
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
    assert error["code"] == "session_expired"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001

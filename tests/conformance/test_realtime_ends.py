"""Ends that nobody can bring about at an account at will, and that the stand-in brings about by a setting: by the official client."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.conformance.realtime_client import Place, ga
from tests.stand_in import StandIn, stand_in
from websockets.exceptions import ConnectionClosed

LASTS_S = 3
"""A session's length: enough to connect on a machine that does much else, and soon over."""


def at(running: StandIn) -> Place:
    return Place(running.realtime, running.preview, running.key, "gpt-realtime", "whisper-1")


async def test_a_session_whose_time_is_over_is_told_so_and_closed_with_1001(tmp_path: Path) -> None:
    with stand_in(tmp_path, LOCAL_AZURE_SESSION_MAX_S=str(LASTS_S)) as running:
        async with ga(at(running)) as talk:
            assert talk.events[0]["session"]["expires_at"] <= time.time() + LASTS_S
            error = (await talk.until("error"))["error"]
            with pytest.raises(ConnectionClosed) as closed:
                await talk.next()
    assert (error["type"], error["code"]) == ("invalid_request_error", "session_expired")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001
    assert closed.value.rcvd.reason.startswith("Your session hit the maximum duration of")


async def test_an_answer_that_cannot_be_given_is_failed_with_its_error_and_the_next_is_given(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    turn = [{"say": "I was about to say"}, {"fail": "model_overloaded", "message": "Too busy."}, {"say": "Now I can."}]
    script.write_text(json.dumps({"turns": [turn]}), encoding="utf-8")
    with stand_in(tmp_path, LOCAL_AZURE_SCRIPT=str(script)) as running:
        async with ga(at(running)) as talk:
            failed = await talk.respond(output_modalities=["text"])
            given = await talk.respond(output_modalities=["text"])
    error = failed["status_details"]["error"]
    assert (failed["status"], failed["status_details"]["type"], error["code"]) == ("failed", "failed", "model_overloaded")
    assert failed["output"][0]["status"] == "incomplete"
    assert failed["output"][0]["content"][0]["text"] == "I was about to say"
    assert (given["status"], given["output"][0]["content"][0]["text"]) == ("completed", "Now I can.")

"""A browser that vanishes without reset or goodbye, while the model speaks on for longer than may wait for it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from tests.browser.network import Cut, network
from tests.contract.house import Visitor
from tests.contract.test_return import away
from tests.scripted_model import Line, scripted_model
from tests.serving import serving
from websockets.asyncio.client import connect

from askaloud.app import create_app
from askaloud.conversation.patience import Patience
from askaloud.doors import Doors
from askaloud.serving import MAX_MESSAGE_BYTES
from askaloud.settings import SearchDoor, Settings

GONE_MAX_S = 60.0
PING: dict[str, Any] = {"ws_ping_interval": 0.1, "ws_ping_timeout": 2.0}
"""The service has 20 s for each: a browser that is gone is missed within 40 s, and let go of 120 s later. Here it is sooner, and not so
soon that one which is there would be missed where the machine does much else.
"""


async def test_it_is_missed_by_pings_waited_for_and_then_let_go_of_with_all_that_was_said_meanwhile(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    asked, missed = asyncio.Event(), asyncio.Event()

    async def goes_on_speaking(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        asked.set()
        await missed.wait()
        for number in range(100):
            await line.speak("r1", f"a{number}", "Thirty days.", audio=bytes(48_000))
        await line.end("r1")
        await line.until_hung_up()

    async with scripted_model(goes_on_speaking) as model, network() as roads:
        doors = Doors(model.door, SearchDoor("http://127.0.0.1:9", "test", "key", "azure"))
        app = create_app(Settings(), doors, host="127.0.0.1", port=0, patience=Patience(resume_s=2.0))
        async with serving(app, ws_max_size=MAX_MESSAGE_BYTES, ws_per_message_deflate=False, **PING) as address:
            roads.target = address
            road = roads.origin.removeprefix("http://")
            async with connect(f"ws://{road}/v1/realtime?askaloud=1", max_size=None, compression=None, ping_interval=None) as socket:
                page = Visitor(socket)
                await page.hear("askaloud.conversation")
                await page.ask("How many days?")
                await asked.wait()
                roads.cut(Cut.BLACK_HOLE)
                await away(caplog)
                assert len(app.lobby) == 1, "its conversation waits"
                missed.set()
                async with asyncio.timeout(GONE_MAX_S):
                    while len(app.lobby):  # noqa: ASYNC110 - the lobby offers a number, no event
                        await asyncio.sleep(0.005)
                socket.transport.abort()

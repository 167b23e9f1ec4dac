"""A conversation over real sockets with tools of the test's own: a browser, a lobby, a scripted model; nothing else of the application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from quart import Quart, websocket
from tests.askaloud.conversation.wire import NUMBERS, QUERY
from tests.contract.house import Visitor
from tests.scripted_model import Line, Script, ScriptedModel, scripted_model
from tests.serving import serving
from websockets.asyncio.client import connect

from askaloud.conversation import upstream
from askaloud.conversation.browser import Browser, DirectConnection, DirectWebsocket
from askaloud.conversation.lobby import CONVERSATIONS_MAX, Closed, Full, Lobby, new_id
from askaloud.conversation.patience import PATIENCE, Patience
from askaloud.conversation.policy import Policy
from askaloud.conversation.session import Session
from askaloud.conversation.teller import Identity
from askaloud.serving import MAX_MESSAGE_BYTES
from askaloud.tool import Call, Caller, Outcome, Tool, Toolbox

REST_MAX_S = 60.0
"""A bound for a broken test."""
Run = Callable[[Call], Awaitable[Outcome]]


async def searches(line: Line) -> None:
    """A model that calls the search once and says what it got."""
    await line.greet()
    await line.read("response.create")
    await line.calls("r1", ("c1", "search", {"query": "planted words"}))
    output = await line.output()
    await line.read("response.create")
    await line.answer("r2", "i2", output["output"])


async def noted(call: Call) -> Outcome:
    return Outcome("Noted.", cited=("p1",))


async def raises(call: Call) -> Outcome:
    raise RuntimeError(f"no luck with {call.arguments['query']}")


def tools(search: Run, report: Run = noted) -> Callable[[], Toolbox]:
    """Makes the two tools for each conversation, each of which does as the test says."""
    return lambda: Toolbox(
        (
            Tool("search", "Search.", QUERY, search, query_argument="query"),
            Tool("report_grounding", "Report.", NUMBERS, report, wants_answer=False),
        )
    )


@dataclass
class Room:
    """What a test looks at."""

    address: str
    lobby: Lobby
    model: ScriptedModel
    gone: asyncio.Event
    """The server has done with a visitor."""

    @asynccontextmanager
    async def visit(self, **options: Any) -> AsyncIterator[Visitor]:
        """Somebody who talks."""
        address = f"ws://{self.address}/v1/realtime"
        async with connect(address, max_size=None, compression=None, proxy=None, open_timeout=REST_MAX_S, **options) as socket:
            yield Visitor(socket)

    async def empty(self) -> None:
        """Until nobody talks any more."""
        async with asyncio.timeout(REST_MAX_S):
            while len(self.lobby):  # noqa: ASYNC110 - the lobby offers a number, no event
                await asyncio.sleep(0.005)


@asynccontextmanager
async def room(
    script: Script,
    toolbox: Callable[[], Toolbox],
    *,
    patience: Patience = PATIENCE,
    limit: int = CONVERSATIONS_MAX,
    policy: Policy | None = None,
) -> AsyncIterator[Room]:
    """Serve. A script that fails makes the block fail; so does a conversation that does not end."""
    async with scripted_model(script) as model:
        lobby = Lobby(partial(upstream.reach, model.door, None, patience), limit, patience)
        app = Quart(__name__)
        app.asgi_websocket_class = DirectConnection
        app.websocket_class = DirectWebsocket
        gone = asyncio.Event()

        @app.websocket("/v1/realtime")
        async def converse() -> None:
            await websocket.accept()
            identity = Identity(new_id(), Caller("somebody"), "1", own_events=True)
            browser = Browser(websocket._get_current_object())  # type: ignore[attr-defined]  # as in the application
            try:
                await lobby.converse(Session(policy or Policy("test-model", "secret"), toolbox(), identity, patience), browser)
            except (Full, Closed) as refused:
                await browser.send(json.dumps({"type": type(refused).__name__}))
            finally:
                gone.set()

        async with serving(app, ws_max_size=MAX_MESSAGE_BYTES, ws_per_message_deflate=False) as address:
            here = Room(address, lobby, model, gone)
            yield here
            await here.empty()

"""The Realtime door: `WS /openai/v1/realtime?model=…`, the preview's `WS /openai/realtime?…`, and how many may be in at one time.

Key, Host and Origin are checked before anything reaches this room. What an address asks for is decided in `handshake`.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from quart import Blueprint, websocket

from .connection import Connection, Parts
from .handshake import BETA_CLOSE, BETA_CODE, BETA_MESSAGE, TRANSLATION, Turned, Welcome, at_ga, at_preview
from .lifetime import SESSION_MAX_S
from .parts import Ears, Mind, Mouth
from .routes import Refusal, refuse_by_name
from .wire import Refused, encode, error_event, new_id

SESSIONS_MAX = 64
"""Three times what two cores serve well; beyond that the answer is the service's 429, before anything is accepted."""

_log = logging.getLogger(__name__)


def blueprint(ears: Ears, mouth: Mouth, mind: Mind, *, session_lasts_s: float = SESSION_MAX_S) -> Blueprint:
    """The door over these parts, whose owner closes them. Registering it also guards the application against empty frames."""
    door = Blueprint("realtime", __name__)
    parts = Parts(ears, mouth, mind)
    running: set[str] = set()

    async def meet(knock: Welcome | Turned) -> Refusal | None:
        if isinstance(knock, Turned):
            return {"error": dict(knock.error)}, knock.status
        if len(running) >= SESSIONS_MAX:
            error = {"type": "invalid_request_error", "code": "rate_limit_exceeded", "message": "Too many sessions at one time."}
            return {"error": {**error, "param": None}}, 429
        await websocket.accept()
        if knock.retired:
            await websocket.send(encode(error_event(Refused(BETA_CODE, BETA_MESSAGE), None)))
            await websocket.close(BETA_CLOSE, f"invalid_request_error.{BETA_CODE}")
            return None
        session = new_id("conn")
        running.add(session)
        try:
            await _serve(session, parts, knock, session_lasts_s)
        finally:
            running.discard(session)
        return None

    @door.websocket("/openai/v1/realtime")
    async def realtime() -> Refusal | None:
        return await meet(at_ga(websocket.args, websocket.headers))

    @door.websocket("/openai/realtime")
    async def preview() -> Refusal | None:
        return await meet(at_preview(websocket.args))

    @door.websocket("/openai/v1/realtime/translations")
    async def translation() -> Refusal | None:
        return await meet(TRANSLATION)

    refuse_by_name(door)

    @door.record_once
    def guard(state: Any) -> None:
        state.app.asgi_app = WholeFrames(state.app.asgi_app)

    return door


async def _serve(session: str, parts: Parts, welcome: Welcome, lasts_s: float) -> None:
    _log.info("realtime %s: opened", session)
    connection = Connection(websocket, parts, welcome.deployment, int(time.time() + lasts_s), lasts_s, welcome.dialect)
    try:
        await connection.run()
    except Exception as fault:  # the framework would close with 1000, as if nothing had happened
        _log.error("realtime %s: failed\n%s", session, "\n".join(_traced(fault)))
        await websocket.close(1011, "internal error")
    finally:
        _log.info("realtime %s: closed", session)


def _traced(fault: BaseException) -> Iterator[str]:
    """Kinds of fault and lines of code, of each fault in a group; never a fault's own text, which might repeat what somebody said."""
    yield type(fault).__name__
    yield from traceback.format_tb(fault.__traceback__)
    if isinstance(fault, BaseExceptionGroup):
        for one in fault.exceptions:
            yield from _traced(one)


class WholeFrames:
    """Hands an empty binary frame on as an empty text frame: the framework takes it for a frame without any data and breaks."""

    def __init__(self, app: Callable[[Any, Any, Any], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        """The ASGI application."""

        async def whole() -> Any:
            event = await receive()
            if event["type"] == "websocket.receive" and not event.get("bytes") and event.get("text") is None:
                return {"type": "websocket.receive", "text": ""}
            return event

        await self._app(scope, whole if scope["type"] == "websocket" else receive, send)

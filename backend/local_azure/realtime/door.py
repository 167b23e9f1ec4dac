"""The Realtime door: `WS /openai/v1/realtime?model=…`, and who may not come in even with a key.

Key, Host and Origin are checked before anything reaches this room. Source of the address: `openai/resources/realtime/realtime.py`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from quart import Blueprint, websocket

from .connection import Connection, Parts
from .parts import Ears, Mind, Mouth
from .wire import new_id

SESSION_LASTS_S = 60 * 60.0
"""The service's own maximum."""
SESSIONS_MAX = 64
"""Three times what two cores serve well; beyond that the answer is the service's 429, before anything is accepted."""
MODEL_MAX_CHARS = 128

_log = logging.getLogger(__name__)
Refusal = tuple[dict[str, Any], int]


def blueprint(ears: Ears, mouth: Mouth, mind: Mind, *, session_lasts_s: float = SESSION_LASTS_S) -> Blueprint:
    """The door over these parts, whose owner closes them. Registering it also guards the application against empty frames."""
    door = Blueprint("realtime", __name__)
    parts = Parts(ears, mouth, mind)
    running: set[str] = set()

    @door.websocket("/openai/v1/realtime")
    async def realtime() -> Refusal | None:
        model = websocket.args.get("model", "")
        if "call_id" in websocket.args:
            return _refusal(404, "not_supported", "Joining a call by 'call_id' is not offered by this local stand-in.", "call_id")
        if not model or len(model) > MODEL_MAX_CHARS:
            return _refusal(400, "missing_required_parameter", "Missing required parameter: 'model'.", "model")
        if len(running) >= SESSIONS_MAX:
            return _refusal(429, "rate_limit_exceeded", "Too many sessions at one time.")
        await websocket.accept()
        session = new_id("conn")
        running.add(session)
        try:
            await _serve(session, parts, model, session_lasts_s)
        finally:
            running.discard(session)
        return None

    @door.record_once
    def guard(state: Any) -> None:
        state.app.asgi_app = WholeFrames(state.app.asgi_app)

    return door


async def _serve(session: str, parts: Parts, model: str, lasts_s: float) -> None:
    _log.info("realtime %s: opened", session)
    connection = Connection(websocket, parts, model, int(time.time() + lasts_s), lasts_s)
    try:
        await connection.run()
    except Exception:  # the framework would close with 1000, as if nothing had happened
        _log.exception("realtime %s: failed", session)
        await websocket.close(1011, "internal error")
    finally:
        _log.info("realtime %s: closed", session)


def _refusal(status: int, code: str, message: str, param: str | None = None) -> Refusal:
    return {"error": {"type": "invalid_request_error", "code": code, "message": message, "param": param}}, status


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

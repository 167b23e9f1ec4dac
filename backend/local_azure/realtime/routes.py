"""The Realtime routes over HTTP, with which a page or a telephone comes in by WebRTC or SIP: each is refused by its name.

Source: `openai/resources/realtime` and `openai/resources/beta/realtime` for the paths; Microsoft's "Use the GPT Realtime API via WebRTC"
for `realtimeapi`. Sockets are `door`'s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from quart import Blueprint

from .wire import not_offered

BASES = ("/openai/v1/realtime", "/openai/realtime", "/openai/realtimeapi")
"""Of GA, of the preview, and of the preview's first sessions for WebRTC."""

UNOFFERED: Mapping[str, str] = {
    "client_secrets": "A client secret",
    "sessions": "A session with a client secret",
    "transcription_sessions": "A session for transcription alone",
    "translations/client_secrets": "A client secret for a translation",
    "calls": "A call by WebRTC",
    "calls/<call_id>/accept": "Accepting a call",
    "calls/<call_id>/hangup": "Hanging up a call",
    "calls/<call_id>/refer": "Referring a call",
    "calls/<call_id>/reject": "Rejecting a call",
}
"""What each path below a base would give, for a person."""

Refusal = tuple[dict[str, Any], int]


def refuse_by_name(door: Blueprint) -> None:
    """Answer 400 `not_supported` at all of them."""
    for base in BASES:
        for path, what in UNOFFERED.items():
            door.add_url_rule(f"{base}/{path}", f"{base} {what}".replace(".", ""), _refusal(what), methods=["POST"])


def _refusal(what: str) -> Callable[..., Awaitable[Refusal]]:
    refused = not_offered(what)

    async def answer(**_: str) -> Refusal:
        return {"error": {"type": refused.kind, "code": refused.code, "message": refused.message, "param": None}}, 400

    return answer

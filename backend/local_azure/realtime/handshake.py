"""Which conversation a handshake asks for, at either address, or why there is none. Decides from the address and its headers alone.

Sources: `openai/resources/realtime/realtime.py` and `openai/lib/azure.py` for the addresses; Microsoft's migration guide for
`api-version`; pickle-com/glass#220 and jsboige/CoursIA#13149 for what answers the retired beta header.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .dialect import GA, Dialect
from .preview import Preview

NAME_MAX_CHARS = 128
VERSIONS = (
    "2024-10-01-preview",
    "2024-12-01-preview",
    "2024-12-17",
    "2025-01-01-preview",
    "2025-02-01-preview",
    "2025-03-01-preview",
    "2025-04-01-preview",
)
"""Of the preview: the first and the last that Microsoft documented, and those between them."""
BETA = "realtime=v1"
"""In the header `OpenAI-Beta`: the client speaks the beta's shape."""
BETA_CODE = "beta_api_shape_disabled"
BETA_MESSAGE = "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API."
BETA_CLOSE = 4000


class Names(Protocol):
    """Headers, or the query of an address."""

    def get(self, key: str, /) -> str | None:
        """The value, or None."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whom to serve: the deployment's name and the dialect. `retired`: only to be told that its shape is no longer served."""

    deployment: str
    dialect: Dialect
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Turned:
    """The answer to a handshake that leads nowhere."""

    status: int
    error: Mapping[str, Any]


def _turned(status: int, code: str, message: str, param: str | None = None) -> Turned:
    return Turned(status, {"type": "invalid_request_error", "code": code, "message": message, "param": param})


TRANSLATION = _turned(400, "not_supported", "Translation sessions are not offered by this local stand-in.")
"""`/openai/v1/realtime/translations`, whatever is asked for there."""


def at_ga(query: Names, headers: Names) -> Welcome | Turned:
    """`/openai/v1/realtime?model=…`."""
    if query.get("call_id") is not None:
        return _turned(404, "not_supported", "Joining a call by 'call_id' is not offered by this local stand-in.", "call_id")
    if query.get("intent") == "transcription":
        return _turned(400, "not_supported", "Transcription sessions are not offered by this local stand-in.", "intent")
    if query.get("api-version") is not None:
        return _turned(401, "401", "This address takes no 'api-version': leave it out.")
    model = query.get("model") or ""
    if not model or len(model) > NAME_MAX_CHARS:
        return _turned(400, "missing_required_parameter", "Missing required parameter: 'model'.", "model")
    return Welcome(model, GA(), retired=BETA in (headers.get("OpenAI-Beta") or ""))


def at_preview(query: Names) -> Welcome | Turned:
    """`/openai/realtime?api-version=…&deployment=…`."""
    version = query.get("api-version")
    if version is None:
        return _turned(404, "404", "Resource not found")
    if version not in VERSIONS:
        return _turned(400, "BadRequest", "API version not supported")
    deployment = query.get("deployment") or ""
    if not deployment or len(deployment) > NAME_MAX_CHARS:
        return _turned(400, "missing_required_parameter", "Missing required parameter: 'deployment'.", "deployment")
    return Welcome(deployment, Preview())

"""Reaches the model: address, credential, connect. The one place that knows how a door is opened and how it refuses.

Speaks GA (`…/realtime?model=…`); the bytes that then flow are the relay's business. Handshake failures become notices that name
the setting to look at. Source: the Realtime WebSocket guide for Azure OpenAI (GA), and the `websockets` client's exceptions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast
from urllib.parse import quote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException

from ..errors import Notice, NoticeCode, UpstreamError
from ..settings import LOOPBACK_HOSTS, RealtimeDoor
from ..wire.client import Connection, Hear
from .patience import Patience

FRAME_MAX_BYTES = 16 * 1024 * 1024
"""The service's largest events are items with audio, of at most 15 MiB; one frame more than that is no event."""
RETRY_MAX_MS = 600_000
"""A longer wait than ten minutes is no use to somebody who wants to talk."""

Token = Callable[[], Awaitable[str]]


class _Straight(connect):
    """Goes where it was sent and nowhere else: a redirect would carry our `api-key` to whatever address it names."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Every answer but an acceptance is a refusal."""
        return exc


class Model:
    """An open socket to the model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.send_now = connection.send_now

    async def closed(self) -> None:
        """Wait until the model hangs up, or the line is lost."""
        await self._connection.wait_closed()

    async def send(self, payload: bytes) -> None:
        """Send a text frame; waits while the model does not read. A model that has just hung up is no error: `closed` tells."""
        try:
            await self._connection.send(payload, text=True)
        except ConnectionClosed:
            return

    async def close(self) -> None:
        """Hang up; a model that does not answer is left after a while."""
        await self._connection.close()


async def reach(door: RealtimeDoor, token: Token | None, patience: Patience, hear: Hear) -> Model:
    """Open a session with the model; from then on `hear` gets each of its frames, and must not raise.

    `token` gives an Entra ID token where the door has no key. Raises `UpstreamError`.
    """
    headers = await _headers(door, token, patience.connect_s)
    local = urlsplit(door.base_url).hostname in LOOPBACK_HOSTS
    try:
        connection = await _Straight(
            f"{door.base_url}/realtime?model={quote(door.model, safe='')}",
            create_connection=cast(type[ClientConnection], partial(Connection, hear=hear)),
            additional_headers=headers,
            compression=None,
            max_size=FRAME_MAX_BYTES,
            open_timeout=patience.connect_s,
            close_timeout=patience.hang_up_s,
            user_agent_header="askaloud",
            proxy=None if local else True,
        )
    except InvalidStatus as refused:
        raise UpstreamError(_refusal(refused, door)) from None
    except TimeoutError:
        raise UpstreamError(_notice(NoticeCode.MODEL_TIMEOUT, "The model did not answer in time. Please try again.")) from None
    except (OSError, InvalidURI, InvalidHandshake, WebSocketException):
        raise UpstreamError(
            _notice(NoticeCode.MODEL_UNREACHABLE, f"The model cannot be reached. Somebody should look at {_address_setting(door)}.")
        ) from None
    return Model(cast(Connection, connection))


async def _headers(door: RealtimeDoor, token: Token | None, within_s: float) -> dict[str, str]:
    """Azure and its stand-in take the key as `api-key`; everything else as a bearer, as an Entra ID token always is."""
    if door.api_key:
        return {"api-key": door.api_key} if door.kind in {"azure", "stand-in"} else {"Authorization": f"Bearer {door.api_key}"}
    if token is None:
        return {}
    try:
        async with asyncio.timeout(within_s):
            return {"Authorization": f"Bearer {await token()}"}
    except Exception:
        raise UpstreamError(
            _notice(
                NoticeCode.MODEL_REFUSED_KEY,
                "Signing in to the model failed. Somebody should look at AZURE_OPENAI_API_KEY or the Entra ID login.",
            )
        ) from None


def _refusal(refused: InvalidStatus, door: RealtimeDoor) -> Notice:
    status = refused.response.status_code
    if status in {401, 403}:
        return _notice(NoticeCode.MODEL_REFUSED_KEY, f"The model refused our key. Somebody should look at {_key_setting(door)}.")
    if status == 404:
        return _notice(NoticeCode.MODEL_MISSING, f"There is no such model. Somebody should look at {_model_setting(door)}.")
    if status == 429:
        after = _retry_after_ms(refused.response.headers.get("Retry-After"))
        return _notice(NoticeCode.MODEL_QUOTA, "The model is busy: its quota is used up for the moment.", after)
    return _notice(
        NoticeCode.MODEL_UNREACHABLE, f"The model's door answered with {status}. Somebody should look at {_address_setting(door)}."
    )


def _retry_after_ms(header: str | None) -> int | None:
    if header is None or not header.strip().isdigit():
        return None
    return min(int(header) * 1000, RETRY_MAX_MS)


def _notice(code: NoticeCode, message: str, retry_after_ms: int | None = None) -> Notice:
    return Notice(code, message, recoverable=False, retry_after_ms=retry_after_ms)


def _address_setting(door: RealtimeDoor) -> str:
    return {"azure": "AZURE_OPENAI_ENDPOINT", "openai": "the network", "custom": "ASKALOUD_REALTIME_URL"}.get(door.kind, "ASKALOUD_DATA")


def _key_setting(door: RealtimeDoor) -> str:
    return {"azure": "AZURE_OPENAI_API_KEY", "openai": "OPENAI_API_KEY", "custom": "ASKALOUD_REALTIME_API_KEY"}.get(
        door.kind, "ASKALOUD_DATA"
    )


def _model_setting(door: RealtimeDoor) -> str:
    return "AZURE_OPENAI_REALTIME_DEPLOYMENT" if door.kind == "azure" else "ASKALOUD_REALTIME_MODEL"

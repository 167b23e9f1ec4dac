"""Reaches the model: address, credential, connect. The one place that knows how a door is opened and how it refuses.

Speaks GA inside; where the door's server speaks the preview, `dialect` stands between the socket and everybody else. What is said is the
relay's business. Source: the Realtime WebSocket guides for Azure OpenAI (GA and preview), and the `websockets` client's exceptions.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal, cast
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)

from ..errors import Notice, UpstreamError
from ..settings import LOOPBACK_HOSTS, RealtimeDoor
from ..wire.client import Connection, Hear
from . import refusal
from .dialect import Preview
from .patience import Patience

FRAME_MAX_BYTES = 16 * 1024 * 1024
"""The service's largest events are items with audio, of at most 15 MiB; one frame more than that is no event."""

FAILURES = (OSError, InvalidURI, InvalidHandshake, WebSocketException, UnicodeError, ImportError)
"""What may come of reaching for an address, by way of a proxy or not."""

Token = Callable[[], Awaitable[str]]
Translate = Callable[[bytes], bytes]


class _Straight(connect):
    """Goes where it was sent and nowhere else: a redirect would carry our `api-key` to whatever address it names."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Every answer but an acceptance is a refusal."""
        return exc


class _Knock(ClientConnection):
    """Goes the whole way, through a proxy and TLS where there are such, and says nothing at the door."""

    async def handshake(self, *_: Any, **__: Any) -> None:
        """Leave it out."""


class Model:
    """An open socket to the model."""

    def __init__(self, connection: Connection, translate: Translate | None = None) -> None:
        self._connection = connection
        self._translate = translate
        if translate is None:
            self.send_now = connection.send_now  # type: ignore[method-assign]  # saves a call for each frame of sound

    def send_now(self, payload: bytes) -> bool:
        """Send a text frame without waiting; False, and nothing was sent, while the model does not read."""
        return self._connection.send_now(payload if self._translate is None else self._translate(payload))

    async def closed(self) -> tuple[int | None, str]:
        """Wait until the model hangs up, or the line is lost; the close code, None where there was no word of it, and the reason."""
        await self._connection.wait_closed()
        return self._connection.close_code, self._connection.close_reason or ""

    async def send(self, payload: bytes) -> None:
        """Send a text frame; waits while the model does not read. A model that has just hung up is no error: `closed` tells."""
        try:
            await self._connection.send(payload if self._translate is None else self._translate(payload), text=True)
        except ConnectionClosed:
            return

    async def close(self) -> None:
        """Hang up; a model that does not answer is left after a while."""
        await self._connection.close()


async def reach(door: RealtimeDoor, token: Token | None, patience: Patience, hear: Hear) -> Model:
    """Open a session with the model; from then on `hear` gets each of its frames, in GA's words, and must not raise.

    `token` gives an Entra ID token where the door has no key. Raises `UpstreamError`.
    """
    headers = await _headers(door, token, patience.connect_s)
    preview = Preview() if door.preview else None
    try:
        connection = await _Straight(
            address(door),
            create_connection=cast(type[ClientConnection], partial(Connection, hear=_translated(preview, hear))),
            additional_headers=headers,
            compression=None,
            max_size=FRAME_MAX_BYTES,
            open_timeout=patience.connect_s,
            ping_interval=patience.ping_s,
            ping_timeout=patience.pong_s,
            close_timeout=patience.hang_up_s,
            user_agent_header="askaloud",
            proxy=_by_proxy(door),
        )
    except FAILURES as failed:
        raise _failure(failed, door) from None
    return Model(cast(Connection, connection), preview.to_model if preview else None)


async def knock(door: RealtimeDoor, within_s: float) -> None:
    """Go to the model's server as `reach` does, proxy and TLS included, and open no session. Raises `UpstreamError`."""
    try:
        connection = await _Straight(
            address(door),
            create_connection=_Knock,
            open_timeout=within_s,
            ping_interval=None,
            user_agent_header="askaloud",
            proxy=_by_proxy(door),
        )
    except FAILURES as failed:
        raise _failure(failed, door) from None
    connection.transport.close()
    try:
        async with asyncio.timeout(within_s):
            await connection.wait_closed()
    except TimeoutError:
        connection.transport.abort()  # it was there, and does not say goodbye


def address(door: RealtimeDoor) -> str:
    """Where a session of this door is opened: Azure's preview names version and deployment, all others the model."""
    if door.preview and door.kind in {"azure", "stand-in"}:
        asked = {"api-version": door.preview, "deployment": door.model}
    else:
        asked = {"model": door.model}
    return f"{door.base_url}/realtime?{urlencode(asked, quote_via=quote, safe='')}"


def _by_proxy(door: RealtimeDoor) -> Literal[True] | None:
    """Whether the proxy of the environment is asked the way: it cannot see this machine's loopback."""
    return None if urlsplit(door.base_url).hostname in LOOPBACK_HOSTS else True


def _translated(preview: Preview | None, hear: Hear) -> Hear:
    if preview is None:
        return hear

    def hear_in_ga(frame: bytes) -> None:
        for event in preview.from_model(frame):
            hear(event)

    return hear_in_ga


async def _headers(door: RealtimeDoor, token: Token | None, within_s: float) -> dict[str, str]:
    """Azure and its stand-in take the key as `api-key`; everything else as a bearer, as an Entra ID token always is."""
    headers = {"OpenAI-Beta": "realtime=v1"} if door.preview else {}
    if door.api_key:
        named = door.kind in {"azure", "stand-in"}
        return {**headers, **({"api-key": door.api_key} if named else {"Authorization": f"Bearer {door.api_key}"})}
    if token is None:
        return headers
    try:
        async with asyncio.timeout(within_s):
            return {**headers, "Authorization": f"Bearer {await token()}"}
    except Exception as failed:
        raise UpstreamError(refusal.not_signed_in(door.kind), type(failed).__name__) from None


def _failure(failed: Exception, door: RealtimeDoor) -> UpstreamError:
    """What a handshake that failed is to a person, and what of it may stand in the log."""
    kind = door.kind
    if isinstance(failed, InvalidStatus):
        return _refused(failed, door)
    if isinstance(failed, TimeoutError):
        return UpstreamError(refusal.too_late(kind))
    if isinstance(failed, ProxyError | InvalidProxy | ImportError):  # the last is a SOCKS proxy's, which wants a package of its own
        return UpstreamError(refusal.no_way_out(kind), type(failed).__name__)
    if isinstance(failed, ssl.SSLError):
        return UpstreamError(refusal.untrusted(kind), getattr(failed, "reason", None) or type(failed).__name__)
    notice: Notice
    if isinstance(failed, socket.gaierror | UnicodeError):
        notice = refusal.unreachable(kind, "There is no machine of the model's name")
    elif isinstance(failed, OSError):
        notice = refusal.unreachable(kind)
    else:
        notice = refusal.unreachable(kind, "What answers at the model's address speaks another protocol")
    return UpstreamError(notice, type(failed).__name__)


def _refused(refused: InvalidStatus, door: RealtimeDoor) -> UpstreamError:
    response = refused.response
    code = _code(response.body)
    notice = refusal.by_status(
        door.kind,
        response.status_code,
        code=code,
        retry_after=response.headers.get("Retry-After"),
        signed_in=door.api_key is None and door.kind == "azure",
    )
    return UpstreamError(notice, f"HTTP {response.status_code}{f', {code}' if code else ''}")


class _Error(msgspec.Struct):
    code: str | None = None


class _Body(msgspec.Struct):
    error: _Error | None = None


def _code(body: bytes | bytearray | None) -> str | None:
    """The code in the body of a refusal, as in `{"error": {"code": "DeploymentNotFound"}}`; its sentence is not read."""
    try:
        error = msgspec.json.decode(bytes(body or b""), type=_Body).error
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return error.code if error and error.code and refusal.NAME.fullmatch(error.code) else None
